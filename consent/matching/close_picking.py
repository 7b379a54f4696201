"""Which of the faces that match a person closely stand beside the references."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from consent.domain import SightingState, same_face
from consent.matching.gallery import face_scores
from consent.rules import latest
from media_index.quality import strangers_let_through

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from consent.domain import Sighting, Template
    from consent.services import Services
    from consent.store import UnitOfWork
    from media_index.calibration import Calibration
    from media_index.types import Face

# Beside the references.
MOST = 8
# They are picked of so many.
_CANDIDATES = 64
# Of a face's score with itself; above it are pictures made of one shot. 2026-11: with other photos
# of the person the samples have 0.57 to 0.67, with recompressed and cropped copies 0.82 and more.
_COPY = 0.75


@dataclass(frozen=True, slots=True, eq=False)
class CloseMatch:
    """A face of the index that matches somebody closely, or was confirmed.

    Attributes:
        photo_sha256: the photo.
        face: in it, with its encodings.
        score: with the person's references; 0 where somebody confirmed it, whatever it is.
        confirmed: whether somebody said that it is the person's.
    """

    photo_sha256: str
    face: Face
    score: float
    confirmed: bool = False

    @property
    def key(self) -> tuple[str, int]:
        """What tells it from the others."""
        return self.photo_sha256, self.face.index


def chosen(
    services: Services,
    unit: UnitOfWork,
    found: Mapping[str, Sequence[CloseMatch]],
    templates: Sequence[Template],
    decided: Sequence[Sighting],
) -> dict[str, list[CloseMatch]]:
    """Leave out what was rejected and what is a reference, and pick of the others.

    Args:
        services: calibration and policy.
        unit: open; not kept.
        found: what matches closely, by revocation id.
        templates: of all people who are asked about, not only of those in `found`.
        decided: sightings, oldest first.

    Returns:
        By revocation id, of those who have any, at most `MOST`.
    """
    references = {(one.revocation_id, one.photo_sha256) for one in templates}
    owners = {one.revocation_id for one in templates}
    standing = [one for one in _standing(decided) if one.revocation_id in owners]
    confirmed = _faces_of(
        unit,
        [
            one
            for one in standing
            if one.state is SightingState.CONFIRMED
            and (one.revocation_id, one.photo_sha256) not in references
        ],
    )
    rejected = _faces_of(
        unit,
        [
            one
            for one in standing
            if one.state is SightingState.REJECTED
            and (one.revocation_id in found or one.revocation_id in confirmed)
        ],
    )
    calibration = services.calibration
    block = calibration.score_at(services.policy.matching.block_per_million)
    picked = {}
    for owner in found.keys() | confirmed.keys():
        candidates = {
            one.key: one
            for one in (*confirmed.get(owner, ()), *found.get(owner, ()))
            if (owner, one.photo_sha256) not in references and is_good(calibration, one.face)
        }
        kept = list(candidates.values())
        others = [one.face for one in rejected.get(owner, ())]
        scores = face_scores(calibration, [one.face for one in kept], others)
        alike = scores.max(axis=1, initial=-np.inf) >= block
        kept = [one for one, is_alike in zip(kept, alike, strict=True) if not is_alike]
        if kept:
            picked[owner] = _picked(calibration, kept)
    return picked


def thinned(found: Sequence[CloseMatch]) -> list[CloseMatch]:
    """Return as many as may be candidates, of all scores: the closest are copies of a reference."""
    if len(found) <= _CANDIDATES:
        return list(found)
    ordered = sorted(found, key=lambda one: one.score)
    return [ordered[int(place)] for place in np.linspace(0, len(found) - 1, _CANDIDATES)]


def _picked(calibration: Calibration, candidates: Sequence[CloseMatch]) -> list[CloseMatch]:
    """Return the candidates that are least like the references and one another.

    Copies are left out: eight of one picture say no more than one, a reference's say nothing.
    """
    faces = [one.face for one in candidates]
    between = face_scores(calibration, faces, faces)
    nearest = np.array([one.score for one in candidates])
    copies = _COPY * between.diagonal()
    picked: list[CloseMatch] = []
    while len(picked) < MOST and (nearest < copies).any():
        place = int(np.argmin(nearest - copies))
        picked.append(candidates[place])
        nearest = np.maximum(nearest, between[place])
    return picked


def is_good(calibration: Calibration, face: Face) -> bool:
    """Say whether a face can be compared by all models, and shows as much as a good one."""
    return calibration.scales.keys() <= face.encodings.keys() and (
        strangers_let_through(face.quality) == 1
    )


def _standing(decided: Sequence[Sighting]) -> Iterator[Sighting]:
    """Yield the last decision on each face and person, the newest first."""
    of_photo: dict[tuple[str, str], list[Sighting]] = defaultdict(list)
    for sighting in decided:
        of_photo[sighting.revocation_id, sighting.photo_sha256].append(sighting)
    kept = [one for sightings in of_photo.values() for one in latest(sightings)]
    yield from sorted(kept, key=lambda one: one.at, reverse=True)


def _faces_of(unit: UnitOfWork, sightings: Sequence[Sighting]) -> dict[str, list[CloseMatch]]:
    """Return by owner the faces that decisions are of, at most so many as may be candidates."""
    of_owner: dict[str, list[Sighting]] = defaultdict(list)
    for one in sightings:
        if len(of_owner[one.revocation_id]) < _CANDIDATES:
            of_owner[one.revocation_id].append(one)
    wanted = {one.photo_sha256 for own in of_owner.values() for one in own}
    photos = unit.photos.fingerprints(list(wanted)) if wanted else {}
    faces = {
        owner: [
            CloseMatch(one.photo_sha256, face, 0.0, confirmed=True)
            for one in own
            if (photo := photos.get(one.photo_sha256)) is not None
            for face in photo.faces
            if face.encodings and same_face(face.box, one.box)
        ]
        for owner, own in of_owner.items()
    }
    return {owner: own for owner, own in faces.items() if own}
