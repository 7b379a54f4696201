"""What a face is of: no person neither blocks nor asks, and hides nobody who surely is there."""

from __future__ import annotations

from dataclasses import replace

import pytest

from consent.domain.decisions import FaceDecision, FaceKind
from consent.domain.verdicts import ReasonCode, Verdict
from consent.domain.wording import sentences
from tests.unit.rules_cases import (
    INSTAGRAM,
    NEWSLETTER,
    NOON,
    PHOTO,
    PICTURE,
    RIGHT,
    STAFF,
    SUPPORT,
    TINY,
    TURNED_AWAY,
    codes,
    judged,
    looks_like,
    noted,
    on_hold,
    revoked,
)

NOBODY = {"kind": FaceKind.NO_PERSON, "kind_by": "ann on June 1, 2026"}


def alone(face, *events):
    return replace(PICTURE, faces=(face,), events=events or PICTURE.events)


@pytest.mark.parametrize(
    ("use", "face", "events"),
    [
        pytest.param(INSTAGRAM, TURNED_AWAY, (), id="cannot be compared"),
        pytest.param(NEWSLETTER, RIGHT, (), id="not asked, for print"),
        pytest.param(INSTAGRAM, RIGHT, (SUPPORT,), id="behind closed doors"),
    ],
)
def test_what_is_no_person_neither_holds_nor_asks_and_that_is_said(use, face, events):
    before = judged(alone(face, *events), use, revocations=[revoked()])
    assert before.verdict in {Verdict.REVIEW, Verdict.CONSENT_MISSING}

    after = judged(alone(replace(face, **NOBODY), *events), use, revocations=[revoked()])

    assert after.verdict is Verdict.CLEAR
    assert ReasonCode.NO_PERSON in noted(after)
    said = f"Face {face.index + 1}: no person, said ann on June 1, 2026."
    assert said in sentences(after.notes)


def test_a_small_doll_is_not_counted_among_the_small_faces():
    assert ReasonCode.SMALL_FACES not in noted(judged(alone(replace(TINY, **NOBODY))))


@pytest.mark.parametrize("face", [TURNED_AWAY, RIGHT])
def test_a_picture_of_a_person_counts_as_one(face):
    picture = replace(face, kind=FaceKind.PICTURE, kind_by="ann on June 1, 2026")
    for use in (INSTAGRAM, NEWSLETTER):
        plain = judged(alone(face), use, revocations=[revoked()], matches=[looks_like(face)])
        found = judged(alone(picture), use, revocations=[revoked()], matches=[looks_like(face)])
        assert codes(found) == codes(plain)
        assert ReasonCode.PICTURE_OF_PERSON in noted(found)


@pytest.mark.parametrize(
    ("kind", "surely", "despite", "aside"),
    [
        (FaceKind.NO_PERSON, False, frozenset(), True),
        (FaceKind.NO_PERSON, True, frozenset(), False),
        (FaceKind.NO_PERSON, True, frozenset({"case-2"}), False),
        (FaceKind.NO_PERSON, True, frozenset({"case-1"}), True),
        (FaceKind.PICTURE, False, frozenset(), False),
        (FaceKind.PERSON, False, frozenset(), False),
    ],
)
def test_a_sure_match_counts_unless_somebody_answered_for_that_very_case(
    kind, surely, despite, aside
):
    said = FaceDecision(PHOTO, RIGHT.box, kind, NOON, STAFF, despite=despite)

    assert said.sets_aside("case-1", surely=surely) is aside


@pytest.mark.parametrize("case", [revoked(), on_hold()])
def test_whoever_asked_not_to_be_shown_is_not_said_to_be_asked_first(case):
    found = judged(use=NEWSLETTER, revocations=[case], matches=[looks_like()])

    told = " ".join(sentences(found.reasons))
    assert "Face 1: no verbal consent on file. Ask" not in told
    assert "Face 1: no verbal consent on file." in told
    assert "Face 2: no verbal consent on file. Ask first." in told
