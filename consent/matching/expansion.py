"""Faces of the index that match a person closely stand beside the references, to find the others.

Often there is one reference. Some photos match it closely, and one that does not may look like
those: query expansion, as image retrieval has it (Chum et al., "Total Recall", 2007). A face that
somebody confirmed stands beside them too. What is found so is for somebody to look at, and never
blocks. Nothing is kept: no face becomes a reference unless a person says so (docs/adr/0018).
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, replace
from threading import Lock
from typing import TYPE_CHECKING

import numpy as np

from consent.domain.decisions import DecisionState, latest, same_face
from consent.domain.log import Action
from consent.matching.gallery import (
    Gallery,
    face_scores,
    passing_template,
    quality_terms,
    sought_from,
)
from media_index.faces.quality import strangers_let_through

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from consent.domain.cases import Template
    from consent.domain.decisions import PersonDecision
    from consent.domain.verdicts import PersonMatch
    from consent.matching.gallery import Pictured
    from consent.services import Services
    from consent.storage.unit_of_work import UnitOfWork
    from media_index.matching.calibration import Calibration
    from media_index.types import Face

# False matches per million comparisons from which a face may stand beside the references. 2026-11:
# at 5 a stranger who is in many photos and matched once draws the others in (docs/adr/0018).
CLOSE_PER_MILLION = 1.0
# After these all is found anew: scores are others, or faces have to be forgotten here too.
_CHANGES = (Action.CALIBRATION_CHANGED, Action.TEMPLATES_ERASED, Action.TEMPLATE_REMOVED)


class CloseMatches:
    """The close matches of everybody. What was compared once is not compared again.

    Hold one for as long as a program runs; it keeps nothing that the database does not hold.
    """

    def __init__(self) -> None:
        """Begin with nothing compared."""
        # Several people work at once, each in a thread of the server's.
        self._lock = Lock()
        self._forget()

    def _forget(self) -> None:
        self._token, self._changed = "", 0
        self._compared: dict[str, tuple[frozenset[str], int]] = {}
        self._found: dict[str, list[CloseMatch]] = {}

    def of(
        self,
        services: Services,
        unit: UnitOfWork,
        templates: Sequence[Template],
        decided: Sequence[PersonDecision],
    ) -> dict[str, list[CloseMatch]]:
        """Return the close matches of people, as different from one another as there are.

        Args:
            services: calibration and vectors.
            unit: open; not kept.
            templates: all those of the people who are asked about.
            decided: sightings, oldest first; those of other people do no harm.

        Returns:
            By revocation id, of those who have any: at most `MOST`, none of them a face that
            somebody rejected, nor one that is as like to such a face as two copies are.
        """
        with self._lock:
            self._bring_up(services, unit, templates)
            asked = {one.revocation_id for one in templates}
            found = {owner: list(self._found[owner]) for owner in asked & self._found.keys()}
        return chosen(services, unit, found, templates, decided)

    def _bring_up(
        self, services: Services, unit: UnitOfWork, templates: Sequence[Template]
    ) -> None:
        changed = max(unit.audit.last_sequence(one) for one in _CHANGES)
        token, added_only = unit.photos.tokens(self._token)
        if changed != self._changed or not added_only:
            self._forget()
        self._changed, self._token = changed, token
        last = unit.photos.last_face()
        wanted: dict[int, set[str]] = defaultdict(set)
        for owner, references in _ids(templates).items():
            known, after = self._compared.get(owner, (None, 0))
            if known != references:
                self._found.pop(owner, None)
                after = 0
            if after < last:
                wanted[after].add(owner)
            self._compared[owner] = references, max(after, last)
        # New references with every face; the others with the faces that came since.
        for after, owners in wanted.items():
            own = [one for one in templates if one.revocation_id in owners]
            for owner, match in _close(services, unit, own, after):
                self._found.setdefault(owner, []).append(match)
            for owner in owners & self._found.keys():
                self._found[owner] = thinned(self._found[owner])


def expanded_gallery(
    services: Services,
    templates: Sequence[Template],
    pictured: Mapping[str, Pictured],
    close: Mapping[str, Sequence[CloseMatch]],
) -> Gallery:
    """Return a gallery of those who have close matches: references and these together.

    Args:
        services: calibration and policy.
        templates: of anybody.
        pictured: see `Gallery`.
        close: by revocation id.
    """
    together = [one for one in templates if one.revocation_id in close]
    together += [
        passing_template(owner, one.photo_sha256, one.face, services.now())
        for owner, found in close.items()
        for one in found
    ]
    beside = {owner: len(found) for owner, found in close.items()}
    matching = services.policy.matching
    return Gallery(together, services.calibration, matching, pictured, beside)


def only_in_second(
    alone: Iterable[tuple[str, PersonMatch]], together: Iterable[tuple[str, PersonMatch]]
) -> Iterator[tuple[str, PersonMatch]]:
    """Yield of the matches beside close ones those that were not found alone.

    Args:
        alone: photos, and the matches in them.
        together: likewise.
    """
    known = {(photo, one.revocation_id, one.match.face) for photo, one in alone}
    for photo, one in together:
        if (photo, one.revocation_id, one.match.face) not in known:
            yield photo, one


def _ids(templates: Iterable[Template]) -> dict[str, frozenset[str]]:
    found: dict[str, set[str]] = defaultdict(set)
    for one in templates:
        found[one.revocation_id].add(one.id)
    return {owner: frozenset(ids) for owner, ids in found.items()}


def _close(
    services: Services, unit: UnitOfWork, templates: Sequence[Template], after: int
) -> Iterator[tuple[str, CloseMatch]]:
    """Yield whose it is and each good face with a higher id that matches closely."""
    calibration = services.calibration
    sought = sought_from(templates, calibration, calibration.score_at(CLOSE_PER_MILLION))
    possible = services.vectors.possible(unit.photos, sought, after)
    for block in unit.photos.faces_by_id(possible, list(calibration.scales)):
        pairs = sought.found(block.encodings, quality_terms(calibration, block.faces))
        for row, column, score in zip(pairs.rows, pairs.columns, pairs.scores, strict=True):
            encodings = {model: one[row] for model, one in block.encodings.items()}
            face = replace(block.faces[row], encodings=encodings)
            if is_good(calibration, face):
                yield sought.owners[column], CloseMatch(block.photos[row], face, float(score))


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
    decided: Sequence[PersonDecision],
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
    standing = [one for one in _last_decisions(decided) if one.revocation_id in owners]
    confirmed = _faces_of(
        unit,
        [
            one
            for one in standing
            if one.state is DecisionState.CONFIRMED
            and (one.revocation_id, one.photo_sha256) not in references
        ],
    )
    rejected = _faces_of(
        unit,
        [
            one
            for one in standing
            if one.state is DecisionState.REJECTED
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


def _last_decisions(decided: Sequence[PersonDecision]) -> Iterator[PersonDecision]:
    """Yield the last decision on each face and person, the newest first."""
    of_photo: dict[tuple[str, str], list[PersonDecision]] = defaultdict(list)
    for sighting in decided:
        of_photo[sighting.revocation_id, sighting.photo_sha256].append(sighting)
    kept = [one for sightings in of_photo.values() for one in latest(sightings)]
    yield from sorted(kept, key=lambda one: one.at, reverse=True)


def _faces_of(unit: UnitOfWork, sightings: Sequence[PersonDecision]) -> dict[str, list[CloseMatch]]:
    """Return by owner the faces that decisions are of, at most so many as may be candidates."""
    of_owner: dict[str, list[PersonDecision]] = defaultdict(list)
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
