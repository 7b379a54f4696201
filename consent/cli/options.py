"""Options that several commands share, and how they are read."""

from __future__ import annotations

import getpass
from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Annotated

import typer

from consent.domain.actors import Actor, Role
from consent.domain.errors import BadInputError, RefusedError
from consent.services import Services
from media_index.files.places import Place, named
from media_index.types import Box

_CORNERS = 4

AsStaff = Annotated[
    str,
    typer.Option(
        "--as",
        envvar="LIKENESS_STAFF",
        metavar="NAME[:ROLE]",
        help="Your name or NAME:ROLE for the log. The default is the computer account. If "
        "people sign in, it can only lower the role. Roles: desk, communications, "
        "print_editor, photographer, director, records, admin.",
        show_default=False,
    ),
]
AsJson = Annotated[bool, typer.Option("--json", help="Print one JSON object instead of text.")]
Jobs = Annotated[
    int,
    typer.Option(
        "--jobs", min=0, help="Number of worker processes. 0 means one for each processor."
    ),
]
PhotoNamed = Annotated[
    str, typer.Argument(help="Path, or SHA-256 of an indexed photo.", show_default=False)
]
PhotosNamed = Annotated[
    list[str], typer.Argument(help="Paths, or SHA-256 of indexed photos.", show_default=False)
]
# Text: a path would fold the slashes of a URL.
Paths = Annotated[
    list[str],
    typer.Argument(
        help="Photos and folders: paths, or URLs such as s3://bucket/2026.",
        show_default=False,
    ),
]


def places(texts: Sequence[str]) -> list[Place]:
    """Read what is named as PATHS.

    Raises:
        PlaceError: one is a URL that cannot be used; says what to do.
    """
    return [named(text) for text in texts]


def open_services(*, anybody: bool = False) -> Services:
    """Return the services of this process; built at the first call, so that --help answers at once.

    Raises:
        NotLoggedInError: somebody has an account, and nobody is signed in here; `anybody` leaves
            that aside.
        SetupError: policy, data home or database cannot be used; says what to do.
    """
    from consent.bootstrap import services_from_environment
    from consent.cli.signed_in import who_is_here

    services = services_from_environment()
    if not anybody:
        who_is_here(services)
    if services.keys.made:
        from consent.cli.show import aside
        from consent.retention.keys import tell_of_new_key

        tell_of_new_key(services, aside)
    return services


def actor(text: str, role: Role) -> Actor:
    """Read --as NAME[:ROLE]; without a name the account's, without a role the one given.

    Where anybody has an account, it is who is signed in; --as only takes roles away.

    Raises:
        BadInputError: there is no such role, or the name is somebody else's.
        RefusedError: they have no such role, or nobody is signed in.
    """
    from consent.bootstrap import services_from_environment
    from consent.cli.signed_in import who_is_here

    name, asked = _named(text)
    here = who_is_here(services_from_environment())
    if here is None:
        return Actor(name or _account(), asked or role)
    return _in_role(here.actor, name, asked, role)


def _named(text: str) -> tuple[str, Role | None]:
    name, _, given = text.partition(":")
    name, given = name.strip(), given.strip()
    try:
        return name, Role(given) if given else None
    except ValueError as error:
        known = ", ".join(Role)
        raise BadInputError(f"There is no role {given!r}: use one of {known}.") from error


def _in_role(known_as: Actor, name: str, asked: Role | None, role: Role) -> Actor:
    """Return who is known to act, in the role they ask for: one of theirs."""
    if name and not known_as.is_same_person(Actor(name, role)):
        raise BadInputError(
            f"You are signed in as {known_as.id}: --as can take a role, and no other name."
        )
    if asked is None:
        return known_as.acting_as(role) if role in known_as.roles else known_as
    if asked not in known_as.roles:
        raise RefusedError(
            f"{known_as.id} is no {asked.words.lower()}: --as can lower a role but never raise it. "
            "An administrator can change roles."
        )
    return replace(known_as, role=asked, also=frozenset())


def second_person(text: str, role: Role) -> Actor:
    """Read --as for somebody who agrees to what another one entered, and has just signed in.

    In the demonstration nobody signs in: there it names one of its people.

    Raises:
        BadInputError: there is no such role, or the name is somebody else's.
        RefusedError: they have no such role, signed in too long ago, or nobody has an account.
    """
    from consent.access.second import by_fresh_session, in_demonstration
    from consent.bootstrap import services_from_environment
    from consent.cli.signed_in import who_is_here

    services = services_from_environment()
    name, asked = _named(text)
    here = who_is_here(services)
    if here is None:
        shown = in_demonstration(services, name or _account())
    else:
        shown = by_fresh_session(here, services)
    return _in_role(shown, name, asked, role)


def _account() -> str:
    try:
        return getpass.getuser()
    except (KeyError, OSError) as error:
        raise BadInputError("This account has no name: say who acts with --as NAME.") from error


def given(context: typer.Context) -> dict[str, str]:
    """Return the options that were typed, as they are written, by the name of their argument."""
    return {
        parameter.name: parameter.opts[0]
        for parameter in context.command.params
        if (source := context.get_parameter_source(parameter.name)) is not None
        and source.name == "COMMANDLINE"
    }


def refuse_unused(typed: Mapping[str, str], unused: Collection[str], why: str) -> None:
    """Refuse options that would be read and then left aside.

    `typed` is as `given` returns it; `why` ends the sentence with what the others do not go with,
    and what to do.

    Raises:
        BadInputError: there are some; names every one.
    """
    refused = [option for name, option in typed.items() if name in unused]
    if refused:
        raise BadInputError(f"{', '.join(refused)}: {why}")


def require_svg(plot: Path | None) -> None:
    """Refuse to write a plot under a name that is no SVG's.

    Raises:
        BadInputError: it is none.
    """
    if plot is not None and plot.suffix.lower() != ".svg":
        raise BadInputError(f"{plot}: the plot is an SVG; give a name that ends in .svg.")


def box_from(text: str) -> Box | None:
    """Read a box such as 10,20,110,140; None where nothing was typed.

    Raises:
        BadInputError: it is none.
    """
    if not text.strip():
        return None
    parts = [part.strip() for part in text.split(",")]
    if len(parts) != _CORNERS or not all(part.isdecimal() for part in parts):
        raise BadInputError(f"{text!r} is not a box: write x1,y1,x2,y2 in px, as 10,20,110,140.")
    return Box(*(int(part) for part in parts))


def day(text: str, what: str) -> date:
    """Read a date such as 2026-05-14.

    Raises:
        BadInputError: it is none; names what it was for.
    """
    if not text.strip():
        raise BadInputError(f"Give {what}, a day such as 2026-05-14.")
    try:
        return date.fromisoformat(text.strip())
    except ValueError as error:
        raise BadInputError(f"{what}: {text!r} is not a date; write it as 2026-05-14.") from error
