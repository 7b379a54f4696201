"""What people said faces are of, found again in copies of the photo: docs/adr/0021."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from functools import partial

from consent.domain.decisions import FaceDecision, same_face
from consent.domain.signals import Evidence, Match
from consent.matching.gallery import Gallery
from consent.matching.placing import scaled_box
from consent.services import Services
from consent.storage.unit_of_work import UnitOfWork
from media_index.hashing.keypoints import KnownFeatures
from media_index.matching.copies import KnownPhotos
from media_index.types import Box, Face, Fingerprint

Placed = Callable[[Box], Box | None]


class FaceKinds:
    """What faces are of, by photo; ready to be found again in copies."""

    def __init__(self, services: Services, unit: UnitOfWork, gallery: Gallery) -> None:
        """Load what was said, and by what copies of those photos are known; the unit is not kept.

        The gallery says whether two faces are the same.
        """
        self._services = services
        self._gallery = gallery
        self._said: dict[str, list[FaceDecision]] = defaultdict(list)
        for decision in unit.decisions.face_decisions():
            self._said[decision.photo_sha256].append(decision)
        hashes = unit.photos.hashes(list(self._said)) if self._said else []
        self._shas = [sha256 for sha256, _, _ in hashes]
        self._known = KnownPhotos([(whole, trimmed) for _, whole, trimmed in hashes])
        features = dict(unit.photos.features(list(self._said))) if self._said else {}
        self._featured = list(features)
        self._features = KnownFeatures(list(features.values()))
        self._photos: dict[str, Fingerprint | None] = {}
        self._known_of: dict[tuple[str, tuple[Box, ...]], dict[int, FaceDecision]] = {}

    @property
    def nothing_said(self) -> bool:
        """Whether nobody has said of any face what it is of."""
        return not self._said

    def of(self, photo: Fingerprint) -> Mapping[int, FaceDecision]:
        """Return the last word on each face of a photo, by index, in it or one it is a copy of."""
        if not self._said:
            return {}
        # Of a part of a photo there are fewer faces, numbered anew.
        key = photo.sha256, tuple(face.box for face in photo.faces)
        if key not in self._known_of:
            self._known_of[key] = self._last_words(photo)
        return self._known_of[key]

    def _last_words(self, photo: Fingerprint) -> dict[int, FaceDecision]:
        found: dict[int, FaceDecision] = {}
        for index, decision in (*self._here(photo), *self._carried(photo)):
            if index not in found or found[index].at <= decision.at:
                found[index] = decision
        return found

    def sets_aside(
        self, photo: Fingerprint | None, match: Match, revocation_id: str, *, surely: bool
    ) -> bool:
        """Say whether a match of a photo with somebody no longer counts."""
        if photo is None or match.signal.evidence is not Evidence.FACE or match.face is None:
            return False
        said = self.of(photo).get(match.face)
        return said is not None and said.sets_aside(revocation_id, surely=surely)

    def _here(self, photo: Fingerprint) -> Iterator[tuple[int, FaceDecision]]:
        for decision in self._said.get(photo.sha256, ()):
            face = _nearest(photo, decision.box)
            if face is not None:
                yield face.index, decision

    def _carried(self, photo: Fingerprint) -> Iterator[tuple[int, FaceDecision]]:
        for known, place in self._places(photo):
            for decision in self._said[known]:
                face = self._same(known, decision.box, photo, place(decision.box))
                if face is not None:
                    yield face.index, replace(decision, carried_from=known)

    def _places(self, photo: Fingerprint) -> Iterator[tuple[str, Placed]]:
        """Yield the photos that one is a copy of, once each, and where their boxes lie in it."""
        placed = {
            self._featured[index]: placement
            for index, placement in self._features.search(photo.features)
        }
        for known, placement in placed.items():
            if known != photo.sha256:
                yield known, placement.box
        for copy in self._known.copies_of(photo.hashes, photo.trimmed_hashes):
            known = self._shas[copy.index]
            source = None
            if copy.surely and known != photo.sha256 and known not in placed:
                source = self._photo(known)
            if source is not None:
                yield known, partial(scaled_box, source=source, photo=photo)

    def _same(self, known: str, box: Box, photo: Fingerprint, where: Box | None) -> Face | None:
        """Return the face of a copy that is the one decided on: at its place, and as the same.

        Another face may have been put there, and the same face may be elsewhere in the copy.
        """
        source = self._photo(known)
        decided = None if source is None else _nearest(source, box)
        face = None if where is None else _nearest(photo, where)
        if decided is None or face is None:
            return None
        return self._gallery.same(decided, [face])

    def _photo(self, sha256: str) -> Fingerprint | None:
        if sha256 not in self._photos:
            with self._services.reading() as unit:
                self._photos[sha256] = unit.photos.fingerprints([sha256]).get(sha256)
        return self._photos[sha256]


def _nearest(photo: Fingerprint, box: Box) -> Face | None:
    """Return the face of a photo that a box means: of two that overlap, the one it is nearer to."""
    return max(
        (face for face in photo.faces if same_face(face.box, box)),
        key=lambda face: face.box.overlap(box),
        default=None,
    )
