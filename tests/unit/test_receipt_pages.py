"""A receipt as PDF: one page, every letter."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from consent.cases.correspondence import not_printable
from consent.documents.form import blank_form
from consent.documents.form_pdf import render_form
from consent.documents.receipt import receipt_for
from consent.documents.receipt_pdf import render_receipt
from consent.domain.cases import CaseStep, Person
from consent.domain.channels import ChannelKind
from consent.domain.errors import BadInputError
from consent.domain.terms import (
    Method,
    Period,
    Relationship,
    Requester,
    Scope,
    Submission,
    TemplateAgreement,
)
from tests.unit.receipt_cases import DAY, POLICY, TERMS, TEXTS, case, page, printed, step


@pytest.mark.parametrize("size", ["letter", "a4", "A4"])
@pytest.mark.parametrize("language", ["en", "es"])
def test_a_receipt_is_one_page_with_all_it_says(language, size, tmp_path):
    made = page(case(), language)
    text = printed(render_receipt(made, size), tmp_path)

    for part in (made.title, made.number, made.lead, *(row.value for row in made.rows)):
        assert part in text
    assert "…" not in text
    assert "▯" not in text


def test_the_same_content_gives_the_same_bytes():
    assert render_receipt(page(case())) == render_receipt(page(case()))
    form = blank_form(POLICY, TEXTS, "es")
    assert render_form(form) == render_form(form)


def test_another_paper_size_is_refused():
    with pytest.raises(BadInputError, match="letter or a4"):
        render_receipt(page(case()), "legal")


@pytest.mark.parametrize("language", ["en", "es"])
def test_the_longest_of_everything_is_one_page_and_says_that_it_was_cut(language, tmp_path):
    endless = Person("p", "W" * 5000, minor=True, guardian="Guardian " * 500)
    terms = replace(
        TERMS,
        scope=Scope(
            False,
            frozenset(ChannelKind),
            frozenset(f"gone_{n}" for n in range(500)),
            frozenset(f"e{n}" for n in range(500)),
            frozenset(map(str, range(900))),
            Period.PAST,
        ),
        submission=Submission(DAY, Method.OTHER_WRITING, by="s" * 900, branch="Branch " * 90),
        requester=Requester("Req " * 900, Relationship.OTHER),
        template_agreement=TemplateAgreement(DAY, "purpose " * 900, date(2030, 1, 1)),
        until=date(2031, 1, 1),
    )
    long = case(step(CaseStep.RECORDED, terms), person=endless)
    names = {f"e{n}": "A very long event name " * 9 for n in range(500)}
    made = receipt_for(long, POLICY, TEXTS, language, DAY, names)
    text = printed(render_receipt(made), tmp_path)

    assert made.notes.cut in text
    assert all(row.label in text for row in made.rows)
    assert made.rows[-1].value[-40:] in text, "how to end the agreement is never cut off"
    assert made.foot[-1] in text


def test_a_name_is_text_and_never_markup(tmp_path):
    person = Person("p", 'A <b>&amp; "B"</b>\n<img src="x"/>')
    text = printed(render_receipt(page(case(person=person))), tmp_path)
    assert 'A <b>&amp; "B"</b> <img src="x"/>' in text


@pytest.mark.parametrize("name", ["Łucja Żółć", "Nguyễn Thị Huệ", "Ольга Їжак", "Ñandú Ç", "Ωραία"])
def test_the_letters_of_most_names_are_printed(name, tmp_path):
    text = printed(render_receipt(page(case(person=Person("p", name)))), tmp_path)

    assert name in text
    assert "▯" not in text


def test_chinese_japanese_and_korean_are_printed_and_can_be_copied(tmp_path):
    made = page(case(person=Person("p", "陳美玲 김철수 さくら")))
    text = printed(render_receipt(made), tmp_path)

    assert "陳美玲 김철수 さくら" in text
    assert made.notes.glyphs not in text


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("😀", "[:grinning:]"),
        ("\ue000", "[?]"),
        ("\ud800", "[?]"),
        ("မောင် Ko", "[mean] Ko"),
        ("བསོད་", "[bsod-]"),
    ],
)
def test_what_no_font_has_is_said_in_latin_letters(name, said, tmp_path):
    made = page(case(person=Person("p", name)))
    text = printed(render_receipt(made), tmp_path)

    assert f"Person {said}" in text
    assert said.split(" ")[0] in not_printable(case(person=Person("p", name)))
    assert not not_printable(case())
    assert made.notes.glyphs in text
