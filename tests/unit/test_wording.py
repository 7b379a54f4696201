"""Reasons in words: every one says what to do, and nobody's name."""

from __future__ import annotations

import json
import pickle
import re
from dataclasses import replace
from datetime import UTC, datetime

import pytest

from consent.domain.actors import Actor, Role
from consent.domain.channels import Channel, ChannelKind, Use
from consent.domain.exact import EXACT
from consent.domain.manual import MANUAL
from consent.domain.signals import Match
from consent.domain.terms import Method
from consent.domain.verdicts import Clearance, Decision, FaceInPhoto, Reason, ReasonCode, Verdict
from consent.domain.worded import Worded
from consent.domain.wording import (
    clearance_to_dict,
    faces_named,
    listed,
    rarity,
    reason_to_dict,
    reasons_to_dicts,
    sentence,
    sentences,
)
from consent.matching.copies import NEAR_DUPLICATE
from consent.matching.gallery import FACE
from consent.matching.same_scene import SAME_SCENE
from media_index.hashing.keypoints import METHOD
from media_index.types import Box

BOX = Box(1, 2, 30, 40)
FACE_MATCH = Match(FACE, 9.5, 8.0, "fused z-score", "both", 1, BOX, 0.004)
RARE = "fewer than 1 in 1,000,000 strangers look this alike"
NOT_ENOUGH = "Compare the two pictures before you decide."
CLOSE = "2 other photos that match closely"
COPY_MATCH = Match(NEAR_DUPLICATE, 12, 58, "Hamming bits of 256", "pdq")
PART_MATCH = Match(NEAR_DUPLICATE, 40, 20, "spots that agree", METHOD, 1, BOX)
SCENE_MATCH = Match(SAME_SCENE, 4.0, 20, "minutes apart", "event")
EXACT_MATCH = EXACT.match(BOX, 1)
MATCHES = {one.signal.code: one for one in (FACE_MATCH, COPY_MATCH, SCENE_MATCH, EXACT_MATCH)}


@pytest.mark.parametrize(
    ("per_million", "said"),
    [
        (None, "match strength unknown"),
        (0.0, "match strength unknown"),
        (0.01, "fewer than 1 in 1,000,000 strangers"),
        (5.0, "about 1 in 200,000 strangers"),
        (50.0, "about 1 in 20,000 strangers"),
        (30.0, "about 1 in 33,000 strangers"),
        (1_000_000.0, "about 1 in 1 strangers"),
    ],
)
def test_a_rate_is_said_as_people_say_it(per_million: float | None, said: str):
    assert said in rarity(per_million)


@pytest.mark.parametrize("code", ReasonCode)
def test_every_reason_is_a_sentence(code: ReasonCode):
    match = MATCHES.get(code, FACE_MATCH)
    reason = Reason(code, Verdict.REVIEW, "R-0042", match, 1, BOX, "Something was the matter.")

    text = sentence(reason)

    assert re.fullmatch(r"[A-Z0-9].*[.]", text)
    assert not re.search(r"[{}]|None|\bidentified\b|\bsafe\b", text)


@pytest.mark.parametrize("code", ReasonCode)
def test_a_reason_of_which_nothing_more_is_known_is_a_sentence_too(code: ReasonCode):
    text = sentence(Reason(code, None, detail="Something was the matter."))

    assert not re.search(r"[{}]|None", text)
    assert text.endswith(".")


