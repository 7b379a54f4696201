"""likeness job: what a page starts for long work; hidden from --help."""

from __future__ import annotations

from typing import Annotated

import typer

from consent.cli.options import open_services


def add_to(app: typer.Typer) -> None:
    """Add the command."""
    app.command(hidden=True)(job)


def job(job_id: Annotated[str, typer.Argument(help="Of the job.", show_default=False)]) -> None:
    """Do a job that a page has started."""
    from consent.domain.errors import NotFoundError
    from consent.jobs.check import KIND, run_check
    from consent.jobs.day import DAY, run_day
    from consent.jobs.encode import ENCODING, run_encoding
    from consent.jobs.figures import FIGURES, run_figures
    from consent.jobs.place import PLACING, run_placing

    services = open_services(anybody=True)
    with services.reading() as unit:
        started = unit.jobs.get(job_id)
    runs = {
        KIND: run_check,
        PLACING: run_placing,
        ENCODING: run_encoding,
        DAY: run_day,
        FIGURES: run_figures,
    }
    if started is None or started.kind not in runs:
        raise NotFoundError(f"There is no job {job_id}: start the work from its page.")
    runs[started.kind](services, job_id)
