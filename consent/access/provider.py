"""Sign-in by a provider of OpenID Connect, whose tokens were checked before this."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime

from consent.access.accounts import find_account, free_name
from consent.access.secrets import THE_DOOR, new_id
from consent.access.sign_in import Entrance, begin_session
from consent.domain.access import FRESH_FOR, Account, AccountKind, SessionKind, Stage
from consent.domain.actors import Role
from consent.domain.errors import RefusedError
from consent.domain.log import Action
from consent.services import Services
from consent.storage.unit_of_work import UnitOfWork

# Two of them, in brackets, are still a name of an account.
_MOST_OF_NAME = 38


class NotInvitedError(RefusedError):
    """The provider knows somebody who has no business here."""

    def __init__(self) -> None:
        super().__init__(
            "Your account there works, but it is in no group that may use this program: ask the "
            "person who manages the groups."
        )


@dataclass(frozen=True, slots=True)
class Introduced:
    """Whom the provider introduces.

    Attributes:
        subject: at the issuer; never given to somebody else, unlike a name or an address.
        names: what the provider calls them, the best first; under one of them the log shows them.
        roles: by their groups.
        shown_at: when they last showed there who they are, not by a cookie alone; None if it was
            not said.
    """

    issuer: str
    subject: str
    names: tuple[str, ...]
    roles: frozenset[Role]
    shown_at: datetime | None = None


def sign_in_introduced(
    services: Services, who: Introduced, kind: SessionKind = SessionKind.WEB
) -> Entrance:
    """Begin a session for whom the provider introduces; their roles are what the groups say today.

    Raises:
        NotInvitedError: they are in no group of ours, or their account is locked.
    """
    subject = f"{who.issuer} {who.subject}"
    with services.writing() as unit:
        account = next(
            (account for account in unit.access.accounts() if account.subject == subject), None
        )
        if account is not None and account.roles != who.roles:
            # What is open in the former roles ends, also when none is left.
            unit.access.end_sessions(account.id, services.now())
            _log(services, unit, Action.ACCOUNT_ROLES_CHANGED, account, who.roles)
            account = replace(account, roles=who.roles)
            unit.access.put_account(account)
        if account is None and who.roles:
            account = Account(
                new_id(),
                _name_of(unit, who),
                AccountKind.PERSON,
                who.roles,
                services.now(),
                subject=subject,
            )
            unit.access.put_account(account)
            _log(services, unit, Action.ACCOUNT_CREATED, account, who.roles)
        refused = account is None or account.locked or not who.roles
        entrance = None
        if account is not None and not refused:
            now = services.now()
            fresh_at = min(now, who.shown_at or now - FRESH_FOR)
            entrance = begin_session(services, unit, account, kind, Stage.OPEN, fresh_at=fresh_at)
        unit.commit()
    if entrance is None:
        raise NotInvitedError
    return entrance


def _name_of(unit: UnitOfWork, who: Introduced) -> str:
    """Return a name that is free here: two people may be called alike, and neither chose it."""
    called = [tidy for name in (*who.names, who.subject, "Somebody") if (tidy := _tidy(name))]
    several = (called[0], *(f"{called[0]} ({other})" for other in called[1:]))
    return free_name(unit, next((name for name in several if not find_account(unit, name)), ""))


def _tidy(name: str) -> str:
    seen = "".join(sign if sign.isprintable() and sign != ":" else " " for sign in name)
    return " ".join(seen.split())[:_MOST_OF_NAME].strip()


def _log(
    services: Services,
    unit: UnitOfWork,
    action: Action,
    account: Account,
    roles: frozenset[Role],
) -> None:
    unit.audit.append(action, account.id, THE_DOOR, services.now(), {"roles": sorted(roles)})
