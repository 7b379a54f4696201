"""likeness override."""

from __future__ import annotations

from typing import Annotated

import typer

from consent.cli import show
from consent.cli.options import (
    AsJson,
    AsStaff,
    PhotoNamed,
    actor,
    day,
    open_services,
    second_person,
)
from consent.domain.actors import Role
from consent.domain.decisions import Override
from consent.domain.wording import counted


def add_to(app: typer.Typer) -> None:
    """Add the commands."""
    override = typer.Typer(help="Use a photo despite a warning.", no_args_is_help=True)
    override.command("add")(add)
    override.command("list")(list_overrides)
    override.command("second")(second)
    override.command("withdraw")(withdraw)
    app.add_typer(override, name="override")


def add(
    photo: PhotoNamed,
    *,
    use: Annotated[
        str,
        typer.Option(
            "--use", metavar="CHANNEL[:PUBLICATION]", help="What the photo will be used for."
        ),
    ],
    reason: Annotated[str, typer.Option(help="Why. Roles that see names see this.")],
    until: Annotated[str, typer.Option(help="Last day, 2026-12-31.")],
    staff: AsStaff = "",
    json: AsJson = False,
) -> None:
    """Override today's warnings for a photo. For a minor, a second person must agree.

    Example: likeness override add photo.jpg --use facebook --reason "She agreed, see e-mail"
    --until 2026-12-31 --as "D. Rector:director"
    """
    from consent.cases.references import photo_named
    from consent.checking.overrides import propose_override

    services, who = open_services(), actor(staff, Role.COMMUNICATIONS)
    made = propose_override(
        services,
        photo_named(services, photo),
        services.policy.use(use),
        reason,
        day(until, "--until"),
        who,
    )
    waits = "; it waits for a second person" if made.needs_second else ""
    words = f"Override {made.id} until {made.expires_on}{waits}."
    show.answer(_plain(made), words, json=json)


def list_overrides(*, staff: AsStaff = "", json: AsJson = False) -> None:
    """List overrides that are in effect or wait for a second person.

    Example: likeness override list
    """
    from consent.checking.overrides import list_overrides as listed

    overrides = listed(open_services(), actor(staff, Role.COMMUNICATIONS))
    if json:
        show.as_json({"overrides": [_plain(override) for override in overrides]})
        return
    for override in overrides:
        waits = ", waits for a second person" if override.waits_for_second else ""
        term = f"until {override.expires_on}{waits}"
        show.line(f"{override.id}  {override.channel}, {term}: {override.reason}")
    show.line(f"{counted(len(overrides), 'override')}.")


def second(
    override: Annotated[str, typer.Argument(help="Id of the override.", show_default=False)],
    *,
    staff: AsStaff = "",
    json: AsJson = False,
) -> None:
    """Agree, as the second person, to an override about a minor.

    The second person first signs in with likeness login, and agrees within five minutes.

    Example: likeness override second 3f2a...
    """
    from consent.checking.overrides import second_override

    services, who = open_services(), second_person(staff, Role.COMMUNICATIONS)
    made = second_override(services, override, who)
    show.answer(_plain(made), f"It is valid until {made.expires_on}.", json=json)


def withdraw(
    override: Annotated[str, typer.Argument(help="Id of the override.", show_default=False)],
    *,
    reason: Annotated[str, typer.Option(help="Why.")] = "",
    staff: AsStaff = "",
    json: AsJson = False,
) -> None:
    """Undo an override.

    Example: likeness override withdraw 3f2a... --as "D. Rector:director"
    """
    from consent.checking.overrides import withdraw_override

    who = actor(staff, Role.COMMUNICATIONS)
    withdraw_override(open_services(), override, reason, who)
    show.answer({"override": override, "withdrawn": True}, "Undone.", json=json)


def _plain(override: Override) -> dict[str, object]:
    return {
        "override": override.id,
        "photo": override.photo_sha256,
        "channel": override.channel,
        "publication": override.issue,
        "lifts": sorted(f"{code} {label or ''}".strip() for code, label in override.lifts),
        "reason": override.reason,
        "expires_on": override.expires_on,
        "by": override.granted_by.id,
        "second": None if override.second is None else override.second.id,
        "waits_for_second": override.waits_for_second,
    }
