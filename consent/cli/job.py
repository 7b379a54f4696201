"""likeness job: what a page starts for long work; hidden from --help."""

from __future__ import annotations

from typing import Annotated

import typer


def add_to(app: typer.Typer) -> None:
    """Add the command."""
    app.command(hidden=True)(job)


def job(job_id: Annotated[str, typer.Argument(help="Of the job.", show_default=False)]) -> None:
    """Do a job that a page has started."""
    from consent.bootstrap import services_from_environment
    from consent.check_run import run_check

    run_check(services_from_environment(), job_id)
