"""Run a job in a process of its own, and notice when that process has died."""

from __future__ import annotations

import subprocess
import sys
import threading
import time
from collections import deque
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any
from uuid import uuid4

from consent.domain.actors import Actor, Role
from consent.domain.errors import BadInputError, ConsentError, NotFoundError
from consent.domain.jobs import Job, JobKind, JobState
from consent.jobs.uploads import Upload, forget_uploads, keep_uploads
from consent.services import Services
from consent.storage.unit_of_work import UnitOfWork
from media_index.errors import MediaIndexError

# A job says something at least for every photo; loading the models takes some 15 s on two cores.
SILENCE = timedelta(seconds=60)
# The row is written at most this often: every write waits for the database.
_SECONDS_BETWEEN = 0.5
_SECONDS_BETWEEN_LOOKS = 5.0
_FAILED = (
    "It failed for an unknown reason. Try again. If it happens again, ask your IT to look"
    " at the server's log."
)

# So often a job that was interrupted is begun again by itself: it may be what stops the program.
_TIMES = 2
# In a request: how often it was begun again.
_BEGUN_AGAIN = "begun_again"

# Sessions start jobs at the same time, each in a thread of the server's.
_lock = threading.RLock()
# The jobs that wait until fewer are being done.
_queue: deque[str] = deque()
_taking_turns: set[str] = set()
# The processes that this one started. A process ends unnoticed unless its parent asks.
_started: dict[str, subprocess.Popen[bytes]] = {}


def start_job(
    services: Services, job_id: str, kind: str, request: Mapping[str, Any], actor: Actor
) -> str:
    """Start a job in a process of its own.

    The request is plain data; `asked_by` reads the actor back. Returns the job's id.
    """
    save_job(services, new_job(services, job_id, kind, request, actor))
    _begin(services, job_id, kind)
    return job_id


def new_job(
    services: Services, job_id: str, kind: str, request: Mapping[str, Any], actor: Actor
) -> Job:
    """Return a job that waits, as it is asked for."""
    also = sorted(role.value for role in actor.also)
    asked = {**request, "actor": {"id": actor.id, "role": actor.role.value, "also": also}}
    return Job(job_id, kind, JobState.WAITING, asked, 0, 0, "", None, services.now())


def start_job_of_uploads(
    services: Services,
    kind: str,
    uploads: Sequence[Upload],
    request: Mapping[str, Any],
    actor: Actor,
    *,
    missing: str,
) -> str:
    """Start a job on files that were handed in; `missing` is said where there is none.

    Raises:
        BadInputError: there is no file.
        SetupError: they could not be kept.
    """
    job_id = uuid4().hex
    if not keep_uploads(services.settings, job_id, uploads):
        raise BadInputError(missing)
    return start_job(services, job_id, kind, request, actor)


def is_queued(job_id: str) -> bool:
    """Say whether a job waits until fewer are being done."""
    return job_id in _queue


def asked_by(job: Job) -> Actor:
    """Return who asked for a job."""
    actor: Any = job.request["actor"]
    # Jobs of older code name one role.
    also = frozenset(Role(role) for role in actor.get("also", ()))
    return Actor(actor["id"], Role(actor["role"]), also)


def read_job(services: Services, job_id: str, kind: str, died: str) -> Job:
    """Return a job as it stands; one that was interrupted is begun again, or has failed.

    Raises:
        NotFoundError: there is none of this kind.
    """
    ended = _has_ended(job_id)
    job = load_job(services, job_id, kind)
    if not _is_dead(job, ended, services.now()):
        return job
    if (again := _begin_again(services, job)) is not None:
        return again
    job = save_job(services, replace(job, state=JobState.FAILED, message=died))
    forget_uploads(services.settings, job.id)
    return job


def find_job(services: Services, job_id: str, kind: str, died: str) -> Job | None:
    """Return a job as `read_job` does; None if there is none of this kind."""
    try:
        return read_job(services, job_id, kind, died)
    except NotFoundError:
        return None


def newest_job(services: Services, kind: str, about: Mapping[str, str], died: str) -> Job | None:
    """Return the job that was started last about something, as it stands; None if there is none.

    Whoever comes back to a page finds what it has started, whatever session started it.
    """
    with services.reading() as unit:
        job = unit.jobs.newest(kind, about)
    return None if job is None else read_job(services, job.id, kind, died)


