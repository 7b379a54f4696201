"""likeness login, logout, account, token."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Annotated

import typer

from consent.cli import show
from consent.cli.options import AsJson, AsStaff, actor, open_services
from consent.domain.access import Session, SessionKind, Stage
from consent.domain.actors import Role
from consent.domain.errors import BadInputError

if TYPE_CHECKING:
    from consent.access.accounts import OneTimeCode
    from consent.domain.access import Account
    from consent.services import Services

Name = Annotated[str, typer.Argument(help="Name of the account.", show_default=False)]
Roles = Annotated[
    list[Role],
    typer.Option("--role", help="Their role. You may repeat this option.", show_default=False),
]


def add_to(app: typer.Typer) -> None:
    """Add the commands."""
    app.command()(login)
    app.command()(logout)
    account = typer.Typer(help="Who may sign in.", no_args_is_help=True)
    for command in (add, roles, lock, unlock, reset):
        account.command()(command)
    account.command("list")(list_them)
    app.add_typer(account, name="account")
    token = typer.Typer(help="Tokens for timers and programs.", no_args_is_help=True)
    token.command("make")(make)
    token.command("list")(list_tokens)
    token.command("end")(end)
    app.add_typer(token, name="token")


def login(
    name: Annotated[
        str,
        typer.Argument(
            help="Name of the account; not with --provider or --token.", show_default=False
        ),
    ] = "",
    *,
    token: Annotated[
        bool,
        typer.Option(
            "--token",
            help="Sign in with a token from the page /account/token, such as if people sign in "
            "at the library's provider.",
        ),
    ] = False,
    provider: Annotated[
        bool,
        typer.Option(
            "--provider",
            help="Sign in with the library's provider. It shows a code to type in a browser on "
            "any device.",
        ),
    ] = False,
    code: Annotated[
        str,
        typer.Option(help="One-time code to choose a password.", show_default=False),
    ] = "",
    stdin: Annotated[
        bool,
        typer.Option(
            "--stdin",
            help="Read the password, and the app's code if needed, line by line.",
        ),
    ] = False,
    json: AsJson = False,
) -> None:
    """Sign in at the command line, for at most ten hours.

    The command asks for the password, and for the code of the authenticator app if the account has
    one.

    Example: likeness login "Ana Ruiz"
    """
    from consent.access import sign_in
    from consent.cli.signed_in import keep_token

    services = open_services(anybody=True)

    def ask(what: str, *, hidden: bool = True) -> str:
        if stdin:
            return sys.stdin.readline().rstrip("\r\n")
        return str(typer.prompt(what, hide_input=hidden, err=True))

    if provider:
        _login_by_provider(services, json=json)
        return
    if token:
        _login_by_token(services, ask("Token"), json=json)
        return
    if not name.strip():
        raise BadInputError(
            "Say who signs in: likeness login NAME, likeness login --provider or --token."
        )
    if code:
        password = ask("New password")
        begun = sign_in.choose_password(services, name, code, password, SessionKind.COMMAND)
    else:
        begun = sign_in.sign_in(services, name, ask("Password"), SessionKind.COMMAND)
    if begun.session.stage is Stage.SECOND:
        shown = ask("Code from the authenticator app", hidden=False)
        begun = sign_in.give_second_factor(services, begun.token, shown)
    elif begun.session.stage is Stage.ENROLL:
        _, secret, sealed = sign_in.propose_second_factor(services, begun.token)
        show.aside(f"Add this key to an authenticator app (type TOTP): {secret}")
        shown = ask("Code shown in the app now", hidden=False)
        begun = sign_in.set_second_factor(services, begun.token, sealed, shown)
    file = keep_token(services, begun.token)
    _say_login(services, begun.session, str(file), json=json)


def _login_by_provider(services: Services, *, json: bool) -> None:
    from consent.cli.signed_in import keep_token
    from consent.web.door_file import read_door
    from consent.web.provider_device import DeviceCode, sign_in_by_device

    door = read_door(services.settings.door)
    if door.oidc is None:
        raise BadInputError(
            "No sign-in provider is set up: add [oidc] to the file of LIKENESS_DOOR "
            "(docs/deploy.md), or run likeness login NAME."
        )

    def tell(asked: DeviceCode) -> None:
        show.aside(f"Open {asked.address} in a browser, and type this code there: {asked.code}")

    begun = sign_in_by_device(services, door.oidc, tell)
    _say_login(services, begun.session, str(keep_token(services, begun.token)), json=json)


def _login_by_token(services: Services, given: str, *, json: bool) -> None:
    from consent.access.present import by_token
    from consent.cli.signed_in import keep_token

    found = by_token(services, given.strip())
    if found is None or found.session.kind is not SessionKind.COMMAND:
        raise BadInputError(
            "The token is wrong or no longer valid: make a new one on /account/token."
        )
    file = keep_token(services, given.strip())
    _say_login(services, found.session, str(file), json=json)


def _say_login(services: Services, session: Session, file: str, *, json: bool) -> None:
    from consent.domain.wording import clock_time

    until = services.local(session.ends_at)
    show.answer(
        {"until": until.isoformat(), "file": file},
        f"Signed in until {clock_time(until)} at the latest. To sign out, run likeness logout.",
        json=json,
    )


def logout(*, json: AsJson = False) -> None:
    """Sign out at the command line.

    Example: likeness logout
    """
    from consent.access.sign_in import sign_out
    from consent.cli.signed_in import forget_token, token

    services = open_services(anybody=True)
    ended = sign_out(services, token(services)) is not None
    forget_token(services)
    show.answer(
        {"ended": ended}, "Signed out." if ended else "Nobody was signed in here.", json=json
    )


def add(
    name: Name,
    role: Roles,
    *,
    service: Annotated[
        bool,
        typer.Option("--service", help="For a timer or program: it has tokens and no password."),
    ] = False,
    subject: Annotated[
        str,
        typer.Option(
            help="Issuer and subject at the sign-in provider, separated by a space. Without it,"
            " the person chooses a password.",
            show_default=False,
        ),
    ] = "",
    staff: AsStaff = "",
    json: AsJson = False,
) -> None:
    """Make an account, and show the one-time code for its owner to choose a password.

    Example: likeness account add "Ana Ruiz" --role desk --role communications
    """
    from consent.access.accounts import add_account
    from consent.domain.access import AccountKind

    kind = AccountKind.SERVICE if service else AccountKind.PERSON
    services, who = open_services(), actor(staff, Role.ADMIN)
    _say_code(add_account(services, name, role, who, kind=kind, subject=subject), json=json)


def roles(name: Name, role: Roles, *, staff: AsStaff = "", json: AsJson = False) -> None:
    """Replace a person's roles with these.

    Example: likeness account roles "Ana Ruiz" --role desk
    """
    from consent.access.accounts import change_roles

    services, who = open_services(), actor(staff, Role.ADMIN)
    _say(change_roles(services, name, role, who), json=json)


def lock(name: Name, *, staff: AsStaff = "", json: AsJson = False) -> None:
    """Lock an account. Its sessions and tokens end at once.

    Example: likeness account lock "Ana Ruiz"
    """
    from consent.access.accounts import lock_account

    services, who = open_services(), actor(staff, Role.ADMIN)
    _say(lock_account(services, name, who), json=json)


def unlock(name: Name, *, staff: AsStaff = "", json: AsJson = False) -> None:
    """Unlock an account, also after too many wrong passwords.

    Example: likeness account unlock "Ana Ruiz"
    """
    from consent.access.accounts import unlock_account

    services, who = open_services(), actor(staff, Role.ADMIN)
    _say(unlock_account(services, name, who), json=json)


def reset(name: Name, *, staff: AsStaff = "", json: AsJson = False) -> None:
    """Delete password and second step, and show a one-time code to choose a new password.

    Example: likeness account reset "Ana Ruiz"
    """
    from consent.access.accounts import reset_account

    services, who = open_services(), actor(staff, Role.ADMIN)
    _say_code(reset_account(services, name, who), json=json)


def list_them(*, staff: AsStaff = "", json: AsJson = False) -> None:
    """List the accounts.

    Example: likeness account list
    """
    from consent.access.accounts import list_accounts

    services, who = open_services(), actor(staff, Role.ADMIN)
    accounts, now = list_accounts(services, who), services.now()
    if json:
        held = [_as_data(account) | {"held": account.is_held(now)} for account in accounts]
        show.as_json({"accounts": held})
        return
    if not accounts:
        show.line(
            "Nobody has an account yet: likeness serve prints a code for the first administrator."
        )
    for account in accounts:
        remarks = ", ".join(account.remarks(now))
        show.line(f"{_named(account)}{f'  ({remarks})' if remarks else ''}")


def make(
    name: Name,
    *,
    what_for: Annotated[
        str, typer.Option("--for", help="What it is for.", show_default=False)
    ] = "",
    days: Annotated[int, typer.Option(help="How many days it is valid.")] = 90,
    staff: AsStaff = "",
    json: AsJson = False,
) -> None:
    """Make a token for a service account. It is shown only this once.

    Example: likeness token make nightly --for "recheck on vm-3"
    """
    from consent.access.tokens import make_token

    services, who = open_services(), actor(staff, Role.ADMIN)
    token = make_token(services, name, what_for, days, who)
    show.answer({"token": token}, token, json=json)


def list_tokens(name: Name, *, staff: AsStaff = "", json: AsJson = False) -> None:
    """List the valid tokens of a service account.

    Example: likeness token list nightly
    """
    from consent.access import tokens

    services, who = open_services(), actor(staff, Role.ADMIN)
    found = tokens.list_tokens(services, name, who)
    if json:
        listed = [
            {"id": token.id, "for": token.label, "until": token.ends_at.isoformat()}
            for token in found
        ]
        show.as_json({"tokens": listed})
        return
    for token in found:
        show.line(f"{token.id}  until {services.day(token.ends_at)}  {token.label}")


def end(
    name: Name,
    token: Annotated[str, typer.Argument(help="Its id.", show_default=False)],
    *,
    staff: AsStaff = "",
    json: AsJson = False,
) -> None:
    """End a token of a service account.

    Example: likeness token end nightly 3f2a
    """
    from consent.access.tokens import end_token

    services, who = open_services(), actor(staff, Role.ADMIN)
    end_token(services, name, token, who)
    show.answer({"ended": token}, "It is no longer valid.", json=json)


def _as_data(account: Account) -> dict[str, object]:
    return {
        "name": account.name,
        "kind": account.kind,
        "roles": sorted(account.roles),
        "locked": account.locked,
    }


def _say(account: Account, *, json: bool) -> None:
    if json:
        show.as_json(_as_data(account))
        return
    locked = "  (locked)" if account.locked else ""
    show.line(f"{_named(account)}{locked}")


def _named(account: Account) -> str:
    return f"{account.name}  {', '.join(sorted(account.roles))}"


def _say_code(made: OneTimeCode, *, json: bool) -> None:
    if json:
        show.as_json({"name": made.name, "code": made.code})
    elif made.code:
        show.line(
            f"To choose a password, {made.name} opens the program's address and presses “I have a "
            "one-time code”, or runs likeness login --code, within three days. One-time code: "
            f"{made.code}"
        )
    else:
        show.line(f"{made.name} has an account.")
