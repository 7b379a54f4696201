"""One person, one life: what is there already is asked about, and what is known counts once."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from consent.cases.change import add_letter, place_hold, rescind
from consent.cases.correct import enter_mistake
from consent.cases.intake import Question, QuestionKind, UnansweredError
from consent.cases.open import record_revocation
from consent.cases.people import unmerge_person
from consent.cases.references import read_reference
from consent.checking.check import check_photos
from consent.domain.actors import Actor, Role
from consent.domain.cases import State
from consent.domain.errors import ConflictError
from consent.domain.intake import EvidenceFile
from consent.domain.terms import (
    Locator,
    Method,
    NewRevocation,
    Relationship,
    Requester,
    Rescission,
    Submission,
)
from consent.domain.verdicts import Verdict
from consent.matching.sweep import sweep
from consent.services import Services
from consent.settings import ROOT

DESK = Actor("d.desk", Role.DESK, frozenset({Role.COMMUNICATIONS}))
ORIGINALS = ROOT / "data" / "samples" / "originals"
EVERY = frozenset(QuestionKind)


def letter_of(services: Services, name: str = "Mía Ruiz", **more: object) -> NewRevocation:
    letter = Submission(services.today(), Method.LETTER, original_at="Binder 3")
    return replace(NewRevocation(name, letter), **more)  # type: ignore[arg-type]


def hold_of(services: Services, name: str = "Mia Ruiz", days: int = 0, **more: object) -> str:
    asked = Submission(services.today() - timedelta(days=days), Method.ORAL)
    new = replace(NewRevocation(name, asked), **more)  # type: ignore[arg-type]
    return place_hold(services, new, DESK, confirmed=EVERY).revocation.label


def with_face(services: Services, name: str = "obama.jpg") -> dict[str, object]:
    return {"references": [read_reference(services, str(ORIGINALS / name))], "keep_face": True}


def asked(services: Services, new: NewRevocation) -> tuple[Question, ...]:
    with pytest.raises(UnansweredError) as refused:
        record_revocation(services, new, DESK)
    return refused.value.questions


def verdict(services: Services, name: str) -> Verdict:
    use = services.policy.use("instagram")
    report = check_photos(services, [ORIGINALS / name], use, DESK)
    return report.clearances[0].decision.verdict


def test_a_name_with_and_without_its_accent_asks_whatever_the_day(services: Services) -> None:
    record_revocation(services, letter_of(services), DESK)
    old = Submission(services.today() - timedelta(days=400), Method.LETTER, original_at="Binder 1")

    (question,) = asked(services, replace(letter_of(services, "MIA RUIZ"), submission=old))

    assert (question.kind, question.label) == (QuestionKind.SAME_NAME, "R-0001")
    assert "R-0001 (in effect)" in question.sentence
    assert not question.takes_letter


def test_holds_are_asked_about_first_and_take_the_letter(services: Services) -> None:
    record_revocation(services, letter_of(services), DESK)
    lapsed, held = hold_of(services, days=60), hold_of(services)

    questions = asked(services, letter_of(services, "M. Ruiz"))

    assert [question.label for question in questions] == [held, lapsed, "R-0001"]
    assert [question.takes_letter for question in questions] == [True, True, False]
    assert f"{lapsed} (hold ended)" in questions[1].sentence


def test_a_rescinded_case_is_not_there_already(services: Services) -> None:
    record_revocation(services, letter_of(services), DESK)
    back = Submission(services.today(), original_at="Box 9")
    rescind(services, "R-0001", Rescission(back, "Mía Ruiz"), DESK)

    (question,) = asked(services, letter_of(services))
    assert "there already" not in question.sentence
    assert "R-0001 (withdrawn)" in question.sentence


def test_what_was_a_mistake_is_not_asked_about(services: Services) -> None:
    record_revocation(services, letter_of(services), DESK)
    enter_mistake(services, "R-0001", "For trying.", DESK)

    assert record_revocation(services, letter_of(services), DESK).revocation.label == "R-0002"


def test_the_letter_after_a_hold_makes_it_a_revocation_as_it_says(services: Services) -> None:
    hint = Locator(clothing="Red headscarf")
    hold = hold_of(
        services,
        days=60,
        locators=[hint],
        safety=True,
        requester=Requester("Mia Ruiz", contact="555-0100"),
    )
    page = EvidenceFile("letter.txt", b"Not my daughter.")
    new = letter_of(
        services,
        minor=True,
        guardian="Rosa Ruiz",
        submission=Submission(services.today(), Method.LETTER, [page]),
        requester=Requester("Rosa Ruiz", Relationship.PARENT, language="es"),
        note="Came with her mother.",
        **with_face(services),
    )

    recorded = add_letter(services, hold, new, DESK)

    with services.reading() as unit:
        (case,) = unit.register.revocations()
        templates = unit.register.templates()
    assert recorded.revocation.label == case.label == hold
    assert case.state(services.today()) is State.ACTIVE
    assert (case.person.name, case.person.guardian) == ("Mía Ruiz", "Rosa Ruiz")
    assert case.terms.requester == Requester(
        "Rosa Ruiz", Relationship.PARENT, contact="555-0100", language="es"
    )
    assert (case.terms.safety, case.terms.locators) == (True, (hint,))
    assert "Came with her mother." in case.terms.note
    assert (len(case.terms.evidence), len(templates)) == (1, 1)
    assert case.terms.template_agreement is not None
    with pytest.raises(ConflictError, match="is not a hold"):
        add_letter(services, hold, new, DESK, confirmed=EVERY)


def test_a_face_of_a_lapsed_hold_still_finds_who_then_wrote(indexed_samples: Services) -> None:
    services = indexed_samples
    hold_of(services, days=60, **with_face(services))
    assert verdict(services, "obama2.jpg") is Verdict.CLEAR

    record_revocation(services, letter_of(services), DESK, confirmed=EVERY)

    # Nobody has said that they are one person: somebody must look.
    assert verdict(services, "obama2.jpg") is Verdict.REVIEW
    assert verdict(services, "biden.jpg") is Verdict.CLEAR


def test_what_is_known_by_one_case_counts_for_the_other(indexed_samples: Services) -> None:
    services = indexed_samples
    hold = hold_of(services, days=60, **with_face(services))
    recorded = record_revocation(services, letter_of(services), DESK, same_person_as=hold)
    label = recorded.revocation.label

    assert verdict(services, "obama2.jpg") is Verdict.BLOCKED
    # The photo handed in with the hold was confirmed for the person.
    assert verdict(services, "obama.jpg") is Verdict.BLOCKED
    assert any("obama2" in hit.name for hit in sweep(services, label, DESK).hits)

    unmerge_person(services, label, "Two people.", DESK)
    assert verdict(services, "obama.jpg") is Verdict.REVIEW


def test_who_said_the_same_person_is_asked_about_nobody_else_twice(services: Services) -> None:
    record_revocation(services, letter_of(services), DESK)
    recorded = record_revocation(services, letter_of(services), DESK, same_person_as="R-0001")

    with services.reading() as unit:
        assert (
            unit.register.find("R-0002").person.merged_into
            == unit.register.find("R-0001").person.id
        )
    assert recorded.revocation.label == "R-0002"


def test_no_row_of_the_old_register_is_refused_for_a_namesake(
    services: Services, tmp_path: Path
) -> None:
    from consent.cases.csv_import import import_revocations

    file = tmp_path / "register.csv"
    file.write_text(
        "name,received,note\nAna Ruiz,2025-05-14,Binder 3\nAna Ruiz,2026-05-14,Binder 3\n"
        "ANA RUÍZ,2026-05-14,Binder 3\n"
    )
    report = import_revocations(services, file, DESK)

    assert [line for line, _ in report.recorded] == [2, 3]
    assert [row.line for row in report.bad] == [4]
    assert any(line == 3 and "a person with this name" in said for line, said in report.remarks)
