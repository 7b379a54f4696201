"""The signal "near duplicate": copies of photos that somebody decided on, and parts of them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from functools import cached_property

from consent.domain.cases import Revocation
from consent.domain.decisions import DecisionState, PersonDecision, latest_of_each, same_face
from consent.domain.events import Event
from consent.domain.signals import Evidence, Match, Signal
from consent.domain.verdicts import PersonMatch, ReasonCode
from consent.matching.finder import Finder, Findings, People
from consent.matching.gallery import Gallery
from consent.matching.known_photos import DecidedPhotosKept, search_spots
from consent.matching.made_copies import MadeHere, is_hidden
from consent.matching.placing import scaled_box
from consent.services import Services
from consent.storage.unit_of_work import UnitOfWork
from media_index.hashing.keypoints import METHOD
from media_index.limits import FEATURES
from media_index.matching.copies import Copy, KnownPhotos
from media_index.types import Box, Face, Fingerprint, Placement

# What wins where a photo is a copy of several that were decided on differently: the last.
_WEAKEST_FIRST = (DecisionState.CANNOT_TELL, DecisionState.REJECTED, DecisionState.CONFIRMED)


class NearDuplicate(Signal):
    """A copy of a photo in which somebody was confirmed.

    By the distance of PDQ, pHash and dHash; parts, turns and mirror images by the local features
    that agree on one placement.
    """

    code = ReasonCode.NEAR_DUPLICATE
    evidence = Evidence.PICTURE
    rank = 1
    is_distance = True
    in_short = "Looks like a copy of a photo of {who}{face}"

    def of_copy(self, copy: Copy) -> Match:
        """Return the match by hashes."""
        return Match(self, copy.bits, copy.threshold, copy.unit, copy.method)

    def of_part(self, placement: Placement, box: Box | None, face: Face | None) -> Match:
        """Return the match by local features, with the face decided on or where it must be."""
        where = (None, box) if face is None else (face.index, face.box)
        spots, least = placement.inliers, FEATURES.least_inliers
        return Match(self, spots, least, "spots that agree", METHOD, *where)

    def sentence(self, match: Match, who: str, face: str, hint: str) -> str:
        """Say it as the reason of a verdict."""
        del hint
        if match.model_id == METHOD:
            return f"Perhaps a part of a photo in which {who} was confirmed{face}."
        return f"A nearly identical copy of a photo in which {who} was confirmed."

    def likeness(self, match: Match) -> str:
        """Say why a photo is listed."""
        del match
        return "A nearly identical copy of a photo that shows the person."


NEAR_DUPLICATE = NearDuplicate()


class CopyFinder(Finder):
    """Photos with decisions, ready to be recognized in copies."""

    lasting = True

    def __init__(
        self, services: Services, unit: UnitOfWork, people: People, gallery: Gallery
    ) -> None:
        """Load the hashes of the photos that were decided on; the unit is not kept.

        The gallery says whether two faces are the same.
        """
        self._services = services
        self._gallery = gallery
        self._decided: dict[str, list[PersonDecision]] = defaultdict(list)
        for last in latest_of_each(people.decisions):
            # Without those that were taken back.
            if last.state is not DecisionState.SUGGESTED:
                self._decided[last.photo_sha256].append(last)
        shown = [sha256 for sha256 in self._decided if self._shown(sha256)]
        kept = services.memory.of(DecidedPhotosKept)
        self._known = kept.of(services, unit, self._decided, shown)
        self._made = MadeHere(unit, self._decided)
        self._photos: dict[str, Fingerprint | None] = {}

    def _shown(self, sha256: str) -> dict[str, PersonDecision]:
        """Return by case the last decision by which somebody is confirmed in a photo."""
        return {
            decision.revocation_id: decision
            for decision in self._decided[sha256]
            if decision.state is DecisionState.CONFIRMED
        }

    def find_in(self, photo: Fingerprint, events: Sequence[Event] = ()) -> Findings:
        """Return what a photo has from those it is a copy of: people, and decisions on them."""
        del events
        matches: list[PersonMatch] = []
        unsure: dict[str, list[PersonMatch]] = {}
        carried: list[PersonDecision] = []
        hidden = self._made.covered_parts(photo, self._photo)
        for copy in self._copies_of(photo):
            known = self._known.photos[copy.index]
            if known == photo.sha256:
                continue
            # A copy that is not beyond doubt is shown to somebody, and inherits nothing.
            decisions = list(self._carried(known, photo)) if copy.surely else []
            carried += decisions
            people = list(self._people(known, copy, photo, decisions, hidden))
            if copy.surely:
                matches += people
            else:
                unsure[known] = people
        alike = {match.known_photo for match in matches}
        self._known, parts_of = search_spots(self._services, self._known, self._decided, photo)
        for known, placement in parts_of:
            if known != photo.sha256 and known not in alike:
                parts = list(self._parts(known, placement, photo, hidden))
                matches += parts
                if parts:
                    # They say more: where the person is, and whether it is the same face.
                    unsure.pop(known, None)
        matches += [match for people in unsure.values() for match in people]
        return Findings(tuple(matches), tuple(_in_order(carried)))

    def decisions_on(self, photo: Fingerprint) -> list[PersonDecision]:
        """Return the decisions on photos that this one surely is a copy of, as if made on it.

        Parts inherit none, so that its hashes are enough.
        """
        known = self._known.photos
        return _in_order(
            decision
            for copy in self._copies_of(photo)
            if copy.surely and known[copy.index] != photo.sha256
            for decision in self._carried(known[copy.index], photo)
        )

    def _copies_of(self, photo: Fingerprint) -> list[Copy]:
        """Return the photos that this one is a copy of, also that which it was exported from.

        A flat picture has no hash by which its copy is surely known.
        """
        found = self._known.by_hash.copies_of(photo.hashes, photo.trimmed_hashes)
        source = self._made.source(photo.sha256)
        if source is None or source not in self._known.photos:
            return found
        index = self._known.photos.index(source)
        own = Copy(index, 0, 0, surely=True, unit="bits", method="made here")
        return [own, *(copy for copy in found if copy.index != index)]

    def search(self, unit: UnitOfWork) -> Iterator[tuple[str, PersonMatch]]:
        """Yield the photos of the index that are copies of one in which somebody was confirmed."""
        originals = self._known.photos
        shown = [
            (index, people)
            for index, sha256 in enumerate(originals)
            if (people := self._shown(sha256))
        ]
        if not shown:
            return
        confirmed = [self._known.hashes[index] for index, _ in shown]
        known, every = KnownPhotos(confirmed), unit.photos.hashes()
        library = KnownPhotos([(whole, trimmed) for _, whole, trimmed in every])
        # A distance is the same both ways: the few that are near any are compared once more.
        near = {copy.index for hashes in confirmed for copy in library.copies_of(*hashes)}
        own = {originals[index] for index, _ in shown}
        for sha256, whole, trimmed in (every[row] for row in sorted(near)):
            if sha256 in own:
                continue
            for copy in known.copies_of(whole, trimmed)[:1]:
                index, people = shown[copy.index]
                hidden = self._hidden_in(sha256)
                for case_id in people:
                    if hidden and self._is_hidden(originals[index], case_id, *hidden):
                        continue
                    match = NEAR_DUPLICATE.of_copy(copy)
                    yield sha256, PersonMatch(case_id, match, copy.surely, originals[index])

    def _hidden_in(self, sha256: str) -> tuple[Fingerprint, list[Box]] | None:
        """Return a photo of the index in which somebody is covered, with where; None for others."""
        if not self._made.is_covered(sha256):
            return None
        photo = self._photo(sha256)
        return None if photo is None else (photo, self._made.covered_parts(photo, self._photo))

    def _is_hidden(
        self, known: str, case_id: str, photo: Fingerprint, hidden: Sequence[Box]
    ) -> bool:
        """Say whether a copy of a photo covers every face by which somebody was confirmed there.

        And shows it nowhere else. Who was confirmed in the photo as a whole may be anywhere in it.
        """
        source = self._photo(known) if hidden else None
        return source is not None and all(
            decision.box is not None
            and is_hidden(hidden, scaled_box(decision.box, source, photo))
            and self._face(known, decision.box, photo) is None
            for decision in self._decided[known]
            if decision.revocation_id == case_id and decision.state is DecisionState.CONFIRMED
        )

    def _people(
        self,
        known: str,
        copy: Copy,
        photo: Fingerprint,
        decisions: Sequence[PersonDecision],
        hidden: Sequence[Box],
    ) -> Iterator[PersonMatch]:
        boxes = {
            decision.revocation_id: decision.box
            for decision in decisions
            if decision.state is DecisionState.CONFIRMED and decision.box is not None
        }
        plain = NEAR_DUPLICATE.of_copy(copy)
        for case_id in sorted(self._shown(known)):
            if self._is_hidden(known, case_id, photo, hidden):
                continue
            box = boxes.get(case_id)
            face = next((face.index for face in photo.faces if face.box == box), None)
            yield PersonMatch(case_id, replace(plain, box=box, face=face), copy.surely, known)

    def _parts(
        self, known: str, placement: Placement, photo: Fingerprint, hidden: Sequence[Box]
    ) -> Iterator[PersonMatch]:
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
                if face is None and is_hidden(hidden, box):
                    continue
            match = NEAR_DUPLICATE.of_part(placement, box, face)
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
        where = scaled_box(box, source, photo)
        return next((face for face in photo.faces if same_face(face.box, where)), None)

    def _photo(self, sha256: str) -> Fingerprint | None:
        if sha256 not in self._photos:
            with self._services.reading() as unit:
                self._photos[sha256] = unit.photos.fingerprints([sha256]).get(sha256)
        return self._photos[sha256]


def _in_order(carried: Iterable[PersonDecision]) -> list[PersonDecision]:
    """Return decisions so that the one that wins comes last."""
    return sorted(carried, key=lambda decision: (_WEAKEST_FIRST.index(decision.state), decision.at))


def _shows(photo: Fingerprint, box: Box) -> bool:
    """Say whether the middle of a box lies in a photo."""
    x, y = (box.x1 + box.x2) / 2, (box.y1 + box.y2) / 2
    return 0 <= x < photo.width and 0 <= y < photo.height


class EventCopies:
    """Photos of events behind closed doors, and of those that a revocation names.

    A photo saved again, or sent by mail, comes back without the folder that told its event.
    """

    def __init__(
        self, services: Services, unit: UnitOfWork, revocations: Iterable[Revocation]
    ) -> None:
        """Note which events those are; their photos are loaded for the first one without any."""
        self._services = services
        ids = {
            event_id
            for case in revocations
            for step in case.history
            if step.terms is not None
            for event_id in (
                *step.terms.scope.event_ids,
                *(locator.event_id for locator in step.terms.locators),
            )
        }
        events = unit.events.all()
        # Those that revocations name.
        self.named = [event for event in events if event.id in ids]
        self._matter = [event for event in events if event.id in ids or not event.public_space]

    def events_of(self, photo: Fingerprint, own: Sequence[Event]) -> tuple[Event, ...]:
        """Return a photo's events; of one without any those of what it surely is a copy of."""
        if own or not self._matter:
            return tuple(own)
        events, known = self._loaded
        found = {
            event.id: event
            for copy in known.copies_of(photo.hashes, photo.trimmed_hashes)
            if copy.surely
            for event in events[copy.index]
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
