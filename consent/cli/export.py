"""likeness export."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from consent.cli import show
from consent.cli.check import exit_code
from consent.cli.options import AsJson, AsStaff, Jobs, actor, open_services, places
from consent.domain.actors import Role
from consent.domain.errors import BadInputError
from consent.domain.verdicts import Verdict


def add_to(app: typer.Typer) -> None:
    """Add the command."""
    app.command()(export)


def export(
    paths: Annotated[
        list[str] | None,
        typer.Argument(
            help="Photos and folders: paths, or URLs such as s3://bucket/2026.",
            show_default=False,
        ),
    ] = None,
    *,
    to: Annotated[
        Path, typer.Option("--to", help="A new or empty folder, or a new file ending in .zip.")
    ],
    use: Annotated[
        str,
        typer.Option(
            "--use",
            metavar="CHANNEL[:PUBLICATION]",
            help="What the copies are for; of a check, what it was for.",
        ),
    ] = "",
    check: Annotated[
        str, typer.Option("--check", metavar="ID", help="The photos of a check on the page.")
    ] = "",
    event: Annotated[
        str,
        typer.Option("--event", help="Name of the event that all of them are of, if it is one."),
    ] = "",
    jobs: Jobs = 0,
    staff: AsStaff = "",
    json: AsJson = False,
) -> None:
    """Check photos, and export copies of what is cleared at this second, with a list beside them.

    The copies are upright, in the size and format that the policy names for the channel, and hold
    nothing but the picture and its color profile. What is not cleared is left out and named.

    Exit code: as of likeness check: 0 all exported, 1 something flagged, 2 usage, 3 something could
    not be checked, 4 nobody is in the register.

    Example: likeness export tomorrow/ --use instagram --to ready.zip
    """
    from consent.exporting.export import export_checked
    from consent.jobs.export import export_of_check

    if bool(paths) == bool(check):
        raise BadInputError("Name photos, or a check with --check ID: one of the two.")
    services, who = open_services(), actor(staff, Role.COMMUNICATIONS)
    with show.progress("Exporting") as tell:
        if check:
            export = export_of_check(services, check, to, who, use=use, progress=tell)
        else:
            if not use.strip():
                raise BadInputError("Say what the copies are for: --use CHANNEL.")
            export = export_checked(
                services,
                places(paths or ()),
                services.policy.use(use),
                to,
                who,
                event=event.strip(),
                jobs=jobs,
                progress=tell,
            )
    if json:
        show.as_json(export.as_dict())
    else:
        for left in export.left_out:
            show.line(f"Left out: {left.name}: {left.words}")
            for said in left.reasons:
                show.line(f"    {said}")
        for copy in export.copies:
            for said in copy.reasons:
                show.line(f"{copy.name}: {said}")
        if any("C2PA" in kind for copy in export.copies for kind in copy.left_behind):
            show.line("Content credentials (C2PA) are not in the copies: they hold for the photo.")
        show.line(f"{len(export.copies)} exported to {to}, {len(export.left_out)} left out.")
    raise typer.Exit(exit_code(set(export.verdicts) or {Verdict.NOT_CHECKED}, nobody=export.nobody))
