"""What each day begins with, done by a process of its own: nobody's sign-in waits for it."""

from __future__ import annotations

from dataclasses import asdict
from datetime import date
from typing import Any

from consent.domain.actors import Actor, Role
from consent.domain.errors import NotFoundError
from consent.domain.jobs import Job, JobKind, JobState
from consent.domain.takedowns import Takedown
from consent.jobs.runner import Progress, carry_out, load_job, read_job, save_job, start_job
from consent.services import Services
from consent.takedowns.judged import Judged
from consent.takedowns.open_due import anything_published, open_takedowns_of_today

DAY = JobKind.DAY
_BY_TIMER = "day-by-timer"
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
    carry_out(
        services,
        load_job(services, job_id, DAY),
        lambda job: _opened(services, Progress(services, job))[1],
    )


def do_day(services: Services) -> list[Takedown]:
    """Do the work of the day at once, for a timer; the next one goes on from here."""
    opened, result = _opened(services, None)
    done = Job(_BY_TIMER, DAY, JobState.DONE, {}, 0, 0, "", result, services.now())
    save_job(services, done)
    return opened


def _opened(services: Services, tell: Progress | None) -> tuple[list[Takedown], dict[str, Any]]:
    with services.reading() as unit:
        last = unit.jobs.last_done(DAY)
    said: Any = {} if last is None or last.result is None else last.result.get("judged", {})
    before = Judged(**{**said, "day": date.fromisoformat(said["day"])}) if said else None
    opened, judged = open_takedowns_of_today(services, before, tell)
    return opened, {
        "photos": [takedown.label for takedown in opened],
        "judged": {**asdict(judged), "day": judged.day.isoformat()},
    }


def _id(services: Services) -> str:
    # One for each day, whichever session or server comes first.
    return f"day-{services.today().isoformat()}"
