"""decide(): what holds of every photo."""

from __future__ import annotations

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from consent.domain.cases import State
from consent.domain.verdicts import ReasonCode, Verdict
from tests.unit.rules_cases import (
    CONFIRMED,
    INSTAGRAM,
    PRINT_ONLY,
    RANKS,
    REJECTED,
    TODAY,
    UNREADABLE,
    codes,
    judged,
    revoked,
    said,
)
from tests.unit.rules_situations import NUMBERS, situations


@given(situations)
def test_a_photo_that_could_not_be_checked_is_never_clear(situation):
    situation["photo"] = replace(situation["photo"], problem=UNREADABLE)

    decision = judged(**situation)

    assert decision.verdict in {Verdict.BLOCKED, Verdict.NOT_CHECKED}
    assert ReasonCode.UNREADABLE in codes(decision)


@given(situations)
def test_a_revocation_of_everything_with_a_confirmed_sighting_blocks_and_betters_nothing(situation):
    before = judged(**situation)
    situation["revocations"] = [*situation["revocations"], revoked(number=9)]
    situation["decided"] = [*situation["decided"], said(CONFIRMED, None, "case-9")]

    after = judged(**situation)

    assert after.verdict is Verdict.BLOCKED
    assert RANKS.index(after.verdict) <= RANKS.index(before.verdict)
    assert set(codes(before)) <= set(codes(after))


@given(situations, st.randoms(use_true_random=False))
def test_the_order_in_which_things_are_told_does_not_matter(situation, chance):
    # Sightings are a history, and their order does matter; faces keep theirs by index.
    shuffled = dict(situation)
    for name in ("matches", "revocations", "consents"):
        shuffled[name] = chance.sample(situation[name], len(situation[name]))

    one, other = judged(**situation), judged(**shuffled)

    assert one.verdict is other.verdict
    assert sorted(map(repr, one.reasons)) == sorted(map(repr, other.reasons))
    assert sorted(map(repr, one.notes)) == sorted(map(repr, other.notes))


@given(situations)
def test_the_verdict_is_the_worst_reasons_and_clear_means_no_reason(situation):
    decision = judged(**situation)

    found = [reason.verdict for reason in decision.reasons]
    assert decision.verdict is (found[0] if found else Verdict.CLEAR)
    assert found == sorted(found, key=RANKS.index)
    assert all(note.verdict is None for note in decision.notes)


@given(situations)
def test_a_revocation_of_print_never_blocks_instagram(situation):
    of_print = [revoked(PRINT_ONLY, number=number) for number in NUMBERS]
    situation |= {"revocations": of_print, "use": INSTAGRAM}

    assert judged(**situation).verdict is not Verdict.BLOCKED


@given(situations)
def test_no_match_is_lost_without_a_word(situation):
    decision = judged(**situation)

    standing = {
        one.id: one.label
        for one in situation["revocations"]
        if one.state(TODAY) in {State.ACTIVE, State.HELD}
    }
    rejected = {one.revocation_id for one in situation["decided"] if one.state is REJECTED}
    told = {one.revocation for one in (*decision.reasons, *decision.notes)}
    for match in situation["matches"]:
        if match.revocation_id in standing and match.revocation_id not in rejected:
            assert standing[match.revocation_id] in told
