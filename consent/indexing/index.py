"""Index photos: find files, fingerprint what is new, store it, say what failed."""

from __future__ import annotations

import contextlib
import tempfile
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from consent.domain.actors import Actor
from consent.domain.changes import RegisterChanged
from consent.domain.faces import Faces
from consent.domain.log import Action
from consent.domain.roles import Duty, for_roles
from consent.domain.wording import counted
from consent.indexing.designs import look_into_designs
from consent.indexing.events import EventSuggestion, NewEvent, create_event, suggest_events
from consent.services import Services
from consent.storage.photo_files import UPLOADED, place_kept
from consent.storage.thumbnails import keep_thumbnails
from consent.storage.unit_of_work import UnitOfWork
from media_index.errors import MediaIndexError
from media_index.faces.quality import is_outline, is_recognizable, was_not_reached
from media_index.files.atomic import make_private_folder, private_file, remove_drafts
from media_index.files.places import Place, absolute, is_gone, may_hide_photos, place_of, stamp_of
from media_index.files.pool import IN_FLIGHT, find_photos, ingest
from media_index.fingerprinting import file_sha256
from media_index.types import NO_STAMP, FileStamp, Fingerprint, Problem, ProblemCode

Progress = Callable[[int, int], None]
# So many are encoded in a third of a photo's time, unless the computer is very busy.
_REACHED_IN_TIME = 200
_NOTHING_LEFT = (
    "{count} of this folder are in the index, and the folder is empty now: check that its disk "
    "is connected, and index it again. Nothing was removed from the index."
)
Settled = Callable[[Mapping[str, str]], None]

FEW_PHOTOS = 4


@dataclass(frozen=True, slots=True)
class IndexRequest:
    """What to index.

    Attributes:
        event: the event that all of them belong to.
        jobs: worker processes; 0 for the setting.
        verify: read every file's bytes again, even where size and time are unchanged.
        retry: try files again that failed before.
        upload_root: a folder of uploads; its files are kept as upload:NAME, since the folder
            itself goes.
    """

    paths: Sequence[Place]
    event: NewEvent | None = None
    jobs: int = 0
    verify: bool = False
    retry: bool = False
    upload_root: Path | None = None

    def kept(self, path: Place) -> str:
        """Return a path as the index keeps it."""
        if self.upload_root is None or not isinstance(path, Path):
            return str(path)
        return f"{UPLOADED}{path.relative_to(self.upload_root).as_posix()}"


@dataclass(slots=True)
class IndexReport:
    """What came of indexing.

    Attributes:
        files: the files that were there when it began, in the order given.
        photos: for each place, the photo there, in the order given.
        unchanged: places where nothing had changed.
        forgotten: places whose file has gone.
        suggestions: events the folders suggest, where none was given.
    """

    files: list[Place] = field(default_factory=list)
    photos: dict[str, str] = field(default_factory=dict)
    added: int = 0
    unchanged: int = 0
    forgotten: int = 0
    problems: list[Problem] = field(default_factory=list)
    suggestions: list[EventSuggestion] = field(default_factory=list)
    seconds: float = 0.0


@for_roles(Duty.INDEX)
def index_photos(
    services: Services,
    request: IndexRequest,
    actor: Actor,
    progress: Progress | None = None,
    settled: Settled | None = None,
) -> IndexReport:
    """Bring the index up to date with files and folders.

    `settled` is told, as soon as they are in the index, of files and the SHA-256 of their photos.
    """
    begun = time.monotonic()
    report = IndexReport()
    paths, missing = find_photos(request.paths, services.settings.home)
    report.files = paths
    report.problems.extend(missing)
    event_id = None if request.event is None else create_event(services, request.event, actor).id
    # Somebody may not be shown at this event, and a photo of it be out already.
    owed = [] if event_id is None else [services.owe(RegisterChanged(actor))]
    remove_drafts(services.settings.thumbnails)
    writer = IndexWriter(services, request, actor, event_id, report, settled)
    new = writer.settle_known(paths)
    tell = progress or (lambda _done, _total: None)
    done = len(paths) - len(new)
    tell(done, len(paths))
    jobs = request.jobs or services.settings.workers
    # A pool of processes takes seconds to load its models; a few photos are done here sooner.
    workers = 1 if len(new) <= FEW_PHOTOS else min(jobs, len(new))
    in_flight = max(IN_FLIGHT, 2 * workers)
    try:
        for item in ingest(
            new, services.look_at_file(), lambda: services.make_executor(workers), in_flight
        ):
            writer.add(item.path, item.outcome)
            done += 1
            tell(done, len(paths))
    except MediaIndexError:
        # Such as a cluster that has gone: what it has done is kept.
        writer.flush()
        raise
    writer.flush()
    _forget_missing(services, request, set(map(str, paths)), report)
    if event_id is not None:
        photos = tuple(sorted(set(report.photos.values())))
        services.announce(RegisterChanged(actor, photos=photos))
        services.settle(owed)
    report.suggestions = suggest_events(services, report.photos) if event_id is None else []
    report.seconds = time.monotonic() - begun
    return report


