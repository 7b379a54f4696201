"""The blank form, and the texts a library may change."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from consent.documents.form import blank_form
from consent.documents.form_pdf import render_form
from consent.documents.receipt import receipt_for
from consent.documents.receipt_pdf import render_receipt
from consent.documents.texts import load_texts
from consent.domain.errors import BadInputError, SetupError
from consent.settings import Settings
from tests.unit.receipt_cases import DAY, EVENTS, PATH, POLICY, TEXTS, case, page, printed


@pytest.mark.parametrize("size", ["letter", "a4"])
@pytest.mark.parametrize("language", ["en", "es"])
def test_the_blank_form_is_one_page_with_every_label_whole(language, size, tmp_path):
    form = blank_form(POLICY, TEXTS, language)
    text = printed(render_form(form, size), tmp_path)

    for section in form.sections:
        assert section.heading in text
        for entry in (entry for row in section.rows for entry in row):
            assert entry.label in text
    assert "…" not in text


def test_the_blank_form_asks_for_the_template_apart_with_its_own_signature():
    form = blank_form(POLICY, TEXTS, "en")
    signed = [
        section.heading
        for section in form.sections
        if any(entry.label == "Signature" for row in section.rows for entry in row)
    ]
    assert signed == ["5. Signature", "6. Only if you wish: a saved face measurement"]


def test_a_policy_of_many_channels_keeps_the_form_on_one_page(tmp_path):
    channels = tuple(
        replace(POLICY.channels[0], id=f"c{n}", label=f"Channel number {n}") for n in range(300)
    )
    form = blank_form(replace(POLICY, channels=channels, library="L" * 400), TEXTS, "es")
    assert "6. Solo si usted quiere" in printed(render_form(form), tmp_path)


def test_a_language_without_texts_is_refused_with_the_way_out():
    with pytest.raises(BadInputError, match=r"'fr': use one of en, es, or add a section \[fr\]"):
        page(case(), "fr")


def changed(tmp_path: Path, old: str, new: str, count: int = 1) -> Path:
    text = PATH.read_text(encoding="utf-8")
    assert old in text
    file = tmp_path / "receipt.toml"
    file.write_text(text.replace(old, new, count), encoding="utf-8")
    return file


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        ('next_check = "Before', 'next_chek = "Before', r"\[en\]: next_check is missing"),
        ('title_amended = "Confirmación', 'x = "', r"\[es\]: title_amended is missing"),
        ("\n[en]\n", '\n[en]\nmore = "x"\n', r"\[en\]: more is not known"),
        ("{number}. A letter", "{nummer}. A letter", r"change asks for \{nummer\}, but \{number\}"),
        ("{number}. A letter", "it. A letter", r"change must say \{number\}"),
        ("{number}. A letter", "{number. A letter", r"change has a brace without"),
        ("{number}. A letter", "{number!r}. A letter", r"change has more in a brace"),
        ("{number}. A letter", "{number.x}. A letter", r"change asks for \{number.x\}"),
        ('until_open = "No', 'until_open = "{date} No', r"but nothing is filled in"),
        ('label_from = "From"', "label_from = 3", r"label_from must be a text"),
        ('label_from = "From"', 'label_from = " "', r"label_from must be a text"),
        ('["January", ', "[", r"months must be a list of twelve"),
        ("[es.channel_names]", "[es.channel_names]\nx = 1", r"channel_names must be"),
        ("\n[en]\n", "\nen = 1\n[es2]\n", r"'en' must be a section"),
        ("\n[en]\n", "\n[en\n", r"are not TOML"),
    ],
)
def test_a_wrong_text_is_named_by_language_and_key(old, new, says, tmp_path):
    with pytest.raises(SetupError, match=says):
        load_texts(changed(tmp_path, old, new))


def test_a_missing_language_is_named(tmp_path):
    text = PATH.read_text(encoding="utf-8")
    file = tmp_path / "receipt.toml"
    file.write_text(text[: text.index("\n[es]\n")], encoding="utf-8")
    with pytest.raises(SetupError, match=r"need a section \[es\]"):
        load_texts(file)


def test_a_missing_file_is_said(tmp_path):
    with pytest.raises(SetupError, match="cannot be read"):
        load_texts(tmp_path / "none.toml")


def test_a_library_may_change_a_text_and_add_a_language(tmp_path):
    file = changed(tmp_path, "Please keep this page.", "Keep it.")
    text = file.read_text(encoding="utf-8")
    english = text[text.index("\n[en]\n") : text.index("\n[es]\n")]
    file.write_text(text + english.replace("[en]", "[pl]"), encoding="utf-8")
    texts = load_texts(file)

    made = receipt_for(case(), POLICY, texts, "pl", DAY, EVENTS)
    assert made.lead.endswith("Keep it.")


def test_far_too_long_texts_are_cut_and_still_one_page(tmp_path):
    long = load_texts(changed(tmp_path, "Before staff use a photo", "Before " * 3000))
    made = receipt_for(case(), POLICY, long, "en", DAY, EVENTS)
    assert made.notes.cut in printed(render_receipt(made), tmp_path)


def test_the_settings_know_where_the_texts_are():
    assert Settings().texts == PATH
