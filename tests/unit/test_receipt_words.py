"""What a receipt says, in words."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from consent.documents.scope_words import scope_words
from consent.domain.cases import CaseStep
from consent.domain.channels import ChannelKind
from consent.domain.terms import EVERYTHING, Period, Relationship, Requester, Scope
from consent.settings import ROOT
from tests.unit.receipt_cases import (
    AGREED,
    DAY,
    EVENTS,
    HOLD,
    LUCJA,
    POLICY,
    TERMS,
    TEXTS,
    case,
    page,
    step,
    words,
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
        "Until: No end date",
        "no longer used",
        "taken down",
        "cannot be called back",
        "cannot control copies",
        "Nobody at the library will ask you for a copy of an identity document",
        "give the number R-0042",
        POLICY.address,
        f"version {POLICY.version}",
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

    assert made.title == "Receipt for your spoken request (a hold until March 16, 2026)"
    assert "in writing by then" in made.lead
    assert "before a staff member has looked at it" in words(made)
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
    assert "has looked at it" not in words(made)


def test_a_change_is_confirmed_with_its_day_and_the_new_terms():
    narrowed = replace(TERMS, scope=Scope(all_channels=False, channels=frozenset({"instagram"})))
    made = page(
        case(step(CaseStep.RECORDED, TERMS), step(CaseStep.AMENDED, narrowed, date(2026, 3, 9)))
    )

    assert made.title == "Confirmation of the change"
    assert "Change takes effect: March 9, 2026" in words(made)
    assert "Where: Instagram; other uses are not covered" in words(made)


MADE, PUT_RIGHT = (step(CaseStep.AMENDED, TERMS), step(CaseStep.CORRECTED, TERMS))
ERASED = step(CaseStep.AMENDED, TERMS, reason="The wrong face was picked.")


@pytest.mark.parametrize(
    ("steps", "title"),
    [
        ([PUT_RIGHT], "Receipt for your revocation"),
        # A face was erased as the wrong one, and with it the agreement to it ended.
        ([PUT_RIGHT, ERASED], "Receipt for your revocation"),
        ([MADE, PUT_RIGHT], "Receipt for your revocation"),
    ],
)
def test_what_the_library_corrected_itself_is_no_change_that_was_asked_for(steps, title):
    of = case(step(CaseStep.RECORDED, replace(TERMS, template_agreement=AGREED)), *steps)

    assert page(of).title == title
    assert page(of).lead.startswith("The library corrected this case")
    assert page(of, "es").lead.startswith("La biblioteca corrigió este caso")
    assert "Corrected: Something was entered wrong" in words(page(of))


def test_nobody_is_said_to_have_asked_for_a_change_or_to_have_refused_a_measurement():
    objected = case(step(CaseStep.RECORDED, TERMS), MADE, step(CaseStep.DISPUTED))

    assert page(objected).lead.startswith("The library changed this case.")
    for of in (objected, HOLD):
        assert "Saved face measurement: None is kept, and your request" in words(page(of))
        assert "guardada: No se guarda ninguna, y su solicitud" in words(page(of, "es"))


@pytest.mark.parametrize(("ends", "template"), [(9, "Erased"), (30, "no longer needed from")])
def test_the_end_is_confirmed(ends, template):
    agreed = replace(TERMS, template_agreement=AGREED)
    made = page(
        case(step(CaseStep.RECORDED, agreed), step(CaseStep.RESCINDED, on=date(2026, 3, ends))),
        today=date(2026, 3, 9),
    )

    assert made.title == "Confirmation that the revocation was withdrawn"
    assert f"It ends on March {ends}, 2026" in made.lead
    assert template in words(made)
    assert "taken down" not in words(made)


def test_the_end_of_a_case_without_a_template_speaks_of_none():
    made = page(case(step(CaseStep.RECORDED, TERMS), step(CaseStep.RESCINDED)))
    assert "Saved face measurement" not in words(made)


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
    assert "None is kept" in words(page(case()))


def test_the_purpose_on_file_by_default_has_its_translation():
    source = (ROOT / "consent" / "cases" / "open.py").read_text(encoding="utf-8")
    assert TEXTS.words("en").say("template_purpose") in source


def test_another_purpose_is_said_as_it_stands():
    other = replace(AGREED, purpose="As she wrote.", until=date(2027, 1, 1))
    made = page(case(step(CaseStep.RECORDED, replace(TERMS, template_agreement=other))), "es")

    assert "As she wrote." in words(made)
    assert "Termina por sí sola el 1 de enero de 2027." in words(made)


@pytest.mark.parametrize(
    ("scope", "said", "unsaid"),
    [
        (Scope(False, frozenset({ChannelKind.PRINT})), ["covers again"], ["website", "Press"]),
        (Scope(False, channels=frozenset({"x"})), ["taken down"], ["covers again", "Press rel"]),
        (Scope(period=Period.FUTURE), ["check it"], ["already found", "taken down"]),
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
            "Everything in print (Newsletter, Poster, Brochure, Annual report) and X; other uses",
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

    assert past.period == "Photos taken before March 2, 2026; later photos are not covered"
    assert future.period == "Photos taken on March 2, 2026 or later; earlier photos are not covered"
    assert past.caption != future.caption


def test_a_kind_without_channels_is_still_said():
    bare = replace(POLICY, channels=POLICY.channels[:1])
    scope = Scope(False, frozenset({ChannelKind.PRESS}))
    said = scope_words(scope, bare, TEXTS.words("en"), {}, DAY)
    assert said.channels.startswith("Everything for the press; other")


def steps_of(made) -> str:
    return " ".join(made.sections[0].paragraphs)


def test_without_a_face_no_check_is_promised_to_find_the_person():
    told = "so they may miss one"
    agreed = replace(TERMS, template_agreement=AGREED)

    assert told in steps_of(page(case()))
    assert told not in steps_of(page(case(step(CaseStep.RECORDED, agreed))))
    hold = step(CaseStep.HOLD_PLACED, TERMS, lapses_on=date(2026, 3, 16))
    assert told in steps_of(page(case(hold)))
    ended = replace(AGREED, until=DAY)
    over = page(case(step(CaseStep.RECORDED, replace(TERMS, template_agreement=ended))))
    assert told not in steps_of(over)
    later = page(case(step(CaseStep.RECORDED, agreed)), today=date(2026, 9, 1))
    assert told not in steps_of(later)


@pytest.mark.parametrize(
    ("scope", "safety", "said"),
    [
        (
            EVERYTHING,
            False,
            ["copies by March 9, 2026, others within 7 days", "Facebook and Instagram"],
        ),
        (EVERYTHING, True, ["copies by March 4, 2026"]),
        (Scope(False, channels=frozenset({"facebook"})), False, ["copies by March 5, 2026"]),
    ],
)
def test_the_day_by_which_copies_come_down_is_named(scope, safety, said):
    terms = replace(TERMS, scope=scope, safety=safety)
    told = steps_of(page(case(step(CaseStep.RECORDED, terms))))

    assert [part for part in said if part not in told] == []


def test_channels_that_are_no_names_are_called_in_spanish():
    spanish = TEXTS.words("es").channel_names
    names = {"facebook", "instagram", "x", "youtube", "linkedin", "bluesky"}
    assert {channel.id for channel in POLICY.channels} - names == spanish.keys()


def test_who_took_the_agreement_down_is_named():
    agreed = replace(AGREED, recorded_by="m.rivera")
    made = page(case(step(CaseStep.RECORDED, replace(TERMS, template_agreement=agreed))))
    assert "m.rivera recorded this." in words(made)
