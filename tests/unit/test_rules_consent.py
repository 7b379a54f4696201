"""decide(): private space and verbal consent."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from consent.domain.decisions import VerbalConsent
from consent.domain.verdicts import ReasonCode, Verdict
from tests.unit.rules_cases import (
    BEGAN,
    IN_PRINT,
    LEFT,
    NEWSLETTER,
    ONLINE,
    OTHER_PHOTO,
    PICTURE,
    PRINT_ONLY,
    RIGHT,
    SHIPPED,
    SUPPORT,
    TALK,
    THIRD,
    TODAY,
    judged,
    looks_like,
    revoked,
    verbal,
)

CIRCLE = replace(PICTURE, events=(SUPPORT,))


@pytest.mark.parametrize(
    ("consents", "verdict"),
    [
        ([], Verdict.REVIEW),
        ([verbal(kinds=ONLINE, box=LEFT.box)], Verdict.REVIEW),
        ([verbal(kinds=ONLINE, box=one.box) for one in (LEFT, RIGHT)], Verdict.CLEAR),
        ([verbal(kinds=ONLINE)], Verdict.CLEAR),
        ([verbal(kinds=ONLINE, photo=None, event="support")], Verdict.CLEAR),
        ([verbal(kinds=ONLINE, photo=None, event="talk")], Verdict.REVIEW),
        ([verbal(kinds=IN_PRINT)], Verdict.REVIEW),
        ([verbal(kinds=ONLINE, given=False)], Verdict.REVIEW),
        ([verbal(kinds=ONLINE, expires=TODAY - timedelta(days=1))], Verdict.REVIEW),
    ],
)
def test_a_private_event_needs_consent_of_everybody_in_the_photo(
    consents: list[VerbalConsent], verdict: Verdict
):
    assert judged(CIRCLE, consents=consents).verdict is verdict


def test_one_private_event_is_enough_and_an_empty_room_is_nobodys():
    assert judged(replace(PICTURE, events=(TALK, SUPPORT))).verdict is Verdict.REVIEW
    assert judged(replace(CIRCLE, faces=())).verdict is Verdict.CLEAR


LATER = BEGAN + timedelta(days=3)
NO = {"given": False}


@pytest.mark.parametrize(
    ("consents", "left", "right"),
    [
        ([verbal()], None, None),
        ([verbal(photo=OTHER_PHOTO)], "missing", "missing"),
        ([verbal(box=LEFT.box)], None, "missing"),
        ([verbal(photo=None, event="talk")], None, None),
        ([verbal(photo=None, event="support")], "missing", "missing"),
        ([verbal(kinds=ONLINE)], "missing", "missing"),
        ([verbal(expires=TODAY)], None, None),
        ([verbal(expires=TODAY - timedelta(days=1))], "missing", "missing"),
        ([verbal(**NO)], "refused", "refused"),
        # The nearest answer wins over the later one.
        ([verbal(box=LEFT.box, **NO), verbal(on=LATER)], "refused", None),
        ([verbal(on=LATER, photo=None, event="talk", **NO), verbal()], None, None),
        # Among equally near ones the later wins, and on one day the refusal.
        ([verbal(**NO), verbal(on=LATER)], None, None),
        ([verbal(on=LATER, **NO), verbal()], "refused", "refused"),
        ([verbal(), verbal(**NO)], "refused", "refused"),
        # An answer that has run out no longer hides another.
        (
            [verbal(box=LEFT.box, expires=TODAY - timedelta(days=1), **NO), verbal()],
            None,
            None,
        ),
    ],
)
def test_verbal_consent_for_print(
    consents: list[VerbalConsent], left: str | None, right: str | None
):
    code = {
        "missing": ReasonCode.VERBAL_CONSENT_MISSING,
        "refused": ReasonCode.CONSENT_REFUSED,
    }
    expected = {
        face.index: code[answer] for face, answer in ((LEFT, left), (RIGHT, right)) if answer
    }

    for ordered in (consents, consents[::-1]):
        decision = judged(use=NEWSLETTER, consents=ordered)
        assert {reason.face: reason.code for reason in decision.reasons} == expected
        assert decision.verdict is (Verdict.CONSENT_MISSING if expected else Verdict.CLEAR)


def test_consent_is_not_asked_for_online_unless_the_policy_lists_the_channel():
    listed = replace(SHIPPED, ask_first_channels=frozenset({"instagram"}))

    assert judged().verdict is Verdict.CLEAR
    assert judged(policy=listed).verdict is Verdict.CONSENT_MISSING


def test_verbal_consent_never_overrules_a_revocation():
    decision = judged(
        use=NEWSLETTER, matches=[looks_like()], revocations=[revoked()], consents=[verbal()]
    )

    assert decision.verdict is Verdict.BLOCKED


def test_several_people_in_one_photo_each_by_their_own_wishes():
    decision = judged(
        replace(PICTURE, faces=(LEFT, RIGHT, THIRD)),
        matches=[
            looks_like(LEFT, of="case-1"),
            looks_like(RIGHT, of="case-2", surely=False),
            looks_like(THIRD, of="case-3"),
        ],
        revocations=[revoked(), revoked(number=2), revoked(PRINT_ONLY, number=3)],
    )

    assert decision.verdict is Verdict.BLOCKED
    assert [(one.revocation, one.face, one.verdict) for one in decision.reasons] == [
        ("R-0001", 0, Verdict.BLOCKED),
        ("R-0002", 1, Verdict.REVIEW),
    ]
    assert [(one.revocation, one.face) for one in decision.notes] == [("R-0003", 2)]
