"""likeness appeals."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from consent.cli import show
from consent.cli.options import AsJson, AsStaff, actor, day, open_services
from consent.domain.actors import Role
from consent.domain.takedowns import Appeal
from consent.domain.wording import counted

AppealNumber = Annotated[str, typer.Argument(help="Such as A-0003.", show_default=False)]


def add_to(app: typer.Typer) -> None:
    """Add the commands."""
    appeals = typer.Typer(help="Statements of Concern.", no_args_is_help=True)
    appeals.command("add")(add_appeal)
    appeals.command("list")(list_appeals)
    appeals.command("decide")(decide_appeal)
    appeals.command("to-board")(to_board)
    appeals.command("letter")(letter)
    appeals.command("statement")(statement_of)
    app.add_typer(appeals, name="appeals")


def add_appeal(
    *,
    name: Annotated[str, typer.Option(help="Person who appeals.")],
    about: Annotated[str, typer.Option(help="Which removal or refusal.")],
    received: Annotated[str, typer.Option(help="The day it came, 2026-05-14.")],
    contact: Annotated[str, typer.Option(help="How to reach the person.")] = "",
    takedown: Annotated[
        str, typer.Option(help="The takedown it is about, if any, such as T-0007.")
    ] = "",
    statement: Annotated[Path | None, typer.Option(help="File with the statement.")] = None,
    staff: AsStaff = "",
    json: AsJson = False,
) -> None:
    """Enter a Statement of Concern, and show when the answer is due.

    Example: likeness appeals add --name "B. Poster" --about "My comment of May 3" --received
    2026-05-14
    """
    from consent.cases.csv_import import read_evidence
    from consent.takedowns.appeals import receive_appeal

    appeal = receive_appeal(
        open_services(),
        name,
        about,
        day(received, "--received"),
        actor(staff, Role.DESK),
        contact=contact,
        takedown=takedown,
        statement=None if statement is None else read_evidence(statement),
    )
    show.answer(_plain(appeal), f"{appeal.label}: answer due by {appeal.due_on}.", json=json)


def list_appeals(*, staff: AsStaff = "", json: AsJson = False) -> None:
    """List appeals. Those that wait for an answer come first.

    Example: likeness appeals list
    """
    from consent.takedowns.appeals import list_appeals as listed

    services = open_services()
    appeals = listed(services, actor(staff, Role.COMMUNICATIONS))
    if json:
        show.as_json({"appeals": [_plain(appeal) for appeal in appeals]})
        return
    for appeal in appeals:
        late = ", overdue" if appeal.waits and appeal.due_on < services.today() else ""
        state = f"answer by {appeal.due_on}{late}" if appeal.waits else "answered"
        show.line(f"{appeal.label}  {state}  {appeal.name}: {appeal.about}")
    show.line(f"{counted(len(appeals), 'appeal')}.")


def decide_appeal(
    appeal: AppealNumber,
    *,
    decision: Annotated[str, typer.Option(help="upheld, partly or denied.")],
    reason: Annotated[str, typer.Option(help="Why.")],
    staff: AsStaff = "",
    json: AsJson = False,
) -> None:
    """Enter the answer to an appeal, by the President and CEO or by the Board.

    Example: likeness appeals decide A-0003 --decision upheld --reason "It was on topic" --as
    "D. Rector:director"
    """
    from consent.domain.errors import BadInputError
    from consent.domain.takedowns import AppealDecision
    from consent.takedowns.appeals import answer_appeal

    if decision not in set(AppealDecision):
        raise BadInputError(f"{decision!r} is not a decision: use {', '.join(AppealDecision)}.")
    who = actor(staff, Role.COMMUNICATIONS)
    answered = answer_appeal(open_services(), appeal, AppealDecision(decision), reason, who)
    show.answer(_plain(answered), f"{answered.label}: {AppealDecision(decision).words}.", json=json)


def to_board(appeal: AppealNumber, *, staff: AsStaff = "", json: AsJson = False) -> None:
    """Enter that a person does not accept the answer and asks the Board.

    Example: likeness appeals to-board A-0003
    """
    from consent.takedowns.appeals import take_to_board

    taken = take_to_board(open_services(), appeal, actor(staff, Role.DESK))
    show.answer(_plain(taken), f"{taken.label}: before the Board of Directors.", json=json)


def letter(
    appeal: AppealNumber,
    *,
    out: Annotated[Path, typer.Option(help="PDF to write.")],
    language: Annotated[str, typer.Option(help="en or es.")] = "en",
    staff: AsStaff = "",
    json: AsJson = False,
) -> None:
    """Write the letter that answers a Statement of Concern.

    Example: likeness appeals letter A-0003 --out answer.pdf
    """
    from consent.takedowns.appeal_letter import answer_letter

    content = answer_letter(open_services(), appeal, language, actor(staff, Role.DESK))
    show.write_file(out, content)
    show.answer({"appeal": appeal, "letter": str(out)}, f"Written: {out}", json=json)


def statement_of(
    appeal: AppealNumber,
    *,
    out: Annotated[Path, typer.Option(help="File to write.")],
    staff: AsStaff = "",
    json: AsJson = False,
) -> None:
    """Write the Statement of Concern as it came. The log keeps who looked.

    Example: likeness appeals statement A-0003 --out statement.pdf
    """
    from consent.takedowns.appeals import open_statement

    found = open_statement(open_services(), appeal, actor(staff, Role.DESK))
    show.write_file(out, found.content)
    words = f"Written: {out} (it came as {found.name})"
    show.answer({"appeal": appeal, "statement": str(out)}, words, json=json)


def _plain(appeal: Appeal) -> dict[str, object]:
    return {
        "appeal": appeal.label,
        "name": appeal.name,
        "contact": appeal.contact,
        "about": appeal.about,
        "received_on": appeal.received_on,
        "due_on": appeal.due_on,
        "waits": appeal.waits,
        "statement": appeal.statement_name or None,
        "steps": [
            {
                "step": step.kind,
                "on": step.on,
                "decision": step.decision,
                "reason": step.reason,
            }
            for step in appeal.steps
        ],
    }
