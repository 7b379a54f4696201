"""All photos read again once more is kept of faces: by a process of its own."""

from __future__ import annotations

from typing import Any

from consent.domain.actors import Actor
from consent.domain.jobs import Job, JobKind
from consent.domain.roles import Duty, for_roles
from consent.jobs.runner import Progress, asked_by, carry_out, find_job, load_job, start_job
from consent.retention.faces import index_again
from consent.services import Services

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
        start_job(services, _ID, RENEWING, {}, actor)


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
        renewed = index_again(services, asked_by(job), Progress(services, job))
        return {"photos": [], "renewed": renewed.renewed, "left": renewed.left}

    carry_out(services, load_job(services, job_id, RENEWING), work)
