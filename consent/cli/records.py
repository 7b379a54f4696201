"""likeness records."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from consent.cli import show
from consent.cli.options import AsJson, AsStaff, actor, day, open_services
from consent.domain.actors import Role
from consent.domain.wording import counted


def add_to(app: typer.Typer) -> None:
    """Add the commands."""
    records = typer.Typer(help="Answer records requests.", no_args_is_help=True)
    records.command("export")(records_export)
    app.add_typer(records, name="records")


def records_export(
    out: Annotated[
        Path,
        typer.Argument(
            metavar="OUT", help="A new file ending in .zip, or a new folder.", show_default=False
        ),
    ],
    *,
    first: Annotated[
        str, typer.Option("--from", help="First day, 2026-01-01.", show_default=False)
    ],
    last: Annotated[str, typer.Option("--to", help="Last day, 2026-06-30.", show_default=False)],
    about: Annotated[
        str,
        typer.Option(metavar="EVENT|PIECE", help="Only this event or print piece."),
    ] = "",
    draft: Annotated[bool, typer.Option("--draft", help="Make a draft to read first.")] = False,
    staff: AsStaff = "",
    json: AsJson = False,
) -> None:
    """Write the records of a period as tables, without names or biometrics.

    A list shows what is withheld, and on what grounds ([records] in the policy file). First make a
    draft with --draft and read it. Then run the command without --draft.

    Example: likeness records export draft.zip --from 2026-01-01 --to 2026-06-30 --draft
    """
    from consent.domain.records import GROUNDS, RecordsPeriod
    from consent.retention.records import export_records

    period = RecordsPeriod(day(first, "--from"), day(last, "--to"))
    services, who = open_services(), actor(staff, Role.RECORDS)
    made = export_records(services, period, out, who, about=about, draft=draft)
    what = "Draft" if draft else "Records"
    text = "\n".join(
        [
            f"{what} written: {made.path}.",
            *(f"  {name}: {counted(count, 'row')}" for name, count in made.rows.items()),
            *(f"  Withheld, {GROUNDS[why]}: {count:,}" for why, count in made.withheld.items()),
            *(["Read all of it. Then run the command again without --draft."] if draft else []),
        ]
    )
    answer = {
        "path": str(made.path),
        "draft": made.draft,
        "rows": dict(made.rows),
        "withheld": {why.value: count for why, count in made.withheld.items()},
        "sha256": made.digest,
    }
    show.answer(answer, text, json=json)
