"""likeness takedowns and likeness appeals."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from consent.cli import show
from consent.cli.options import AsJson, AsStaff, actor, day
from consent.domain import Role
from consent.takedown_terms import TakedownState

if TYPE_CHECKING:
    from consent.appeals import Appeal
    from consent.takedowns import TakedownCard

Number = Annotated[str, typer.Argument(help="Such as T-0007.", show_default=False)]
AppealNumber = Annotated[str, typer.Argument(help="Such as A-0003.", show_default=False)]


def add_to(app: typer.Typer) -> None:
    """Add the commands."""
    takedowns = typer.Typer(help="Get published copies removed.", no_args_is_help=True)
    takedowns.command("list")(list_all)
    takedowns.command("move")(move)
    takedowns.command("mail")(mail)
    takedowns.command("letter")(letter)
    app.add_typer(takedowns, name="takedowns")
    appeals = typer.Typer(help="Statements of Concern.", no_args_is_help=True)
    appeals.command("add")(add_appeal)
    appeals.command("list")(list_appeals)
    appeals.command("decide")(decide_appeal)
    appeals.command("to-board")(to_board)
    app.add_typer(appeals, name="appeals")


def list_all(
    *,
    state: Annotated[TakedownState | None, typer.Option(help="Only those in this state.")] = None,
    channel: Annotated[str, typer.Option(help="Only those on this channel.")] = "",
    overdue: Annotated[bool, typer.Option("--overdue", help="Only those overdue.")] = False,
    json: AsJson = False,
) -> None:
    """List takedowns: safety first, then what is due soonest.

    Example: likeness takedowns list --channel facebook --overdue
    """
    from consent.bootstrap import services_from_environment
    from consent.takedowns import list_takedowns

    services = services_from_environment()
    wanted = services.policy.channel(channel).id if channel else None
    cards = [
        card
        for card in list_takedowns(services)
        if (state is None or card.takedown.state is state)
        and (wanted is None or card.channel.id == wanted)
        and (card.overdue or not overdue)
    ]
    if json:
        show.as_json({"takedowns": [_plain(card) for card in cards]})
        return
    for card in cards:
        one = card.takedown
        late = ", overdue" if card.overdue else ""
        where = card.publication.url or card.publication.piece
        show.line(
            f"{one.label}  {one.state.words}, due {one.due_on}{late}  {card.case_label}  "
            f"{card.channel.label} {where}"
        )
    show.line(f"{len(cards)} takedowns.")


def move(
    takedown: Number,
    *,
    to: Annotated[TakedownState, typer.Option("--to", help="How far it has come.")],
    note: Annotated[str, typer.Option(help="What was done.")] = "",
    proof: Annotated[Path | None, typer.Option(help="Such as a screenshot.")] = None,
    stop_reprint: Annotated[
        bool | None, typer.Option(help="Of print in circulation: no further copies.")
    ] = None,
    stock: Annotated[str, typer.Option(help="Of print: what happens with the rest.")] = "",
    staff: AsStaff = "",
) -> None:
    """Enter how far a takedown has come.

    Example: likeness takedowns move T-0007 --to deleted --note "Gone when I looked"
    """
    from consent.bootstrap import services_from_environment
    from consent.register_import import read_evidence
    from consent.takedowns import Move, move_takedown

    entered = Move(to, note, None if proof is None else read_evidence(proof), stop_reprint, stock)
    who = actor(staff, Role.COMMUNICATIONS)
    moved = move_takedown(services_from_environment(), takedown, entered, who)
    show.line(f"{moved.label}: {moved.state.words}.")


def mail(
    takedown: Number,
    *,
    language: Annotated[str, typer.Option(help="en or es.")] = "en",
) -> None:
    """Print the mail that asks a partner, newspaper or platform to remove a copy.

    Example: likeness takedowns mail T-0007
    """
    from consent.bootstrap import services_from_environment
    from consent.errors import NotFoundError
    from consent.takedown_letter import removal_mail
    from consent.takedowns import list_takedowns

    services = services_from_environment()
    wanted = takedown.strip().upper()
    card = next((one for one in list_takedowns(services) if one.takedown.label == wanted), None)
    if card is None:
        message = f"There is no takedown {takedown}: list them with likeness takedowns list."
        raise NotFoundError(message)
    text = removal_mail(services, card, language)
    show.line(f"{text.subject}\n\n{text.body}")


def letter(
    revocation: Annotated[str, typer.Argument(help="Such as R-0042.", show_default=False)],
    *,
    out: Annotated[Path, typer.Option(help="PDF to write.")],
    language: Annotated[str, typer.Option(help="en or es.")] = "en",
    staff: AsStaff = "",
) -> None:
    """Write the letter that tells the patron what became of every published copy.

    Example: likeness takedowns letter R-0042 --out letter.pdf
    """
    from consent.bootstrap import services_from_environment
    from consent.takedown_letter import close_out_letter

    who = actor(staff, Role.DESK)
    content = close_out_letter(services_from_environment(), revocation, language, who)
    show.write_file(out, content)
    show.line(f"Written: {out}")


def add_appeal(
    *,
    name: Annotated[str, typer.Option(help="Who appeals.")],
    about: Annotated[str, typer.Option(help="Which removal or refusal.")],
    received: Annotated[str, typer.Option(help="The day it came, 2026-05-14.")],
    contact: Annotated[str, typer.Option(help="How to answer.")] = "",
    takedown: Annotated[str, typer.Option(help="If it is about one, such as T-0007.")] = "",
    staff: AsStaff = "",
) -> None:
    """Enter a Statement of Concern; says by when it must be answered.

    Example: likeness appeals add --name "B. Poster" --about "My comment of May 3" --received
    2026-05-14
    """
    from consent.appeals import receive_appeal
    from consent.bootstrap import services_from_environment

    appeal = receive_appeal(
        services_from_environment(),
        name,
        about,
        day(received, "--received"),
        actor(staff, Role.DESK),
        contact=contact,
        takedown=takedown,
    )
    show.line(f"{appeal.label}: to be answered by {appeal.due_on}.")


def list_appeals(*, staff: AsStaff = "", json: AsJson = False) -> None:
    """List appeals, those that wait for an answer first.

    Example: likeness appeals list
    """
    from consent.appeals import list_appeals as listed
    from consent.bootstrap import services_from_environment

    services = services_from_environment()
    appeals = listed(services, actor(staff, Role.COMMUNICATIONS))
    if json:
        show.as_json({"appeals": [_plain_appeal(one) for one in appeals]})
        return
    for one in appeals:
        late = ", overdue" if one.waits and one.due_on < services.today() else ""
        state = f"answer by {one.due_on}{late}" if one.waits else "answered"
        show.line(f"{one.label}  {state}  {one.name}: {one.about}")
    show.line(f"{len(appeals)} appeals.")


def decide_appeal(
    appeal: AppealNumber,
    *,
    decision: Annotated[str, typer.Option(help="upheld, partly or denied.")],
    reason: Annotated[str, typer.Option(help="Why.")],
    staff: AsStaff = "",
) -> None:
    """Enter how an appeal was answered, by the President and CEO or by the Board.

    Example: likeness appeals decide A-0003 --decision upheld --reason "It was on topic" --as
    "D. Rector:director"
    """
    from consent.appeals import AppealDecision, answer_appeal
    from consent.bootstrap import services_from_environment
    from consent.errors import BadInputError

    if decision not in set(AppealDecision):
        message = f"{decision!r} is no decision: use {', '.join(AppealDecision)}."
        raise BadInputError(message)
    who = actor(staff, Role.DIRECTOR)
    answered = answer_appeal(
        services_from_environment(), appeal, AppealDecision(decision), reason, who
    )
    show.line(f"{answered.label}: {decision}.")


def to_board(appeal: AppealNumber, *, staff: AsStaff = "") -> None:
    """Enter that somebody is not content with the answer and turns to the Board.

    Example: likeness appeals to-board A-0003
    """
    from consent.appeals import take_to_board
    from consent.bootstrap import services_from_environment

    taken = take_to_board(services_from_environment(), appeal, actor(staff, Role.DESK))
    show.line(f"{taken.label}: before the Board of Directors.")


def _plain(card: TakedownCard) -> dict[str, object]:
    one, made = card.takedown, card.publication
    return {
        "takedown": one.label,
        "revocation": card.case_label,
        "state": one.state.value,
        "channel": card.channel.id,
        "url": made.url or None,
        "publication": made.piece or None,
        "photo": made.photo_sha256,
        "due_on": one.due_on.isoformat(),
        "overdue": card.overdue,
        "safety": one.safety,
        "moot": card.moot,
        "owner": one.owner or None,
    }


def _plain_appeal(one: Appeal) -> dict[str, object]:
    return {
        "appeal": one.label,
        "name": one.name,
        "contact": one.contact,
        "about": one.about,
        "received_on": one.received_on.isoformat(),
        "due_on": one.due_on.isoformat(),
        "waits": one.waits,
        "steps": [
            {
                "step": step.kind.value,
                "on": step.on.isoformat(),
                "decision": None if step.decision is None else step.decision.value,
                "reason": step.reason,
            }
            for step in one.steps
        ],
    }
