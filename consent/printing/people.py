"""The people in a photo, numbered the same wherever they are asked about or audited."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from itertools import pairwise
from statistics import fmean

from consent.domain.decisions import DecisionState, same_face
from consent.domain.verdicts import FaceInPhoto, PhotoFacts
from consent.matching.register_snapshot import RegisterSnapshot, lies_in
from media_index.types import Box, Fingerprint


def drawn_by_hand(
    view: RegisterSnapshot, photo: Fingerprint, region: Box | None = None
) -> list[FaceInPhoto]:
    """Return the people whom somebody drew by hand, where no face was detected.

    In a part of the photo, if there is a region; the photo is cut to it.
    """
    boxes = [
        decision.box
        for decision in view.decisions_on(photo)
        if decision.state is DecisionState.CONFIRMED and decision.box is not None
    ] + [
        consent.box
        for consent in view.consents
        if consent.photo_sha256 == photo.sha256 and consent.box is not None
    ]
    marks: list[FaceInPhoto] = []
    for box in boxes:
        known = [face.box for face in photo.faces] + [mark.box for mark in marks]
        outside = region is not None and not lies_in(region, box)
        if outside or any(same_face(box, other) for other in known):
            continue
        index = len(photo.faces) + len(marks)
        # Nothing is compared there, and nothing has to be: a person said who it is.
        marks.append(FaceInPhoto(index, box, recognizable=True, comparable=True))
    return marks


def numbered(facts: PhotoFacts, detected: int) -> dict[Box, int]:
    """Return the number of every face of a whole photo, from 1.

    Recognizable faces row by row as one reads; then those that were drawn by hand, in the order in
    which they were; then what nobody could recognize. So a number stays what it is when a face is
    drawn, or said to be no person. The first `detected` faces were detected.
    """
    found, drawn = facts.faces[:detected], facts.faces[detected:]
    recognizable = in_rows([face for face in found if face.recognizable])
    others = [face for face in found if not face.recognizable]
    return {
        face.box: number for number, face in enumerate([*recognizable, *drawn, *others], start=1)
    }


def number_of(box: Box, numbers: Mapping[Box, int]) -> int:
    """Return the number of a face, or of one that is drawn where it is."""
    if box in numbers:
        return numbers[box]
    there = (number for other, number in numbers.items() if same_face(box, other))
    return next(there, len(numbers) + 1)


# Of a face's height: how far middles of one row may lie apart, in the middle.
_ROW = 0.9


def in_rows(faces: Iterable[FaceInPhoto]) -> list[FaceInPhoto]:
    """Return faces row by row, the upper first, each from left to right.

    The nearest rows become one until they lie apart, from middle to middle, almost as far as their
    faces are high: heads of a group are not on a line, nor pictures on a wall.
    """
    rows = [[face] for face in sorted(faces, key=lambda face: face.box.y1 + face.box.y2)]
    while len(rows) > 1:
        gaps = [
            (_middle(lower) - _middle(upper)) / _height([*upper, *lower])
            for upper, lower in pairwise(rows)
        ]
        least = min(range(len(gaps)), key=gaps.__getitem__)
        if gaps[least] > _ROW:
            break
        rows[least : least + 2] = [[*rows[least], *rows[least + 1]]]
    return [face for row in rows for face in sorted(row, key=lambda face: face.box.x1)]


def _middle(row: Sequence[FaceInPhoto]) -> float:
    return fmean((face.box.y1 + face.box.y2) / 2 for face in row)


def _height(row: Sequence[FaceInPhoto]) -> float:
    return fmean(face.box.height for face in row)
