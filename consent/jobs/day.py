"""What each day begins with, done by a process of its own: nobody's sign-in waits for it."""

from __future__ import annotations

from dataclasses import asdict, replace
from datetime import date
from typing import Any

from consent.domain.actors import Actor, Role
from consent.domain.errors import SetupError
from consent.domain.jobs import Job, JobKind, JobState
from consent.domain.takedowns import Takedown
from consent.jobs.runner import Progress, carry_out, find_job, load_job, save_job, start_job
from consent.jobs.uploads import forget_old_uploads
from consent.matching.wholeness import register_doubts
from consent.review.upkeep import has_to_be_made, keep_up
from consent.services import Services
from consent.takedowns.judged import Judged
from consent.takedowns.open_due import anything_published, open_takedowns_of_today

DAY = JobKind.DAY
MAKING_QUEUE = "Making the review list"
_BY_TIMER = "day-by-timer"
_DIED = "The daily work stopped before it was done."
_BY_ITSELF = Actor("likeness", Role.ADMIN)


def begin_day(services: Services) -> None:
    """Start the work of the day, unless it was started already or there is none."""
    forget_old_uploads(services.settings, services.now())
    if read_day(services) is None and (anything_published(services) or has_to_be_made(services)):
        start_job(services, _id(services), DAY, {}, _BY_ITSELF)


def begin_day_again(services: Services) -> None:
    """Start the work of the day anew: after it failed, or because the queue is made anew."""
    start_job(services, _id(services), DAY, {}, _BY_ITSELF)


def read_day(services: Services) -> Job | None:
    """Return where the work of today stands; None if there is none, or not yet."""
    return find_job(services, _id(services), DAY, _DIED)


def under_way(job: Job | None) -> bool:
    """Say whether the work of the day goes on."""
    return job is not None and not job.state.ended


def looks_for_copies(job: Job | None) -> bool:
    """Say whether published copies are still looked for."""
    return under_way(job) and job is not None and job.message != MAKING_QUEUE


def run_day(services: Services, job_id: str) -> None:
    """Do the work of the day; the process of the job calls this.

    Raises:
        NotFoundError: there is no such job.
    """

    def work(job: Job) -> dict[str, Any]:
        tell = Progress(services, replace(job, message=""))
        # By a wrong day, or part of the register, what is due would be passed over as done.
        doubts = register_doubts(services)
        result = {} if doubts else _opened(services, tell)[1]
        tell.go_on_with(MAKING_QUEUE)
        keep_up(services, tell)
        if doubts:
            raise SetupError(" ".join(doubts))
        return result

    carry_out(services, load_job(services, job_id, DAY), work)


def do_day(services: Services) -> list[Takedown]:
    """Do the work of the day at once, for a timer; the next one goes on from here."""
    forget_old_uploads(services.settings, services.now())
    opened, result = _opened(services, None)
    done = Job(_BY_TIMER, DAY, JobState.DONE, {}, 0, 0, "", result, services.now())
    save_job(services, done)
    if has_to_be_made(services):
        keep_up(services)
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
