"""likeness job: what a page starts for long work; hidden from --help."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Annotated

import typer

from consent.cli.options import open_services

if TYPE_CHECKING:
    from consent.services import Services


def add_to(app: typer.Typer) -> None:
    """Add the command."""
    app.command(hidden=True)(job)


def job(job_id: Annotated[str, typer.Argument(help="Id of the job.", show_default=False)]) -> None:
    """Do a job that a page has started."""
    from consent.domain.errors import NotFoundError
    from consent.jobs.audit import AUDIT, run_audit_of_page
    from consent.jobs.check import KIND, run_check
    from consent.jobs.day import DAY, run_day
    from consent.jobs.encode import ENCODING, run_encoding
    from consent.jobs.figures import FIGURES, run_figures
    from consent.jobs.index_again import RENEWING, run_indexing_again
    from consent.jobs.place import PLACING, run_placing
    from consent.jobs.take import TAKING, run_taking

    services = open_services(anybody=True)
    with services.reading() as unit:
        started = unit.jobs.get(job_id)
    runs: dict[str, Callable[[Services, str], None]] = {
        KIND: run_check,
        PLACING: run_placing,
        AUDIT: run_audit_of_page,
        TAKING: run_taking,
        ENCODING: run_encoding,
        RENEWING: run_indexing_again,
        DAY: run_day,
        FIGURES: run_figures,
    }
    if started is None or started.kind not in runs:
        raise NotFoundError(f"There is no job {job_id}: start the work from its page.")
    runs[started.kind](services, job_id)
