"""Accounts: made, given roles, locked and reset by an administrator."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace

from consent.access.secrets import THE_DOOR, digest_of_code, new_code, new_id
from consent.domain.access import CODE_HOLDS, Account, AccountKind
from consent.domain.actors import Actor, Role
from consent.domain.errors import BadInputError, ConflictError, NotFoundError
from consent.domain.log import Action
from consent.domain.roles import Duty, for_roles
from consent.services import Services
from consent.storage.unit_of_work import UnitOfWork

_MOST_LETTERS = 80


class NoSuchAccountError(NotFoundError):
    """No account goes by that name."""

    def __init__(self, name: str) -> None:
        super().__init__(
            f"There is no account {name!r}: look for it under Accounts.",
            command="likeness account list",
        )


@dataclass(frozen=True, slots=True)
class OneTimeCode:
    """By which somebody chooses a password, once, within three days."""

    name: str
    code: str


def has_accounts(services: Services) -> bool:
    """Say whether anybody must sign in here; the accounts of the demonstration do not count."""
    with services.reading() as unit:
        return any(_counts(account) for account in unit.access.accounts())


def waits_for_the_first(services: Services) -> bool:
    """Say whether nobody keeps the accounts yet."""
    with services.reading() as unit:
        accounts = unit.access.accounts()
    return not any(_counts(account) and Role.ADMIN in account.roles for account in accounts)


def _counts(account: Account) -> bool:
    return account.kind is not AccountKind.DEMO and bool(account.name)


@for_roles(Duty.KEEP_ACCOUNTS)
def list_accounts(services: Services, actor: Actor) -> list[Account]:
    """Return all accounts, by name.

    Raises:
        WrongRoleError: only administrators see them.
    """
    with services.reading() as unit:
        return [account for account in unit.access.accounts() if account.name]


def first_code(services: Services) -> str | None:
    """Return the code by which the first administrator chooses name and password, if none has.

    The one before it, from an earlier start, holds no more.
    """
    with services.writing() as unit:
        accounts = unit.access.accounts()
        if any(_counts(account) and Role.ADMIN in account.roles for account in accounts):
            return None
        waiting = next((account for account in accounts if not account.name), None)
        if waiting is None:
            waiting = Account(
                new_id(), "", AccountKind.PERSON, frozenset({Role.ADMIN}), services.now()
            )
            unit.audit.append(Action.ACCOUNT_CREATED, waiting.id, THE_DOOR, services.now())
        coded, code = _with_code(services, waiting)
        unit.access.put_account(coded)
        unit.commit()
    return code


@for_roles(Duty.KEEP_ACCOUNTS)
def add_account(
    services: Services,
    name: str,
    roles: Iterable[Role],
    actor: Actor,
    *,
    kind: AccountKind = AccountKind.PERSON,
    subject: str = "",
) -> OneTimeCode:
    """Make an account, and return the code by which its owner chooses a password.

    Raises:
        BadInputError: the name is missing or too long, or no role was given.
        ConflictError: somebody is called so already, however it is spelled.
        WrongRoleError: only administrators make accounts.
    """
    granted = _some(roles)
    with services.writing() as unit:
        name = free_name(unit, name)
        account = Account(new_id(), name, kind, granted, services.now(), subject=subject)
        code = ""
        if kind is AccountKind.PERSON and not subject:
            account, code = _with_code(services, account)
        unit.access.put_account(account)
        end_demonstration(services, unit)
        _log(services, unit, Action.ACCOUNT_CREATED, account, actor)
        unit.commit()
    return OneTimeCode(name, code)


@for_roles(Duty.KEEP_ACCOUNTS)
def change_roles(services: Services, name: str, roles: Iterable[Role], actor: Actor) -> Account:
    """Give somebody other roles; whoever is signed in so must sign in again.

    Raises:
        BadInputError: no role was given.
        ConflictError: nobody would be left who keeps the accounts.
        NotFoundError: there is no such account.
        WrongRoleError: only administrators change roles.
    """
    with services.writing() as unit:
        account = account_named(unit, name)
        changed = replace(account, roles=_some(roles))
        _keep_an_admin(unit, changed)
        unit.access.put_account(changed)
        unit.access.end_sessions(account.id, services.now())
        _log(services, unit, Action.ACCOUNT_ROLES_CHANGED, changed, actor)
        unit.commit()
    return changed


@for_roles(Duty.KEEP_ACCOUNTS)
def lock_account(services: Services, name: str, actor: Actor) -> Account:
    """Let nobody in by an account any more; its sessions and tokens end at once.

    Raises:
        ConflictError: nobody would be left who keeps the accounts.
        NotFoundError: there is no such account.
        WrongRoleError: only administrators lock accounts.
    """
    with services.writing() as unit:
        locked = replace(account_named(unit, name), locked=True, code="", code_ends_at=None)
        _keep_an_admin(unit, locked)
        unit.access.put_account(locked)
        unit.access.end_sessions(locked.id, services.now())
        _log(services, unit, Action.ACCOUNT_LOCKED, locked, actor)
        unit.commit()
    return locked


@for_roles(Duty.KEEP_ACCOUNTS)
def unlock_account(services: Services, name: str, actor: Actor) -> Account:
    """Let somebody in again, also after too many wrong passwords.

    Raises:
        NotFoundError: there is no such account.
        WrongRoleError: only administrators unlock accounts.
    """
    with services.writing() as unit:
        open_again = replace(account_named(unit, name), locked=False, wrong=0, held_until=None)
        unit.access.put_account(open_again)
        _log(services, unit, Action.ACCOUNT_UNLOCKED, open_again, actor)
        unit.commit()
    return open_again


@for_roles(Duty.KEEP_ACCOUNTS)
def reset_account(services: Services, name: str, actor: Actor) -> OneTimeCode:
    """Forget password and second factor; return the code by which a new password is chosen.

    Raises:
        NotFoundError: there is no such account.
        WrongRoleError: only administrators reset accounts.
    """
    with services.writing() as unit:
        account = account_named(unit, name)
        if account.kind is not AccountKind.PERSON or account.subject:
            raise BadInputError(
                f"{account.name} signs in with the library's own account, so there is no password "
                "to reset here."
            )
        bare = replace(account, password="", totp="", wrong=0, held_until=None)
        coded, code = _with_code(services, bare)
        unit.access.put_account(coded)
        unit.access.end_sessions(account.id, services.now())
        _log(services, unit, Action.ACCOUNT_RESET, coded, actor)
        unit.commit()
    return OneTimeCode(account.name, code)


def account_named(unit: UnitOfWork, name: str) -> Account:
    """Return the account of a name, however it is spelled.

    Raises:
        NoSuchAccountError: there is none.
    """
    found = find_account(unit, name)
    if found is None:
        raise NoSuchAccountError(name)
    return found


def find_account(unit: UnitOfWork, name: str) -> Account | None:
    """Return the account of a name, however it is spelled, if there is one."""
    wanted = Actor(name, Role.ADMIN)
    for account in unit.access.accounts():
        if account.name and wanted.is_same_person(Actor(account.name, Role.ADMIN)):
            return account
    return None


def free_name(unit: UnitOfWork, name: str) -> str:
    """Return a name as it is kept.

    Raises:
        BadInputError: it is missing, too long, or holds a colon or signs nobody sees.
        ConflictError: somebody is called so already, however it is spelled.
    """
    name = " ".join(name.split())
    if not name or len(name) > _MOST_LETTERS or ":" in name or not name.isprintable():
        raise BadInputError(f"Enter a name of at most {_MOST_LETTERS} letters, without a colon.")
    if find_account(unit, name) is not None:
        raise ConflictError(f"There is an account called {name!r} already: use another name.")
    return name


def end_demonstration(services: Services, unit: UnitOfWork) -> None:
    """End its sessions: somebody has an account now. The caller commits."""
    for account in unit.access.accounts():
        if account.kind is AccountKind.DEMO:
            unit.access.end_sessions(account.id, services.now())


def _some(roles: Iterable[Role]) -> frozenset[Role]:
    granted = frozenset(roles)
    if not granted:
        raise BadInputError("Give at least one role: a person without a role can do nothing here.")
    return granted


def _keep_an_admin(unit: UnitOfWork, changed: Account) -> None:
    others = [
        account
        for account in unit.access.accounts()
        if account.id != changed.id and _counts(account)
    ]
    was_admin = Role.ADMIN in account_roles(unit, changed.id)
    left = [
        account
        for account in (*others, changed)
        if not account.locked and Role.ADMIN in account.roles
    ]
    if was_admin and not left:
        raise ConflictError("The program needs at least one administrator: make another one first.")


def account_roles(unit: UnitOfWork, account_id: str) -> frozenset[Role]:
    """Return the roles of an account as they are kept; none if it is not there."""
    found = unit.access.account(account_id)
    return frozenset() if found is None else found.roles


def _with_code(services: Services, account: Account) -> tuple[Account, str]:
    code = new_code()
    ends = services.now() + CODE_HOLDS
    return replace(account, code=digest_of_code(code), code_ends_at=ends), code


def _log(
    services: Services, unit: UnitOfWork, action: Action, account: Account, actor: Actor
) -> None:
    roles = sorted(account.roles)
    unit.audit.append(action, account.id, actor, services.now(), {"roles": roles})
