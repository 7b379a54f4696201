"""The photos that somebody decided on: their copies are known, and the decisions carried over."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property
from typing import TYPE_CHECKING

from consent.domain.decisions import DecisionState, latest_of_each, same_face
from consent.domain.verdicts import PersonMatch
from media_index.hashing.keypoints import METHOD, FeatureThresholds, KnownFeatures
from media_index.matching.scores import KnownPhotos
from media_index.types import Box, Match, Signal

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from consent.domain.cases import Revocation
    from consent.domain.decisions import PersonDecision
    from consent.matching.gallery import Gallery
    from consent.services import Services
    from consent.storage.unit_of_work import UnitOfWork
    from media_index.matching.scores import Copy
    from media_index.types import Event, Face, Fingerprint, Placement

# Sides may differ by so much when a picture is resized without being cropped.
_SAME_SHAPE = 0.02
# What wins where a photo is a copy of several that were decided on differently: the last.
_WEAKEST_FIRST = (DecisionState.CANNOT_TELL, DecisionState.REJECTED, DecisionState.CONFIRMED)


@dataclass(frozen=True, slots=True)
class Inherited:
    """What a photo has from those it is a copy of.

    Attributes:
        matches: with the people who were confirmed in them.
        sightings: decisions on them, as if made on this photo.
    """

    matches: tuple[PersonMatch, ...] = ()
    sightings: tuple[PersonDecision, ...] = ()


class CopyFinder:
    """Photos with decisions, ready to be recognised in copies."""

    def __init__(
        self,
        services: Services,
        unit: UnitOfWork,
        sightings: Mapping[str, Sequence[PersonDecision]],
        gallery: Gallery,
    ) -> None:
        """Load the hashes of the photos that were decided on.

        Args:
            services: opens a unit of work of its own where a copy was found.
            unit: open; not kept.
            sightings: decisions by photo, oldest first.
            gallery: says whether two faces are the same.
        """
        self._services = services
        self._gallery = gallery
        self._decided = {
            # Without those that were taken back.
            sha256: [
                one for one in latest_of_each(decided) if one.state is not DecisionState.SUGGESTED
            ]
            for sha256, decided in sightings.items()
        }
        hashes = unit.photos.hashes([sha256 for sha256, kept in self._decided.items() if kept])
        self._shas = [sha256 for sha256, _, _ in hashes]
        self._known = KnownPhotos([(whole, trimmed) for _, whole, trimmed in hashes])
        self._photos: dict[str, Fingerprint | None] = {}
        confirmed = [
            sha256
            for sha256, kept in self._decided.items()
            if any(one.state is DecisionState.CONFIRMED for one in kept)
        ]
        features = dict(unit.photos.features(confirmed))
        self._featured = list(features)
        self._features = KnownFeatures(list(features.values()))

    def inherited(self, photo: Fingerprint) -> Inherited:
        """Return what a photo has from those it is a copy of."""
        matches: list[PersonMatch] = []
        unsure: dict[str, list[PersonMatch]] = {}
        carried: list[PersonDecision] = []
        for copy in self._known.copies_of(photo.hashes, photo.trimmed_hashes):
            known = self._shas[copy.place]
            if known == photo.sha256:
                continue
            # A copy that is not beyond doubt is shown to somebody, and inherits nothing.
            decisions = list(self._carried(known, photo)) if copy.surely else []
            carried += decisions
            people = list(self._people(known, copy, photo, decisions))
            if copy.surely:
                matches += people
            else:
                unsure[known] = people
        alike = {one.known_photo for one in matches}
        for place, placement in self._features.search(photo.features):
            known = self._featured[place]
            if known != photo.sha256 and known not in alike:
                parts = list(self._parts(known, placement, photo))
                matches += parts
                if parts:
                    # They say more: where the person is, and whether it is the same face.
                    unsure.pop(known, None)
        matches += [one for people in unsure.values() for one in people]
        carried.sort(key=lambda one: (_WEAKEST_FIRST.index(one.state), one.at))
        return Inherited(tuple(matches), tuple(carried))

    def _people(
        self, known: str, copy: Copy, photo: Fingerprint, decisions: Sequence[PersonDecision]
    ) -> Iterator[PersonMatch]:
        confirmed = {
            one.revocation_id
            for one in self._decided[known]
            if one.state is DecisionState.CONFIRMED
        }
        boxes = {
            one.revocation_id: one.box
            for one in decisions
            if one.state is DecisionState.CONFIRMED and one.box is not None
        }
        plain = Match(Signal.NEAR_DUPLICATE, copy.bits, copy.threshold, copy.unit, copy.method)
        for revocation_id in sorted(confirmed):
            box = boxes.get(revocation_id)
            face = next((one.index for one in photo.faces if one.box == box), None)
            match = replace(plain, box=box, face=face)
            yield PersonMatch(revocation_id, match, copy.surely, known)

    def _parts(self, known: str, placement: Placement, photo: Fingerprint) -> Iterator[PersonMatch]:
        """Yield a match for each confirmed person who is in the part that a copy shows."""
        for decision in self._decided[known]:
            if decision.state is not DecisionState.CONFIRMED:
                continue
            box, face = decision.box, None
            if box is not None:
                box = placement.box(box)
                if not _shows(photo, box):
                    continue
                face = self._at(known, decision.box, photo, box)
            match = Match(
                Signal.NEAR_DUPLICATE,
                placement.inliers,
                FeatureThresholds().least_inliers,
                "spots that agree",
                METHOD,
                None if face is None else face.index,
                box if face is None else face.box,
            )
            # Another shot of the same scene can agree in many spots; the same face at the same
            # place cannot.
            yield PersonMatch(decision.revocation_id, match, face is not None, known)

    def _at(self, known: str, box: Box | None, photo: Fingerprint, where: Box) -> Face | None:
        """Return the face of a copy that is the one decided on, at the place where it must be."""
        face = None if box is None else self._face(known, box, photo)
        if face is None or not same_face(face.box, where):
            return None
        return face

    def _carried(self, known: str, photo: Fingerprint) -> Iterator[PersonDecision]:
        for decision in self._decided[known]:
            box = None
            if decision.box is not None:
                face = self._face(known, decision.box, photo)
                if face is None:
                    continue
                box = face.box
            yield replace(decision, photo_sha256=photo.sha256, box=box, carried_from=known)

    def _face(self, known: str, box: Box, photo: Fingerprint) -> Face | None:
        """Return the face of a copy that is the one decided on.

        By its encodings; where there are none, by its place in a copy of the same shape.
        """
        source = self._photo(known)
        if source is None:
            return None
        decided = next((face for face in source.faces if same_face(face.box, box)), None)
        if decided is not None and self._gallery.can_compare(decided):
            return self._gallery.same(decided, photo.faces)
        where = _scaled(box, source, photo)
        return next((face for face in photo.faces if same_face(face.box, where)), None)

    def _photo(self, sha256: str) -> Fingerprint | None:
        if sha256 not in self._photos:
            with self._services.reading() as unit:
                self._photos[sha256] = unit.photos.fingerprints([sha256]).get(sha256)
        return self._photos[sha256]


def _shows(photo: Fingerprint, box: Box) -> bool:
    """Say whether the middle of a box lies in a photo."""
    x, y = (box.x1 + box.x2) / 2, (box.y1 + box.y2) / 2
    return 0 <= x < photo.width and 0 <= y < photo.height


def _scaled(box: Box, source: Fingerprint, photo: Fingerprint) -> Box | None:
    """Bring a box over to a copy of another size; None where the shape differs."""
    wide, high = photo.width / source.width, photo.height / source.height
    if abs(wide / high - 1) > _SAME_SHAPE:
        return None
    return Box(
        round(box.x1 * wide), round(box.y1 * high), round(box.x2 * wide), round(box.y2 * high)
    )


class EventCopies:
    """Photos of events behind closed doors, and of those that a revocation names.

    A photo saved again, or sent by mail, comes back without the folder that told its event.
    """

    def __init__(
        self, services: Services, unit: UnitOfWork, revocations: Iterable[Revocation]
    ) -> None:
        """Note which events those are.

        Args:
            services: opens a unit of work of its own for the first photo without an event.
            unit: open; not kept.
            revocations: the register.
        """
        self._services = services
        named = {
            event
            for case in revocations
            for step in case.history
            if step.terms is not None
            for event in (
                *step.terms.scope.event_ids,
                *(one.event_id for one in step.terms.locators if one.event_id is not None),
            )
        }
        events = unit.photos.events()
        # Those that revocations name.
        self.named = [event for event in events if event.id in named]
        self._matter = [event for event in events if event.id in named or not event.public_space]

    def events_of(self, photo: Fingerprint, own: Sequence[Event]) -> tuple[Event, ...]:
        """Return a photo's events; of one without any those of what it surely is a copy of."""
        if own or not self._matter:
            return tuple(own)
        events, known = self._loaded
        found = {
            event.id: event
            for copy in known.copies_of(photo.hashes, photo.trimmed_hashes)
            if copy.surely
            for event in events[copy.place]
        }
        return tuple(found.values())

    @cached_property
    def _loaded(self) -> tuple[list[list[Event]], KnownPhotos]:
        photos: dict[str, list[Event]] = {}
        with self._services.reading() as unit:
            for event in self._matter:
                for sha256 in unit.photos.photos_of_event(event.id):
                    photos.setdefault(sha256, []).append(event)
            hashes = unit.photos.hashes(list(photos)) if photos else []
        known = KnownPhotos([(whole, trimmed) for _, whole, trimmed in hashes])
        return [photos[sha256] for sha256, _, _ in hashes], known
