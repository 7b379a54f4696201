"""Photos and layouts handed in for a print piece on a page: placed by a process of its own."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any
from uuid import uuid4

from consent.background import (
    Progress,
    carry_out,
    has_ended,
    is_dead,
    load_job,
    save_job,
    start_process,
)
from consent.domain import Actor, Role
from consent.errors import BadInputError
from consent.jobs import Job, JobState
from consent.layouts import HandedIn, place_files
from consent.uploads import forget_uploads, keep_uploads, upload_folder

if TYPE_CHECKING:
    from collections.abc import Sequence

    from consent.services import Services
    from consent.uploads import Upload

PLACING = "placing"
_DIED = "It stopped before it was done, and nothing was placed: hand the files in again."


def start_placing(services: Services, label: str, uploads: Sequence[Upload], actor: Actor) -> str:
    """Start to place files in a piece.

    Returns:
        The job's id.

    Raises:
        BadInputError: there is no file.
        SetupError: they could not be kept.
    """
    job_id = uuid4().hex
    if not keep_uploads(services.settings, job_id, uploads):
        forget_uploads(services.settings, job_id)
        message = "There is no file yet: drop the photos, or the laid-out PDF."
        raise BadInputError(message)
    request = {"piece": label, "actor": {"id": actor.id, "role": actor.role.value}}
    waiting = Job(job_id, PLACING, JobState.WAITING, request, 0, 0, "", None, services.now())
    save_job(services, waiting)
    start_process(job_id)
    return job_id


def read_placing(services: Services, job_id: str) -> Job:
    """Return where it stands.

    Raises:
        NotFoundError: there is no such job.
    """
    ended = has_ended(job_id)
    job = load_job(services, job_id, PLACING)
    if is_dead(job, ended, services.now()):
        job = save_job(services, replace(job, state=JobState.FAILED, message=_DIED))
        forget_uploads(services.settings, job.id)
    return job


def run_placing(services: Services, job_id: str) -> None:
    """Place the files; the process of the job calls this.

    Raises:
        NotFoundError: there is no such job.
    """

    def work(job: Job) -> dict[str, Any]:
        request: Any = job.request
        folder = upload_folder(services.settings, job.id)
        files = [
            HandedIn(path.name, path.read_bytes())
            for path in sorted(folder.rglob("*"))
            if path.is_file()
        ]
        actor = Actor(request["actor"]["id"], Role(request["actor"]["role"]))
        tell = Progress(services, job)
        placed = place_files(services, request["piece"], files, actor, tell)
        return {"photos": [one.id for one in placed]}

    carry_out(services, load_job(services, job_id, PLACING), work)
