from __future__ import annotations

import re
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from pypdf import PdfReader

from consent.channels import ChannelKind
from consent.domain import Actor, CaseEvent, CaseStep, Person, Revocation, Role
from consent.errors import BadInputError, SetupError
from consent.policy import load_policy
from consent.receipt_form import blank_form
from consent.receipt_form_pdf import render_form
from consent.receipt_pdf import render_receipt
from consent.receipts import load_texts, receipt_for
from consent.scope_words import scope_words
from consent.settings import ROOT, Settings
from consent.terms import (
    EVERYTHING,
    Locator,
    Method,
    Period,
    Receipt,
    Relationship,
    Requester,
    Scope,
    TemplateAgreement,
    Terms,
)

PATH = ROOT / "data" / "texts" / "receipt.toml"
POLICY = load_policy(ROOT / "data" / "policy.toml")
TEXTS = load_texts(PATH)
CLERK = Actor("m.rivera", Role.DESK)
DAY = date(2026, 3, 2)
EVENTS = {"e1": "Poetry night", "e2": "Summer reading"}
ANA = Person("p1", "Ana Peña")
LUCJA = Person("p2", "Łucja Nguyễn", minor=True, birth_year=2015, guardian="Katarzyna Wójcik")
AGREED = TemplateAgreement(
    DAY, "Finding this person in the library's photos, so that none is used."
)
TERMS = Terms(
    scope=EVERYTHING,
    receipt=Receipt(DAY, "m.rivera", Method.LETTER, "Downtown", "Cabinet 4"),
    requester=Requester("Ana Peña", contact="ana@example.org", authority_note="knew her"),
    effective_from=DAY,
    locators=(Locator(companions="Her friend Berta"),),
    safety=True,
    note="Staff note: was upset.",
)


def step(kind: CaseStep, terms: Terms | None = None, on: date = DAY, **more) -> CaseEvent:
    return CaseEvent("c1", kind, datetime(2026, 3, 2, 15, tzinfo=UTC), CLERK, on, terms, **more)


def case(*history: CaseEvent, person: Person = ANA) -> Revocation:
    return Revocation("c1", 42, person, history or (step(CaseStep.RECORDED, TERMS),))


def page(of: Revocation, language: str = "en", today: date = DAY):
    return receipt_for(of, POLICY, TEXTS, language, today, EVENTS)


def words(made) -> str:
    rows = [f"{row.label}: {row.value}" for row in made.rows]
    said = [line for section in made.sections for line in (section.heading, *section.paragraphs)]
    return "\n".join([made.library, made.number, made.title, made.lead, *rows, *said, *made.foot])


def printed(pdf: bytes, tmp_path: Path) -> str:
    file = tmp_path / "page.pdf"
    file.write_bytes(pdf)
    (only,) = PdfReader(file).pages
    return re.sub(r"\s+", " ", only.extract_text())


HOLD = case(
    step(
        CaseStep.HOLD_PLACED,
        replace(TERMS, receipt=Receipt(DAY, "m.rivera", Method.ORAL)),
        lapses_on=date(2026, 3, 16),
    )
)


def test_a_receipt_says_what_was_received_and_what_follows():
    said = words(page(case()))

    for wanted in (
        "Hartford Public Library",
        "R-0042",
        "Receipt for your revocation",
        "March 2, 2026, by letter; taken by m.rivera, Downtown",
        "Person: Ana Peña",
        "Everywhere the library publishes",
        "Until: No last day",
        "taken out of use",
        "taken down",
        "cannot be called back",
        "beyond the library's reach",
        "Nobody at the library will ask you for a copy of an identity document",
        "quote R-0042",
        POLICY.address,
        "version 2025-04-03",
        "Printed on March 2, 2026.",
    ):
        assert wanted in said


@pytest.mark.parametrize("language", ["en", "es"])
def test_nothing_of_others_or_of_the_staff_is_said(language):
    said = words(page(case(), language))

    for kept in ("Berta", "upset", "knew her", "Cabinet", "ana@example.org", "safety"):
        assert kept not in said


def test_a_reason_of_the_staff_is_not_said():
    changed = case(
        step(CaseStep.RECORDED, TERMS), step(CaseStep.AMENDED, TERMS, reason="Her friend Berta")
    )

    assert "Berta" not in words(page(changed))


