"""Holds, amendments, rescissions and mergers, through the use cases and a real database."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from consent.access.second import NotFreshError
from consent.cases.change import (
    amend,
    end_template_agreement,
    place_hold,
    record_writing,
    rescind,
    second_rescission,
)
from consent.cases.export import export_register
from consent.cases.intake import QuestionKind, UnansweredError, scope_from_text
from consent.cases.open import record_revocation
from consent.cases.people import merge_people, unmerge_person
from consent.cases.reminders import ReminderKind, list_reminders
from consent.cases.search import RegisterQuery, search_register, show_case
from consent.checking.check import check_photos
from consent.checking.result import CheckResult
from consent.domain.actors import Actor, Role
from consent.domain.cases import State
from consent.domain.errors import (
    BadInputError,
    ConflictError,
    RefusedError,
    SamePersonError,
    WrongRoleError,
)
from consent.domain.intake import EvidenceFile
from consent.domain.terms import Amendment, Locator, Method, NewRevocation, Rescission, Submission
from consent.domain.verdicts import ReasonCode, Verdict
from consent.domain.wording import long_day
from consent.indexing.events import NewEvent
from consent.indexing.index import IndexRequest, index_photos
from consent.jobs.check import report_to_dict
from consent.publishing.record import Posting, record_publications
from consent.services import Services
from consent.storage.unit_of_work import UnitOfWork
from tests.revocations import by_letter
from tests.staff import ANYBODY, just_signed_in

DESK = Actor("d.desk", Role.DESK, frozenset({Role.COMMUNICATIONS}))
LETTER = EvidenceFile("letter.txt", b"Please do not show me.")


def of_obama(services: Services, samples: Path, **changes: object) -> NewRevocation:
    letter = Submission(services.today(), Method.LETTER, [LETTER])
    portrait = samples / "originals" / "obama.jpg"
    return by_letter(services, portrait, **{"submission": letter, **changes})


def verdict(services: Services, photo: Path, use: str = "instagram") -> Verdict:
    report = check_photos(services, [photo], services.policy.use(use), DESK)
    return report.clearances[0].decision.verdict


def test_a_hold_stops_publication_until_the_writing_blocks_and_rescinding_frees(
    indexed_samples: Services, samples: Path
) -> None:
    services, photo = indexed_samples, samples / "originals" / "obama2.jpg"
    asked = Submission(services.today(), Method.ORAL)
    held = place_hold(services, of_obama(services, samples, submission=asked), DESK)
    label = held.revocation.label
    assert verdict(services, photo) is Verdict.REVIEW

    record_writing(services, label, Submission(services.today(), evidence=[LETTER]), DESK)
    assert verdict(services, photo) is Verdict.BLOCKED

    taken_back = Rescission(Submission(services.today(), original_at="Box 3"), "zebulon quirk")
    rescinded = rescind(services, label, taken_back, DESK)
    assert rescinded.state(services.today()) is State.RESCINDED
    assert verdict(services, photo) is Verdict.CLEAR
    with services.reading() as unit:
        assert unit.register.templates() == []
    with pytest.raises(ConflictError):
        amend(services, label, Amendment("too late"), DESK)


def test_an_amendment_narrows_the_scope_in_writing_only(
    indexed_samples: Services, samples: Path
) -> None:
    services, photo = indexed_samples, samples / "originals" / "obama2.jpg"
    label = record_revocation(services, of_obama(services, samples), DESK).revocation.label
    narrow = scope_from_text(services, "print")
    with pytest.raises(BadInputError, match="signed request"):
        amend(services, label, Amendment("print only", scope=narrow), DESK)

    writing = Submission(services.today(), evidence=[LETTER])
    amend(services, label, Amendment("print only", writing, scope=narrow), DESK)
    assert verdict(services, photo) is Verdict.CLEAR
    assert verdict(services, photo, "poster") is Verdict.BLOCKED
    history = show_case(services, label, DESK).entry.case.history
    assert [one.reason for one in history] == ["", "print only"]


def test_somebody_else_cannot_take_a_revocation_back_without_a_note_how_it_was_checked(
    services: Services,
) -> None:
    new = NewRevocation("A. Reader", Submission(services.today(), Method.FORM), note="Box 1")
    label = record_revocation(services, new, DESK).revocation.label
    writing = Submission(services.today(), original_at="Box 1")
    with pytest.raises(BadInputError, match="checked"):
        rescind(services, label, Rescission(writing, "Somebody Else"), DESK)
    checked = Rescission(writing, "Somebody Else", authority_note="Court order seen.")
    assert rescind(services, label, checked, DESK).state(services.today()) is State.ACTIVE

    (reminder,) = list_reminders(services, DESK)
    assert (reminder.kind, reminder.label) == (ReminderKind.AWAITS_SECOND, label)

    with pytest.raises(SamePersonError):
        second_rescission(services, label, just_signed_in(services, DESK))
    for spelled in (DESK.id, DESK.id.upper(), "e.desk", f"{DESK.id}\N{ZERO WIDTH SPACE}"):
        with pytest.raises(NotFreshError):
            second_rescission(services, label, Actor(spelled, Role.DIRECTOR))
    with pytest.raises(WrongRoleError, match="withdraw a revocation: desk, director"):
        second_rescission(services, label, Actor("c.comms", Role.COMMUNICATIONS))
    second = just_signed_in(services, Actor("e.desk", Role.DESK))
    agreed = second_rescission(services, label, second)
    assert agreed.state(services.today()) is State.RESCINDED
    assert list_reminders(services, DESK) == []
    assert agreed.history[-1].actor == second
    with pytest.raises(ConflictError, match="withdrawn"):
        second_rescission(services, label, second)


def test_the_same_writing_the_same_day_and_the_same_face_are_questioned(
    indexed_samples: Services, samples: Path
) -> None:
    services = indexed_samples
    record_revocation(services, of_obama(services, samples), DESK)
    with pytest.raises(UnansweredError) as asked:
        record_revocation(services, of_obama(services, samples), DESK)
    asked_for = {question.kind for question in asked.value.questions}
    assert asked_for == {
        QuestionKind.SAME_WRITING,
        QuestionKind.SAME_PERSON_AND_DAY,
        QuestionKind.LOOKS_LIKE_ANOTHER,
    }
    # The page links to the case.
    writing = next(
        question for question in asked.value.questions if question.kind is QuestionKind.SAME_WRITING
    )
    assert writing.label == "R-0001"
    assert writing.sentence.endswith("is already the written request of R-0001 (in effect).")
    assert len(search_register(services, RegisterQuery(), DESK)) == 1
    again = record_revocation(
        services, of_obama(services, samples), DESK, confirmed=frozenset(QuestionKind)
    )
    assert again.revocation.label == "R-0002"


def test_ending_the_agreement_erases_face_and_crop_and_keeps_the_revocation(
    indexed_samples: Services, samples: Path
) -> None:
    services = indexed_samples
    label = record_revocation(services, of_obama(services, samples), DESK).revocation.label
    crop = show_case(services, label, DESK).templates[0].crop
    case = end_template_agreement(services, label, "Asked to.", DESK)
    assert case.state(services.today()) is State.ACTIVE
    assert show_case(services, label, DESK).templates == ()
    assert not list(services.settings.vault.rglob(crop))
    report = check_photos(
        services,
        [samples / "originals" / "biden.jpg"],
        services.policy.use("x"),
        DESK,
    )
    assert report.without_face == (label,)


def test_without_a_face_the_event_and_the_day_find_the_photos(
    services: Services, samples: Path
) -> None:
    folder = samples / "events" / "2026-05-14 Author talk"
    photo = folder / "signing-astronaut-biden.jpg"
    event = NewEvent("Author talk", None, None, public_space=True)
    index_photos(services, IndexRequest([photo], event=event), DESK)
    with services.reading() as unit:
        event_id = unit.events.all()[0].id
    new = NewRevocation(
        "A. Reader",
        Submission(services.today(), Method.FORM),
        note="Box 1",
        locators=[Locator(event_id=event_id, clothing="a green coat")],
    )
    record_revocation(services, new, DESK)
    report = check_photos(services, [photo], services.policy.use("x"), DESK)
    decision = report.clearances[0].decision
    assert decision.verdict is Verdict.REVIEW
    assert decision.reasons[0].code is ReasonCode.LOCATOR
    assert "green coat" in decision.reasons[0].detail


def test_names_are_withheld_from_roles_that_need_not_know(services: Services) -> None:
    new = NewRevocation("Zebedee Unique", Submission(services.today(), Method.FORM), note="Box 1")
    record_revocation(services, new, DESK)
    comms = Actor("c.comms", Role.COMMUNICATIONS)
    assert search_register(services, RegisterQuery(), comms)[0].name is None
    assert search_register(services, RegisterQuery(text="zebedee"), comms) == []
    assert search_register(services, RegisterQuery(text="zebedee"), DESK)[0].name
    with pytest.raises(RefusedError):
        export_register(services, RegisterQuery(), "curious", comms)
    director = Actor("d.director", Role.DIRECTOR)
    assert "Zebedee Unique" in export_register(services, RegisterQuery(), "Audit", director)
    records = Actor("r.records", Role.RECORDS)
    assert "Zebedee" not in export_register(services, RegisterQuery(), "Request 7", records)


def test_the_register_is_searched_by_number_state_scope_branch_and_ending(
    services: Services,
) -> None:
    today = services.today()
    for number, (scope, until) in enumerate([("all", None), ("print", today), ("x", None)]):
        new = NewRevocation(
            f"Reader {number}",
            Submission(
                today - timedelta(days=number),
                Method.FORM,
                branch="Park Street" if number else "Downtown",
            ),
            scope=scope_from_text(services, scope),
            note="Box",
            until=until,
        )
        record_revocation(services, new, DESK, confirmed=frozenset(QuestionKind))

    def found(query: RegisterQuery) -> list[str]:
        return [entry.case.label for entry in search_register(services, query, DESK)]

    assert found(RegisterQuery(text="r-2")) == ["R-0002"]
    assert found(RegisterQuery(branch="park street")) == ["R-0003", "R-0002"]
    assert found(RegisterQuery(ending_within_days=3)) == ["R-0002"]
    assert found(RegisterQuery(received_to=today - timedelta(days=1))) == ["R-0003", "R-0002"]
    assert found(RegisterQuery(states=frozenset({State.HELD}))) == []


def test_merged_people_show_all_their_cases_until_unmerged(services: Services) -> None:
    for name in ("A. Reader", "Ann Reader"):
        new = NewRevocation(name, Submission(services.today(), Method.FORM), note="Box 1")
        record_revocation(services, new, DESK, confirmed=frozenset(QuestionKind))
    merge_people(services, "R-0002", "R-0001", "Same address.", DESK)
    assert show_case(services, "R-0001", DESK).same_person == ("R-0002",)
    with pytest.raises(ConflictError):
        merge_people(services, "R-0001", "R-0002", "Again.", DESK)
    unmerge_person(services, "R-0002", "Sisters.", DESK)
    assert show_case(services, "R-0001", DESK).same_person == ()


def test_reminders_name_what_is_due_and_nobody(services: Services) -> None:
    today = services.today()
    hold = NewRevocation("Held Person", Submission(today - timedelta(days=10), Method.ORAL))
    place_hold(services, hold, DESK)
    grown = NewRevocation(
        "Grown Person",
        Submission(date(today.year - 2, 1, 2), Method.FORM),
        note="Box 1",
        minor=True,
        guardian="G. Guardian",
        birth_year=today.year - 19,
    )
    record_revocation(services, grown, DESK)
    found = list_reminders(services, ANYBODY)
    assert {one.kind for one in found} == {ReminderKind.HOLD_LAPSES, ReminderKind.OF_AGE}
    assert not any("Person" in one.sentence and "Held" in one.sentence for one in found)


def test_a_refused_revocation_leaves_nothing_behind(services: Services) -> None:
    new = NewRevocation("", Submission(services.today(), Method.FORM, evidence=[LETTER]))
    with pytest.raises(BadInputError, match="name"):
        record_revocation(services, new, DESK)
    assert search_register(services, RegisterQuery(), DESK) == []
    assert not services.settings.vault.exists()


def test_only_the_staffs_own_changes_need_a_reason(services: Services) -> None:
    label = record_revocation(
        services, NewRevocation("A. Reader", Submission(services.today(), evidence=[LETTER])), DESK
    ).revocation.label
    with pytest.raises(BadInputError, match="why it is changed"):
        amend(services, label, Amendment("", contact="a@example.org"), DESK)

    writing = Submission(services.today(), evidence=[LETTER])
    amend(services, label, Amendment("", writing, until=services.today()), DESK)
    assert show_case(services, label, DESK).entry.case.terms.until == services.today()


def test_the_same_amendment_again_enters_nothing(indexed_samples: Services, samples: Path) -> None:
    services = indexed_samples
    label = record_revocation(services, of_obama(services, samples), DESK).revocation.label
    writing = Submission(services.today(), evidence=[LETTER])
    narrow = Amendment("print only", writing, scope=scope_from_text(services, "print"))
    amend(services, label, narrow, DESK)

    with pytest.raises(ConflictError, match="already has this change"):
        amend(services, label, narrow, DESK)
    wide = Amendment("all again", writing, scope=scope_from_text(services, "all"))
    amend(services, label, wide, DESK)
    amend(services, label, narrow, DESK)

    history = show_case(services, label, DESK).entry.case.history
    assert [one.reason for one in history] == ["", "print only", "all again", "print only"]


def test_what_is_to_be_taken_back_cannot_be_amended_any_more(services: Services) -> None:
    new = NewRevocation("A. Reader", Submission(services.today(), Method.FORM), note="Box 1")
    label = record_revocation(services, new, DESK).revocation.label
    later = services.today() + timedelta(days=10)
    writing = Submission(services.today(), original_at="Box 1")
    rescind(services, label, Rescission(writing, "A. Reader", effective_on=later), DESK)
    with pytest.raises(ConflictError, match=long_day(later)):
        amend(services, label, Amendment("changed my mind"), DESK)


def test_the_address_of_a_post_finds_its_photo_without_a_face(
    indexed_samples: Services, samples: Path
) -> None:
    services, photo = indexed_samples, samples / "originals" / "biden.jpg"
    with services.reading() as unit:
        sha256 = next(
            one for one, places in unit.photos.places_of(_all(unit)).items() if str(photo) in places
        )
    use = services.policy.use("facebook")
    url = "https://example.org/post/7?x=1"
    record_publications(
        services, [sha256], Posting(use, services.today(), url, already_out=True), DESK
    )
    hint = Locator(url="http://example.org/post/7/")
    new = NewRevocation(
        "A. Reader", Submission(services.today(), Method.FORM), note="Box 1", locators=[hint]
    )
    record_revocation(services, new, DESK)
    assert verdict(services, photo) is Verdict.REVIEW
    assert verdict(services, samples / "originals" / "astronaut.png") is Verdict.CLEAR


def _all(unit: UnitOfWork) -> list[str]:
    return [sha256 for sha256, _, _ in unit.photos.hashes()]


def test_today_is_the_day_on_the_librarys_own_calendar(
    home: Path, open_services: Callable[..., Services]
) -> None:
    late = datetime(2026, 6, 30, 23, 30, tzinfo=UTC)
    days = {
        zone: replace(open_services(home=home, time_zone=zone), now=lambda: late).today()
        for zone in ("America/New_York", "UTC", "Pacific/Auckland")
    }
    assert [str(day) for day in days.values()] == ["2026-06-30", "2026-06-30", "2026-07-01"]


def test_a_change_in_between_leaves_alone_what_is_stated_for_later(
    indexed_samples: Services, samples: Path
) -> None:
    services, photo = indexed_samples, samples / "originals" / "obama2.jpg"
    label = record_revocation(services, of_obama(services, samples), DESK).revocation.label
    begins = services.today() + timedelta(days=60)
    writing = Submission(services.today(), evidence=[LETTER])
    narrow = Amendment(
        "print only", writing, effective_on=begins, scope=scope_from_text(services, "print")
    )
    amend(services, label, narrow, DESK)
    amend(services, label, Amendment("moved", contact="555-1"), DESK)
    assert verdict(services, photo) is Verdict.BLOCKED

    end_template_agreement(services, label, "Asked to.", DESK)
    case = show_case(services, label, DESK).entry.case
    assert case.terms_on(services.today()).scope.covers_channel(services.policy.channel("x"))
    then = case.terms_on(begins)
    assert not then.scope.covers_channel(services.policy.channel("x"))
    assert (then.requester.contact, then.template_agreement) == ("555-1", None)
    wider = Amendment("all again", writing, scope=scope_from_text(services, "all"))
    with pytest.raises(ConflictError, match=long_day(begins)):
        amend(services, label, wider, DESK)


def test_the_register_says_when_the_revocation_came_and_not_its_amendment(
    services: Services,
) -> None:
    came = services.today() - timedelta(days=40)
    new = NewRevocation(
        "A. Reader", Submission(came, Method.LETTER, branch="Downtown"), note="Box 1"
    )
    label = record_revocation(services, new, DESK).revocation.label
    writing = Submission(services.today(), Method.FORM, original_at="Box 2", branch="Park Street")
    amend(services, label, Amendment("moved", writing, contact="555-1"), DESK)

    case = show_case(services, label, DESK).entry.case
    assert (case.submission.on, case.submission.method) == (came, Method.LETTER)
    early = RegisterQuery(received_to=came, branch="Downtown")
    assert [one.case.label for one in search_register(services, early, DESK)] == [label]


def test_a_hint_without_any_occasion_is_said_once_for_the_check(
    services: Services, samples: Path
) -> None:
    scarf = Locator(clothing="Red headscarf")
    at_a_talk = Locator(event_id="talk", clothing="Green coat")
    new = of_obama(services, samples)
    record_revocation(services, replace(new, name="With A. Face", locators=[scarf]), DESK)
    plain = replace(new, references=[], keep_face=False, locators=[scarf, at_a_talk])
    asked = frozenset(QuestionKind)
    label = record_revocation(services, plain, DESK, confirmed=asked).revocation.label
    photo = samples / "originals" / "coffee.png"

    report = check_photos(services, [photo], services.policy.use("x"), DESK)

    assert report.hints == ((label, "Red headscarf"),)
    assert report.clearances[0].decision.verdict is Verdict.CLEAR
    kept = report_to_dict(services, report, [])
    assert CheckResult.from_dict(kept).hints == report.hints
