"""The second person: another account than the first one's, which has just shown who it is."""

from __future__ import annotations

import re
from dataclasses import replace

from consent.access.accounts import find_account, has_accounts
from consent.access.demo import demo_accounts
from consent.access.present import Present, by_token
from consent.access.sign_in import give_second_factor, sign_in, sign_out
from consent.domain.access import FRESH_FOR, Account, AccountKind, Stage
from consent.domain.actors import Actor, Role
from consent.domain.errors import RefusedError, SamePersonError
from consent.domain.roles import Duty, may
from consent.services import Services
from consent.storage.unit_of_work import UnitOfWork

# What stands behind the name of somebody who is called as another one here.
_BEHIND = re.compile(r" \([^()]*\)$")
_MINUTES = int(FRESH_FOR.total_seconds() // 60)


class NotFreshError(RefusedError):
    """A second person agrees who has not just shown who they are."""

    def __init__(self) -> None:
        super().__init__(
            "The second person must have just signed in: sign in again, and agree within "
            f"{_MINUTES} minutes.",
            command="likeness login",
        )


class NoAccountsError(RefusedError):
    """Nobody can show who they are, as nobody has an account."""

    def __init__(self) -> None:
        super().__init__(
            "A second person can agree only where people sign in: ask an administrator to make "
            "an account for each of you.",
            command="likeness account add",
        )


class FirstUnknownError(RefusedError):
    """What waits was entered by nobody who can be told from the second person."""

    def __init__(self, name: str) -> None:
        super().__init__(
            f"{name}, who entered this, had no account, so the program can't tell whether you are "
            "another person: have someone who is signed in enter it again."
        )


class NoCodeYetError(RefusedError):
    """A password is right, and the second step was never set up."""

    def __init__(self) -> None:
        super().__init__(
            "This account needs an authenticator app and has none yet: sign in once to set up "
            "the app, then agree."
        )


def by_fresh_session(here: Present, services: Services) -> Actor:
    """Return who is signed in, as somebody who has just shown who they are.

    Raises:
        NotFreshError: they signed in too long ago, or a program did.
    """
    if here.account.kind is AccountKind.SERVICE or not here.session.is_fresh(services.now()):
        raise NotFreshError
    return _proven(here.account)


def by_password(services: Services, name: str, password: str, code: str = "") -> Actor:
    """Return who signs in for this alone; the log has it, and no session is left.

    Args:
        code: of the authenticator app, for accounts that have one.

    Raises:
        NotSignedInError: name and password do not go together, or the account is locked.
        WrongSecondFactorError: the code is wrong or was used before.
        NoCodeYetError: the account's second step was never set up.
    """
    entrance = sign_in(services, name, password)
    if entrance.session.stage is Stage.ENROLL:
        raise NoCodeYetError
    if entrance.session.stage is Stage.SECOND:
        entrance = give_second_factor(services, entrance.token, code)
    here = by_token(services, entrance.token)
    sign_out(services, entrance.token)
    if here is None:
        raise NotFreshError
    return _proven(here.account)


def in_demonstration(services: Services, name: str) -> Actor:
    """Return somebody of the demonstration, where nobody signs in.

    Raises:
        NoAccountsError: this is no demonstration.
        NotFreshError: somebody has an account, and so signs in.
    """
    if has_accounts(services):
        raise NotFreshError
    with services.reading() as unit:
        account = find_account(unit, name)
    if account is None or account.kind is not AccountKind.DEMO:
        raise NoAccountsError
    return _proven(account)


def of_demonstration(services: Services, first: Actor, duty: Duty) -> list[str]:
    """Return as whom somebody of the demonstration can agree to what another one entered."""
    with services.reading() as unit:
        accounts = demo_accounts(unit)
    return [
        account.name
        for account in accounts
        if not account.actor().is_same_person(first) and may(account.actor(), duty, services.policy)
    ]


def require_another(unit: UnitOfWork, second: Actor, first: Actor) -> None:
    """Hold that two accounts agree: how a name is spelled has nothing to do with it.

    Raises:
        FirstUnknownError: who entered it had no account.
        NotFreshError: the second has not just shown who they are.
        SamePersonError: they are one.
    """
    account = unit.access.account(second.proven) if second.proven else None
    if account is None or account.locked:
        raise NotFreshError
    entered = find_account(unit, first.id)
    # Who tried the demonstration, or a program, may be anybody.
    if entered is None or entered.kind is not account.kind:
        raise FirstUnknownError(first.id)
    if entered.id == account.id or _may_be_one(entered, account):
        raise SamePersonError


def _may_be_one(one: Account, other: Account) -> bool:
    """Say whether two accounts may be of one person: here, and at the provider."""
    if not (one.subject or other.subject):
        return False
    plain, also = (Actor(_BEHIND.sub("", account.name), Role.DESK) for account in (one, other))
    return plain.is_same_person(also)


def _proven(account: Account) -> Actor:
    return replace(account.actor(), proven=account.id)
