"""likeness gate."""

from __future__ import annotations

import time
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from consent.cli import show
from consent.cli.check import exit_code
from consent.cli.options import AsStaff, Jobs, actor, open_services
from consent.domain.actors import Role

if TYPE_CHECKING:
    from consent.exporting.gate import Passed, Watched


def add_to(app: typer.Typer) -> None:
    """Add the command."""
    app.command()(gate)


def gate(
    incoming: Annotated[Path, typer.Argument(help="Folder that photos are dropped into.")],
    *,
    cleared: Annotated[Path, typer.Option("--cleared", help="Folder for what is cleared.")],
    held: Annotated[
        Path, typer.Option("--held", help="Folder for all else, each with a report beside it.")
    ],
    use: Annotated[
        str,
        typer.Option(
            "--use", metavar="CHANNEL[:PUBLICATION]", help="What the photos are wanted for."
        ),
    ],
    watch: Annotated[
        bool, typer.Option("--watch", help="Go on until it is stopped, for files to come.")
    ] = False,
    keep: Annotated[
        bool, typer.Option("--copy/--move", help="Leave the files in the folder, too.")
    ] = False,
    strip: Annotated[
        bool,
        typer.Option(
            "--strip",
            help="Let clean copies through, as of likeness export, with --copy: without the place.",
        ),
    ] = False,
    every: Annotated[
        float, typer.Option("--every", min=0.1, max=3600, help="Seconds between two looks.")
    ] = 5.0,
    jobs: Jobs = 0,
    staff: AsStaff = "",
    json: Annotated[
        bool, typer.Option("--json", help="Print one JSON object for each file.")
    ] = False,
) -> None:
    """Check what is dropped into a folder, and let through what nothing speaks against.

    A file is looked at once its size and time have not changed between two looks; folders on other
    computers do, too. What must be looked at, asked for or could not be checked is held, with a
    report in words. Stopped or killed, it goes on where it was: each file ends in exactly one
    place. Files go on as they are, with the place, names and camera data in them. With --strip and
    --copy what goes on is a clean copy, in the size and format for the channel.

    Exit code: as of likeness check, for all files that went through.

    Example: likeness gate incoming/ --cleared ready/ --held held/ --use instagram --watch
    """
    from consent.exporting.gate import Gate, wait_for_gate
    from consent.matching.wholeness import register_is_empty

    services = open_services()
    through = Gate(incoming, cleared, held, services.policy.use(use), keep, strip)

    def told(passed: Sequence[Passed], watched: Watched) -> None:
        for put in passed:
            if json:
                show.as_json(
                    {
                        "file": put.name,
                        "path": str(put.path),
                        "verdict": put.verdict,
                        "label": put.words,
                        "cleared": put.cleared,
                    }
                )
            else:
                where = "cleared" if put.cleared else "held"
                show.line(f"{put.name}: {where}. {put.words}.")
        for name, why in watched.failed.items():
            show.aside(f"{name} waits, for it could not be put in place: {why}.")

    verdicts = wait_for_gate(
        services,
        through,
        lambda: actor(staff, Role.COMMUNICATIONS),
        watch=watch,
        pause=lambda: time.sleep(every),
        told=told,
        jobs=jobs,
    )
    raise typer.Exit(exit_code(verdicts, nobody=register_is_empty(services)))