def test_a_hold_says_until_when_and_asks_for_the_writing():
    made = page(HOLD)

    assert made.title == "Receipt for your oral request (a hold until March 16, 2026)"
    assert "in writing by then" in made.lead
    assert "without a person looking at it first" in words(made)
    assert "taken down" not in words(made)


def test_a_hold_without_a_last_day_takes_the_policys():
    (placed,) = HOLD.history
    assert "March 16, 2026" in page(case(replace(placed, lapses_on=None))).title


def test_a_hold_whose_writing_came_is_a_revocation():
    (placed,) = HOLD.history
    made = page(case(placed, step(CaseStep.RECORDED, TERMS)))

    assert made.title == "Receipt for your revocation"
    assert "March 16" not in words(made)


def test_a_lapsed_hold_promises_nothing():
    made = page(HOLD, today=date(2026, 4, 1))

    assert "the hold ended on March 16, 2026" in made.lead
    assert "looking at it first" not in words(made)


def test_a_change_is_confirmed_with_its_day_and_the_new_terms():
    narrowed = replace(TERMS, scope=Scope(all_channels=False, channels=frozenset({"instagram"})))
    made = page(
        case(step(CaseStep.RECORDED, TERMS), step(CaseStep.AMENDED, narrowed, date(2026, 3, 9)))
    )

    assert made.title == "Confirmation of the change"
    assert "Change holds from: March 9, 2026" in words(made)
    assert "Where: Instagram; other uses are not covered" in words(made)


@pytest.mark.parametrize(("ends", "template"), [(9, "Erased"), (30, "no longer needed from")])
def test_the_end_is_confirmed(ends, template):
    agreed = replace(TERMS, template_agreement=AGREED)
    made = page(
        case(step(CaseStep.RECORDED, agreed), step(CaseStep.RESCINDED, on=date(2026, 3, ends))),
        today=date(2026, 3, 9),
    )

    assert made.title == "Confirmation that the revocation was taken back"
    assert f"It ends on March {ends}, 2026" in made.lead
    assert template in words(made)
    assert "taken down" not in words(made)


def test_the_end_of_a_case_without_a_template_speaks_of_none():
    made = page(case(step(CaseStep.RECORDED, TERMS), step(CaseStep.RESCINDED)))
    assert "Face template" not in words(made)


def test_one_that_has_ended_by_itself_says_so():
    made = page(case(step(CaseStep.RECORDED, replace(TERMS, until=date(2026, 5, 1)))))
    over = page(
        case(step(CaseStep.RECORDED, replace(TERMS, until=date(2026, 5, 1)))),
        today=date(2026, 5, 2),
    )

    assert "Until: May 1, 2026, including that day" in words(made)
    assert "ended on May 1, 2026" in over.lead


def test_a_childs_receipt_names_the_guardian_and_no_birth_year():
    asked = replace(TERMS, requester=Requester("Katarzyna Wójcik", Relationship.PARENT))
    said = words(page(case(step(CaseStep.RECORDED, asked), person=LUCJA)))

    assert "Person: Łucja Nguyễn (a minor)" in said
    assert "Parent or guardian: Katarzyna Wójcik" in said
    assert "Asked for by" not in said
    assert "2015" not in said


def test_whoever_asked_for_somebody_else_is_named():
    asked = replace(TERMS, requester=Requester("Bo Li", Relationship.OTHER))
    said = words(page(case(step(CaseStep.RECORDED, asked))))
    assert "Asked for by: Bo Li (on behalf of the person)" in said


def test_the_agreement_to_a_template_says_purpose_and_how_to_end_it():
    agreed = case(step(CaseStep.RECORDED, replace(TERMS, template_agreement=AGREED)))

    assert "so that none is used. To end this" in words(page(agreed))
    assert "para que no se use ninguna. Para terminarlo" in words(page(agreed, "es"))
    assert "None. You did not agree" in words(page(case()))


def test_the_purpose_on_file_by_default_has_its_translation():
    source = (ROOT / "consent" / "revocations.py").read_text(encoding="utf-8")
    assert TEXTS.words("en").say("template_purpose") in source


def test_another_purpose_is_said_as_it_stands():
    other = replace(AGREED, purpose="As she wrote.", until=date(2027, 1, 1))
    made = page(case(step(CaseStep.RECORDED, replace(TERMS, template_agreement=other))), "es")

    assert "As she wrote." in words(made)
    assert "Termina por sí sola el 1 de enero de 2027." in words(made)


