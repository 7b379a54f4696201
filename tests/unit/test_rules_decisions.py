"""decide(): what a person has decided, and faces that cannot be compared."""

from __future__ import annotations

from dataclasses import replace

import pytest

from consent.domain.cases import Revocation
from consent.domain.channels import Use
from consent.domain.decisions import DecisionState, PersonDecision
from consent.domain.terms import Scope
from consent.domain.verdicts import PhotoFacts, ReasonCode, Verdict
from consent.domain.wording import long_day, sentences
from media_index.types import Box
from tests.unit.rules_cases import (
    BEGAN,
    CANNOT_TELL,
    CONFIRMED,
    IN_PRINT,
    INSTAGRAM,
    LEFT,
    NEWSLETTER,
    NOON,
    PICTURE,
    PRESS,
    PRINT_ONLY,
    REJECTED,
    RESCISSION,
    RIGHT,
    STAFF,
    SUGGESTED,
    SUPPORT,
    TINY,
    TURNED_AWAY,
    UNREADABLE,
    WRITING,
    case,
    codes,
    copy_of,
    judged,
    looks_like,
    noted,
    on_hold,
    revoked,
    said,
    verbal,
)


def test_a_rejected_sighting_silences_the_same_face_only():
    drifted = Box(104, 97, 203, 218)
    both = [looks_like(LEFT), looks_like(RIGHT)]

    decision = judged(matches=both, decided=[said(REJECTED, drifted)], revocations=[revoked()])

    assert [reason.face for reason in decision.reasons] == [RIGHT.index]


def test_a_rejected_sighting_silences_the_same_person_only():
    both = [looks_like(LEFT, of="case-1"), looks_like(LEFT, of="case-2")]

    decision = judged(
        matches=both,
        decided=[said(REJECTED, of="case-1")],
        revocations=[revoked(number=1), revoked(number=2)],
    )

    assert [reason.revocation for reason in decision.reasons] == ["R-0002"]


def test_a_face_rejected_does_not_silence_a_copy_nor_a_copy_rejected_a_face():
    both = [looks_like(LEFT), copy_of()]

    of_face = judged(matches=both, decided=[said(REJECTED)], revocations=[revoked()])
    of_photo = judged(matches=both, decided=[said(REJECTED, None)], revocations=[revoked()])

    assert codes(of_face) == [ReasonCode.NEAR_DUPLICATE]
    assert codes(of_photo) == [ReasonCode.FACE]


@pytest.mark.parametrize(
    ("decided", "told"),
    [
        ([said(REJECTED)], "that face 1 is not the person in R-0001."),
        (
            [said(REJECTED), said(REJECTED, RIGHT.box)],
            "that faces 1 and 2 are not the person in R-0001.",
        ),
        ([said(REJECTED, None)], "that this photo does not show the person in R-0001."),
        (
            [replace(said(REJECTED), carried_from="copied")],
            "of a photo that this is a copy of, that face 1 is not the person in R-0001.",
        ),
        ([said(REJECTED), said(CONFIRMED)], ""),
        ([said(REJECTED), said(SUGGESTED)], ""),
    ],
)
def test_who_said_that_it_is_somebody_else_is_told(decided: list[PersonDecision], told: str):
    decision = judged(decided=decided, revocations=[revoked()])

    notes = sentences([one for one in decision.notes if one.code is ReasonCode.NOT_THIS_PERSON])
    who = f"{STAFF.id} said on {long_day(NOON.date())}"
    assert " ".join(notes).replace(f"{who}, ", "").replace(f"{who} ", "") == told
    assert all(note.startswith(who) for note in notes)


def test_who_cannot_tell_leaves_it_to_somebody_else():
    decision = judged(matches=[looks_like()], decided=[said(CANNOT_TELL)], revocations=[revoked()])

    assert decision.verdict is Verdict.REVIEW


def test_a_suggestion_changes_nothing():
    sure = judged(matches=[looks_like()], decided=[said(SUGGESTED)], revocations=[revoked()])
    alone = judged(decided=[said(SUGGESTED)], revocations=[revoked()])

    assert sure.verdict is Verdict.BLOCKED
    assert alone.verdict is Verdict.CLEAR


@pytest.mark.parametrize(
    ("history", "verdict"),
    [
        ([CONFIRMED, REJECTED], Verdict.CLEAR),
        ([REJECTED, CONFIRMED], Verdict.BLOCKED),
        ([REJECTED, CANNOT_TELL], Verdict.REVIEW),
        ([CONFIRMED, REJECTED, CONFIRMED], Verdict.BLOCKED),
    ],
)
def test_the_latest_decision_holds(history: list[DecisionState], verdict: Verdict):
    decision = judged(
        matches=[looks_like(surely=False)],
        decided=[said(state) for state in history],
        revocations=[revoked()],
    )

    assert decision.verdict is verdict


# -- Faces that cannot be compared -------------------------------------------------------------
@pytest.mark.parametrize(
    ("register", "use", "held_up"),
    [
        ([], INSTAGRAM, False),
        ([revoked()], INSTAGRAM, True),
        ([on_hold()], INSTAGRAM, True),
        ([revoked(PRINT_ONLY)], INSTAGRAM, False),
        ([revoked(PRINT_ONLY)], PRESS, False),
        ([revoked(until=BEGAN)], INSTAGRAM, False),
        ([case(WRITING, RESCISSION)], INSTAGRAM, False),
        ([revoked(PRINT_ONLY), revoked(number=2)], INSTAGRAM, True),
        # Limited to another event: the person may still be asked about in this photo.
        ([revoked(Scope(event_ids=frozenset({"other"})))], INSTAGRAM, True),
    ],
)
def test_a_face_that_cannot_be_compared_waits_while_anybodys_revocation_covers_the_channel(
    register: list[Revocation], use: Use, held_up: bool
):
    decision = judged(replace(PICTURE, faces=(TURNED_AWAY, RIGHT)), use, revocations=register)

    assert decision.verdict is (Verdict.REVIEW if held_up else Verdict.CLEAR)
    said_of = decision.reasons if held_up else decision.notes
    (reason,) = [one for one in said_of if one.code is ReasonCode.UNCOMPARABLE_FACE]
    assert (reason.face, reason.box) == (TURNED_AWAY.index, TURNED_AWAY.box)


def test_faces_below_the_recognizable_size_are_counted_and_hold_nothing_up():
    crowd = (LEFT, TINY, replace(TINY, index=3))
    photo = replace(PICTURE, faces=crowd, events=(SUPPORT,))
    asked = verbal(box=LEFT.box, kinds=IN_PRINT)

    decision = judged(photo, NEWSLETTER, revocations=[revoked()], consents=[asked])

    assert decision.verdict is Verdict.CLEAR
    assert noted(decision) == [ReasonCode.SMALL_FACES]
    assert decision.notes[0].detail == "2"


def test_a_small_face_that_matches_somebody_is_not_said_to_be_unrecognizable():
    photo = replace(PICTURE, faces=(LEFT, TINY), events=(SUPPORT,))

    decision = judged(photo, matches=[looks_like(TINY, surely=False)], revocations=[revoked()])

    assert decision.verdict is Verdict.REVIEW
    assert ReasonCode.SMALL_FACES not in noted(decision)


def test_a_photo_without_an_event_is_noted():
    assert noted(judged(replace(PICTURE, events=()))) == [ReasonCode.NO_EVENT]


def test_a_photo_that_was_not_read_has_no_notes_on_what_is_in_it():
    assert noted(judged(PhotoFacts(None, problem=UNREADABLE))) == []
