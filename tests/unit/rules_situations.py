"""Any photo, use, register, matches and decisions that the rules may be told of."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from hypothesis import strategies as st

from consent.domain.channels import ChannelKind
from consent.domain.decisions import DecisionState
from consent.domain.terms import Period, Scope
from consent.domain.verdicts import PhotoFacts
from tests.unit.rules_cases import (
    BEGAN,
    IN_PRINT,
    INSTAGRAM,
    KNOWN,
    LEFT,
    NEWSLETTER,
    ONLINE,
    PHOTO,
    PRESS,
    RIGHT,
    SUPPORT,
    TALK,
    THIRD,
    TODAY,
    copy_of,
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
            st.builds(replace, st.just(face), recognizable=st.booleans(), comparable=st.booleans())
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
    taken_on=st.none() | near,
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
        said, st.sampled_from(DecisionState), st.sampled_from([None, LEFT.box, RIGHT.box]), ids
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
        "decided": decisions_made,
        "revocations": register,
        "consents": answers,
    }
)
