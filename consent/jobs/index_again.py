"""All photos read again, by a process of a page or by a command; stopped in between, it goes on."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

from consent.domain.actors import Actor
from consent.domain.errors import ConflictError
from consent.domain.jobs import Job, JobKind, JobState
from consent.domain.roles import Duty, for_roles
from consent.indexing.rebuild import RenewalReport, renew_index
from consent.jobs.runner import (
    Progress,
    asked_by,
    carry_out,
    find_job,
    is_interrupted,
    load_job,
    new_job,
    save_job,
    start_job,
)
from consent.retention.faces import index_again
from consent.services import Services
from consent.settings import ROOT

RENEWING = JobKind.RENEWING
# There is one at a time, and whoever opens the page sees it.
_ID = "renewing"
_DIED = (
    "It stopped before it was done: run likeness renew, or choose what is done with faces again."
)


@for_roles(Duty.FACES)
def start_indexing_again(services: Services, actor: Actor) -> None:
    """Start to read all photos again, unless that is under way."""
    job = read_indexing_again(services, actor)
    if job is None or job.state.ended:
        start_job(services, _ID, RENEWING, _request(services), actor)


@for_roles(Duty.READ_STATUS)
def read_indexing_again(services: Services, actor: Actor) -> Job | None:
    """Return where the last one stands; None if there was none."""
    return find_job(services, _ID, RENEWING, _DIED)


def run_indexing_again(services: Services, job_id: str) -> None:
    """Read all photos again; the process of the job calls this.

    Raises:
        NotFoundError: there is no such job.
    """

    def work(job: Job) -> dict[str, Any]:
        tell, since = Progress(services, job), _begun(services, job)
        # Who may renew the index need not be one who may choose what is done with faces.
        renew = renew_index if job.request.get("by_command") else index_again
        renewed = renew(services, asked_by(job), tell, since=since)
        return {"photos": [], "renewed": renewed.renewed, "left": renewed.left}

    carry_out(services, load_job(services, job_id, RENEWING), work)


@for_roles(Duty.RENEW_INDEX)
def renew_here(
    services: Services,
    actor: Actor,
    progress: Callable[[int, int], None],
    *,
    jobs: int = 0,
) -> RenewalReport:
    """Read all photos again in this process; what was stopped before goes on where it was.

    Raises:
        ConflictError: it is under way elsewhere.
    """
    with services.reading() as unit:
        before = unit.jobs.get(_ID)
    if before is not None and not before.state.ended and not is_interrupted(services, before):
        raise ConflictError(
            "The index is being renewed already: wait until that is done. If it was stopped, try "
            "again in a minute."
        )
    request = _request(services) | {"by_command": True}
    if before is not None and before.state is not JobState.DONE and _begun(services, before):
        request["begun"] = before.request["begun"]
    job = save_job(services, new_job(services, _ID, RENEWING, request, actor))
    job = replace(job, state=JobState.RUNNING)
    note = Progress(services, job)

    def tell(done: int, total: int) -> None:
        progress(done, total)
        note(done, total)

    try:
        report = renew_index(services, actor, tell, jobs=jobs, since=_begun(services, job))
    except BaseException:
        save_job(services, replace(job, state=JobState.FAILED, message=_DIED))
        raise
    result = {"photos": [], "renewed": report.renewed, "left": report.left}
    save_job(services, replace(job, state=JobState.DONE, result=result))
    return report


def _request(services: Services) -> dict[str, Any]:
    return {"begun": services.now().isoformat(), **_by_what(services)}


def _by_what(services: Services) -> dict[str, str]:
    return {
        "calibration": services.calibration.id,
        "encoder": str(services.settings.encoder or ""),
        "faces": services.faces.value,
    }


def _begun(services: Services, job: Job) -> datetime | None:
    """Return since when what a job has made is as it would be now; None if none of it is."""
    if any(job.request.get(name) != value for name, value in _by_what(services).items()):
        return None
    begun = datetime.fromisoformat(str(job.request["begun"]))
    program = max(path.stat().st_mtime for path in (ROOT / "media_index").rglob("*.py"))
    return begun if datetime.fromtimestamp(program, UTC) < begun else None
