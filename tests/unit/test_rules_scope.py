"""decide(): what a revocation covers, and where a case stands."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest

from consent.domain.cases import CaseStep, Revocation, State
from consent.domain.channels import ChannelKind, Use
from consent.domain.terms import EVERYTHING, Period, Scope
from consent.domain.verdicts import PersonMatch, PhotoFacts, ReasonCode, Verdict
from tests.unit.rules_cases import (
    BEGAN,
    IN_PRINT,
    INSTAGRAM,
    KNOWN,
    NEWSLETTER,
    NOBODY,
    ONLINE,
    OTHER_PHOTO,
    PHOTO,
    PICTURE,
    PRESS,
    PRINT_ONLY,
    RESCISSION,
    RIGHT,
    TODAY,
    WRITING,
    case,
    copy_of,
    judged,
    looks_like,
    noted,
    on_hold,
    revoked,
    step,
    terms,
)


@pytest.mark.parametrize(
    ("scope", "use", "covered"),
    [
        (EVERYTHING, INSTAGRAM, True),
        (EVERYTHING, NEWSLETTER, True),
        (PRINT_ONLY, NEWSLETTER, True),
        (PRINT_ONLY, INSTAGRAM, False),
        (PRINT_ONLY, PRESS, False),
        (replace(NOBODY, kinds=frozenset({ChannelKind.PRESS})), PRESS, True),
        (replace(NOBODY, kinds=ONLINE), INSTAGRAM, True),
        (replace(NOBODY, kinds=ONLINE), NEWSLETTER, False),
        (replace(NOBODY, channels=frozenset({"instagram"})), INSTAGRAM, True),
        (replace(NOBODY, channels=frozenset({"facebook"})), INSTAGRAM, False),
        (replace(NOBODY, channels=frozenset({"facebook"}), kinds=IN_PRINT), NEWSLETTER, True),
    ],
)
def test_a_scope_of_channels(scope: Scope, use: Use, covered: bool):
    decision = judged(use=use, matches=[looks_like()], revocations=[revoked(scope)])

    assert (decision.verdict is Verdict.BLOCKED) == covered
    assert (ReasonCode.OUTSIDE_SCOPE in noted(decision)) == (not covered)


def test_all_channels_covers_one_that_the_policy_gains_later():
    later = replace(INSTAGRAM.channel, id="mastodon", label="Mastodon")
    decision = judged(use=Use(later), matches=[looks_like()], revocations=[revoked()])

    assert decision.verdict is Verdict.BLOCKED


def test_a_match_outside_the_scope_is_said_with_its_face_and_case():
    decision = judged(matches=[looks_like(RIGHT)], revocations=[revoked(PRINT_ONLY)])

    (note,) = decision.notes
    assert decision.verdict is Verdict.CLEAR
    assert (note.code, note.verdict) == (ReasonCode.OUTSIDE_SCOPE, None)
    assert (note.revocation, note.face, note.box) == ("R-0001", 1, RIGHT.box)


@pytest.mark.parametrize(
    ("scope", "photo", "match", "covered"),
    [
        (Scope(event_ids=frozenset({"talk"})), PICTURE, looks_like(), True),
        (Scope(event_ids=frozenset({"other"})), PICTURE, looks_like(), False),
        (Scope(event_ids=frozenset({"talk"})), replace(PICTURE, events=()), looks_like(), False),
        (Scope(photo_ids=frozenset({PHOTO})), PICTURE, looks_like(), True),
        (Scope(photo_ids=frozenset({OTHER_PHOTO})), PICTURE, looks_like(), False),
        (Scope(photo_ids=frozenset({KNOWN})), PICTURE, copy_of(), True),
        (Scope(photo_ids=frozenset({OTHER_PHOTO})), PICTURE, copy_of(), False),
        (
            Scope(photo_ids=frozenset({OTHER_PHOTO}), event_ids=frozenset({"talk"})),
            PICTURE,
            looks_like(),
            True,
        ),
    ],
)
def test_a_scope_of_one_event_or_of_named_photos_and_copies_of_them(
    scope: Scope, photo: PhotoFacts, match: PersonMatch, covered: bool
):
    decision = judged(photo, matches=[match], revocations=[revoked(scope)])

    assert (decision.verdict is Verdict.BLOCKED) == covered
    assert (ReasonCode.OUTSIDE_SCOPE in noted(decision)) == (not covered)


BEFORE, AFTER = BEGAN - timedelta(days=1), BEGAN + timedelta(days=1)


@pytest.mark.parametrize(
    ("period", "taken", "covered"),
    [
        (Period.BOTH, BEFORE, True),
        (Period.BOTH, AFTER, True),
        (Period.PAST, BEFORE, True),
        (Period.PAST, BEGAN, False),
        (Period.PAST, AFTER, False),
        (Period.FUTURE, BEFORE, False),
        (Period.FUTURE, BEGAN, True),
        (Period.FUTURE, AFTER, True),
        # Nobody knows when it was taken: it may be one of those meant.
        (Period.PAST, None, True),
        (Period.FUTURE, None, True),
    ],
)
def test_a_scope_of_photos_past_or_to_come(period: Period, taken: date | None, covered: bool):
    decision = judged(
        replace(PICTURE, taken_on=taken),
        matches=[looks_like()],
        revocations=[revoked(Scope(period=period))],
    )

    assert (decision.verdict is Verdict.BLOCKED) == covered


# -- Where a case stands ----------------------------------------------------------------------
@pytest.mark.parametrize(
    ("revocation", "day", "state", "verdict"),
    [
        (revoked(), BEGAN, State.ACTIVE, Verdict.BLOCKED),
        (revoked(), BEGAN - timedelta(days=1), State.PENDING, Verdict.CLEAR),
        (revoked(until=TODAY), TODAY, State.ACTIVE, Verdict.BLOCKED),
        (revoked(until=TODAY), TODAY + timedelta(days=1), State.ENDED, Verdict.CLEAR),
        (case(WRITING, RESCISSION), TODAY - timedelta(days=1), State.ACTIVE, Verdict.BLOCKED),
        (case(WRITING, RESCISSION), TODAY, State.RESCINDED, Verdict.CLEAR),
        (on_hold(lapses=TODAY), TODAY, State.HELD, Verdict.REVIEW),
        (on_hold(lapses=TODAY), TODAY + timedelta(days=1), State.LAPSED, Verdict.CLEAR),
        (
            case(step(CaseStep.HOLD_PLACED, BEGAN, terms(), BEGAN), WRITING),
            TODAY,
            State.ACTIVE,
            Verdict.BLOCKED,
        ),
    ],
)
def test_only_a_case_that_stands_speaks(
    revocation: Revocation, day: date, state: State, verdict: Verdict
):
    assert revocation.state(day) is state
    decision = judged(matches=[looks_like()], revocations=[revocation], today=day)
    assert decision.verdict is verdict


def test_an_amendment_holds_from_its_day():
    widened = case(
        step(CaseStep.RECORDED, BEGAN, terms(PRINT_ONLY)),
        step(CaseStep.AMENDED, TODAY, terms(EVERYTHING)),
    )

    def verdict(day: date) -> Verdict:
        return judged(matches=[looks_like()], revocations=[widened], today=day).verdict

    assert verdict(TODAY - timedelta(days=1)) is Verdict.CLEAR
    assert verdict(TODAY) is Verdict.BLOCKED
