"""decide(): every row of the verdict table, and their order."""

from __future__ import annotations

import itertools
from dataclasses import replace

import pytest

from consent.domain.verdicts import Decision, PhotoFacts, PhotoProblem, ReasonCode, Verdict
from consent.domain.wording import sentences
from media_index.types import Box, ProblemCode
from tests.unit.rules_cases import (
    CONFIRMED,
    INSTAGRAM,
    LEFT,
    NEWSLETTER,
    PICTURE,
    RANKS,
    RIGHT,
    SCENES_ASK,
    SUPPORT,
    TALK,
    TURNED_AWAY,
    UNREADABLE,
    codes,
    copy_of,
    judged,
    looks_like,
    on_hold,
    revoked,
    said,
    same_scene,
    verbal,
)

TABLE = {
    # BLOCKED
    "a person confirmed the sighting": (
        judged(decided=[said(CONFIRMED)], revocations=[revoked()]),
        Verdict.BLOCKED,
        [ReasonCode.EXACT],
    ),
    "confirmed for the photo as a whole": (
        judged(decided=[said(CONFIRMED, None)], revocations=[revoked()]),
        Verdict.BLOCKED,
        [ReasonCode.EXACT],
    ),
    "surely a copy of a photo with a confirmed sighting": (
        judged(matches=[copy_of()], revocations=[revoked()]),
        Verdict.BLOCKED,
        [ReasonCode.NEAR_DUPLICATE],
    ),
    "a face at the block threshold": (
        judged(matches=[looks_like()], revocations=[revoked()]),
        Verdict.BLOCKED,
        [ReasonCode.FACE],
    ),
    # NOT_CHECKED
    "too large for its smallest faces to be looked for": (
        judged(replace(PICTURE, least_face=24.0)),
        Verdict.NOT_CHECKED,
        [ReasonCode.SMALL_FACES_NOT_SOUGHT],
    ),
    "more faces than there was time for": (
        judged(replace(PICTURE, not_reached=3)),
        Verdict.NOT_CHECKED,
        [ReasonCode.FACES_NOT_REACHED],
    ),
    "more faces than there was time for, and one that is found": (
        judged(replace(PICTURE, not_reached=3), matches=[looks_like()], revocations=[revoked()]),
        Verdict.BLOCKED,
        [ReasonCode.FACE, ReasonCode.FACES_NOT_REACHED],
    ),
    "unreadable": (
        judged(PhotoFacts(None, problem=UNREADABLE)),
        Verdict.NOT_CHECKED,
        [ReasonCode.UNREADABLE],
    ),
    "weights missing": (
        judged(PhotoFacts(None, problem=PhotoProblem(ProblemCode.WEIGHTS_MISSING, "Missing."))),
        Verdict.NOT_CHECKED,
        [ReasonCode.WEIGHTS_MISSING],
    ),
    # REVIEW
    "a face in the review band": (
        judged(matches=[looks_like(surely=False)], revocations=[revoked()]),
        Verdict.REVIEW,
        [ReasonCode.FACE],
    ),
    "perhaps a copy": (
        judged(matches=[copy_of(surely=False)], revocations=[revoked()]),
        Verdict.REVIEW,
        [ReasonCode.NEAR_DUPLICATE],
    ),
    "the same scene, where the policy asks for a look": (
        judged(matches=[same_scene()], revocations=[revoked()], policy=SCENES_ASK),
        Verdict.REVIEW,
        [ReasonCode.SAME_SCENE],
    ),
    "the same scene, where it is a note": (
        judged(matches=[same_scene()], revocations=[revoked()]),
        Verdict.CLEAR,
        [],
    ),
    "a hold, with a face that would block": (
        judged(matches=[looks_like()], revocations=[on_hold()]),
        Verdict.REVIEW,
        [ReasonCode.HOLD],
    ),
    "a hold, with a sighting that would block": (
        judged(decided=[said(CONFIRMED)], revocations=[on_hold()]),
        Verdict.REVIEW,
        [ReasonCode.HOLD],
    ),
    "a face that only a person can recognize, and somebody has revoked": (
        judged(replace(PICTURE, faces=(TURNED_AWAY,)), revocations=[revoked()]),
        Verdict.REVIEW,
        [ReasonCode.UNCOMPARABLE_FACE],
    ),
    "an event that was not in a public space": (
        judged(replace(PICTURE, events=(SUPPORT,))),
        Verdict.REVIEW,
        [ReasonCode.NO_PUBLIC_SPACE],
    ),
    # CONSENT_MISSING
    "print, and nobody was asked": (
        judged(use=NEWSLETTER),
        Verdict.CONSENT_MISSING,
        [ReasonCode.VERBAL_CONSENT_MISSING] * 2,
    ),
    "print, and one said no": (
        judged(use=NEWSLETTER, consents=[verbal(), verbal(given=False, box=LEFT.box)]),
        Verdict.CONSENT_MISSING,
        [ReasonCode.CONSENT_REFUSED],
    ),
    # CLEAR
    "everything compared, nothing found": (judged(revocations=[revoked()]), Verdict.CLEAR, []),
    "print, and everybody was asked": (
        judged(use=NEWSLETTER, consents=[verbal()]),
        Verdict.CLEAR,
        [],
    ),
    "nobody in the photo": (judged(replace(PICTURE, faces=()), NEWSLETTER), Verdict.CLEAR, []),
    "a match with somebody whose case is not in the register": (
        judged(matches=[looks_like()]),
        Verdict.CLEAR,
        [],
    ),
}


