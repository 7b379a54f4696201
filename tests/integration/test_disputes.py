"""Two parents, one child: an objection is filed, and what protects the child holds meanwhile."""

from __future__ import annotations

import pytest

from consent.cases.change import OtherGuardianError, amend, rescind
from consent.cases.correspondence import list_writings
from consent.cases.dispute import object_to, settle
from consent.cases.open import record_revocation
from consent.cases.reminders import ReminderKind, list_reminders
from consent.cases.view import view_case
from consent.documents.receipt import receipt_for
from consent.documents.texts import load_texts
from consent.domain.actors import Actor, Role
from consent.domain.cases import Revocation, State
from consent.domain.errors import BadInputError, ConflictError, WrongRoleError
from consent.domain.intake import EvidenceFile
from consent.domain.terms import (
    EVERYTHING,
    Amendment,
    NewRevocation,
    Objection,
    Relationship,
    Rescission,
    Submission,
)
from consent.services import Services
from tests.staff import ANYBODY

DESK = Actor("d.desk", Role.DESK, frozenset({Role.COMMUNICATIONS}))
DIRECTOR = Actor("d.rossi", Role.DIRECTOR)
PAPER = EvidenceFile("objection.txt", b"I do not agree.")


def childs_case(services: Services) -> Revocation:
    letter = Submission(services.today(), original_at="Binder 3")
    new = NewRevocation("Mia Ruiz", letter, minor=True, guardian="Rosa Ruiz")
    return record_revocation(services, new, DESK).revocation


def objection(services: Services, name: str = "Jaime Ruiz") -> Objection:
    letter = Submission(services.today(), evidence=[PAPER])
    return Objection(letter, name, Relationship.PARENT, "Showed a passport.")


def receipt(services: Services, case: Revocation) -> str:
    texts = load_texts(services.settings.texts)
    page = receipt_for(case, services.policy, texts, "en", services.today(), {})
    return "\n".join([page.title, *(f"{row.label}: {row.value}" for row in page.rows)])


def test_an_objection_is_filed_with_its_paper_and_the_case_holds_on(services: Services) -> None:
    childs_case(services)

    case = object_to(services, "R-0001", objection(services), DESK)

    assert case.state(services.today()) is State.ACTIVE
    assert case.dispute is not None
    assert [kept.name for kept in list_writings(services, "R-0001", DESK)] == ["objection.txt"]
    moment = view_case(services, "R-0001", DESK).moments[0]
    assert moment.title == "Objection filed: it stays in effect until a director decides"
    assert "Jaime Ruiz, a parent, objects. Showed a passport." in moment.why
    with services.reading() as unit:
        assert "Jaime" not in str([entry.details for entry in unit.audit.entries()])


def test_who_signed_is_told(services: Services) -> None:
    childs_case(services)
    case = object_to(services, "R-0001", objection(services), DESK)

    assert "stays in effect until the library's director decides" in receipt(services, case)
    assert "Receipt for your revocation" in receipt(services, case)
    assert "Jaime" not in receipt(services, case)
    (reminder,) = list_reminders(services, ANYBODY)
    assert reminder.kind is ReminderKind.DISPUTED
    assert "Give the person who signed it a new receipt" in reminder.sentence


def test_nobody_ends_what_another_guardian_signed_by_a_note(services: Services) -> None:
    childs_case(services)
    letter = Submission(services.today(), evidence=[PAPER])
    by_other = Rescission(letter, "Jaime Ruiz", Relationship.PARENT, "Says he is the father.")

    for signed in (by_other, Rescission(letter, "Mia Ruiz", authority_note="Herself.")):
        with pytest.raises(OtherGuardianError, match="File this paper as an objection"):
            rescind(services, "R-0001", signed, DESK)

    own = Rescission(letter, "rosa ruiz", Relationship.PARENT)
    assert rescind(services, "R-0001", own, DESK).state(services.today()) is State.RESCINDED


def test_what_is_disputed_is_not_narrowed_meanwhile(services: Services) -> None:
    childs_case(services)
    object_to(services, "R-0001", objection(services), DESK)
    letter = Submission(services.today(), original_at="Binder 4")

    with pytest.raises(ConflictError, match="until a director decides"):
        amend(services, "R-0001", Amendment("narrower", letter, scope=EVERYTHING), DESK)
    with pytest.raises(ConflictError, match="already has an objection"):
        object_to(services, "R-0001", objection(services), DESK)


@pytest.mark.parametrize(("stands", "state"), [(True, State.ACTIVE), (False, State.RESCINDED)])
def test_a_director_decides(services: Services, stands: bool, state: State) -> None:
    childs_case(services)
    object_to(services, "R-0001", objection(services), DESK)
    with pytest.raises(WrongRoleError, match="may decide an objection: director"):
        settle(services, "R-0001", "Both have custody.", DESK, stands=stands)
    with pytest.raises(BadInputError, match="why it is decided so"):
        settle(services, "R-0001", " ", DIRECTOR, stands=stands)

    case = settle(services, "R-0001", "Both have custody.", DIRECTOR, stands=stands)

    assert case.state(services.today()) is state
    assert case.dispute is None
    told = "An objection was decided" if stands else "Notice that the revocation has ended"
    assert told in receipt(services, case)
    assert "ithdrawn" not in receipt(services, case)
    with pytest.raises(ConflictError, match="Nobody has objected"):
        settle(services, "R-0001", "Again.", DIRECTOR, stands=stands)


def test_an_objection_needs_its_paper_and_a_name(services: Services) -> None:
    childs_case(services)
    nothing = Objection(Submission(services.today()), "Jaime Ruiz")
    with pytest.raises(BadInputError, match="The signed request is missing"):
        object_to(services, "R-0001", nothing, DESK)
    with pytest.raises(BadInputError, match="Enter the name of the person who signed"):
        object_to(services, "R-0001", objection(services, " "), DESK)
