"""decide(): what a revocation covers, and where a case stands."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from consent.domain.cases import CaseStep, Revocation, State
from consent.domain.channels import ChannelKind, Use
from consent.domain.days import ClockDay, agreed_day, clearly_apart, days_meant
from consent.domain.scope import points_at
from consent.domain.terms import EVERYTHING, Locator, Period, Scope
from consent.domain.verdicts import PersonMatch, PhotoFacts, ReasonCode, Verdict
from consent.domain.wording import sentence
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
    TALK,
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
LONG_BEFORE, LONG_AFTER = BEGAN - timedelta(days=8), BEGAN + timedelta(days=8)
BLOCKED, REVIEW, CLEAR = Verdict.BLOCKED, Verdict.REVIEW, Verdict.CLEAR


@pytest.mark.parametrize(
    ("period", "taken", "agreed", "held", "verdict"),
    [
        (Period.BOTH, BEFORE, None, None, BLOCKED),
        (Period.BOTH, AFTER, None, None, BLOCKED),
        # A camera's clock may hold a photo back; alone it lets none pass.
        (Period.PAST, BEFORE, None, None, BLOCKED),
        (Period.PAST, BEGAN, None, None, REVIEW),
        (Period.PAST, LONG_AFTER, None, None, REVIEW),
        (Period.FUTURE, LONG_BEFORE, None, None, REVIEW),
        (Period.FUTURE, BEGAN, None, None, BLOCKED),
        (Period.FUTURE, AFTER, None, None, BLOCKED),
        # Nobody knows when it was taken: it may be one of those meant.
        (Period.PAST, None, None, None, BLOCKED),
        (Period.FUTURE, None, None, None, BLOCKED),
        # Several cameras agree: it passes, but for the days around the first one.
        (Period.PAST, LONG_AFTER, LONG_AFTER, None, CLEAR),
        (Period.PAST, AFTER, AFTER, None, REVIEW),
        (Period.FUTURE, LONG_BEFORE, LONG_BEFORE, None, CLEAR),
        (Period.FUTURE, BEFORE, BEFORE, None, REVIEW),
        (Period.FUTURE, LONG_AFTER, LONG_AFTER, None, BLOCKED),
        # Somebody named the event: its day decides.
        (Period.PAST, AFTER, None, BEFORE, BLOCKED),
        (Period.PAST, None, None, BEGAN, CLEAR),
        (Period.FUTURE, LONG_BEFORE, LONG_BEFORE, AFTER, BLOCKED),
        (Period.FUTURE, None, None, BEFORE, CLEAR),
    ],
)
def test_a_scope_of_photos_past_or_to_come(
    period: Period,
    taken: date | None,
    agreed: date | None,
    held: date | None,
    verdict: Verdict,
):
    events = (replace(TALK, held_on=held),)
    decision = judged(
        replace(PICTURE, events=events, taken_on=taken, agreed_on=agreed),
        matches=[looks_like()],
        revocations=[revoked(Scope(period=period))],
    )

    assert decision.verdict is verdict
    if verdict is REVIEW:
        (reason,) = decision.reasons
        assert reason.code is ReasonCode.TIME_UNKNOWN
        assert "name the event and its day" in sentence(reason)
        assert "by the camera's clock, which may be wrong" in sentence(reason)


TALK_ONLY = Scope(event_ids=frozenset({"talk"}))


def test_a_photo_of_an_event_that_nobody_named_is_for_a_person_to_look_at():
    photo = replace(PICTURE, events=(), maybe_of=frozenset({"talk"}))
    decision = judged(photo, matches=[looks_like()], revocations=[revoked(TALK_ONLY)])

    (reason,) = decision.reasons
    assert (reason.code, reason.verdict) == (ReasonCode.EVENT_UNKNOWN, REVIEW)
    assert "(May 14, 2026 by the camera's clock, which may be wrong)" in sentence(reason)
    undated = judged(
        replace(photo, taken_on=None), matches=[looks_like()], revocations=[revoked(TALK_ONLY)]
    )
    assert "clock" not in sentence(undated.reasons[0])
    # Nobody is found: then the revocation says nothing of the photo.
    assert judged(photo, revocations=[revoked(TALK_ONLY)]).verdict is CLEAR


HELD = date(2026, 5, 14)
CAMERA, PHONE = "Canon EOS 90D", "Apple iPhone 15"
JULY = date(2026, 7, 4)


def clocks(*days: tuple[str, date]) -> list[ClockDay]:
    return [ClockDay(camera, on) for camera, on in days]


BOTH = [(CAMERA, JULY), (CAMERA, JULY), (PHONE, JULY), (PHONE, JULY)]


@pytest.mark.parametrize(
    ("on", "folder", "agreed"),
    [
        (JULY, BOTH, True),
        (JULY, [*BOTH, (PHONE, JULY + timedelta(days=1)), ("", JULY)], True),
        # One camera, whatever it is called, agrees with itself.
        (JULY, [(CAMERA, JULY)] * 9, False),
        (JULY, [*[(CAMERA, JULY)] * 9, *[(CAMERA.upper(), JULY)] * 9], False),
        # Nobody knows how many cameras these are.
        (JULY, [*[(CAMERA, JULY)] * 9, *[("", JULY)] * 9], False),
        # One photo of another may have strayed in.
        (JULY, BOTH[:3], False),
        # The folder holds photos of several days.
        (JULY, [*BOTH, (CAMERA, JULY - timedelta(days=2))], False),
        (JULY, [*BOTH, ("", date(2025, 7, 4))], False),
        # Clocks that begin anew begin on the same day.
        *[
            (day, [(camera, day) for camera, _ in BOTH], False)
            for day in (date(2000, 1, 1), date(2000, 1, 3), date(1980, 1, 1))
        ],
        # A day that has not come.
        (JULY.replace(year=2027), [(one, JULY.replace(year=2027)) for one, _ in BOTH], False),
        (JULY, [], False),
    ],
)
def test_when_the_photos_of_a_folder_vouch_for_a_day(
    on: date, folder: list[tuple[str, date]], agreed: bool
):
    assert agreed_day(on, clocks(*folder), date(2026, 8, 1)) == (on if agreed else None)


@pytest.mark.parametrize(
    ("agreed", "held", "apart"),
    [
        (JULY, HELD, True),
        (HELD + timedelta(days=8), HELD, True),
        (HELD - timedelta(days=8), HELD, True),
        # Past midnight, on another zone's time, or of the last day of a fair.
        (HELD + timedelta(days=1), HELD, False),
        (HELD + timedelta(days=7), HELD, False),
        (HELD, HELD, False),
        # Two cameras that were set to the same wrong year.
        (HELD - timedelta(days=365), HELD, False),
        (HELD + timedelta(days=2 * 365 - 5), HELD, False),
        (HELD - timedelta(days=330), HELD, True),
        (None, HELD, False),
        (JULY, None, False),
    ],
)
def test_a_day_that_cameras_agree_on_is_apart_from_an_event(
    agreed: date | None, held: date | None, apart: bool
):
    assert clearly_apart(agreed, held) is apart


NEW_YORK = ZoneInfo("America/New_York")


@pytest.mark.parametrize(
    ("clock", "days"),
    [
        (datetime(2026, 5, 14, 19, tzinfo=NEW_YORK), {14}),
        (datetime(2026, 5, 15, 0, 40, tzinfo=NEW_YORK), {14, 15}),
        (datetime(2026, 5, 15, 5, 59, tzinfo=NEW_YORK), {14, 15}),
        (datetime(2026, 5, 15, 6, tzinfo=NEW_YORK), {15}),
        # On UTC, and says so nowhere: ten at night in Honolulu.
        (datetime(2026, 5, 15, 8, tzinfo=ZoneInfo("Pacific/Honolulu")), {14, 15}),
        (datetime(2026, 5, 14, 22, tzinfo=ZoneInfo("Asia/Tokyo")), {14, 15}),
    ],
)
def test_the_days_that_a_clock_may_mean(clock: datetime, days: set[int]):
    assert days_meant(clock) == {date(2026, 5, day) for day in days}


@pytest.mark.parametrize(
    ("locator", "photo", "hit"),
    [
        (Locator(on=HELD), {"maybe_on": frozenset({HELD})}, True),
        (Locator(on=HELD), {"maybe_on": frozenset({JULY})}, False),
        (Locator(on=HELD), {}, False),
        (Locator(on=HELD), {"events": (replace(TALK, held_on=HELD),)}, True),
        (Locator(clothing="a green coat"), {"events": (TALK,)}, False),
        (Locator(event_id="talk"), {"events": (TALK,)}, True),
        (Locator(event_id="talk"), {"same_day_as": frozenset({"talk"})}, True),
        (Locator(event_id="talk"), {"same_day_as": frozenset({"support"})}, False),
    ],
)
def test_a_locator_points_at_photos_of_the_day_or_the_event(
    locator: Locator, photo: dict, hit: bool
):
    assert points_at(locator, replace(PICTURE, **({"events": ()} | photo))) is hit


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


SCARF = Locator(clothing="Red headscarf")


@pytest.mark.parametrize(
    ("scope", "hints", "said"),
    [
        (EVERYTHING, (SCARF, Locator(event_id="talk", position="third from left")), True),
        (Scope(event_ids=frozenset({"talk"})), (SCARF,), True),
        (EVERYTHING, (SCARF,), False),
        (EVERYTHING, (SCARF, Locator(event_id="another")), False),
    ],
)
def test_a_hint_without_an_occasion_is_said_where_the_person_may_have_been(
    scope: Scope, hints: tuple[Locator, ...], said: bool
):
    said_so = replace(terms(scope), locators=hints)
    asked = case(step(CaseStep.RECORDED, BEGAN, said_so))
    photo = replace(PICTURE, events=(TALK,))
    reasons = judged(photo, revocations=[asked]).reasons
    words = " ".join(sentence(reason) for reason in reasons if reason.code is ReasonCode.LOCATOR)
    assert ("Red headscarf" in words) is said