@pytest.mark.parametrize(
    ("scope", "said", "unsaid"),
    [
        (Scope(False, frozenset({ChannelKind.PRINT})), ["printed again"], ["website", "Press"]),
        (Scope(False, channels=frozenset({"x"})), ["taken down"], ["printed again", "Press rel"]),
        (Scope(period=Period.FUTURE), ["check it"], ["already been found", "taken down"]),
    ],
)
def test_only_what_holds_for_the_scope_is_promised(scope, said, unsaid):
    made = page(case(step(CaseStep.RECORDED, replace(TERMS, scope=scope))))
    steps = " ".join(made.sections[0].paragraphs)

    assert all(part in steps for part in said)
    assert not any(part in steps for part in unsaid)


@pytest.mark.parametrize(
    ("scope", "language", "channels", "photos"),
    [
        (EVERYTHING, "en", "Everywhere", "All photos"),
        (
            Scope(False, frozenset({ChannelKind.PRINT}), frozenset({"x", "poster"})),
            "en",
            "Everything in print (Newsletter, Poster, Annual report) and X; other uses",
            "All photos",
        ),
        (
            Scope(False, channels=frozenset({"facebook", "instagram", "gone"})),
            "en",
            "Facebook, Instagram and gone; other",
            "All photos",
        ),
        (
            Scope(False, channels=frozenset({"facebook", "instagram"})),
            "es",
            "Facebook e Instagram; otros",
            "Todas",
        ),
        (Scope(False), "en", "Nowhere", "All photos"),
        (Scope(event_ids=frozenset({"e2", "e1"})), "en", "Every", "Photos of: Poetry night and S"),
        (Scope(event_ids=frozenset({"e1", "e9"})), "en", "Every", "night and one further event"),
        (Scope(event_ids=frozenset({"e8", "e9"})), "es", "En todo", "Fotos de: 2 eventos"),
        (Scope(photo_ids=frozenset("a")), "en", "Every", "One photo that you named"),
        (Scope(photo_ids=frozenset("abc")), "en", "Every", "3 photos that you named"),
        (
            Scope(photo_ids=frozenset("ab"), event_ids=frozenset({"e1"})),
            "en",
            "Every",
            "Photos of: Poetry night; also 2 photos",
        ),
    ],
)
def test_a_scope_in_words(scope, language, channels, photos):
    said = scope_words(scope, POLICY, TEXTS.words(language), EVENTS, DAY)

    assert said.channels.startswith(channels)
    assert photos in said.photos


def test_period_and_caption_in_words():
    english = TEXTS.words("en")
    past = scope_words(Scope(period=Period.PAST), POLICY, english, {}, DAY)
    future = scope_words(Scope(period=Period.FUTURE, caption_too=False), POLICY, english, {}, DAY)

    assert past.period == "Before March 2, 2026; later photos are not covered"
    assert future.period == "On March 2, 2026 or later; earlier photos are not covered"
    assert past.caption != future.caption


def test_a_kind_without_channels_is_still_said():
    bare = replace(POLICY, channels=POLICY.channels[:1])
    scope = Scope(False, frozenset({ChannelKind.PRESS}))
    said = scope_words(scope, bare, TEXTS.words("en"), {}, DAY)
    assert said.channels.startswith("Everything for the press; other")


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
        receipt=Receipt(DAY, "s" * 900, Method.OTHER_WRITING, "Branch " * 90),
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


def test_chinese_and_korean_are_left_to_the_readers_font_and_that_is_said(tmp_path):
    made = page(case(person=Person("p", "陳美玲 김철수 さくら")))
    text = printed(render_receipt(made), tmp_path)

    assert made.notes.asian in text
    assert made.notes.glyphs not in text


@pytest.mark.parametrize("name", ["محمد علي", "😀", "अनिता", "\ue000", "\ud800"])
def test_what_no_font_has_is_a_box_and_that_is_said(name, tmp_path):
    made = page(case(person=Person("p", name)))
    text = printed(render_receipt(made), tmp_path)

    assert "Person ▯" in text
    assert made.notes.glyphs in text


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
    assert signed == ["5. Signature", "6. Only if you wish: a face template"]


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