@pytest.mark.parametrize(
    ("match", "hint", "said"),
    [
        (EXACT_MATCH, "", "The person in R-0042 was confirmed in this photo, face 2."),
        (
            FACE_MATCH,
            "",
            f"Possible match with R-0042, face 2: {RARE}. {NOT_ENOUGH}",
        ),
        (
            FACE_MATCH,
            CLOSE,
            f"Possible match with R-0042, face 2, together with {CLOSE}: {RARE}. {NOT_ENOUGH}",
        ),
        (
            COPY_MATCH,
            "",
            "A nearly identical copy of a photo in which R-0042 was confirmed.",
        ),
        (PART_MATCH, "", "Perhaps a part of a photo in which R-0042 was confirmed, face 2."),
        (
            SCENE_MATCH,
            "around this time (2:32 PM). Look closely",
            "R-0042 was at this event around this time (2:32 PM). Look closely.",
        ),
    ],
)
def test_each_signal_says_why(match: Match, hint: str, said: str):
    reason = Reason(match.signal.code, Verdict.REVIEW, "R-0042", match, match.face, BOX, hint)

    assert sentence(reason) == said
    # What blocks needs no more words; as rare a likeness that does not says why.
    blocking = replace(reason, verdict=Verdict.BLOCKED)
    assert sentence(blocking) == said.removesuffix(f" {NOT_ENOUGH}")


@pytest.mark.parametrize(
    ("match", "said"),
    [
        (FACE_MATCH, "Possible match with R-0042, face 2, but the revocation does not cover "),
        (COPY_MATCH, "Looks like a copy of a photo of R-0042, but the revocation does not cover "),
    ],
)
def test_a_match_outside_the_scope_is_named_by_its_signal(match: Match, said: str):
    reason = Reason(
        ReasonCode.OUTSIDE_SCOPE, None, "R-0042", match, match.face, BOX, detail="other_use"
    )

    assert sentence(reason) == f"{said}this use."


@pytest.mark.parametrize(
    ("match", "code", "why"),
    [
        (FACE_MATCH, "face", f"Possible match: {RARE}."),
        (COPY_MATCH, "near_duplicate", "A nearly identical copy of a photo that shows the person."),
        (MANUAL.match(BOX), "manual", ""),
        (EXACT_MATCH, "exact", ""),
        (SCENE_MATCH, "same_scene", ""),
    ],
)
def test_each_signal_says_why_a_photo_is_listed(match: Match, code: str, why: str):
    assert (match.signal.code, match.signal.likeness(match)) == (code, why)


def test_what_a_person_said_is_listed_first_then_faces_then_copies_each_the_surest_first():
    far = Match(NEAR_DUPLICATE, 40, 58, "Hamming bits of 256", "pdq")
    weaker = Match(FACE, 8.5, 8.0, "fused z-score", "both", 1, BOX, 0.4)
    mixed = [far, COPY_MATCH, MANUAL.match(BOX), weaker, FACE_MATCH]

    mixed.sort(key=lambda one: one.signal.strength(one), reverse=True)

    assert mixed == [MANUAL.match(BOX), FACE_MATCH, weaker, COPY_MATCH, far]


def test_faces_are_counted_from_one_for_people():
    assert "R-0042, face 2:" in sentence(
        Reason(ReasonCode.FACE, Verdict.BLOCKED, "R-0042", FACE_MATCH, 1, BOX)
    )
    assert sentence(
        Reason(ReasonCode.VERBAL_CONSENT_MISSING, Verdict.CONSENT_MISSING, face=0)
    ).startswith("Face 1:")


def test_small_faces_are_one_or_many():
    assert sentence(Reason(ReasonCode.SMALL_FACES, None, detail="1")).startswith(
        "1 face is very small"
    )
    assert sentence(Reason(ReasonCode.SMALL_FACES, None, detail="3")).startswith("3 faces are very")


def test_a_reason_as_data_holds_all_that_is_needed_to_judge_it():
    plain = reason_to_dict(Reason(ReasonCode.FACE, Verdict.BLOCKED, "R-0042", FACE_MATCH, 1, BOX))

    assert plain.pop("sentence")
    assert plain == {
        "code": "face",
        "verdict": "BLOCKED",
        "revocation": "R-0042",
        "face": 1,
        "face_number": 2,
        "box": [1, 2, 30, 40],
        "known_photo": None,
        "score": 9.5,
        "threshold": 8.0,
        "unit": "fused z-score",
        "model": "both",
        "false_matches_per_million": 0.004,
    }


