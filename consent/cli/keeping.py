"""likeness erase, log, key."""

from __future__ import annotations

from dataclasses import asdict
from typing import Annotated

import typer

from consent.cli import show
from consent.cli.options import AsJson, AsStaff, actor, open_services
from consent.domain.actors import Role

TAMPERED = 1


def add_to(app: typer.Typer) -> None:
    """Add the commands."""
    app.command()(erase)
    log = typer.Typer(help="The log, and whether it is as it was written.", no_args_is_help=True)
    log.command("head")(log_head)
    log.command("verify")(log_verify)
    app.add_typer(log, name="log")
    key = typer.Typer(help="The key that the register is kept by.", no_args_is_help=True)
    key.command("make")(key_make)
    key.command("rotate")(key_rotate)
    key.command("check")(key_check)
    app.add_typer(key, name="key")


def erase(
    revocation: Annotated[str, typer.Argument(help="Such as R-0001.", show_default=False)],
    *,
    face: Annotated[
        bool, typer.Option("--face", help="Their face, of which nothing is a record.")
    ] = False,
    reason: Annotated[str, typer.Option(help="Why, in a few words.")] = "",
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Only say what would be erased.")
    ] = False,
    staff: AsStaff = "",
    json: AsJson = False,
) -> None:
    """Erase the face of a person at once, from all of their cases, which go on without it.

    Letters and decisions are records: see likeness dispose.

    Example: likeness erase R-0042 --face --reason "Asked to at the desk"
    """
    from consent.domain.errors import BadInputError
    from consent.retention.erase import erase_face

    if not face:
        raise BadInputError(
            "Say --face: only the face is no record, and may go at once. Letters and decisions go "
            "with likeness dispose, when they are due."
        )
    done = erase_face(open_services(), revocation, reason, actor(staff, Role.DESK), dry_run=dry_run)
    if json:
        show.as_json({"dry_run": dry_run, **asdict(done)})
        return
    said = "Would be erased" if dry_run else "Erased"
    show.line(f"{said}, of {', '.join(done.cases)}:")
    for sentence in done.sentences():
        show.line(f"  {sentence}")


def log_head(*, json: AsJson = False) -> None:
    """Print the end of the log, to be written down where nobody of this program can change it.

    Example: likeness log head
    """
    from consent.retention.proof import log_head as read

    head = read(open_services())
    if json:
        show.as_json(asdict(head))
    else:
        show.line(str(head))


def log_verify(
    *,
    head: Annotated[
        list[str] | None,
        typer.Option(
            metavar="HEAD",
            help="A head written down before; may be given several times.",
            show_default=False,
        ),
    ] = None,
    json: AsJson = False,
) -> None:
    """Say whether the log, and the register that it tells of, are as this program wrote them.

    Exit code: 0 they are, 1 something was done to them.

    Example: likeness log verify
    """
    from consent.domain.log import read_head
    from consent.retention.proof import verify_log

    heads = [read_head(text) for text in head or []]
    found = verify_log(open_services(), heads)
    if json:
        show.as_json(
            {
                "head": str(found.head),
                "checked": found.checked,
                "faults": [asdict(fault) for fault in found.faults],
            }
        )
    else:
        for fault in found.faults:
            show.line(fault.sentence)
        show.line(f"{found.checked:,} entries verified, up to {found.head}.")
    raise typer.Exit(TAMPERED if found.faults else 0)


def key_make(*, json: AsJson = False) -> None:
    """Make the key of this account; the first start does it by itself.

    Example: likeness key make
    """
    from consent.retention.keeping import make_key
    from consent.settings import Settings

    facts = make_key(Settings())
    _say(facts.sentence(), asdict(facts), json=json)


def key_rotate(*, staff: AsStaff = "", json: AsJson = False) -> None:
    """Put a new key in place of the one in use; what is kept is not written anew.

    Example: likeness key rotate --as "D. Rossi:director"
    """
    from consent.retention.keeping import rotate_key

    facts = rotate_key(open_services(), actor(staff, Role.ADMIN))
    _say(facts.sentence(), asdict(facts), json=json)


def key_check(*, json: AsJson = False) -> None:
    """Say by which key the register is kept, and where that is.

    Example: likeness key check
    """
    from consent.retention.keeping import key_in_use

    facts = key_in_use(open_services())
    _say(facts.sentence(), asdict(facts), json=json)


def _say(sentence: str, facts: dict[str, object], *, json: bool) -> None:
    if json:
        show.as_json(facts)
    else:
        show.line(sentence)
