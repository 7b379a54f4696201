"""A slip at the desk is put right: what is right holds, and what was entered stays on record."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from consent.cases.change import amend, place_hold
from consent.cases.correct import correct, correct_face, enter_mistake
from consent.cases.correspondence import list_writings
from consent.cases.open import record_revocation
from consent.cases.references import read_reference
from consent.cases.view import view_case
from consent.checking.check import check_photos
from consent.documents.receipt import receipt_for
from consent.documents.texts import load_texts
from consent.domain.actors import Actor, Role
from consent.domain.cases import Revocation, State
from consent.domain.errors import (
    BadInputError,
    ConflictError,
    NoReasonError,
    NotRecordedError,
    WrongRoleError,
)
from consent.domain.intake import EvidenceFile
from consent.domain.terms import (
    Amendment,
    Correction,
    Method,
    NewRevocation,
    Relationship,
    Submission,
)
from consent.domain.verdicts import Verdict
from consent.services import Services
from consent.settings import ROOT

DESK = Actor("d.desk", Role.DESK, frozenset({Role.COMMUNICATIONS}))
COMMUNICATIONS = Actor("c.comms", Role.COMMUNICATIONS)
DIRECTOR = Actor("d.rossi", Role.DIRECTOR)
SAMPLES = ROOT / "data" / "samples"
PANEL = SAMPLES / "events" / "2026-05-14 Author talk" / "panel-astronaut-obama-biden.jpg"


def recorded(services: Services, **more: object) -> Revocation:
    letter = Submission(services.today(), Method.LETTER, original_at="Binder 3", branch="Park")
    new = replace(NewRevocation("Nina Naem", letter), **more)  # type: ignore[arg-type]
    return record_revocation(services, new, DESK).revocation


def receipt(services: Services, case: Revocation) -> str:
    texts = load_texts(services.settings.texts)
    page = receipt_for(case, services.policy, texts, "en", services.today(), {})
    return "\n".join([page.title, page.lead, *(f"{row.label}: {row.value}" for row in page.rows)])


def test_what_was_mistyped_is_put_right(services: Services) -> None:
    recorded(services)
    week_ago = services.today() - timedelta(days=7)
    right = {
        "name": "Nina Name",
        "branch": "Downtown",
        "received": week_ago,
        "method": Method.EMAIL,
        "note": "She called before.",
    }

    case = correct(services, "R-0001", Correction("Typed in a hurry.", right), DESK)

    assert case.person.name == case.terms.requester.name == "Nina Name"
    assert (case.submission.branch, case.submission.method) == ("Downtown", Method.EMAIL)
    assert case.submission.on == case.terms.effective_from == week_ago
    assert case.submission.original_at == "Binder 3"
    assert case.terms.note == "She called before."
    assert case.terms_on(week_ago).submission.branch == "Downtown"


def test_the_history_says_who_corrected_what_and_why(services: Services) -> None:
    recorded(services)
    right = {"name": "Nina Name", "branch": "Downtown"}
    correct(services, "R-0001", Correction("Typed in a hurry.", right), DESK)

    moment = view_case(services, "R-0001", DESK).moments[0]
    assert (moment.title, moment.who) == ("A mistake corrected", "d.desk")
    assert (moment.facts, moment.why) == (
        ("Corrected: the name of the person, the branch.",),
        "Typed in a hurry.",
    )
    with services.reading() as unit:
        case = unit.register.find("R-0001")
        entry = list(unit.audit.entries())[-1]
    assert case.history[0].terms is not None
    assert case.history[0].terms.submission.branch == "Park"
    assert "Nina" not in str(entry.details)


def test_an_adult_who_is_a_child_gets_a_guardian(services: Services) -> None:
    recorded(services)
    with pytest.raises(NotRecordedError, match="a minor needs the guardian"):
        correct(services, "R-0001", Correction("A child.", {"minor": True}), DESK)

    right = {"minor": True, "guardian": "Gus Guardian", "birth_year": 2015}
    case = correct(services, "R-0001", Correction("A child.", right), DESK)
    assert (case.person.minor, case.person.guardian) == (True, "Gus Guardian")
    assert case.terms.requester.name == "Gus Guardian"
    assert case.terms.requester.relationship is Relationship.GUARDIAN

    case = correct(services, "R-0001", Correction("No child.", {"minor": False}), DESK)
    assert (case.person.guardian, case.person.birth_year) == (None, None)
    assert case.terms.requester.name == "Nina Naem"
    assert case.terms.requester.relationship is Relationship.SELF


def test_a_forgotten_page_is_added(services: Services) -> None:
    recorded(services)
    page = EvidenceFile("back.txt", b"And not my name either.")

    case = correct(services, "R-0001", Correction("The back was not scanned.", {}, [page]), DESK)

    assert len(case.terms.evidence) == 1
    assert [kept.name for kept in list_writings(services, "R-0001", DESK)] == ["back.txt"]


def test_what_an_amendment_says_stays(services: Services) -> None:
    recorded(services)
    letter = Submission(services.today(), Method.EMAIL, original_at="Mailbox")
    later = services.today() + timedelta(days=30)
    change = Amendment("temporary", letter, effective_on=later, until=later + timedelta(days=9))
    amend(services, "R-0001", change, DESK)
    amend(services, "R-0001", Amendment("moved", contact="555-1"), DESK)

    case = correct(services, "R-0001", Correction("Slip.", {"branch": "Downtown"}), DESK)

    assert case.submission.branch == "Downtown"
    assert case.terms_on(services.today()).until is None
    assert case.terms_on(later).until == later + timedelta(days=9)
    assert case.terms_on(later).submission == letter.kept("d.desk")
    assert case.terms_on(later).requester.contact == "555-1"


def test_the_day_of_a_hold_moves_its_last_day(services: Services) -> None:
    asked = Submission(services.today(), Method.ORAL)
    place_hold(services, NewRevocation("Hal Holder", asked), DESK)
    earlier = services.today() - timedelta(days=3)

    case = correct(services, "R-0001", Correction("Called on Friday.", {"received": earlier}), DESK)

    assert case.lapses_on == earlier + timedelta(days=services.policy.hold_days)
    assert case.state(services.today()) is State.HELD
    with pytest.raises(BadInputError, match="can't be corrected from a spoken request"):
        correct(services, "R-0001", Correction("It was a mail.", {"method": Method.EMAIL}), DESK)


def test_the_receipt_is_printed_as_corrected(services: Services) -> None:
    recorded(services)
    case = correct(services, "R-0001", Correction("Slip.", {"name": "Nina Name"}), DESK)

    said = receipt(services, case)
    assert "Receipt for your revocation" in said
    assert "replaces the one you were given before" in said
    assert "Person: Nina Name" in said
    assert "Naem" not in said


@pytest.mark.parametrize(
    ("slip", "error", "said"),
    [
        (Correction("", {"name": "N."}), NoReasonError, "why it is corrected"),
        (Correction("Slip.", {}), BadInputError, "Nothing in R-0001 would change"),
        (Correction("Slip.", {"branch": "Park"}), BadInputError, "Nothing in R-0001 would"),
        (Correction("Slip.", {"name": " "}), NotRecordedError, "the name of the person is missing"),
        (Correction("Slip.", {"scope": None}), BadInputError, "change the case instead"),
    ],
)
def test_what_is_no_correction_is_refused(
    services: Services, slip: Correction, error: type[Exception], said: str
) -> None:
    recorded(services)

    with pytest.raises(error, match=said):
        correct(services, "R-0001", slip, DESK)
    with services.reading() as unit:
        assert len(unit.register.find("R-0001").history) == 1


def test_a_day_to_come_is_refused_and_so_is_who_sees_no_names(services: Services) -> None:
    recorded(services)
    tomorrow = services.today() + timedelta(days=1)
    with pytest.raises(NotRecordedError, match="can't be in the future"):
        correct(services, "R-0001", Correction("Slip.", {"received": tomorrow}), DESK)
    with pytest.raises(WrongRoleError):
        correct(services, "R-0001", Correction("Slip.", {"name": "N."}), COMMUNICATIONS)


def test_a_face_picked_wrongly_is_put_right(indexed_samples: Services) -> None:
    services = indexed_samples
    reference = read_reference(services, str(PANEL), 0)
    recorded(services, references=[reference], keep_face=True)
    obama = SAMPLES / "originals" / "obama.jpg"

    def verdict() -> Verdict:
        use = services.policy.use("instagram")
        return check_photos(services, [obama], use, DESK).clearances[0].decision.verdict

    before = verdict()
    with services.reading() as unit:
        (wrong,) = unit.register.templates()
    case = correct_face(services, "R-0001", wrong.id, 1, DESK)

    with services.reading() as unit:
        (right,) = unit.register.templates()
    assert (before, verdict()) == (Verdict.CLEAR, Verdict.BLOCKED)
    assert right.photo_sha256 == wrong.photo_sha256
    assert right.box.overlap(wrong.box) == 0
    assert services.vault.get(right.crop)[:2] == b"\xff\xd8"
    assert case.terms.template_agreement is not None
    assert case.submission.branch == "Park"


def test_a_face_of_nobody_meant_is_removed_and_no_longer_the_persons(
    indexed_samples: Services,
) -> None:
    services = indexed_samples
    recorded(services, references=[read_reference(services, str(PANEL), 0)], keep_face=True)
    with services.reading() as unit:
        (wrong,) = unit.register.templates()

    case = correct_face(services, "R-0001", wrong.id, None, DESK)

    use = services.policy.use("instagram")
    assert check_photos(services, [PANEL], use, DESK).clearances[0].decision.verdict is not (
        Verdict.BLOCKED
    )
    with services.reading() as unit:
        assert unit.register.templates() == []
    # A hint is looked at again: no face finds the person.
    assert case.terms.template_agreement is None


def test_what_was_entered_by_mistake_holds_no_longer(indexed_samples: Services) -> None:
    services, photo = indexed_samples, SAMPLES / "originals" / "obama.jpg"
    recorded(services, references=[read_reference(services, str(photo))], keep_face=True)
    case = enter_mistake(services, "R-0001", "Entered twice.", DESK)

    use = services.policy.use("instagram")
    verdict = check_photos(services, [photo], use, DESK).clearances[0].decision.verdict
    assert (case.state(services.today()), verdict) == (State.MISTAKEN, Verdict.CLEAR)
    assert "entered this case by mistake" in receipt(services, case)
    with services.reading() as unit:
        assert unit.register.templates() == []
    with pytest.raises(ConflictError, match="was entered by mistake"):
        correct(services, "R-0001", Correction("Slip.", {"name": "N."}), DESK)
    with pytest.raises(ConflictError, match="was entered by mistake"):
        amend(services, "R-0001", Amendment("moved", contact="5"), DESK)


def test_a_mistake_that_is_not_of_today_is_for_a_director(services: Services) -> None:
    recorded(services)
    tomorrow = replace(services, now=lambda: services.now() + timedelta(days=1))

    with pytest.raises(WrongRoleError, match="was not entered today"):
        enter_mistake(tomorrow, "R-0001", "Entered twice.", DESK)
    case = enter_mistake(tomorrow, "R-0001", "Entered twice.", DIRECTOR)
    assert case.state(services.today()) is State.MISTAKEN