def is_interrupted(services: Services, job: Job) -> bool:
    """Say whether a job that has not ended is being done by nobody any more."""
    return _is_dead(job, _has_ended(job.id), services.now())


def go_on_with_interrupted(services: Services) -> None:
    """Begin again what a server's end has interrupted; returns once nothing of then is open.

    Whether a job lives is known only by its silence, where another process has started it.
    """
    with services.reading() as unit:
        left = unit.jobs.open_ones()
    while left:
        with services.reading() as unit:
            jobs = [job for job_id in left if (job := unit.jobs.get(job_id)) is not None]
        left = []
        for job in jobs:
            if job.state.ended or is_queued(job.id) or job.id in _started:
                continue
            if not _is_dead(job, None, services.now()):
                left.append(job.id)
            elif JobKind(job.kind).goes_on:
                _begin_again(services, job)
        if left:
            time.sleep(_SECONDS_BETWEEN_LOOKS)


def _begin_again(services: Services, dead: Job) -> Job | None:
    """Begin a job again that was interrupted; None where that is of no use."""
    times = dead.request.get(_BEGUN_AGAIN, 0)
    if not JobKind(dead.kind).goes_on or not isinstance(times, int) or times >= _TIMES:
        return None
    with services.writing() as unit:
        now = unit.jobs.get(dead.id)
        if now != dead:
            # Another session was here first.
            return now
        request = {**dead.request, _BEGUN_AGAIN: times + 1}
        again = replace(
            dead, state=JobState.WAITING, request=request, done=0, updated_at=services.now()
        )
        unit.jobs.put(again)
        unit.jobs.forget_parts(dead.id)
        unit.commit()
    _begin(services, again.id, again.kind)
    return again


def _begin(services: Services, job_id: str, kind: str) -> None:
    """Start the process of a job, or have the job wait until fewer are being done."""
    most = services.settings.workers
    with _lock:
        _started.pop(job_id, None)
        if not JobKind(kind).takes_turns:
            _start_process(job_id)
            return
        if not _queue and _count_busy() < most:
            _taking_turns.add(job_id)
            _start_process(job_id)
            return
        _taking_turns.add(job_id)
        _queue.append(job_id)
        if len(_queue) == 1:
            threading.Thread(target=_empty_queue, args=(most,), daemon=True).start()


def _empty_queue(most: int) -> None:
    while True:
        time.sleep(_SECONDS_BETWEEN)
        with _lock:
            while _queue and _count_busy() < most:
                _start_process(_queue[0])
                _queue.popleft()
            if not _queue:
                return


def _count_busy() -> int:
    busy = {job_id for job_id, process in _started.items() if process.poll() is None}
    _taking_turns.intersection_update(busy | set(_queue))
    return len(_taking_turns & busy)


def _start_process(job_id: str) -> None:
    for finished in [known for known, process in _started.items() if process.poll() is not None]:
        del _started[finished]
    _started[job_id] = subprocess.Popen(  # noqa: S603 - our own interpreter, and an id of ours
        [sys.executable, "-m", "consent.cli", "job", job_id],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        # Ctrl-C stops the server, not the check it started.
        start_new_session=True,
        creationflags=getattr(subprocess, "CREATE_NO_WINDOW", 0),
    )


def _has_ended(job_id: str) -> bool | None:
    """Say whether the process of a job has ended; None for one that was not started here.

    Ask before the job is read: a job that was read as running, and whose process had ended
    before, will never be done.
    """
    with _lock:
        if job_id in _queue:
            return False
        process = _started.get(job_id)
    return None if process is None else process.poll() is not None


def _is_dead(job: Job, ended: bool | None, now: datetime) -> bool:  # noqa: FBT001 - of _has_ended
    """Say whether a job that is not finished never will be."""
    if job.state.ended:
        return False
    return now - job.updated_at > SILENCE if ended is None else ended


def save_job(services: Services, job: Job) -> Job:
    """State a job anew, as of now."""
    said = replace(job, updated_at=services.now())
    with services.writing() as unit:
        unit.jobs.put(said)
        if said.state.ended:
            unit.jobs.forget_parts(said.id)
        unit.commit()
    return said


