"""likeness register list, show, reveal, export, reminders."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from consent.cli import show
from consent.cli.field_options import Branch
from consent.cli.options import AsJson, AsStaff, actor, day, open_services
from consent.domain.actors import Role
from consent.domain.cases import CaseEvent, State
from consent.domain.channels import ChannelKind
from consent.domain.withheld import Need
from consent.domain.wording import counted

if TYPE_CHECKING:
    # It loads the database.
    from consent.cases.search import RegisterQuery

_NEEDS = "; ".join(f"{need}: {need.words[:1].lower()}{need.words[1:]}" for need in Need)
Text = Annotated[str, typer.Argument(help="Part of a number or name.", show_default=False)]
States = Annotated[
    list[State] | None,
    typer.Option("--state", help="Only cases with this status.", show_default=False),
]
Kind = Annotated[
    ChannelKind | None,
    typer.Option("--scope", help="Only cases that cover this kind of channel.", show_default=False),
]
Since = Annotated[str, typer.Option("--from", help="Received on this day or later.")]
Until = Annotated[str, typer.Option("--to", help="Received on this day or earlier.")]
Safety = Annotated[bool, typer.Option("--safety", help="Only those with a safety concern.")]
Ending = Annotated[
    int | None,
    typer.Option(
        "--ending", min=0, help="Only those that end within this many days.", show_default=False
    ),
]


def add_to(app: typer.Typer) -> None:
    """Add the commands."""
    register = typer.Typer(help="Search and show the register.", no_args_is_help=True)
    register.command("list")(list_cases)
    register.command("show")(show_one)
    register.command("reveal")(reveal)
    register.command("export")(export)
    register.command("reminders")(reminders)
    app.add_typer(register, name="register")


def list_cases(
    text: Text = "",
    *,
    state: States = None,
    scope: Kind = None,
    branch: Branch = "",
    since: Since = "",
    until: Until = "",
    safety: Safety = False,
    ending: Ending = None,
    staff: AsStaff = "",
    json: AsJson = False,
) -> None:
    """List cases, newest first. Only roles that need names see them.

    Example: likeness register list --state held --ending 7
    """
    from consent.cases.export import listed
    from consent.cases.search import search_register

    query = _query(text, state, scope, branch, since, until, ending, safety=safety)
    entries = search_register(open_services(), query, actor(staff, Role.DESK))
    if json:
        show.as_json({"cases": [listed(entry) for entry in entries]})
        return
    for entry in entries:
        ends = f", until {entry.ends_on}" if entry.ends_on else ""
        show.line(
            f"{entry.case.label}  {entry.state.value:<10} {entry.case.submission.on}  "
            f"{entry.name or '(withheld)'}{ends}"
        )
    show.line(f"{counted(len(entries), 'case')}.")


def show_one(
    revocation: Annotated[str, typer.Argument(help="Such as R-0001.", show_default=False)],
    *,
    staff: AsStaff = "",
    json: AsJson = False,
) -> None:
    """Show a case with its history.

    Example: likeness register show R-0001
    """
    from consent.cases.export import listed
    from consent.cases.search import show_case

    file = show_case(open_services(), revocation, actor(staff, Role.DESK))
    plain = {
        **listed(file.entry),
        "templates": len(file.templates),
        "sightings": len(file.decisions),
        "same_person": list(file.same_person),
        "history": [_step(step) for step in file.entry.case.history],
    }
    if json:
        show.as_json(plain)
        return
    for name, value in plain.items():
        if name != "history":
            show.line(f"{name.replace('_', ' '):<20} {value}")
    for step in file.entry.case.history:
        show.line(
            f"  {step.at:%Y-%m-%d %H:%M}  {step.step.value.replace('_', ' ')} by {step.actor.id}, "
            f"from {step.effective_on}. {step.reason}"
        )


def reveal(
    revocation: Annotated[str, typer.Argument(help="Such as R-0001.", show_default=False)],
    *,
    need: Annotated[
        Need,
        typer.Option(
            "--need",
            help=f"Why you must know. {_NEEDS}.",
        ),
    ],
    staff: AsStaff = "",
    json: AsJson = False,
) -> None:
    """Show who a case is about, to roles that see numbers. The log keeps who asked, and why.

    Example: likeness register reveal R-0042 --need called
    """
    from consent.cases.reveal import reveal_name

    shown = reveal_name(open_services(), revocation, need, actor(staff, Role.COMMUNICATIONS))
    if json:
        show.as_json(asdict(shown))
        return
    guardian = f", guardian {shown.guardian}" if shown.guardian else ""
    show.line(f"{shown.label}  {shown.name}{guardian}")


def export(
    file: Annotated[Path, typer.Argument(help="CSV file to write.", show_default=False)],
    *,
    reason: Annotated[str, typer.Option(help="Why. The log keeps it.")],
    text: Annotated[str, typer.Option(help="Part of a number or name.")] = "",
    state: States = None,
    scope: Kind = None,
    branch: Branch = "",
    since: Since = "",
    until: Until = "",
    safety: Safety = False,
    ending: Ending = None,
    staff: AsStaff = "",
    json: AsJson = False,
) -> None:
    """Write cases to a CSV file. The policy sets which roles may.

    Example: likeness register export register.csv --reason "Yearly audit" --as "Ann:director"
    """
    from consent.cases.export import export_register, write_export

    query = _query(text, state, scope, branch, since, until, ending, safety=safety)
    who = actor(staff, Role.DESK)
    content = export_register(open_services(), query, reason, who)
    write_export(file, content)
    show.answer(
        {"file": str(file)},
        f"Written to {file}. It holds names: keep it safe, and delete it after use.",
        json=json,
    )


def reminders(*, staff: AsStaff = "", json: AsJson = False) -> None:
    """List what needs attention: holds and terms that end, and children who came of age.

    Example: likeness register reminders
    """
    from consent.cases.reminders import list_reminders

    found = list_reminders(open_services(), actor(staff, Role.DESK))
    if json:
        show.as_json(
            {
                "reminders": [
                    {
                        "kind": reminder.kind.value,
                        "revocation": reminder.label,
                        "due_on": reminder.due_on.isoformat() if reminder.due_on else None,
                        "sentence": reminder.sentence,
                    }
                    for reminder in found
                ]
            }
        )
        return
    for reminder in found:
        show.line(reminder.sentence)
    if not found:
        show.line("Nothing needs attention.")


def _query(
    text: str,
    states: list[State] | None,
    kind: ChannelKind | None,
    branch: str,
    since: str,
    until: str,
    ending: int | None,
    *,
    safety: bool,
) -> RegisterQuery:
    from consent.cases.search import RegisterQuery

    return RegisterQuery(
        text=text,
        states=frozenset(states or ()),
        kind=kind,
        branch=branch,
        received_from=day(since, "--from") if since else None,
        received_to=day(until, "--to") if until else None,
        safety=safety,
        ending_within_days=ending,
    )


def _step(step: CaseEvent) -> dict[str, object]:
    return {
        "step": step.step.value,
        "at": step.at.isoformat(),
        "by": step.actor.id,
        "effective_on": step.effective_on.isoformat(),
        "reason": step.reason,
    }
