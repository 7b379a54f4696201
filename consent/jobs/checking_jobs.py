"""Checks that a page starts: kept as a job, done by a process of its own, read until done."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING
from uuid import uuid4

from consent.errors import BadInputError
from consent.jobs.background import load_job, read_job, start_job
from consent.jobs.check_result import CheckResult, result_from_plain
from consent.jobs.job import JobState
from consent.jobs.uploads import abandoned_uploads, forget_uploads, keep_uploads
from consent.validity import turned_since
from media_index.places import absolute, named

if TYPE_CHECKING:
    from collections.abc import Sequence

    from consent.channels import Use
    from consent.domain import Actor
    from consent.jobs.uploads import Upload
    from consent.services import Services
    from consent.store import UnitOfWork

KIND = "check"
_DIED = "The check stopped before it was done. Nothing was lost: check again."


@dataclass(frozen=True, slots=True)
class CheckState:
    """Where a check stands.

    Attributes:
        job_id: opaque.
        state: of the job.
        done: photos looked at.
        total: photos in all; 0 while not known.
        message: why it failed.
        result: once done.
        stale: the register has changed since.
    """

    job_id: str
    state: JobState
    done: int
    total: int
    message: str
    result: CheckResult | None
    stale: bool

    @property
    def finished(self) -> bool:
        """Whether nothing more will come."""
        return self.state in {JobState.DONE, JobState.FAILED}


def check_uploads(
    services: Services, uploads: Sequence[Upload], use: Use, actor: Actor, event: str = ""
) -> str:
    """Start to check photos that were dropped on a page.

    Returns:
        The job's id.

    Raises:
        BadInputError: there is no photo among them.
        SetupError: they could not be kept.
    """
    _clear_abandoned(services)
    job_id = uuid4().hex
    if not keep_uploads(services.settings, job_id, uploads):
        forget_uploads(services.settings, job_id)
        message = "There is no photo yet: drop some, or choose a folder."
        raise BadInputError(message)
    return start_job(
        services, job_id, KIND, {"use": _named(use), "uploaded": True, "event": event}, actor
    )


def check_folder(services: Services, folder: str, use: Use, actor: Actor, event: str = "") -> str:
    """Start to check a folder, or a file, of the computer that the program runs on.

    Returns:
        The job's id.

    Raises:
        BadInputError: it is not there.
        PlaceError: it is a URL that cannot be used.
    """
    place = named(folder.strip().strip("\"'"))
    if isinstance(place, Path):
        place = place.expanduser()
    if not folder.strip() or not place.exists():
        shown = folder.strip() or "(empty)"
        message = f"There is no folder {shown} on the computer that runs the program: check it."
        raise BadInputError(message)
    request = {
        "use": _named(use),
        "uploaded": False,
        "paths": [str(absolute(place))],
        "event": event,
    }
    return start_job(services, uuid4().hex, KIND, request, actor)


def check_again(services: Services, job_id: str, actor: Actor) -> str:
    """Start a finished check anew, for the same photos and use.

    Uploads are judged by what the index holds of them; their files are gone.

    Returns:
        The new job's id.

    Raises:
        NotFoundError: there is no such check.
        BadInputError: its uploads are gone, and it was never done.
    """
    old = load_job(services, job_id, KIND)
    request = dict(old.request)
    if "paths" not in request:
        if old.result is None:
            message = "The photos of that check are gone: choose them again."
            raise BadInputError(message)
        request = {**request, "uploaded": False, "again": old.id}
    return start_job(services, uuid4().hex, KIND, request, actor)


def read_check(services: Services, job_id: str) -> CheckState:
    """Return where a check stands.

    Raises:
        NotFoundError: there is no such check.
    """
    job = read_job(services, job_id, KIND, _DIED)
    result = result_from_plain(job.result) if job.result else None
    with services.reading() as unit:
        stale = result is not None and _is_stale(services, unit, result)
    return CheckState(
        job_id=job.id,
        state=job.state,
        done=job.done,
        total=job.total,
        message=job.message,
        result=result,
        stale=stale,
    )


def _is_stale(services: Services, unit: UnitOfWork, result: CheckResult) -> bool:
    if result.register_version != unit.audit.register_version():
        return True
    checked_on = datetime.fromisoformat(result.checked_at).date()
    return turned_since(unit, checked_on, services.today())


def _named(use: Use) -> str:
    return f"{use.channel.id}:{use.publication}" if use.publication else use.channel.id


def _clear_abandoned(services: Services) -> None:
    """Delete uploads whose job is over, in case the program was killed in between."""
    for job_id in abandoned_uploads(services.settings, services.now()):
        forget_uploads(services.settings, job_id)
