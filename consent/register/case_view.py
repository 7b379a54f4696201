"""A case with everything that its page shows, read at once."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, replace
from functools import partial
from typing import TYPE_CHECKING

from consent.domain import SightingState, same_face
from consent.receipts.texts import load_texts
from consent.register.case_timeline import TimelineWords, timeline
from consent.register.search import show_case
from consent.rules import latest
from consent.scope_words import scope_words
from consent.sweep import Hit
from media_index.types import Match, Signal

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from consent.domain import Actor, Sighting
    from consent.publications import Publication
    from consent.receipts.texts import Words
    from consent.register.case_timeline import Moment
    from consent.register.search import CaseFile, RegisterEntry
    from consent.services import Services
    from consent.store import UnitOfWork
    from consent.sweep import SweepReport
    from consent.terms import Terms
    from media_index.types import Event, Face


@dataclass(frozen=True, slots=True)
class CaseView:
    """A case as its page shows it.

    Attributes:
        file: the case, its reference faces and sightings.
        named: whether the actor may see who is meant and who asked.
        covered: what is covered, each with its label.
        moments: what happened, the latest first.
        photos: photos that a person decided on, the latest decision first; without those whose
            decision was taken back.
        events: all that the index knows, for a scope or a hint.
        reference_faces: by template id, the face with its quality, if the index holds it.
    """

    file: CaseFile
    named: bool
    covered: tuple[tuple[str, str], ...]
    moments: tuple[Moment, ...]
    photos: tuple[Hit, ...]
    events: tuple[Event, ...]
    reference_faces: Mapping[str, Face]

    @property
    def entry(self) -> RegisterEntry:
        """The case in a list."""
        return self.file.entry

    @property
    def label(self) -> str:
        """Such as R-0042."""
        return self.entry.case.label

    def photos_with(self, found: SweepReport | None) -> tuple[Hit, ...]:
        """Return what a search found, and then the decided photos that it did not find."""
        if found is None:
            return self.photos
        hits = [replace(hit, state=self._state_of(hit)) for hit in found.hits]
        others = (one for one in self.photos if not any(_same_face(one, hit) for hit in hits))
        return (*hits, *others)

    def _state_of(self, hit: Hit) -> SightingState | None:
        """Return what was decided on a face; the search may be older than the decision."""
        return next((one.state for one in self.photos if _same_face(one, hit)), None)


def _same_face(one: Hit, other: Hit) -> bool:
    return one.sha256 == other.sha256 and same_face(one.match.box, other.match.box)


def view_case(services: Services, label: str, actor: Actor) -> CaseView:
    """Return a case with its photos, its words and its history.

    Raises:
        NotFoundError: there is no such case.
        SetupError: the texts in which scopes are worded cannot be read.
    """
    file = show_case(services, label, actor)
    case = file.entry.case
    with services.reading() as unit:
        entries = unit.audit.entries_of([case.id, case.person.id])
        events = tuple(unit.photos.events())
        photos = tuple(_decided(unit, file.sightings))
        references = unit.photos.fingerprints([one.photo_sha256 for one in file.templates])
    words = load_texts(services.settings.texts).words("en")
    said = partial(_covered, services, words, {event.id: event.name for event in events})
    return CaseView(
        file=file,
        named=file.entry.name is not None,
        covered=said(file.entry.terms),
        moments=tuple(
            timeline(
                case, entries, TimelineWords(words.day, lambda terms: _scope_line(said(terms)))
            )
        ),
        photos=photos,
        events=events,
        reference_faces={
            template.id: face
            for template in file.templates
            if template.photo_sha256 in references
            for face in references[template.photo_sha256].faces
            if face.box == template.box
        },
    )


def _decided(unit: UnitOfWork, sightings: Sequence[Sighting]) -> Iterator[Hit]:
    """Yield each photo with what was last decided on a face in it, if that stands."""
    photos = list(dict.fromkeys(one.photo_sha256 for one in reversed(sightings)))
    places, events = unit.photos.places_of(photos), unit.photos.events_of(photos)
    published: dict[str, list[Publication]] = defaultdict(list)
    for one in unit.publications.all(photos):
        published[one.photo_sha256].append(one)
    for sha256 in photos:
        for sighting in latest([one for one in sightings if one.photo_sha256 == sha256]):
            if sighting.state is SightingState.SUGGESTED:
                continue
            yield Hit(
                sha256,
                tuple(places.get(sha256, ())),
                events.get(sha256, ()),
                Match(Signal.MANUAL, 1.0, 1.0, "decided by a person", "person", None, sighting.box),
                sighting.state,
                tuple(published[sha256]),
            )


def _covered(
    services: Services, words: Words, events: Mapping[str, str], terms: Terms
) -> tuple[tuple[str, str], ...]:
    said = scope_words(terms.scope, services.policy, words, events, terms.effective_from)
    return (
        (words.say("label_channels"), said.channels),
        (words.say("label_photos"), said.photos),
        (words.say("label_period"), said.period),
        (words.say("label_caption"), said.caption),
    )


def _scope_line(covered: tuple[tuple[str, str], ...]) -> str:
    return "; ".join(value for _, value in covered) + "."
