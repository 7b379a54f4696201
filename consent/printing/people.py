"""The people in a photo, numbered the same wherever they are asked about or audited."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

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


def in_rows(faces: Iterable[FaceInPhoto]) -> list[FaceInPhoto]:
    """Return faces row by row, the upper first, each from left to right.

    A face stands in a row whose first one's height it shares by half.
    """
    rows: list[list[FaceInPhoto]] = []
    for face in sorted(faces, key=lambda face: face.box.y1 + face.box.y2):
        first = rows[-1][0].box if rows else None
        if first is not None:
            shared = min(first.y2, face.box.y2) - max(first.y1, face.box.y1)
            if shared >= min(first.height, face.box.height) / 2:
                rows[-1].append(face)
                continue
        rows.append([face])
    return [face for row in rows for face in sorted(row, key=lambda face: face.box.x1)]
