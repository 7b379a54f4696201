"""A case with everything that its page shows, read at once."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial

from consent.cases.known_cases import Cases, KnownCases
from consent.cases.reminders import Reminder
from consent.cases.search import (
    CaseFile,
    RegisterEntry,
    RegisterQuery,
    entry_for,
    instead_of_names,
    is_by_name,
    note_search,
    search_among,
    show_case,
)
from consent.cases.timeline import Moment, TimelineWords, timeline
from consent.documents.scope_words import event_words, scope_words
from consent.documents.texts import Words, load_texts
from consent.domain.actors import Actor
from consent.domain.decide import IN_FORCE
from consent.domain.decisions import DecisionState, PersonDecision, latest, same_face
from consent.domain.events import Event
from consent.domain.manual import MANUAL
from consent.domain.publications import Publication
from consent.domain.roles import Duty, for_roles
from consent.domain.terms import Terms
from consent.domain.withheld import file_name_for
from consent.matching.sweep import Hit, SweepReport
from consent.services import Services
from consent.storage.unit_of_work import UnitOfWork
from media_index.types import Face


@dataclass(frozen=True, slots=True)
class CaseView:
    """A case as its page shows it.

    Attributes:
        file: the case, its reference faces and decisions.
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
        others = (
            decided for decided in self.photos if not any(_same_face(decided, hit) for hit in hits)
        )
        return (*hits, *others)

    def _state_of(self, hit: Hit) -> DecisionState | None:
        """Return what was decided on a face; the search may be older than the decision."""
        return next((photo.state for photo in self.photos if _same_face(photo, hit)), None)


def _same_face(one: Hit, other: Hit) -> bool:
    return one.sha256 == other.sha256 and same_face(one.match.box, other.match.box)


@for_roles(Duty.READ_CASES)
def view_case(services: Services, label: str, actor: Actor) -> CaseView:
    """Return a case with its photos, its words and its history.

    Raises:
        NotFoundError: there is no such case.
        SetupError: the texts in which scopes are worded cannot be read.
    """
    file = show_case(services, label, actor)
    named = file.entry.name is not None
    with services.reading() as unit:
        # Whole, to tell what changed; the reasons are taken out of what is told.
        case = unit.register.find(label)
        entries = unit.audit.entries_of([case.id, case.person.id])
        events = tuple(unit.events.all())
        told = partial(file_name_for, services.policy, actor, [case])
        photos = tuple(photo.told_by(told) for photo in _decided(unit, file.decisions))
        references = unit.photos.fingerprints(
            [template.photo_sha256 for template in file.templates]
        )
    words = load_texts(services.settings.texts).words("en")
    said = partial(_covered, services, words, event_words(events, words))
    words_of = TimelineWords(words.day, lambda terms: _scope_line(said(terms)))
    moments = timeline(case, entries, words_of)
    return CaseView(
        file=file,
        named=named,
        covered=said(file.entry.terms),
        moments=tuple(
            moment if named or not moment.why else replace(moment, why=None) for moment in moments
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


@for_roles(Duty.READ_CASES)
def what_is_covered(services: Services, label: str, actor: Actor) -> str:
    """Return in a sentence which channels, photos and times a case covers.

    Raises:
        NotFoundError: there is no such case.
        SetupError: the texts in which scopes are worded cannot be read.
    """
    with services.reading() as unit:
        terms = unit.register.find(label).terms_on(services.today())
        events = tuple(unit.events.all())
    words = load_texts(services.settings.texts).words("en")
    return _scope_line(_covered(services, words, event_words(events, words), terms))


def _decided(unit: UnitOfWork, decided: Sequence[PersonDecision]) -> Iterator[Hit]:
    """Yield each photo with what was last decided on a face in it, if that stands."""
    photos = list(dict.fromkeys(decision.photo_sha256 for decision in reversed(decided)))
    places, events = unit.photos.places_of(photos), unit.events.of_photos(photos)
    published: dict[str, list[Publication]] = defaultdict(list)
    for publication in unit.publications.all(photos):
        published[publication.photo_sha256].append(publication)
    for sha256 in photos:
        of_photo = [decision for decision in decided if decision.photo_sha256 == sha256]
        for decision in latest(of_photo):
            if decision.state is DecisionState.SUGGESTED:
                continue
            yield Hit(
                sha256,
                tuple(places.get(sha256, ())),
                events.get(sha256, ()),
                MANUAL.match(decision.box),
                decision.state,
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
    return " ".join(f"{value}." for _, value in covered)


@dataclass(frozen=True, slots=True)
class Answers:
    """The ids of the cases that answer a query, in their order, and of what register they are."""

    query: RegisterQuery
    of: Cases
    named: bool
    ids: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class RegisterOverview:
    """All cases and what wants attention, as they stood.

    Attributes:
        known: the cases, without names.
        named: whether whoever asked may see names.
    """

    known: Cases
    named: bool

    @property
    def reminders(self) -> tuple[Reminder, ...]:
        """What wants attention, the most urgent first."""
        return self.known.reminders

    def __len__(self) -> int:
        """Say how many cases there are."""
        return len(self.known.cases)

    def answers(
        self, services: Services, query: RegisterQuery, actor: Actor, before: Answers | None = None
    ) -> Answers:
        """Return which cases answer a query; what was found `before`, if it is the same question.

        Names are read only where somebody looks for one.
        """
        by_name = is_by_name(services, query, actor)
        if by_name:
            note_search(services, query, actor)
        if (
            before is not None
            and before.of is self.known
            and (before.query, before.named) == (query, self.named)
        ):
            return before
        cases = [known.case for known in self.known.cases.values()]
        if by_name:
            with services.reading() as unit:
                cases = unit.register.revocations()
        found = search_among(services, cases, query, actor)
        return Answers(query, self.known, self.named, tuple(entry.case.id for entry in found))

    def branches(self) -> list[str]:
        """Return the branches where anything was received, for a filter."""
        found = {known.case.submission.branch.strip() for known in self.known.cases.values()}
        return sorted(found - {""})


@for_roles(Duty.READ_CASES)
def view_register(services: Services, actor: Actor) -> RegisterOverview:
    """Return the register as it stands."""
    with services.reading() as unit:
        known = services.memory.of(KnownCases).of(services, unit)
    return RegisterOverview(known, services.policy.sees_names(actor))


@for_roles(Duty.READ_CASES)
def list_entries(services: Services, ids: Sequence[str], actor: Actor) -> list[RegisterEntry]:
    """Return some cases, by id, as the actor may see them; without those that are gone."""
    today = services.today()
    with services.reading() as unit:
        cases = {case.id: case for case in unit.register.by_ids(ids)}
        gone = instead_of_names(unit, cases.values())
    return [
        entry_for(cases[case_id], services.policy, actor, today, gone.get(case_id, ""))
        for case_id in ids
        if case_id in cases
    ]


@for_roles(Duty.READ_CASES)
def standing_labels(services: Services, actor: Actor) -> list[str]:
    """Return the labels of revocations and holds that stand today, newest first."""
    today = services.today()
    with services.reading() as unit:
        known = services.memory.of(KnownCases).of(services, unit).cases.values()
    standing = [one.case.label for one in known if one.case.state(today) in IN_FORCE]
    return standing[::-1]