def test_a_clearance_as_data_keeps_notes_apart_from_reasons():
    channel = Channel("instagram", "Instagram", ChannelKind.ONLINE)
    clearance = Clearance(
        path="a.jpg",
        sha256="a" * 64,
        use=Use(channel),
        decision=Decision(
            Verdict.REVIEW,
            (Reason(ReasonCode.UNCOMPARABLE_FACE, Verdict.REVIEW, face=1, box=BOX),),
            (Reason(ReasonCode.NO_EVENT, None),),
        ),
        faces=(
            FaceInPhoto(0, BOX, recognizable=True, comparable=True),
            FaceInPhoto(1, BOX, recognizable=True, comparable=False),
            FaceInPhoto(2, BOX, recognizable=False, comparable=False),
        ),
        register_version=7,
        policy_version="2025",
        at=datetime(2026, 6, 1, tzinfo=UTC),
        actor=Actor("ann", Role.COMMUNICATIONS),
    )

    plain = json.loads(json.dumps(clearance_to_dict(clearance)))

    assert (plain["path"], plain["verdict"], plain["label"]) == (
        "a.jpg",
        "REVIEW",
        "A person must look",
    )
    assert plain["faces"] == {"count": 3, "not_compared": 1}
    assert [one["code"] for one in plain["reasons"]] == ["uncomparable_face"]
    assert [one["code"] for one in plain["notes"]] == ["no_event"]
    assert [one["code"] for one in reasons_to_dicts(clearance)] == ["uncomparable_face", "no_event"]


def test_reasons_that_differ_only_in_the_face_are_said_in_one_sentence() -> None:
    alike = [
        Reason(ReasonCode.VERBAL_CONSENT_MISSING, Verdict.CONSENT_MISSING, face=face)
        for face in (0, 2, 3)
    ]
    other = Reason(ReasonCode.NO_EVENT, None)
    said = sentences([*alike, other])
    assert said[0] == "Faces 1, 3 and 4: no verbal consent on file. Ask first."
    assert len(said) == 2


def test_a_worded_member_is_stored_as_its_value_and_said_in_its_words() -> None:
    assert Method("other_writing") is Method.OTHER_WRITING == "other_writing"
    assert json.dumps({"method": Method.OTHER_WRITING}) == '{"method": "other_writing"}'
    assert pickle.loads(pickle.dumps(Method.OTHER_WRITING)) is Method.OTHER_WRITING
    assert Method.OTHER_WRITING.words == "Other written request"


def test_a_member_without_words_is_refused() -> None:
    with pytest.raises(TypeError, match="'paper' has no words"):
        Worded("Fresh", {"PAPER": "paper"})


def test_a_sentence_lists_no_eighty_numbers():
    assert faces_named([1, 2]) == "faces 1 and 2"
    assert faces_named(range(1, 7)) == "faces 1, 2, 3, 4, 5 and 6"
    assert faces_named(range(1, 83)) == "faces 1, 2, 3, 4, 5 and 77 others"


def test_what_several_known_photos_say_alike_is_said_once():
    parts = [
        Reason(
            ReasonCode.NEAR_DUPLICATE, Verdict.REVIEW, "R-0042", replace(one, face=None, box=box)
        )
        for one, box in ((PART_MATCH, BOX), (PART_MATCH, Box(5, 6, 70, 80)), (COPY_MATCH, None))
    ]

    assert sentences(parts) == [
        "Perhaps a part of a photo in which R-0042 was confirmed.",
        "A nearly identical copy of a photo in which R-0042 was confirmed.",
    ]


def test_what_stands_in_a_row_ends_with_and():
    assert listed([]) == ""
    assert listed(["R-0001"]) == "R-0001"
    assert listed(["a", "b", "c"]) == "a, b and c"
