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
            help="What the copies will be used for. For a check, its use.",
        ),
    ] = "",
    check: Annotated[
        str,
        typer.Option("--check", metavar="ID", help="Id of a check on the page: use its photos."),
    ] = "",
    event: Annotated[
        str,
        typer.Option("--event", help="Name of the event, if all photos are from one event."),
    ] = "",
    jobs: Jobs = 0,
    staff: AsStaff = "",
    json: AsJson = False,
) -> None:
    """Check photos, and export copies of those that are cleared now, with a list.

    The copies are upright, in the size and format that the policy sets for the channel, and contain
    only the picture and its color profile. The list names the photos that were left out.

    Exit code: the same as for likeness check: 0 all exported, 1 something flagged, 2 wrong usage, 3
    something could not be checked, 4 nobody is in the register.

    Example: likeness export tomorrow/ --use instagram --to ready.zip
    """
    from consent.exporting.export import export_checked
    from consent.jobs.export import export_of_check

    if bool(paths) == bool(check):
        raise BadInputError("Name photos, or a check with --check ID, not both.")
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
            show.line(
                "The copies have no content credentials (C2PA): those are only valid for the photo."
            )
        show.line(f"{len(export.copies)} exported to {to}, {len(export.left_out)} left out.")
    raise typer.Exit(exit_code(set(export.verdicts) or {Verdict.NOT_CHECKED}, nobody=export.nobody))
