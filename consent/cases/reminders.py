"""What wants attention soon: holds, temporary revocations, children who came of age or grew."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum

from consent.domain.actors import Actor
from consent.domain.cases import CaseStep, Revocation, State
from consent.domain.roles import Duty, for_roles
from consent.domain.wording import long_day
from consent.services import Services

# So many days before a hold lapses or a term ends it is said.
AHEAD_DAYS = 7
# A lapsed hold is listed this long, so that somebody can still call.
AFTER_DAYS = 30


class ReminderKind(StrEnum):
    """What it is about."""

    HOLD_LAPSES = "hold_lapses"
    HOLD_LAPSED = "hold_lapsed"
    ENDS = "ends"
    OF_AGE = "of_age"
    DISPUTED = "disputed"
    AWAITS_SECOND = "awaits_second"
    OLD_REFERENCE = "old_reference"
    AGREEMENT_ENDED = "agreement_ended"
    TEMPLATE_LEFT = "template_left"


@dataclass(frozen=True, slots=True)
class Reminder:
    """One thing to do with a case; the sentence names nobody."""

    kind: ReminderKind
    label: str
    due_on: date | None
    sentence: str


@for_roles(Duty.READ_CASES)
def list_reminders(services: Services, actor: Actor) -> list[Reminder]:
    """Return what wants attention, the most urgent first."""
    with services.reading() as unit:
        cases, newest = unit.register.revocations(), unit.register.newest_references()
    return most_urgent_first(
        reminder for case in cases for reminder in reminders_of(services, case, newest.get(case.id))
    )


@for_roles(Duty.READ_CASES)
def count_lapsing_holds(services: Services, actor: Actor) -> int:
    """Count the holds that lapse soon, without reading the whole register."""
    today = services.today()
    with services.reading() as unit:
        ids = unit.register.holds_between(today, today + timedelta(days=AHEAD_DAYS))
        cases = unit.register.by_ids(ids) if ids else []
    kinds = [
        reminder.kind for case in cases for reminder in _of_time(case, case.state(today), today)
    ]
    return kinds.count(ReminderKind.HOLD_LAPSES)


@for_roles(Duty.READ_CASES)
def list_disputed(services: Services, actor: Actor) -> list[str]:
    """Return the cases whose objection waits to be decided, without reading the whole register."""
    with services.reading() as unit:
        ids = unit.register.that_ever_had(CaseStep.DISPUTED)
        cases = unit.register.by_ids(ids) if ids else []
    return [case.label for case in cases if case.dispute is not None]


@for_roles(Duty.READ_CASES)
def list_half_withdrawn(services: Services, actor: Actor) -> list[str]:
    """Return the cases whose withdrawal waits for a second person, as cheaply."""
    with services.reading() as unit:
        ids = unit.register.that_ever_had(CaseStep.RESCISSION_ASKED)
        cases = unit.register.by_ids(ids) if ids else []
    today = services.today()
    return [case.label for case in cases if list(_of_rescission(case, case.state(today)))]


def reminders_of(
    services: Services, case: Revocation, newest: datetime | None
) -> Iterator[Reminder]:
    """Yield what wants attention of a case, by when its newest reference face was added."""
    today = services.today()
    state = case.state(today)
    yield from _of_time(case, state, today)
    yield from _of_dispute(case)
    yield from _of_rescission(case, state)
    if state is State.ACTIVE and case.person.of_age(today):
        text = f"The person in {case.label} has turned 18: ask them what they want."
        yield Reminder(ReminderKind.OF_AGE, case.label, None, text)
    if newest is not None:
        yield from _of_faces(services, case, state, services.day(newest))


def most_urgent_first(reminders: Iterable[Reminder]) -> list[Reminder]:
    """Return reminders in the order in which they are shown."""
    return sorted(
        reminders, key=lambda reminder: (reminder.due_on is None, reminder.due_on, reminder.label)
    )


def _of_time(case: Revocation, state: State, today: date) -> Iterator[Reminder]:
    lapses_on = case.lapses_on
    soon = today + timedelta(days=AHEAD_DAYS)
    if state is State.HELD and lapses_on is not None and lapses_on <= soon:
        ends = "ends" if today <= lapses_on else "should have ended"
        text = (
            f"The hold {case.label} {ends} on {long_day(lapses_on)}: ask for the written request."
        )
        yield Reminder(ReminderKind.HOLD_LAPSES, case.label, lapses_on, text)
    told_until = today - timedelta(days=AFTER_DAYS)
    if state is State.LAPSED and lapses_on is not None and lapses_on >= told_until:
        text = f"The hold {case.label} ended on {long_day(lapses_on)}: no written request came."
        yield Reminder(ReminderKind.HOLD_LAPSED, case.label, lapses_on, text)
    until = case.terms_on(today).until
    if state is State.ACTIVE and until is not None and until <= soon:
        text = f"{case.label} ends on {long_day(until)}: ask whether it should go on."
        yield Reminder(ReminderKind.ENDS, case.label, until, text)


def _of_dispute(case: Revocation) -> Iterator[Reminder]:
    if (objection := case.dispute) is not None:
        text = (
            f"Someone objected to {case.label} on {long_day(objection.effective_on)}. Give the "
            "person who signed it a new receipt (on the case's page, under Papers). A director "
            "decides there, under Change, Objection."
        )
        yield Reminder(ReminderKind.DISPUTED, case.label, objection.effective_on, text)


def _of_rescission(case: Revocation, state: State) -> Iterator[Reminder]:
    running = state in {State.HELD, State.PENDING, State.ACTIVE}
    if running and (asked := case.awaits_second) is not None:
        text = (
            f"{case.label} was withdrawn by someone else. It stays in effect until a second "
            "person agrees, on the case's page, under Change, Withdraw."
        )
        yield Reminder(ReminderKind.AWAITS_SECOND, case.label, asked.effective_on, text)


def _of_faces(
    services: Services, case: Revocation, state: State, newest: date
) -> Iterator[Reminder]:
    today = services.today()
    if state in {State.RESCINDED, State.ENDED, State.LAPSED, State.MISTAKEN}:
        text = (
            f"{case.label} has ended, but its saved face measurements are still on file: erase "
            "them."
        )
        yield Reminder(ReminderKind.TEMPLATE_LEFT, case.label, None, text)
        return
    agreement = case.terms_on(today).template_agreement
    if agreement is not None and agreement.until is not None and agreement.until < today:
        text = f"The agreement to keep the face of {case.label} has ended: erase it or ask again."
        yield Reminder(ReminderKind.AGREEMENT_ENDED, case.label, agreement.until, text)
    years = (today - newest).days / 365.25
    if case.person.minor and years > services.policy.matching.minor_years:
        text = f"The photo of the child in {case.label} is old: ask for a new photo."
        yield Reminder(ReminderKind.OLD_REFERENCE, case.label, None, text)
