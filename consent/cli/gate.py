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
    incoming: Annotated[Path, typer.Argument(help="Folder where people put the photos.")],
    *,
    cleared: Annotated[Path, typer.Option("--cleared", help="Folder for cleared photos.")],
    held: Annotated[
        Path, typer.Option("--held", help="Folder for all other photos, each with a report.")
    ],
    use: Annotated[
        str,
        typer.Option(
            "--use", metavar="CHANNEL[:PUBLICATION]", help="What the photos will be used for."
        ),
    ],
    watch: Annotated[
        bool, typer.Option("--watch", help="Keep running and check new files until stopped.")
    ] = False,
    keep: Annotated[
        bool, typer.Option("--copy/--move", help="Copy the files and leave them in the folder.")
    ] = False,
    strip: Annotated[
        bool,
        typer.Option(
            "--strip",
            help="With --copy: pass on clean copies without location, like likeness export.",
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
    """Check the photos in a folder, and pass on those that are cleared.

    The command checks a file when its size and time have not changed between two looks, so folders
    on other computers work too. It holds all other files, with a report in words. If it is stopped
    or killed, it continues where it was, and each file ends up in exactly one place. Files are
    passed on unchanged, with location, names and camera data. With --strip and --copy, it passes on
    a clean copy in the size and format for the channel.

    Exit code: for all files, the same as for likeness check.

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
            show.aside(f"{name} waits because it could not be moved: {why}.")

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
