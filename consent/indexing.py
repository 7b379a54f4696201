"""Index photos: find files, fingerprint what is new, store it, say what failed."""

from __future__ import annotations

import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from consent.events import NewEvent, create_event
from consent.index_writing import IndexWriter
from consent.publishing.due_takedowns import open_due_takedowns
from consent.suggested_events import EventSuggestion, suggest_events
from media_index.errors import MediaIndexError
from media_index.files import remove_drafts
from media_index.ingest import IN_FLIGHT, find_photos, ingest
from media_index.places import absolute, is_gone, may_hide_photos, place_of

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from consent.domain import Actor
    from consent.services import Services
    from media_index.places import Place
    from media_index.types import Problem

    Progress = Callable[[int, int], None]

FEW_PHOTOS = 4


@dataclass(frozen=True, slots=True)
class IndexRequest:
    """What to index.

    Attributes:
        paths: files and folders.
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

    def place(self, path: Place) -> str:
        """Return the name under which a file's place is kept."""
        if self.upload_root is None or not isinstance(path, Path):
            return str(path)
        return f"upload:{path.relative_to(self.upload_root).as_posix()}"


@dataclass(slots=True)
class IndexReport:
    """What came of indexing.

    Attributes:
        photos: for each place, the photo there, in the order given.
        added: photos that were new.
        unchanged: places where nothing had changed.
        forgotten: places whose file has gone.
        problems: files that could not be indexed.
        suggestions: events the folders suggest, where none was given.
        seconds: it took.
    """

    photos: dict[str, str] = field(default_factory=dict)
    added: int = 0
    unchanged: int = 0
    forgotten: int = 0
    problems: list[Problem] = field(default_factory=list)
    suggestions: list[EventSuggestion] = field(default_factory=list)
    seconds: float = 0.0


def index_photos(
    services: Services,
    request: IndexRequest,
    actor: Actor,
    progress: Progress | None = None,
) -> IndexReport:
    """Bring the index up to date with files and folders.

    Args:
        services: adapters.
        request: what to index.
        actor: who asks.
        progress: told how many files are done, of how many.

    Returns:
        What was found, added, forgotten, and every problem.
    """
    begun = time.monotonic()
    report = IndexReport()
    paths, missing = find_photos(request.paths, services.settings.home)
    report.problems.extend(missing)
    event_id = None if request.event is None else create_event(services, request.event, actor).id
    remove_drafts(services.settings.thumbnails)
    writer = IndexWriter(services, request, actor, event_id, report)
    new = writer.settle_known(paths)
    tell = progress or (lambda _done, _total: None)
    done = len(paths) - len(new)
    tell(done, len(paths))
    jobs = request.jobs or services.settings.workers
    # A pool of processes takes seconds to load its models; a few photos are done here sooner.
    workers = 1 if len(new) <= FEW_PHOTOS else min(jobs, len(new))
    in_flight = max(IN_FLIGHT, 2 * workers)
    try:
        for item in ingest(new, services.work, lambda: services.make_executor(workers), in_flight):
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
        # Somebody may not be shown at this event, and a photo of it be out already.
        open_due_takedowns(services, actor, photos=sorted(set(report.photos.values())))
    report.suggestions = suggest_events(services, report.photos) if event_id is None else []
    report.seconds = time.monotonic() - begun
    return report


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
        known = {path for folder in folders for path in unit.photos.paths_below(folder)}
        # What was named once without a photo's suffix is no longer listed, but there.
        gone = sorted(path for path in known - present if is_gone(place_of(path)))
        report.forgotten = unit.photos.forget(gone)
        unit.commit()
