"""decide(): what holds of every photo."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from hypothesis import given
from hypothesis import strategies as st

from consent.channels import ChannelKind
from consent.domain import (
    SightingState,
    State,
)
from consent.terms import Period, Scope
from consent.verdicts import (
    PhotoFacts,
    ReasonCode,
    Verdict,
)
from tests.unit.rules_cases import (
    BEGAN,
    CONFIRMED,
    IN_PRINT,
    INSTAGRAM,
    KNOWN,
    LEFT,
    NEWSLETTER,
    ONLINE,
    PHOTO,
    PRESS,
    PRINT_ONLY,
    RANKS,
    REJECTED,
    RIGHT,
    SUPPORT,
    TALK,
    THIRD,
    TODAY,
    UNREADABLE,
    codes,
    copy_of,
    judged,
    looks_like,
    on_hold,
    revoked,
    said,
    verbal,
)

NUMBERS = (1, 2, 3)
ids = st.sampled_from([f"case-{number}" for number in NUMBERS])
faces_given = st.lists(st.sampled_from([LEFT, RIGHT, THIRD]), unique=True).flatmap(
    lambda faces: st.tuples(
        *[
            st.builds(replace, st.just(face), recognisable=st.booleans(), comparable=st.booleans())
            for face in faces
        ]
    )
)
near = st.dates(BEGAN - timedelta(days=30), TODAY + timedelta(days=30))
photos = st.builds(
    PhotoFacts,
    st.just(PHOTO),
    faces_given,
    st.sampled_from([(), (TALK,), (SUPPORT,), (TALK, SUPPORT)]),
    st.none() | near,
)
scopes = st.builds(
    Scope,
    st.booleans(),
    st.frozensets(st.sampled_from(ChannelKind)),
    st.frozensets(st.sampled_from(["instagram", "newsletter"])),
    st.frozensets(st.sampled_from(["talk", "support"]), max_size=1),
    st.frozensets(st.sampled_from([PHOTO, KNOWN]), max_size=1),
    st.sampled_from(Period),
)
register = st.tuples(
    *[
        st.builds(revoked, scopes, near, st.none() | near, st.just(number))
        | st.builds(
            lambda scope, lapses, number: replace(
                on_hold(lapses, scope), id=f"case-{number}", number=number
            ),
            scopes,
            near,
            st.just(number),
        )
        for number in NUMBERS
    ]
).flatmap(lambda cases: st.lists(st.sampled_from(cases), unique_by=lambda one: one.id))
matches_found = st.lists(
    st.builds(
        lambda face, surely, of: looks_like(face, surely=surely, of=of),
        st.sampled_from([LEFT, RIGHT, THIRD]),
        st.booleans(),
        ids,
    )
    | st.builds(lambda surely, of: copy_of(surely=surely, of=of), st.booleans(), ids),
    max_size=4,
)
decisions_made = st.lists(
    st.builds(
        said, st.sampled_from(SightingState), st.sampled_from([None, LEFT.box, RIGHT.box]), ids
    ),
    max_size=4,
)
answers = st.lists(
    st.builds(
        lambda given, on, box, whole, kinds: verbal(
            given=given,
            on=on,
            box=None if whole else box,
            photo=None if whole else PHOTO,
            event="talk" if whole else None,
            kinds=kinds,
        ),
        st.booleans(),
        near,
        st.sampled_from([None, LEFT.box]),
        st.booleans(),
        st.sampled_from([ONLINE, IN_PRINT]),
    ),
    max_size=3,
)
uses = st.sampled_from([INSTAGRAM, NEWSLETTER, PRESS])
situations = st.fixed_dictionaries(
    {
        "photo": photos,
        "use": uses,
        "matches": matches_found,
        "sightings": decisions_made,
        "revocations": register,
        "consents": answers,
    }
)


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
    situation["sightings"] = [*situation["sightings"], said(CONFIRMED, None, "case-9")]

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
    rejected = {one.revocation_id for one in situation["sightings"] if one.state is REJECTED}
    told = {one.revocation for one in (*decision.reasons, *decision.notes)}
    for match in situation["matches"]:
        if match.revocation_id in standing and match.revocation_id not in rejected:
            assert standing[match.revocation_id] in told
