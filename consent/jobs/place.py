"""Photos and layouts handed in for a print piece on a page: placed by a process of its own."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from consent.domain.actors import Actor
from consent.domain.jobs import Job, JobKind
from consent.domain.roles import Duty, for_roles
from consent.jobs.runner import (
    Progress,
    asked_by,
    cancel_job,
    carry_out,
    finish_in,
    load_job,
    newest_job,
    start_job_of_uploads,
)
from consent.jobs.uploads import Upload, uploaded_files
from consent.printing.layouts import HandedIn, Placing, place_files
from consent.services import Services
from consent.storage.unit_of_work import UnitOfWork

PLACING = JobKind.PLACING
_DIED = "It stopped before it was done, and nothing was placed: upload the files again."


@for_roles(Duty.PRINT)
def start_placing(services: Services, label: str, uploads: Sequence[Upload], actor: Actor) -> str:
    """Start to place files in a piece.

    Raises:
        BadInputError: there is no file.
        SetupError: they could not be kept.
    """
    return start_job_of_uploads(
        services,
        PLACING,
        uploads,
        {"piece": label},
        actor,
        missing="Add files first: drop the photos, or the PDF of the layout.",
    )


@for_roles(Duty.PRINT)
def last_placing(services: Services, label: str, actor: Actor) -> Job | None:
    """Return where the last placing in a piece stands; None if no page has started one."""
    return newest_job(services, PLACING, {"piece": label}, _DIED)


@for_roles(Duty.PRINT)
def cancel_placing(services: Services, job_id: str, actor: Actor) -> None:
    """Have a placing stop at the next picture: nothing of it comes into the piece.

    Raises:
        NotFoundError: there is no such job.
    """
    cancel_job(services, load_job(services, job_id, PLACING))


def run_placing(services: Services, job_id: str) -> None:
    """Place the files; the process of the job calls this.

    Raises:
        NotFoundError: there is no such job.
    """

    def work(job: Job) -> dict[str, Any]:
        request: Any = job.request
        files = [
            HandedIn(path.name, path.read_bytes())
            for path in uploaded_files(services.settings, job.id)
        ]
        tell = Progress(services, job)

        def keep(unit: UnitOfWork, placing: Placing) -> None:
            # Begun again after the server was stopped, it would else be in the piece twice.
            finish_in(services, unit, job, _result(placing))

        piece = str(request["piece"])
        return _result(place_files(services, piece, files, asked_by(job), tell, keep))

    carry_out(services, load_job(services, job_id, PLACING), work)


def _result(placing: Placing) -> dict[str, Any]:
    return {
        "photos": [photo.id for photo in placing.photos],
        "without_pictures": list(placing.without_pictures),
        "named": list(placing.named),
    }
