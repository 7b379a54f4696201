"""What each day begins with, done by a process of its own: nobody's sign-in waits for it."""

from __future__ import annotations

from typing import Any

from consent.domain.actors import Actor, Role
from consent.domain.errors import NotFoundError
from consent.domain.jobs import Job, JobState
from consent.jobs.runner import Progress, carry_out, load_job, read_job, start_job
from consent.services import Services
from consent.takedowns.open_due import anything_published, open_takedowns_of_today

DAY = "day"
_DIED = "Looking for published copies that must come down stopped before it was done."
_BY_ITSELF = Actor("likeness", Role.ADMIN)


def begin_day(services: Services) -> None:
    """Start the work of the day, unless it was started already or there is none."""
    if read_day(services) is None and anything_published(services):
        start_job(services, _id(services), DAY, {}, _BY_ITSELF)


def begin_day_again(services: Services) -> None:
    """Start the work of the day anew, such as after it failed."""
    start_job(services, _id(services), DAY, {}, _BY_ITSELF)


def read_day(services: Services) -> Job | None:
    """Return where the work of today stands; None if there is none, or not yet."""
    try:
        return read_job(services, _id(services), DAY, _DIED)
    except NotFoundError:
        return None


def under_way(job: Job | None) -> bool:
    """Say whether the work of the day goes on."""
    return job is not None and job.state in {JobState.WAITING, JobState.RUNNING}


def run_day(services: Services, job_id: str) -> None:
    """Do the work of the day; the process of the job calls this.

    Raises:
        NotFoundError: there is no such job.
    """

    def work(job: Job) -> dict[str, Any]:
        opened = open_takedowns_of_today(services, Progress(services, job))
        return {"photos": [takedown.label for takedown in opened]}

    carry_out(services, load_job(services, job_id, DAY), work)


def _id(services: Services) -> str:
    # One for each day, whichever session or server comes first.
    return f"day-{services.today().isoformat()}"
