"""Checks that a page starts: kept as a job, done by a process of its own, read until done."""

from __future__ import annotations

import time
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any
from uuid import uuid4
from zoneinfo import ZoneInfo

from consent.background import has_ended, is_dead, start_process
from consent.check_result import CheckResult, result_from_plain
from consent.clearance import check_photos, judge_photos
from consent.domain import Actor, Role
from consent.errors import BadInputError, ConsentError, NotFoundError
from consent.jobs import Job, JobState
from consent.uploads import forget_uploads, keep_uploads, upload_folder, uploading_jobs
from consent.verdicts import PhotoProblem, ReasonCode
from consent.wording import clearance_as_plain
from media_index.errors import MediaIndexError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from consent.channels import Use
    from consent.services import Services
    from consent.uploads import Upload
    from consent.verdicts import Clearance, ClearanceReport

KIND = "check"
# The row is written at most this often: every write waits for the database.
_SECONDS_BETWEEN = 0.5
_DIED = "The check stopped before it was done. Nothing was lost: check again."
_FAILED = "The check failed for a reason that is not known; the server's log has it. Check again."


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


def check_uploads(services: Services, uploads: Sequence[Upload], use: Use, actor: Actor) -> str:
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
    return _start(services, job_id, _request(use, actor) | {"uploaded": True})


def check_folder(services: Services, folder: str, use: Use, actor: Actor) -> str:
    """Start to check a folder, or a file, of the computer that the program runs on.

    Returns:
        The job's id.

    Raises:
        BadInputError: it is not there.
    """
    path = Path(folder.strip().strip("\"'")).expanduser()
    if not folder.strip() or not path.exists():
        shown = folder.strip() or "(empty)"
        message = f"There is no folder {shown} on the computer that runs the program: check it."
        raise BadInputError(message)
    request = _request(use, actor) | {"paths": [str(path.absolute())]}
    return _start(services, uuid4().hex, request)


def check_again(services: Services, job_id: str, actor: Actor) -> str:
    """Start a finished check anew, for the same photos and use.

    Uploads are judged by what the index holds of them; their files are gone.

    Returns:
        The new job's id.

    Raises:
        NotFoundError: there is no such check.
        BadInputError: its uploads are gone, and it was never done.
    """
    old = _job(services, job_id)
    request = {**old.request, "actor": _plain_actor(actor)}
    if "paths" not in request:
        if old.result is None:
            message = "The photos of that check are gone: choose them again."
            raise BadInputError(message)
        request = {**request, "uploaded": False, "again": old.id}
    return _start(services, uuid4().hex, request)


def read_check(services: Services, job_id: str) -> CheckState:
    """Return where a check stands.

    Raises:
        NotFoundError: there is no such check.
    """
    ended = has_ended(job_id)
    job = _job(services, job_id)
    if is_dead(job, ended, services.now()):
        job = _put(services, replace(job, state=JobState.FAILED, message=_DIED))
        forget_uploads(services.settings, job.id)
    result = result_from_plain(job.result) if job.result else None
    with services.reading() as unit:
        version = unit.audit.register_version()
    return CheckState(
        job_id=job.id,
        state=job.state,
        done=job.done,
        total=job.total,
        message=job.message,
        result=result,
        stale=result is not None and result.register_version != version,
    )


def run_check(services: Services, job_id: str) -> None:
    """Do a check; the process of the job calls this.

    Raises:
        NotFoundError: there is no such check.
    """
    job = _put(services, replace(_job(services, job_id), state=JobState.RUNNING))
    try:
        result = _checked(services, job)
    except (ConsentError, MediaIndexError) as error:
        _put(services, replace(job, state=JobState.FAILED, message=str(error)))
    except BaseException:
        _put(services, replace(job, state=JobState.FAILED, message=_FAILED))
        raise
    else:
        count = len(result["photos"])
        _put(services, replace(job, state=JobState.DONE, done=count, total=count, result=result))
    finally:
        forget_uploads(services.settings, job_id)


