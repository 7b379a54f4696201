"""likeness takedowns."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from consent.cli import show
from consent.cli.options import AsJson, AsStaff, actor, open_services
from consent.domain.actors import Role
from consent.domain.takedowns import TakedownState
from consent.domain.wording import counted

if TYPE_CHECKING:
    from consent.takedowns.board import TakedownCard

Number = Annotated[str, typer.Argument(help="Such as T-0007.", show_default=False)]


def add_to(app: typer.Typer) -> None:
    """Add the commands."""
    takedowns = typer.Typer(help="Get published copies removed.", no_args_is_help=True)
    takedowns.command("list")(list_all)
    takedowns.command("move")(move)
    takedowns.command("mail")(mail)
    takedowns.command("letter")(letter)
    app.add_typer(takedowns, name="takedowns")


def list_all(
    *,
    state: Annotated[
        TakedownState | None, typer.Option(help="Only those with this status.")
    ] = None,
    channel: Annotated[str, typer.Option(help="Only those on this channel.")] = "",
    overdue: Annotated[bool, typer.Option("--overdue", help="Only those overdue.")] = False,
    staff: AsStaff = "",
    json: AsJson = False,
) -> None:
    """List takedowns: first what can still be stopped, then safety, then the earliest due date.

    Example: likeness takedowns list --channel facebook --overdue
    """
    from consent.takedowns.board import list_takedowns

    services, who = open_services(), actor(staff, Role.COMMUNICATIONS)
    wanted = services.policy.channel(channel).id if channel else None
    cards = [
        card
        for card in list_takedowns(services, who)
        if (state is None or card.takedown.state is state)
        and (wanted is None or card.channel.id == wanted)
        and (card.overdue or not overdue)
    ]
    if json:
        show.as_json({"takedowns": [_plain(card) for card in cards]})
        return
    for card in cards:
        takedown = card.takedown
        due = f"due {card.due_on}{', overdue' if card.overdue else ''}"
        due = f"stop it before it is printed, {due}" if card.can_be_stopped else due
        due = "no longer to be removed" if card.moot else due
        where = card.publication.url or card.publication.issue
        show.line(
            f"{takedown.label}  {takedown.state.words}, {due}  {card.case_label}  "
            f"{card.channel.label} {where}"
        )
    show.line(f"{counted(len(cards), 'takedown')}.")


def move(
    takedown: Number,
    *,
    to: Annotated[TakedownState, typer.Option("--to", help="New status.")],
    note: Annotated[str, typer.Option(help="What was done.")] = "",
    proof: Annotated[
        Path | None, typer.Option(help="File with proof, such as a screenshot.")
    ] = None,
    stop_reprint: Annotated[
        bool | None, typer.Option(help="For print: make no more copies.")
    ] = None,
    stock: Annotated[
        str, typer.Option(help="For print: what happens to the remaining copies.")
    ] = "",
    seen: Annotated[
        TakedownState | None, typer.Option(help="Do it only if the takedown has this status now.")
    ] = None,
    staff: AsStaff = "",
    json: AsJson = False,
) -> None:
    """Record the status of a takedown.

    Example: likeness takedowns move T-0007 --to deleted --note "It was gone when I checked"
    """
    from consent.cases.csv_import import read_evidence
    from consent.takedowns.board import Move, move_takedown

    shot = None if proof is None else read_evidence(proof)
    entered = Move(to, note, shot, stop_reprint, stock, seen)
    who = actor(staff, Role.COMMUNICATIONS)
    moved = move_takedown(open_services(), takedown, entered, who)
    document = {"takedown": moved.label, "state": moved.state}
    show.answer(document, f"{moved.label}: {moved.state.words}.", json=json)


def mail(
    takedown: Number,
    *,
    language: Annotated[str, typer.Option(help="en or es.")] = "en",
    staff: AsStaff = "",
    json: AsJson = False,
) -> None:
    """Print the email that asks a partner, newspaper or platform to remove a copy.

    Example: likeness takedowns mail T-0007
    """
    from consent.cases.takedown_letter import removal_mail
    from consent.domain.cases import number_in
    from consent.domain.errors import NoSuchTakedownError
    from consent.takedowns.board import list_takedowns

    services, who = open_services(), actor(staff, Role.COMMUNICATIONS)
    number = number_in(takedown, "T")
    cards = list_takedowns(services, who)
    card = next((card for card in cards if card.takedown.number == number), None)
    if card is None:
        raise NoSuchTakedownError(takedown)
    text = removal_mail(services, card, language)
    document = {"takedown": card.takedown.label, "subject": text.subject, "body": text.body}
    show.answer(document, f"{text.subject}\n\n{text.body}", json=json)


def letter(
    revocation: Annotated[str, typer.Argument(help="Such as R-0042.", show_default=False)],
    *,
    out: Annotated[Path, typer.Option(help="PDF to write.")],
    language: Annotated[str, typer.Option(help="en or es.")] = "en",
    staff: AsStaff = "",
    json: AsJson = False,
) -> None:
    """Write the letter that tells the patron what happened to every published copy.

    Example: likeness takedowns letter R-0042 --out letter.pdf
    """
    from consent.cases.takedown_letter import close_out_letter

    who = actor(staff, Role.DESK)
    content = close_out_letter(open_services(), revocation, language, who)
    show.write_file(out, content)
    show.answer({"revocation": revocation, "letter": str(out)}, f"Written: {out}", json=json)


def _plain(card: TakedownCard) -> dict[str, object]:
    takedown, made = card.takedown, card.publication
    return {
        "takedown": takedown.label,
        "revocation": card.case_label,
        "state": takedown.state,
        "channel": card.channel.id,
        "url": made.url or None,
        "publication": made.issue or None,
        "whereabouts": card.whereabouts or None,
        "photo": made.photo_sha256,
        "due_on": card.due_on,
        "overdue": card.overdue,
        "can_be_stopped": card.can_be_stopped,
        "piece": None if card.piece is None else card.piece.label,
        "safety": takedown.safety,
        "moot": card.moot,
        "owner": takedown.owner or None,
    }