def cancel_job(services: Services, job: Job) -> None:
    """Have a job stop at the next photo; one that has ended stays as it is."""
    with services.writing() as unit:
        now = unit.jobs.get(job.id)
        if now is not None and not now.state.ended:
            unit.jobs.put(replace(now, state=JobState.CANCELED, updated_at=services.now()))
            unit.jobs.forget_parts(job.id)
            unit.commit()


def _go_on(services: Services, job: Job, results: Sequence[Mapping[str, Any]] = ()) -> None:
    """State how far a running job is, and keep what it has found.

    Raises:
        _CanceledError: somebody has canceled it, or it is done.
    """
    with services.writing() as unit:
        now = unit.jobs.get(job.id)
        # Done: by another process, which began it again while this one said nothing for long.
        if now is not None and now.state in {JobState.CANCELED, JobState.DONE}:
            raise _CanceledError
        unit.jobs.put(replace(job, updated_at=services.now()))
        if results:
            unit.jobs.add_part(job.id, results)
        if job.state.ended:
            unit.jobs.forget_parts(job.id)
        unit.commit()


def finish_in(services: Services, unit: UnitOfWork, job: Job, result: Mapping[str, Any]) -> None:
    """State a job as done in the transaction that keeps its work: it is done once, or not at all.

    Raises:
        _CanceledError: somebody has canceled it, or another process has done it.
    """
    now = unit.jobs.get(job.id) or job
    if now.state in {JobState.CANCELED, JobState.DONE}:
        raise _CanceledError
    count = len(result.get("photos", ()))
    done = replace(now, state=JobState.DONE, done=count, total=count, result=result)
    unit.jobs.put(replace(done, updated_at=services.now()))
    unit.jobs.forget_parts(job.id)


class _CanceledError(Exception):
    """Somebody has canceled the job: its process ends."""


def load_job(services: Services, job_id: str, kind: str) -> Job:
    """Return a job.

    Raises:
        NotFoundError: there is none of this kind.
    """
    with services.reading() as unit:
        job = unit.jobs.get(job_id)
    if job is None or job.kind != kind:
        raise NotFoundError(f"This {kind} is no longer on file: start a new one.")
    return job


def carry_out(
    services: Services,
    job: Job,
    work: Callable[[Job], Mapping[str, Any]],
    *,
    keeps_uploads: bool = False,
) -> None:
    """Do the work of a job, and state what came of it; its uploads are gone afterwards.

    Unless it is done and they are kept, for as long as `uploads.KEPT_FOR` says. `work` returns the
    result as plain data; the job counts by the photos in it, if there are any. It may have stated
    by itself that the job is done, by `finish_in`.
    """
    job = replace(job, state=JobState.RUNNING)
    done = False
    try:
        _go_on(services, job)
        result = work(job)
        count = len(result.get("photos", ()))
        _go_on(services, replace(job, state=JobState.DONE, done=count, total=count, result=result))
        done = True
    except _CanceledError:
        return
    except (ConsentError, MediaIndexError) as error:
        save_job(services, replace(job, state=JobState.FAILED, message=str(error)))
    except BaseException:
        save_job(services, replace(job, state=JobState.FAILED, message=_FAILED))
        raise
    finally:
        if not (done and keeps_uploads):
            forget_uploads(services.settings, job.id)


class Progress:
    """Writes how far a job has come, and what it has found.

    Raises `_CanceledError`, which ends the job, at the first word after somebody has canceled it.
    """

    def __init__(self, services: Services, job: Job) -> None:
        """Write into the row of a job that is running."""
        self._services = services
        self._job = job
        self._said = -_SECONDS_BETWEEN

    def __call__(self, done: int, total: int) -> None:
        """Say how many photos are done, of how many."""
        self._job = replace(self._job, done=done, total=total)
        if time.monotonic() - self._said >= _SECONDS_BETWEEN or done == total:
            _go_on(self._services, self._job)
            self._said = time.monotonic()

    def go_on_with(self, what: str) -> None:
        """Say what is done from here on."""
        self._job = replace(self._job, done=0, total=0, message=what)
        self._said = -_SECONDS_BETWEEN
        _go_on(self._services, self._job)

    def found(self, results: Sequence[Mapping[str, Any]]) -> None:
        """Keep results, to be shown before all is done."""
        _go_on(self._services, self._job, results)