def index_handed_in(
    services: Services, files: Mapping[str, bytes], actor: Actor, event: NewEvent | None = None
) -> IndexReport:
    """Index what was handed in, by path below the uploads; it is looked at and not kept."""
    make_private_folder(services.settings.uploads)
    with tempfile.TemporaryDirectory(dir=services.settings.uploads) as made:
        root = Path(made)
        for name, content in files.items():
            path = root / name
            make_private_folder(path.parent)
            with private_file(path) as file:
                file.write(content)
        paths = [root / name for name in files]
        request = IndexRequest(paths, event=event, jobs=1, retry=True, upload_root=root)
        return index_photos(services, request, actor)


def _same_bytes_or_gone(before: Place, now: Place) -> bool:
    try:
        return file_sha256(before) == file_sha256(now)
    except FileNotFoundError:
        return True


def _name_in_drop(kept: str) -> str:
    """Return the name by which a file was dropped, of its path as the index keeps it."""
    return kept.partition("/")[2]


def _forget_missing(
    services: Services,
    request: IndexRequest,
    present: set[str],
    report: IndexReport,
) -> None:
    """Forget the places below the folders indexed whose files are gone."""
    folders = [absolute(path) for path in request.paths if may_hide_photos(path)]
    if not folders or request.upload_root is not None:
        return
    # A folder that could not be opened looks empty; its photos are not gone.
    if any(may_hide_photos(place_of(str(problem.path))) for problem in report.problems):
        return
    with services.writing() as unit:
        below = {str(folder): set(unit.photos.paths_below(folder)) for folder in folders}
        # Nor are they where a disk is not mounted: its folder is there, and nothing in it. The
        # only photo of a folder is taken out by people, too.
        for folder, kept in below.items():
            if len(kept) > 1 and not kept & present:
                reason = _NOTHING_LEFT.format(count=counted(len(kept), "photo"))
                report.problems.append(Problem(Path(folder), ProblemCode.UNREADABLE, reason))
                kept.clear()
        known = {path for kept in below.values() for path in kept}
        # What was named once without a photo's suffix is no longer listed, but there.
        gone = sorted(path for path in known - present if is_gone(place_of(path)))
        report.forgotten = unit.photos.forget(gone)
        unit.commit()


# A batch is one transaction: killed in between, at most this many photos are done again.
BATCH_PHOTOS = 32
BATCH_SECONDS = 2.0


