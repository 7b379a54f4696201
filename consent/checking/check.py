"""Check photos before they are posted or printed."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from consent.access.looks import note_look
from consent.checking.words import GONE, ReadWords, no_words, words_at, words_if_there
from consent.domain.actors import Actor
from consent.domain.channels import Use
from consent.domain.events import Event
from consent.domain.log import Action
from consent.domain.named import NamedPhoto
from consent.domain.publications import Publication
from consent.domain.roles import Duty, for_roles
from consent.domain.verdicts import (
    Clearance,
    ClearanceReport,
    PersonMatch,
    PhotoFacts,
    PhotoProblem,
    ReasonCode,
    Verdict,
)
from consent.domain.wording import reasons_to_dicts
from consent.indexing.events import NewEvent, event_named
from consent.indexing.index import IndexRequest, index_photos
from consent.matching.names import NamedInText, names_covered_today
from consent.matching.register_snapshot import RegisterSnapshot
from consent.matching.trials import try_references
from consent.services import Services
from consent.storage.unit_of_work import UnitOfWork
from media_index.files.places import Place, place_of
from media_index.images.words import Words
from media_index.types import Fingerprint

# Photos judged per read, so that a folder of any size needs the memory of these.
_BLOCK = 200
_UNREAD_WORDS = PhotoProblem(
    ReasonCode.NOT_COMPARED,
    "The text in the photo's file could not be read, and may name someone: save the photo "
    "again, and check that.",
)
_TAKEN_OUT = PhotoProblem(
    ReasonCode.NOT_COMPARED,
    "The photo was taken out of the index while it was checked: check it again.",
)


@dataclass(frozen=True, slots=True)
class Watch:
    """Whom a check tells how it comes on.

    Attributes:
        progress: told how many photos were looked at, of how many.
        found: told of photos while others are still looked at. What the check returns counts, for
            a later photo can change what is said of an earlier one.
    """

    progress: Callable[[int, int], None] | None = None
    found: Callable[[Sequence[Clearance]], None] | None = None


@for_roles(Duty.CHECK)
def check_photos(
    services: Services,
    paths: Sequence[Place],
    use: Use,
    actor: Actor,
    *,
    watch: Watch | None = None,
    upload_root: Path | None = None,
    jobs: int = 0,
    event: str = "",
) -> ClearanceReport:
    """Check files and folders for a use.

    Returns a clearance for every file, in the order given, also for those that could not be
    checked. `event` is the id or name of the one that all of them are of; empty if nobody said so.

    What is not in the index yet is added to it, so that a revocation recorded tomorrow finds
    what was posted today. Every file's bytes are read anew.

    Raises:
        NoSuchEventError: there is no such event.
    """
    request = IndexRequest(
        paths,
        event=NewEvent.again(event_named(services, event)) if event else None,
        jobs=jobs,
        verify=True,
        retry=True,
        upload_root=upload_root,
    )
    told = watch or Watch()
    services.work_off()
    # Before the first verdict, and once more when all are in the index.
    try_references(services)
    early = EarlyJudge(services, use, actor, told.found) if told.found is not None else None
    with services.holding_faces():
        indexed = index_photos(services, request, actor, told.progress, early)
        problems = {
            str(problem.path): PhotoProblem(problem.code, problem.reason)
            for problem in indexed.problems
        }
        named = {
            path: indexed.photos.get(request.kept(place_of(path)))
            # As it was when it began: what has gone since was looked at, or is named.
            for path in dict.fromkeys([*map(str, indexed.files), *problems])
        }
        report = judge_photos(services, named, problems, use, actor, early, words_at)
    _note_names_told(services, report, actor)
    return report


def _note_names_told(services: Services, report: ClearanceReport, actor: Actor) -> None:
    """Enter that somebody was told by the name in a file whose case it is, as of a search."""
    told = [
        clearance.path
        for clearance in report.clearances
        if any(reason.code == ReasonCode.NAMED for reason in clearance.decision.reasons)
    ]
    if told:
        note_look(services, Action.NAME_SEARCHED, "register", actor, at="\n".join(sorted(told)))


@for_roles(Duty.CHECK)
def judge_photos(
    services: Services,
    named: Mapping[str, str | None],
    problems: Mapping[str, PhotoProblem],
    use: Use,
    actor: Actor,
    early: EarlyJudge | None = None,
    words: ReadWords = words_if_there,
) -> ClearanceReport:
    """Judge photos by what the index holds of them, without decoding any file.

    Returns a clearance for every path, in the order given. `named` has the SHA-256 of the photo at
    each path; None where `problems` says why it could not be checked. `words` returns what is
    written in a file; None where that could not be read.
    """
    try_references(services)
    with services.holding_faces(), services.reading() as unit:
        view = RegisterSnapshot(services, unit, None if early is None else early.view)
        judge = _Judge(services, view, use, actor, words)
        clearances = _judged(unit, judge, named, problems)
    without, withheld = view.without_face(use), view.withheld(use)
    report = ClearanceReport(
        view.version,
        use,
        tuple(clearances),
        without,
        withheld,
        view.hints(use),
        nobody=view.nobody,
    )
    _record(services, report, judge.named, actor)
    return report


@for_roles(Duty.CHECK)
def names_in(services: Services, text: str, use: Use, actor: Actor) -> list[NamedInText]:
    """Return who is named in a text for a use, and asked not to be; by number and place.

    Such as a post, a caption or what a screen reader says of a photo. It tells whether a name is in
    the register, so the log has that it was asked, as of a search.
    """
    found = names_covered_today(services).of_text(text, use.channel)
    if found:
        note_look(services, Action.NAME_SEARCHED, "register", actor, at=text)
    return found


class EarlyJudge:
    """Judges photos as they come into the index, before all are there."""

    def __init__(
        self,
        services: Services,
        use: Use,
        actor: Actor,
        found: Callable[[Sequence[Clearance]], None],
    ) -> None:
        """Begin with no photo; the register is read when the first one comes."""
        self._services = services
        self._use = use
        self._actor = actor
        self._found = found
        self.view: RegisterSnapshot | None = None

    def __call__(self, photos: Mapping[str, str]) -> None:
        """Judge photos, SHA-256 by path."""
        with self._services.reading() as unit:
            if self.view is None:
                self.view = RegisterSnapshot(self._services, unit)
            judge = _Judge(self._services, self.view, self._use, self._actor)
            self._found(_judged(unit, judge, photos, {}))


def _judged(
    unit: UnitOfWork,
    judge: _Judge,
    named: Mapping[str, str | None],
    problems: Mapping[str, PhotoProblem],
) -> list[Clearance]:
    paths = list(named)
    clearances: list[Clearance] = []
    for start in range(0, len(paths), _BLOCK):
        block = {path: named[path] for path in paths[start : start + _BLOCK]}
        shas = [sha256 for sha256 in block.values() if sha256]
        judge.load(
            unit.photos.with_features(shas),
            unit.events.of_photos(shas),
            unit.publications.all(shas),
        )
        clearances += [
            judge.clearance(path, sha256, problems.get(path)) for path, sha256 in block.items()
        ]
    return clearances


class _Judge:
    """Judges photos against one version of the register."""

    def __init__(
        self,
        services: Services,
        view: RegisterSnapshot,
        use: Use,
        actor: Actor,
        words: ReadWords = no_words,
    ) -> None:
        self._services = services
        self._words = words
        # What was read, by SHA-256; also that nobody is named.
        self.named: dict[str, list[NamedPhoto]] = {}
        self._view = view
        self._use = use
        self._actor = actor
        self._photos: Mapping[str, Fingerprint] = {}
        self._events: Mapping[str, tuple[Event, ...]] = {}
        self._posted: dict[str, list[str]] = {}

    def load(
        self,
        photos: Mapping[str, Fingerprint],
        events: Mapping[str, tuple[Event, ...]],
        published: Sequence[Publication],
    ) -> None:
        self._photos, self._events = photos, events
        self._posted = defaultdict(list)
        for publication in published:
            self._posted[publication.photo_sha256].append(publication.url)

    def clearance(
        self,
        path: str,
        sha256: str | None,
        problem: PhotoProblem | None,
    ) -> Clearance:
        photo = self._photos.get(sha256) if sha256 else None
        if photo is None:
            facts = PhotoFacts(sha256, problem=problem or _TAKEN_OUT)
        else:
            posted_at = self._posted.get(photo.sha256, ())
            facts = self._view.facts(photo, self._events.get(photo.sha256, ()), posted_at)
        named: list[PersonMatch] = []
        if photo is not None and self._view.names:
            said = self._words(path)
            if said is None:
                facts = replace(facts, problem=_UNREAD_WORDS)
            named = self._named(path, photo, said)
        return Clearance(
            path=path,
            sha256=sha256,
            use=self._use,
            decision=self._view.decide(facts, self._use, photo, named=named),
            faces=facts.faces,
            register_version=self._view.version,
            policy_version=self._services.policy.version,
            at=self._services.now(),
            actor=self._actor,
        )

    def _named(
        self, path: str, photo: Fingerprint, said: Sequence[Words] | None
    ) -> list[PersonMatch]:
        """Return who is named in words about a photo, and note it, where they could be read."""
        if said is None or said is GONE:
            here = self._view.names.of_file(path, (), photo)
            return [*self._view.named_in(photo), *here]
        found = self._view.names.of_file(path, said, photo)
        self.named.setdefault(photo.sha256, []).extend(
            NamedPhoto(
                photo.sha256,
                match.revocation_id,
                match.hint,
                int(match.match.score),
                match.match.box,
            )
            for match in found
        )
        return found


def _record(
    services: Services,
    report: ClearanceReport,
    named: Mapping[str, Sequence[NamedPhoto]],
    actor: Actor,
) -> None:
    counts = {
        verdict.value: sum(clearance.decision.verdict is verdict for clearance in report.clearances)
        for verdict in Verdict
    }
    with services.writing() as unit:
        unit.decisions.add_clearances(report.clearances, reasons_to_dicts)
        unit.named.put(named)
        unit.audit.append(
            Action.CLEARANCE_GIVEN,
            report.use.channel.id,
            actor,
            services.now(),
            {"register_version": report.register_version, "verdicts": counts},
        )
        unit.commit()
