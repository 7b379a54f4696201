"""Reasons in words: every one says what to do, and nobody's name."""

from __future__ import annotations

import json
import pickle
import re
from datetime import UTC, datetime

import pytest

from consent.domain.actors import Actor, Role
from consent.domain.channels import Channel, ChannelKind, Use
from consent.domain.terms import Method
from consent.domain.verdicts import Clearance, Decision, FaceInPhoto, Reason, ReasonCode, Verdict
from consent.domain.worded import Worded
from consent.domain.wording import (
    clearance_to_dict,
    rarity,
    reason_to_dict,
    reasons_to_dicts,
    sentence,
    sentences,
)
from media_index.types import Box, Match, Signal

BOX = Box(1, 2, 30, 40)
FACE = Match(Signal.FACE, 9.5, 8.0, "fused z-score", "both", 1, BOX, 0.004)


@pytest.mark.parametrize(
    ("per_million", "said"),
    [
        (None, "is not known"),
        (0.0, "is not known"),
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
    reason = Reason(code, Verdict.REVIEW, "R-0042", FACE, 1, BOX, "Something was the matter.")

    text = sentence(reason)

    assert re.fullmatch(r"[A-Z0-9].*[.]", text)
    assert not re.search(r"[{}]|None|\bidentified\b|\bsafe\b", text)


@pytest.mark.parametrize("code", ReasonCode)
def test_a_reason_of_which_nothing_more_is_known_is_a_sentence_too(code: ReasonCode):
    text = sentence(Reason(code, None, detail="Something was the matter."))

    assert not re.search(r"[{}]|None", text)
    assert text.endswith(".")


def test_faces_are_counted_from_one_for_people():
    assert "R-0042, face 2:" in sentence(
        Reason(ReasonCode.FACE, Verdict.BLOCKED, "R-0042", FACE, 1, BOX)
    )
    assert sentence(
        Reason(ReasonCode.VERBAL_CONSENT_MISSING, Verdict.CONSENT_MISSING, face=0)
    ).startswith("Face 1:")


def test_small_faces_are_one_or_many():
    assert sentence(Reason(ReasonCode.SMALL_FACES, None, detail="1")).startswith("1 face too")
    assert sentence(Reason(ReasonCode.SMALL_FACES, None, detail="3")).startswith("3 faces too")


def test_a_reason_as_data_holds_all_that_is_needed_to_judge_it():
    plain = reason_to_dict(Reason(ReasonCode.FACE, Verdict.BLOCKED, "R-0042", FACE, 1, BOX))

    assert plain.pop("sentence")
    assert plain == {
        "code": "face",
        "verdict": "BLOCKED",
        "revocation": "R-0042",
        "face": 1,
        "box": [1, 2, 30, 40],
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
            FaceInPhoto(0, BOX, recognisable=True, comparable=True),
            FaceInPhoto(1, BOX, recognisable=True, comparable=False),
            FaceInPhoto(2, BOX, recognisable=False, comparable=False),
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
    assert Method.OTHER_WRITING.words == "Other writing"


def test_a_member_without_words_is_refused() -> None:
    with pytest.raises(TypeError, match="'paper' has no words"):
        Worded("Fresh", {"PAPER": "paper"})
