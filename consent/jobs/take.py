"""Photos handed in together for an event, to ask the people in them: looked at by a process."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from consent.domain.actors import Actor
from consent.domain.errors import ConsentError
from consent.domain.events import Event
from consent.domain.jobs import Job, JobKind, JobState
from consent.domain.roles import Duty, for_roles
from consent.indexing.events import event_named
from consent.jobs.runner import (
    Progress,
    asked_by,
    cancel_job,
    carry_out,
    load_job,
    newest_job,
    start_job_of_uploads,
)
from consent.jobs.uploads import Upload, uploaded_files
from consent.printing.asking import take_photo
from consent.services import Services
from media_index.errors import MediaIndexError

TAKING = JobKind.TAKING
_DIED = "It stopped before it was done: upload the photos again."
_CANCELED = "Canceled. Photos already looked at are with the event's photos."


@dataclass(frozen=True, slots=True)
class Taken:
    """What came of photos that were handed in together.

    Attributes:
        photos: SHA-256 of each, in the order in which they were handed in.
        refused: what is to be said of the others, or of all.
    """

    photos: tuple[str, ...]
    refused: tuple[str, ...]


@for_roles(Duty.ASK)
def start_taking(services: Services, event: Event, uploads: Sequence[Upload], actor: Actor) -> str:
    """Start to look at photos of an event.

    Raises:
        BadInputError: there is no file.
        SetupError: they could not be kept.
    """
    return start_job_of_uploads(
        services,
        TAKING,
        uploads,
        _about(event.id, actor),
        actor,
        missing="Choose photos first.",
    )


@for_roles(Duty.ASK)
def last_taking(services: Services, event: Event, actor: Actor) -> Job | None:
    """Return where the photos are that somebody handed in for an event; None without any."""
    return newest_job(services, TAKING, _about(event.id, actor), _DIED)


@for_roles(Duty.ASK)
def cancel_taking(services: Services, job_id: str, actor: Actor) -> None:
    """Have it stop at the next photo; what was looked at stays in the index.

    Raises:
        NotFoundError: there is no such job.
    """
    cancel_job(services, load_job(services, job_id, TAKING))


@for_roles(Duty.ASK)
def collect_taken(services: Services, job: Job, actor: Actor) -> Taken:
    """Return what came of a job that has ended, and forget it: it is told once."""
    with services.writing() as unit:
        unit.jobs.forget([job.id])
        unit.commit()
    if job.state is not JobState.DONE or job.result is None:
        return Taken((), (_CANCELED if job.state is JobState.CANCELED else job.message,))
    result: Any = job.result
    return Taken(tuple(result["photos"]), tuple(result["refused"]))


def _about(event_id: str, actor: Actor) -> dict[str, str]:
    return {"event": event_id, "by": actor.id}


def run_taking(services: Services, job_id: str) -> None:
    """Look at the photos; the process of the job calls this.

    Raises:
        NotFoundError: there is no such job.
    """

    def work(job: Job) -> dict[str, Any]:
        event = event_named(services, str(job.request["event"]))
        files = uploaded_files(services.settings, job.id)
        tell, who = Progress(services, job), asked_by(job)
        photos: list[str] = []
        refused: list[str] = []
        for done, path in enumerate(files, start=1):
            try:
                photos.append(take_photo(services, event, path.name, path.read_bytes(), who))
            except (ConsentError, MediaIndexError) as error:
                refused.append(f"{path.name}: {error}")
            tell(done, len(files))
        # The same file twice is one photo to ask about.
        return {"photos": list(dict.fromkeys(photos)), "refused": refused}

    carry_out(services, load_job(services, job_id, TAKING), work)
