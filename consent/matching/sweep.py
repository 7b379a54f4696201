"""Every indexed photo that may show a person: of a recorded case, or of faces not yet recorded."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass, replace
from functools import partial
from pathlib import PurePath

from consent.domain.actors import Actor
from consent.domain.cases import Revocation
from consent.domain.decisions import DecisionState, PersonDecision, last_on, still_confirmed
from consent.domain.events import Event
from consent.domain.faces import Faces
from consent.domain.intake import ReferenceFace
from consent.domain.log import Action
from consent.domain.manual import MANUAL
from consent.domain.publications import Publication
from consent.domain.references import floods
from consent.domain.roles import Duty, for_roles
from consent.domain.signals import Evidence, Match
from consent.domain.verdicts import PersonMatch
from consent.domain.withheld import file_name_for
from consent.domain.wording import PHOTO_OF_PERSON, counted
from consent.matching.all_finders import Finders
from consent.matching.expansion import CloseMatches
from consent.matching.face_kinds import FaceKinds
from consent.matching.finder import People
from consent.matching.gallery import passing_template
from consent.matching.not_compared import NotCompared, not_compared
from consent.matching.one_person import Shared, shared
from consent.matching.wholeness import doubts
from consent.services import Services
from consent.storage.unit_of_work import UnitOfWork
from media_index.types import Box

NO_FACE_COMPARED = (
    "No face was compared, because this library compares none: only photos known to show the "
    "person, and copies of these, are found."
)
NO_FACE_KEPT = (
    "No photo was compared by face, because no saved face measurement of the person is on file. If "
    "they agree to one, add it on the case's page. Or look through the photos yourself."
)
NOT_READ = (
    "No face was compared: this library keeps no face measurements, so the program must read "
    "all photos again. It does so every day. If you need it now, ask your IT (likeness sweep "
    "{label})."
)
NOT_LOOKED_AT = (
    "{files} could not be read, so {they} not searched. IT can see why on the page Status, or with "
    "likeness status."
)
# Photos whose files may be read again while somebody waits.
_QUICKLY_READ = 200


@dataclass(frozen=True, slots=True)
class Hit:
    """A photo that may show the person.

    Attributes:
        match: the best signal in it.
        state: what a person said of it; None if nobody did, or took it back.
    """

    sha256: str
    paths: tuple[str, ...]
    events: tuple[Event, ...]
    match: Match
    state: DecisionState | None
    published: tuple[Publication, ...] = ()

    @property
    def name(self) -> str:
        """What to call the photo: by its file, where there still is one."""
        if self.paths:
            return PurePath(self.paths[0]).name
        return f"Photo {self.sha256[:12]}" if self.published else PHOTO_OF_PERSON

    def likeness(self, decided: str = "The person was confirmed in this photo.") -> str:
        """Say why it is listed: a match, or what is said of one that somebody decided on."""
        return self.match.signal.likeness(self.match) or decided

    def told_by(self, told: Callable[[str], str]) -> Hit:
        """Return it with its file called as somebody may be told."""
        return replace(self, paths=tuple(map(told, self.paths)))


@dataclass(frozen=True, slots=True)
class SweepReport:
    """What a sweep found, best first.

    Attributes:
        label: of the case; empty for faces not yet recorded.
        hits: photos that may show the person.
        photos: how many of the library's were searched.
        not_compared: photos whose faces were passed over.
        doubts: what was not searched, or is wrong with the register, the index or the clock.
    """

    label: str
    hits: tuple[Hit, ...]
    photos: int
    not_compared: NotCompared
    doubts: tuple[str, ...] = ()

    @property
    def published(self) -> int:
        """How many of the photos found were published."""
        return sum(bool(hit.published) for hit in self.hits)

    @property
    def remark(self) -> str:
        """That more photos match than a person is in, if so; empty otherwise."""
        matched = sum(hit.match.signal.evidence is Evidence.FACE for hit in self.hits)
        if not floods(matched, self.photos):
            return ""
        share = round(100 * matched / self.photos)
        return f"This matches {share} % of your photos: take another picture."


@for_roles(Duty.SWEEP)
def sweep(services: Services, label: str, actor: Actor, *, read_all: bool = False) -> SweepReport:
    """Search the index for a revoked person.

    Where encodings are not kept, files are read again for them: few, or with `read_all` all.

    Raises:
        NotFoundError: there is no such case.
    """
    with _reading_files(services, read_all=read_all), services.reading() as unit:
        case = unit.register.find(label)
        known = _known_of(services, unit, case)
        templates = [template for template in known.templates if template.revocation_id == case.id]
        decided = [decision for decision in known.decisions if decision.revocation_id == case.id]
        people = People([case], templates, decided)
        report = _search(services, unit, people, services.memory.of(CloseMatches))
    told = partial(file_name_for, services.policy, actor, [case])
    report = replace(report, hits=tuple(hit.told_by(told) for hit in report.hits))
    with services.writing() as unit:
        found = {"hits": len(report.hits)}
        unit.audit.append(Action.SWEEP_RUN, case.id, actor, services.now(), found)
        unit.commit()
    return report


@contextmanager
def _reading_files(services: Services, *, read_all: bool) -> Iterator[None]:
    """Hold the encodings of what is searched, if somebody may wait for all to be read again."""
    with services.reading() as unit:
        few = unit.photos.count() <= _QUICKLY_READ
    with services.holding_faces() if few or read_all else nullcontext():
        yield


def _known_of(services: Services, unit: UnitOfWork, case: Revocation) -> Shared:
    """Return what is known of a person; of all, where nothing of their own shows their face."""
    same = unit.register.of_same_people({case.id})
    templates = [template for of in sorted(same) for template in unit.register.templates(of)]
    today = services.today()
    if not templates:
        # The face of a lapsed hold of somebody of that name may count for them.
        every = unit.register.revocations()
        return shared(every, unit.register.templates(), unit.decisions.person_decisions(), today)
    decided = unit.decisions.person_decisions(cases=same)
    return shared(unit.register.by_ids(same), templates, decided, today)


@for_roles(Duty.TAKE_LETTERS)
def preview(services: Services, faces: Sequence[ReferenceFace], actor: Actor) -> SweepReport:
    """Search the index for faces that are not recorded yet; nothing is kept."""
    templates = [
        passing_template("preview", found.photo.sha256, found.face, services.now())
        for found in faces
    ]
    with _reading_files(services, read_all=False), services.reading() as unit:
        # Of faces that are not recorded nothing is remembered.
        return _search(services, unit, People([], templates, []), CloseMatches(passing=True))


def _search(
    services: Services, unit: UnitOfWork, people: People, close: CloseMatches
) -> SweepReport:
    best: dict[str, PersonMatch] = {}
    known = [decision.photo_sha256 for decision in still_confirmed(people.decisions)]
    for sha256, found in _found(services, unit, Finders.of(services, unit, people, close)):
        if sha256 not in best or _surety(found) > _surety(best[sha256]):
            best[sha256] = found
    for decision in still_confirmed(people.decisions):
        by_hand = PersonMatch(decision.revocation_id, MANUAL.match(decision.box), blocks=True)
        best.setdefault(decision.photo_sha256, by_hand)
    places = unit.photos.places_of(list(best))
    events = unit.events.of_photos(list(best))
    published: dict[str, list[Publication]] = defaultdict(list)
    for copy in unit.publications.all(list(best)):
        published[copy.photo_sha256].append(copy)
    hits = [
        Hit(
            sha256,
            tuple(places.get(sha256, ())),
            events.get(sha256, ()),
            found.match,
            _state(sha256, found.match.box, people.decisions),
            tuple(published[sha256]),
        )
        for sha256, found in best.items()
        # A photo without a place is a reference that was handed in, not one of the library's;
        # unless it is out, and its file was moved away.
        if places.get(sha256) or published[sha256]
    ]
    missed = not_compared(services, unit)
    hits.sort(key=lambda hit: hit.match.signal.strength(hit.match), reverse=True)
    return SweepReport(
        people.cases[0].label if people.cases else "",
        tuple(hits),
        unit.photos.placed() + sum(not hit.paths for hit in hits),
        missed,
        (
            *doubts(services, unit, known),
            *missed.doubts,
            *_not_looked_at(unit),
            *_unread(services, unit, people),
        ),
    )


def _unread(services: Services, unit: UnitOfWork, people: People) -> tuple[str, ...]:
    """Say which faces were not compared, where encodings are not kept."""
    mode = unit.faces.mode()
    if mode is Faces.OFF:
        return (NO_FACE_COMPARED,)
    if not people.templates:
        return (NO_FACE_KEPT,)
    if mode is Faces.INDEX:
        return ()
    if not services.passing.is_held:
        return (NOT_READ.format(label=people.cases[0].label if people.cases else "R-..."),)
    if not services.passing.unread:
        return ()
    count = counted(services.passing.unread, "photo")
    return (f"Not compared, because the files are no longer there: the faces of {count}.",)


def _not_looked_at(unit: UnitOfWork) -> tuple[str, ...]:
    """Say how many files never came into the index, though they may show the person."""
    count = unit.photos.count_problems()
    they = "it was" if count == 1 else "they were"
    files = counted(count, "photo file")
    return (NOT_LOOKED_AT.format(files=files, they=they),) if count else ()


def _found(
    services: Services, unit: UnitOfWork, finders: Finders
) -> Iterator[tuple[str, PersonMatch]]:
    """Yield what every signal finds, without the faces that somebody took for no person."""
    kinds = FaceKinds(services, unit, finders.faces.alone)
    for finder in finders:
        found = list(finder.search(unit))
        shas = [] if kinds.nothing_said else list({sha256 for sha256, _ in found})
        photos = unit.photos.fingerprints(shas)
        for sha256, match in found:
            aside = kinds.sets_aside(
                photos.get(sha256), match.match, match.revocation_id, surely=match.blocks
            )
            if not aside:
                yield sha256, match


def _surety(found: PersonMatch) -> tuple[int, float]:
    """Order the matches of one photo; what was found beside close matches only comes last."""
    return (0, 0.0) if found.hint else found.match.signal.strength(found.match)


def _state(sha256: str, box: Box | None, decided: Sequence[PersonDecision]) -> DecisionState | None:
    last = last_on(box, [decision for decision in decided if decision.photo_sha256 == sha256])
    return None if last is None or last.state is DecisionState.SUGGESTED else last.state
