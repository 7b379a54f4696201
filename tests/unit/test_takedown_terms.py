"""The words of takedowns, the steps they may go, and the business days of appeals. Pure."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from consent.domain.actors import Actor, Role
from consent.domain.policy import AppealDays
from consent.domain.takedowns import (
    FOLLOWS,
    Appeal,
    AppealStep,
    AppealStepKind,
    Takedown,
    TakedownEvent,
    TakedownState,
)
from consent.policy_file import load_policy
from consent.takedowns.appeals import due_day
from tests.unit.policy_cases import SHIPPED

NOON = datetime(2026, 6, 1, 12, tzinfo=UTC)
STAFF = Actor("Cam Lee", Role.COMMUNICATIONS)
FOUND, REQUESTED, DELETED = (
    TakedownState.FOUND,
    TakedownState.REQUESTED,
    TakedownState.DELETED,
)
APPEALS = load_policy(SHIPPED).appeals


def takedown(*history: TakedownEvent) -> Takedown:
    found = TakedownEvent(NOON, STAFF, FOUND)
    return Takedown("t", 7, "p", "r", date(2026, 6, 4), False, (found, *history))


# -- Where a takedown stands ----------------------------------------------------------------------
def test_a_new_takedown_is_found_and_nobodys():
    new = takedown()

    assert (new.label, new.state, new.owner) == ("T-0007", FOUND, "")
    assert not new.state.closed


def test_a_step_that_names_an_owner_leaves_the_state_and_the_other_way_round():
    asked = TakedownEvent(NOON, STAFF, REQUESTED, note="Wrote to them.")
    owned = TakedownEvent(NOON, STAFF, owner="Bo Chen")

    one = takedown(asked, owned)
    assert (one.state, one.owner, one.last) == (REQUESTED, "Bo Chen", asked)
    done = takedown(owned, TakedownEvent(NOON, STAFF, DELETED, note="Gone."))
    assert (done.state, done.owner) == (DELETED, "Bo Chen")
    assert takedown(owned, TakedownEvent(NOON, STAFF, owner="")).owner == ""


def test_every_state_has_words_and_a_way_on_and_a_way_back():
    assert set(FOLLOWS) == set(TakedownState)
    assert len({state.words for state in TakedownState}) == len(TakedownState)
    for state, following in FOLLOWS.items():
        assert state not in following
        if state is not TakedownState.MISTAKEN:
            assert FOUND in following or state is FOUND, "a copy may be there again"
    assert not FOLLOWS[TakedownState.MISTAKEN], "the post is recorded anew, and has its own"


@given(st.lists(st.sampled_from(TakedownState), max_size=12))
def test_only_a_copy_that_was_dealt_with_is_retained_and_no_closed_one_is_asked_for(wanted):
    state = FOUND
    for following in wanted:
        if following not in FOLLOWS[state]:
            continue
        if following is TakedownState.RETAINED:
            assert state.closed
        if following is REQUESTED:
            assert not state.closed
        state = following


# -- Thirty business days --------------------------------------------------------------------------
received = st.dates(date(2026, 1, 1), date(2027, 6, 30))

calendars = st.builds(
    AppealDays,
    st.integers(1, 60),
    st.frozensets(st.dates(date(2026, 1, 1), date(2027, 12, 31)), max_size=40),
)


def business_days(first: date, last: date, days: AppealDays) -> list[date]:
    """Return the business days after one day, up to and with another."""
    between = [first + timedelta(count) for count in range(1, (last - first).days + 1)]
    return [day for day in between if day.weekday() < 5 and day not in days.holidays]


@given(received, calendars)
def test_the_answer_is_due_on_the_last_of_so_many_business_days(came: date, days: AppealDays):
    due = due_day(came, days)

    begins = came
    while begins.weekday() >= 5 or begins in days.holidays:
        begins += timedelta(1)
    counted = business_days(begins, due, days)
    assert len(counted) == days.business_days
    assert counted[-1] == due


@given(received, calendars)
def test_who_comes_later_is_never_answered_sooner(came: date, days: AppealDays):
    assert due_day(came, days) <= due_day(came + timedelta(1), days)


@given(received, calendars, st.dates(date(2026, 1, 1), date(2027, 12, 31)))
def test_a_further_holiday_never_brings_the_day_forward(
    came: date, days: AppealDays, holiday: date
):
    more = AppealDays(days.business_days, days.holidays | {holiday})

    assert due_day(came, more) >= due_day(came, days)


@pytest.mark.parametrize(
    ("came", "due"),
    [
        # Six weeks, where no holiday lies between.
        (date(2026, 2, 17), date(2026, 3, 31)),
        # Good Friday moves it from Wednesday to Thursday.
        (date(2026, 3, 4), date(2026, 4, 16)),
        # On the holiday itself it counts as come on Tuesday.
        (date(2026, 5, 25), date(2026, 7, 9)),
        # Over the end of the year: Christmas, New Year, and Martin Luther King Day.
        (date(2026, 12, 7), date(2027, 1, 21)),
    ],
)
def test_thirty_business_days_by_the_librarys_calendar(came: date, due: date):
    assert due_day(came, APPEALS) == due


# -- Who waits ------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("steps", "waits"),
    [
        ([], True),
        ([AppealStepKind.ANSWERED], False),
        ([AppealStepKind.ANSWERED, AppealStepKind.TO_BOARD], True),
        (list(AppealStepKind), False),
    ],
)
def test_an_answer_is_owed_at_first_and_again_by_the_board(
    steps: list[AppealStepKind], waits: bool
):
    taken = tuple(AppealStep(kind, date(2026, 6, 1), "Di Rossi") for kind in steps)
    day = date(2026, 6, 1)

    made = Appeal("a", 3, "B. Poster", "", "My comment", None, day, day, steps=taken)

    assert made.waits is waits