def _checked(services: Services, job: Job) -> dict[str, Any]:
    request: Any = job.request
    use = services.policy.use(request["use"])
    actor = Actor(request["actor"]["id"], Role(request["actor"]["role"]))
    if "again" in request:
        return _judged_again(services, _job(services, request["again"]), use, actor)
    folder = upload_folder(services.settings, job.id)
    report = check_photos(
        services,
        # Named one by one: in a folder, what has no photo's suffix would be passed over.
        sorted(path for path in folder.rglob("*") if path.is_file())
        if request["uploaded"]
        else [Path(path) for path in request["paths"]],
        use,
        actor,
        progress=_Progress(services, job),
        # Not the job's own folder: its name keeps apart what two people dropped as IMG_1.jpg.
        upload_root=services.settings.uploads if request["uploaded"] else None,
    )
    root = folder if request["uploaded"] else Path(request["paths"][0])
    return _as_plain(services, report, [_name(one, root) for one in report.clearances])


def _judged_again(services: Services, old: Job, use: Use, actor: Actor) -> dict[str, Any]:
    photos: Any = (old.result or {})["photos"]
    report = judge_photos(
        services,
        {photo["path"]: photo["sha256"] for photo in photos},
        {
            photo["path"]: PhotoProblem(
                ReasonCode(photo["reasons"][0]["code"]),
                photo["reasons"][0]["sentence"],
            )
            for photo in photos
            if photo["sha256"] is None
        },
        use,
        actor,
    )
    return _as_plain(services, report, [photo["name"] for photo in photos])


def _as_plain(services: Services, report: ClearanceReport, names: list[str]) -> dict[str, Any]:
    publication = report.use.publication
    local = services.now().astimezone(ZoneInfo(services.settings.time_zone))
    return {
        "use": report.use.channel.label + (f", {publication}" if publication else ""),
        "register_version": report.register_version,
        "checked_at": local.isoformat(timespec="minutes"),
        "photos": [
            clearance_as_plain(one) | {"name": name}
            for one, name in zip(report.clearances, names, strict=True)
        ],
    }


def _name(clearance: Clearance, root: Path) -> str:
    path = Path(clearance.path)
    inside = path != root and path.is_relative_to(root)
    return path.relative_to(root).as_posix() if inside else path.name


class _Progress:
    """Writes how far a job has come."""

    def __init__(self, services: Services, job: Job) -> None:
        self._services = services
        self._job = job
        self._said = -_SECONDS_BETWEEN

    def __call__(self, done: int, total: int) -> None:
        if time.monotonic() - self._said >= _SECONDS_BETWEEN or done == total:
            _put(self._services, replace(self._job, done=done, total=total))
            self._said = time.monotonic()


def _request(use: Use, actor: Actor) -> dict[str, object]:
    named = f"{use.channel.id}:{use.publication}" if use.publication else use.channel.id
    return {"use": named, "actor": _plain_actor(actor), "uploaded": False}


def _plain_actor(actor: Actor) -> dict[str, str]:
    return {"id": actor.id, "role": actor.role.value}


def _start(services: Services, job_id: str, request: dict[str, object]) -> str:
    job = Job(job_id, KIND, JobState.WAITING, request, 0, 0, "", None, services.now())
    _put(services, job)
    start_process(job_id)
    return job_id


def _put(services: Services, job: Job) -> Job:
    said = replace(job, updated_at=services.now())
    with services.writing() as unit:
        unit.jobs.put(said)
        unit.commit()
    return said


def _job(services: Services, job_id: str) -> Job:
    with services.reading() as unit:
        job = unit.jobs.get(job_id)
    if job is None or job.kind != KIND:
        message = "This check is not known any more: start a new one."
        raise NotFoundError(message)
    return job


def _clear_abandoned(services: Services) -> None:
    """Delete uploads whose job is over, in case the program was killed in between."""
    for job_id in uploading_jobs(services.settings):
        ended = has_ended(job_id)
        with services.reading() as unit:
            job = unit.jobs.get(job_id)
        over = job is None or job.state in {JobState.DONE, JobState.FAILED}
        if job is None or over or is_dead(job, ended, services.now()):
            forget_uploads(services.settings, job_id)