@pytest.mark.parametrize(("decision", "verdict", "reasons"), TABLE.values(), ids=TABLE.keys())
def test_the_verdict_table(decision: Decision, verdict: Verdict, reasons: list[ReasonCode]):
    assert decision.verdict is verdict
    assert codes(decision) == reasons


# One thing that leads to each verdict; a photo that has them all gets the worst.
INGREDIENTS = {
    Verdict.BLOCKED: {"matches": [looks_like(RIGHT)]},
    Verdict.NOT_CHECKED: {"problem": UNREADABLE},
    Verdict.REVIEW: {"events": (SUPPORT,)},
    Verdict.CONSENT_MISSING: {"use": NEWSLETTER},
}


@pytest.mark.parametrize(
    "chosen",
    [
        set(some)
        for size in range(len(INGREDIENTS) + 1)
        for some in itertools.combinations(INGREDIENTS, size)
    ],
    ids=lambda some: "+".join(sorted(some)) or "nothing",
)
def test_the_worst_verdict_wins_and_every_reason_is_listed_worst_first(chosen: set[Verdict]):
    given: dict = {}
    for verdict in chosen:
        given |= INGREDIENTS[verdict]
    photo = replace(PICTURE, events=given.get("events", (TALK,)), problem=given.get("problem"))

    decision = judged(
        photo,
        given.get("use", INSTAGRAM),
        matches=given.get("matches", []),
        revocations=[revoked()],
    )

    assert decision.verdict is min(chosen, key=RANKS.index, default=Verdict.CLEAR)
    found = [reason.verdict for reason in decision.reasons]
    assert set(found) == chosen
    assert found == sorted(found, key=RANKS.index)


def test_the_verdicts_stand_in_the_designs_order():
    assert [verdict.value for verdict in Verdict] == [
        "BLOCKED",
        "NOT_CHECKED",
        "REVIEW",
        "CONSENT_MISSING",
        "CLEAR",
    ]
    assert [verdict.words for verdict in Verdict] == [
        "Do not use",
        "Not checked",
        "A person must look",
        "Ask first",
        "No match found",
    ]


def test_a_reason_names_the_case_the_face_and_the_score():
    (reason,) = judged(
        matches=[looks_like(RIGHT, of="case-42")], revocations=[revoked(number=42)]
    ).reasons
    assert (reason.revocation, reason.face, reason.box) == ("R-0042", 1, RIGHT.box)
    assert reason.match is not None
    assert (reason.match.score, reason.match.threshold) == (9.0, 8.0)


def test_a_confirmed_sighting_points_at_the_face_as_it_was_found_now():
    drifted = Box(104, 97, 203, 218)

    (reason,) = judged(decided=[said(CONFIRMED, drifted)], revocations=[revoked()]).reasons

    assert reason.face == LEFT.index


def test_with_faces_off_each_face_is_for_somebody_to_look_at():
    nobody_compared = tuple(replace(face, comparable=False) for face in (LEFT, RIGHT))
    photo = replace(PICTURE, faces=nobody_compared, faces_off=True)

    decision = judged(photo, revocations=[revoked()])

    assert decision.verdict is Verdict.REVIEW
    (sentence,) = sentences(decision.reasons)
    assert sentence.startswith("Faces 1 and 2 can be recognized by a person")
    assert "this library does not let the program compare faces" in sentence
    # Whom somebody has looked for in them need not be looked for again; without faces, nobody is.
    seen = tuple(replace(face, looked_for=frozenset({"case-1"})) for face in nobody_compared)
    for faces in (seen, ()):
        assert judged(replace(photo, faces=faces), revocations=[revoked()]).verdict is Verdict.CLEAR