class IndexWriter:
    """Collects outcomes and writes them in batches, one transaction each."""

    def __init__(
        self,
        services: Services,
        request: IndexRequest,
        actor: Actor,
        event_id: str | None,
        report: IndexReport,
        settled: Settled | None = None,
    ) -> None:
        self._settled = settled or (lambda _photos: None)
        self._services = services
        self._request = request
        self._actor = actor
        self._event_id = event_id
        self._report = report
        self._batch: list[tuple[Place, Fingerprint | Problem]] = []
        self._since = time.monotonic()
        # Taken before a file is read: one that changes meanwhile is read again the next time.
        self._stamps: dict[Place, FileStamp] = {}
        self._again: set[str] = set()

    def settle_known(self, paths: Sequence[Place]) -> list[Place]:
        """Settle what was seen before, and return the files that must be fingerprinted."""
        self._stamps = {path: stamp_of(path) for path in paths}
        kept_paths = [self._request.kept(path) for path in paths]
        with self._services.reading() as unit:
            stamps = unit.photos.stamps(kept_paths)
            failed = unit.photos.problem_stamps(kept_paths)
        settled: dict[Place, str] = {}
        unsure: list[Place] = []
        for path, kept in zip(paths, kept_paths, strict=True):
            stamp = self._stamps[path]
            if self._is_still_bad(kept, stamp, failed):
                self._report.problems.append(Problem(path, *failed[kept][1:]))
            elif self._is_unchanged(kept, stamp, stamps):
                settled[path] = stamps[kept][1]
            else:
                unsure.append(path)
        by_bytes = self._known_by_bytes(unsure)
        settled |= by_bytes
        if self._request.verify or self._request.upload_root is not None:
            self._again = self._incomplete(set(settled.values()))
            again = [path for path, sha256 in settled.items() if sha256 in self._again]
            settled = {path: settled[path] for path in settled if settled[path] not in self._again}
            unsure = list(dict.fromkeys([*unsure, *again]))
        self._report.unchanged = len(settled)
        self._report.photos.update({self._request.kept(path): settled[path] for path in settled})
        changed = {
            path: sha256
            for path, sha256 in settled.items()
            if path in by_bytes or self._event_id or self._request.kept(path) in failed
        }
        if changed:
            self._put_places(changed)
        if self._request.verify or self._request.upload_root is not None:
            # Of photos that are to be judged all is asked that is asked of new ones.
            look_into_designs(self._services, settled, self._request.jobs)
        if settled:
            self._settled({str(path): sha256 for path, sha256 in settled.items()})
        return [path for path in unsure if path not in settled]

    def _incomplete(self, photos: set[str]) -> set[str]:
        """Return the photos that must be looked at again before they are judged.

        The computer was too busy to reach all of a few faces. A face was lost from the index, or
        lacks an encoding by a model that faces are compared by: it was not there when the photo was
        looked at, what it said is damaged, or it is a photo of a person whose face is not kept. By
        a model that no reference face is encoded by yet, nobody would be found: photos that have
        other encodings stay as they are, and are held up for it, until the index is renewed.
        """
        limits = self._services.comparability
        with self._services.reading() as unit:
            mode = unit.faces.mode()
            models = set(self._services.calibration.scales)
            if mode is Faces.INDEX:
                models &= unit.register.encoded_by()
            # They are read here, by several processes.
            unit.photos.recall = None
            broken = unit.photos.broken(sorted(photos))
            known = unit.photos.fingerprints(sorted(photos - broken))
        if mode is Faces.OFF:
            return broken
        return broken | {
            sha256
            for sha256, photo in known.items()
            if (len(photo.faces) <= _REACHED_IN_TIME and any(map(was_not_reached, photo.faces)))
            or any(
                (
                    is_outline(face)
                    or (
                        face.quality.norm is not None
                        # Without any, it is held up even while nobody's reference face is kept.
                        and not (face.encodings and models <= face.encodings.keys())
                    )
                )
                and is_recognizable(face, limits)
                for face in photo.faces
            )
        }

    def _is_unchanged(
        self, kept: str, stamp: FileStamp, stamps: Mapping[str, tuple[FileStamp, str]]
    ) -> bool:
        """Say whether a photo is there that need not even be read."""
        if kept not in stamps or self._request.verify:
            return False
        return stamps[kept][0].is_same_as(stamp)

    def _is_still_bad(
        self,
        kept: str,
        stamp: FileStamp,
        failed: Mapping[str, tuple[FileStamp, ProblemCode, str]],
    ) -> bool:
        """Say whether a file failed before and nothing has changed that could mend it."""
        if kept not in failed or self._request.retry:
            return False
        before, code, _ = failed[kept]
        return before.is_same_as(stamp) and code is not ProblemCode.WEIGHTS_MISSING

    def _put_places(self, photos: Mapping[Place, str]) -> None:
        """Say where known photos are now; a moved one stays with its event."""
        with self._services.writing() as unit:
            events = unit.events.of_photos(list(photos.values()))
            before = unit.photos.stamps([self._request.kept(path) for path in photos])
            for path, sha256 in photos.items():
                known = self._request.kept(path) in before
                own = None if known else next(iter(events.get(sha256, ())), None)
                self._put_place(unit, path, sha256, None if own is None else own.id)
            # Photos that were checked before now belong to an event: what was said of them is old.
            joined = self._event_id is not None
            unit.audit.append(
                Action.EVENT_JOINED if joined else Action.INDEX_PHOTOS_ADDED,
                self._event_id or "index",
                self._actor,
                self._services.now(),
                {"photos": 0, "files": len(photos), "event": self._event_id},
            )
            unit.commit()

    def _known_by_bytes(self, paths: Sequence[Place]) -> dict[Place, str]:
        """Find the files whose bytes are in the index already: moved, copied or touched."""
        with self._services.reading() as unit:
            sizes = unit.photos.byte_sizes()
        digests: dict[Place, str] = {}
        for path in paths:
            if self._stamps[path].byte_size not in sizes:
                continue
            # A file that cannot be opened is met again by the worker, who words the problem.
            with contextlib.suppress(OSError):
                digests[path] = file_sha256(path)
        with self._services.reading() as unit:
            known = unit.photos.known(set(digests.values()))
        return {path: sha256 for path, sha256 in digests.items() if sha256 in known}

    def add(self, path: Place, outcome: Fingerprint | Problem) -> None:
        """Take an outcome; write when enough has come together."""
        self._batch.append((path, outcome))
        waited = time.monotonic() - self._since
        if len(self._batch) >= BATCH_PHOTOS or waited > BATCH_SECONDS:
            self.flush()

    def flush(self) -> None:
        """Write what has come together."""
        batch, self._batch = self._batch, []
        self._since = time.monotonic()
        if not batch:
            return
        fingerprints = {
            outcome.sha256: outcome for _, outcome in batch if isinstance(outcome, Fingerprint)
        }
        self._services.passing.note(fingerprints.values())
        with self._services.writing() as unit:
            keep_thumbnails(self._services.settings.thumbnails, fingerprints.values())
            now = self._services.now()
            known = unit.photos.known(fingerprints)
            new = [photo for sha256, photo in fingerprints.items() if sha256 not in known]
            unit.photos.add(new, now)
            again = [photo for sha, photo in fingerprints.items() if sha in known & self._again]
            if again:
                unit.photos.replace(again, now)
            for path, outcome in batch:
                if isinstance(outcome, Problem):
                    named = place_of(self._request.kept(path))
                    problem = Problem(named, outcome.code, outcome.reason)
                    stamp = NO_STAMP if outcome.may_pass else self._stamps[path]
                    unit.photos.forget(self._dropped_before(unit, path, outcome.code, stamp))
                    unit.photos.put_problem(problem, stamp, now)
                    self._report.problems.append(outcome)
                else:
                    self._put_place(unit, path, outcome.sha256)
                    self._report.photos[self._request.kept(path)] = outcome.sha256
            unit.audit.append(
                Action.INDEX_PHOTOS_ADDED,
                "index",
                self._actor,
                now,
                {"photos": len(new), "files": len(batch), "event": self._event_id},
            )
            unit.commit()
        self._report.added += len(new)
        self._settled(
            {
                str(path): outcome.sha256
                for path, outcome in batch
                if isinstance(outcome, Fingerprint)
            }
        )

    def _dropped_before(
        self, unit: UnitOfWork, path: Place, code: ProblemCode, stamp: FileStamp
    ) -> list[str]:
        """Return where a damaged file lay when it was dropped before: it is listed once.

        Each drop has a folder of its own. Of a file that is gone, only name and size are known.
        """
        root = self._request.upload_root
        if root is None or stamp == NO_STAMP:
            return []
        name = _name_in_drop(self._request.kept(path))
        return [
            kept
            for kept in unit.photos.problems_like(code, stamp.byte_size)
            if kept.startswith(UPLOADED)
            and _name_in_drop(kept) == name
            and _same_bytes_or_gone(place_kept(kept, root), path)
        ]

    def _put_place(
        self, unit: UnitOfWork, path: Place, sha256: str, own_event: str | None = None
    ) -> None:
        unit.photos.put_place(
            self._request.kept(path),
            sha256,
            self._stamps[path],
            self._event_id or own_event,
            self._services.now(),
        )
