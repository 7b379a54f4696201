"""lift(): an override lets pass what was there when it was given, and nothing that came later."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from consent.domain.actors import Actor, Role
from consent.domain.channels import Use
from consent.domain.decisions import Override
from consent.domain.override_rules import lift, lift_key
from consent.domain.verdicts import Decision, PhotoFacts, Reason, ReasonCode, Verdict
from consent.domain.wording import sentence
from tests.unit.rules_cases import (
    BEGAN,
    CONFIRMED,
    INSTAGRAM,
    LEFT,
    NEWSLETTER,
    NOON,
    OTHER_PHOTO,
    PHOTO,
    PICTURE,
    RANKS,
    RIGHT,
    SHIPPED,
    SUPPORT,
    TODAY,
    TURNED_AWAY,
    UNREADABLE,
    codes,
    judged,
    looks_like,
    noted,
    revoked,
    said,
    verbal,
)
from tests.unit.rules_situations import situations

DIRECTOR = Actor("Di Rossi", Role.DIRECTOR)
SECOND = Actor("Cam Lee", Role.COMMUNICATIONS)
NOT_LIFTED = {ReasonCode.UNCOMPARABLE_FACE}
ONE = judged(matches=[looks_like()], revocations=[revoked()])


def override(decision: Decision = ONE, use: Use = INSTAGRAM, **changes: object) -> Override:
    """Give an override for all that speaks against a photo, as `propose_override` does."""
    made = Override(
        id="o",
        photo_sha256=PHOTO,
        channel=use.channel.id,
        issue=use.issue,
        lifts=frozenset(map(lift_key, decision.reasons)),
        reason="She agreed",
        expires_on=TODAY + timedelta(days=30),
        granted_by=DIRECTOR,
        at=NOON,
    )
    return replace(made, **changes)


def lifted(*overrides: Override, decision: Decision = ONE, use: Use = INSTAGRAM) -> Decision:
    return lift(decision, PICTURE, use, overrides, TODAY)


def test_what_was_there_is_lifted_and_said_with_who_answers_for_it():
    after = lifted(override())

    assert after.verdict is Verdict.CLEAR
    assert after.reasons == ()
    assert noted(after)[:2] == [ReasonCode.OVERRIDDEN, ReasonCode.FACE]
    assert "Di Rossi (director) until " in after.notes[0].detail
    assert "She agreed" not in sentence(after.notes[0])


@pytest.mark.parametrize(
    ("later", "kept"),
    [
        (judged(matches=[looks_like(of="case-2")], revocations=[revoked(number=2)]), "R-0002"),
        (judged(decided=[said(CONFIRMED)], revocations=[revoked()]), "R-0001"),
    ],
    ids=["somebody else revokes", "the same person is confirmed"],
)
def test_what_comes_later_still_counts(later: Decision, kept: str):
    after = lifted(override(), decision=later)

    assert after is later
    assert after.verdict is Verdict.BLOCKED
    assert [one.revocation for one in after.reasons] == [kept]


def test_a_possible_match_that_was_lifted_counts_again_once_it_is_sure():
    perhaps = judged(matches=[looks_like(surely=False)], revocations=[revoked()])

    assert lifted(override(perhaps), decision=perhaps).verdict is Verdict.CLEAR
    assert lifted(override(perhaps)).verdict is Verdict.BLOCKED
    # A sure match that was lifted and is only possible now stays lifted.
    assert lifted(override(), decision=perhaps).verdict is Verdict.CLEAR


def test_of_two_people_only_the_one_who_was_there_is_lifted():
    both = judged(
        matches=[looks_like(), looks_like(RIGHT, surely=False, of="case-2")],
        revocations=[revoked(), revoked(number=2)],
    )

    after = lifted(override(), decision=both)

    assert after.verdict is Verdict.REVIEW
    assert [one.revocation for one in after.reasons] == ["R-0002"]


def test_one_persons_no_is_lifted_and_not_the_next_ones():
    refused = verbal(given=False, box=LEFT.box)
    others = verbal(given=True, box=RIGHT.box, on=BEGAN)
    first = judged(use=NEWSLETTER, consents=[refused, others])
    made = override(first, NEWSLETTER)
    assert lifted(made, decision=first, use=NEWSLETTER).verdict is Verdict.CLEAR

    later = verbal(given=False, box=RIGHT.box, on=TODAY)
    now = judged(use=NEWSLETTER, consents=[refused, others, later])
    after = lifted(made, decision=now, use=NEWSLETTER)

    assert [(one.code, one.box) for one in after.reasons] == [
        (ReasonCode.CONSENT_REFUSED, RIGHT.box)
    ]


def test_a_further_event_in_a_private_space_is_looked_at_again():
    first = judged(replace(PICTURE, events=(SUPPORT,)))
    moved = replace(PICTURE, events=(replace(SUPPORT, id="other", name="Legal clinic"),))
    now = judged(moved)

    assert lifted(override(first), decision=first).verdict is Verdict.CLEAR
    assert lifted(override(first), decision=now) is now


@pytest.mark.parametrize(
    "changes",
    [
        {"expires_on": TODAY - timedelta(days=1)},
        {"withdrawn": True},
        {"withdrawn": True, "needs_second": True, "second": SECOND},
        {"needs_second": True},
        {"photo_sha256": OTHER_PHOTO},
        {"channel": "facebook"},
        {"issue": "Summer 2026"},
        {"lifts": frozenset()},
    ],
    ids=str,
)
def test_an_override_that_does_not_hold_here_changes_nothing(changes: dict[str, object]):
    assert lifted(override(**changes)) is ONE


def test_it_holds_on_its_last_day_and_not_on_the_next():
    made = override(expires_on=TODAY)

    assert lift(ONE, PICTURE, INSTAGRAM, [made], TODAY).verdict is Verdict.CLEAR
    assert lift(ONE, PICTURE, INSTAGRAM, [made], TODAY + timedelta(days=1)) is ONE


def test_for_a_minor_the_second_is_named_beside_the_first():
    after = lifted(override(needs_second=True, second=SECOND))

    assert after.verdict is Verdict.CLEAR
    assert "Di Rossi (director) and Cam Lee until" in after.notes[0].detail


def test_one_given_for_any_issue_holds_for_each_and_one_for_an_issue_only_there():
    summer = Use(NEWSLETTER.channel, "Summer 2026")
    decision = judged(use=summer, matches=[looks_like()], revocations=[revoked()])

    of_any = override(decision, NEWSLETTER)
    assert lifted(of_any, decision=decision, use=summer).verdict is Verdict.CLEAR
    of_spring = override(decision, Use(NEWSLETTER.channel, "Spring 2026"))
    assert lifted(of_spring, decision=decision, use=summer) is decision
    # Without an issue named, it may be that of any.
    assert lifted(of_spring, decision=decision, use=NEWSLETTER) is decision


@pytest.mark.parametrize(
    "photo",
    [
        replace(PICTURE, problem=UNREADABLE),
        replace(PICTURE, faces=(TURNED_AWAY,)),
    ],
    ids=["unreadable", "a face that cannot be compared"],
)
def test_what_could_not_be_checked_is_not_lifted(photo: PhotoFacts):
    decision = judged(photo, revocations=[revoked()])

    assert lift(decision, photo, INSTAGRAM, [override(decision)], TODAY) is decision
    assert decision.verdict in {Verdict.NOT_CHECKED, Verdict.REVIEW}


# -- Whatever the photo, the register and the overrides -------------------------------------------
changes_made = st.fixed_dictionaries(
    {},
    optional={
        "expires_on": st.dates(TODAY - timedelta(days=3), TODAY + timedelta(days=3)),
        "withdrawn": st.booleans(),
        "needs_second": st.booleans(),
        "second": st.sampled_from([None, SECOND]),
        "photo_sha256": st.sampled_from([PHOTO, OTHER_PHOTO]),
        "channel": st.sampled_from([one.id for one in SHIPPED.channels][:3]),
    },
)


@given(situations, situations, st.lists(changes_made, max_size=3))
def test_an_override_never_adds_worsens_or_hides(before, now, changes):
    now = now | {"use": before["use"]}
    given_for, decision = judged(**before), judged(**now)
    overrides = [override(given_for, before["use"], **one) for one in changes]

    after = lift(decision, now["photo"], now["use"], overrides, TODAY)

    assert RANKS.index(after.verdict) >= RANKS.index(decision.verdict)
    assert [one for one in decision.reasons if one in after.reasons] == list(after.reasons)
    # What is lifted is still told, as a note.
    told = [replace(one, verdict=None) for one in after.reasons] + list(after.notes)
    assert all(replace(one, verdict=None) in told for one in decision.reasons)
    assert set(decision.notes) <= set(after.notes)
    if after.reasons != decision.reasons:
        assert ReasonCode.OVERRIDDEN in noted(after)


def _who(reason: Reason) -> tuple[object, ...]:
    """Return what speaks, and whom it is of: a case, a face, or everybody at an event."""
    if reason.revocation is not None:
        return reason.code, reason.revocation
    # Of a face, the rest is advice on what to do, such as whether to ask.
    return reason.code, reason.box, reason.detail if reason.box is None else ""


@given(situations, situations)
def test_only_what_spoke_against_it_then_is_lifted(before, now):
    now = now | {"use": before["use"]}
    given_for, decision = judged(**before), judged(**now)
    then = {_who(one) for one in given_for.reasons}

    made = override(given_for, before["use"])
    after = lift(decision, now["photo"], now["use"], [made], TODAY)

    for one in decision.reasons:
        never = one.verdict is Verdict.NOT_CHECKED or one.code in NOT_LIFTED
        if never or _who(one) not in then:
            assert one in after.reasons


@given(situations)
def test_what_was_overridden_is_clear_unless_it_could_not_be_checked(situation):
    decision = judged(**situation)

    made = override(decision, situation["use"])
    after = lift(decision, situation["photo"], situation["use"], [made], TODAY)

    assert {*codes(after)} <= NOT_LIFTED | {ReasonCode.UNREADABLE}
