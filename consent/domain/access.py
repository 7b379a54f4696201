"""Who may come in: accounts, and the sessions in which they work."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from consent.domain.actors import Actor, Role

# Roles that may do what cannot be undone, or see everything: a password alone is not enough.
SECOND_FACTOR_ROLES = frozenset({Role.DIRECTOR, Role.RECORDS, Role.ADMIN})
WRONG_AT_MOST = 5
HELD_FOR = timedelta(minutes=15)
CODE_HOLDS = timedelta(days=3)
# Between the password and the code of the second factor.
SECOND_WITHIN = timedelta(minutes=10)
ENDED_KEPT_FOR = timedelta(days=30)
FRESH_FOR = timedelta(minutes=5)
# In which the log names somebody of several roles, unless they say otherwise.
_FIRST_OF_SEVERAL = (
    Role.DIRECTOR,
    Role.DESK,
    Role.COMMUNICATIONS,
    Role.PRINT_EDITOR,
    Role.RECORDS,
    Role.PHOTOGRAPHER,
    Role.ADMIN,
)


class AccountKind(StrEnum):
    """What stands behind an account."""

    PERSON = "person"
    # A timer or another program: it has tokens and no password.
    SERVICE = "service"
    # Of the sample photos alone; see consent.access.demo.
    DEMO = "demo"


_KINDS = {AccountKind.SERVICE: "program", AccountKind.DEMO: "demonstration"}


class SessionKind(StrEnum):
    """Through which door somebody came."""

    WEB = "web"
    COMMAND = "command"
    SERVICE = "service"


class Stage(StrEnum):
    """How far a sign-in has come."""

    # The password was right; the code of the second factor is due.
    SECOND = "second"
    # The password was right; a second factor must be set up first.
    ENROLL = "enroll"
    OPEN = "open"


@dataclass(frozen=True, slots=True)
class Account:
    """Somebody who may come in.

    Attributes:
        id: opaque; what the log calls the account, whatever its name.
        name: signs in with it; stands in the log under what they do. Empty before the first
            administrator has chosen one.
        password: Argon2id, or empty if none was chosen yet.
        totp: secret of the second factor, sealed by the key of the data home; or empty.
        totp_step: of the last code taken: none is taken twice.
        code: SHA-256 of the one-time code by which a password is chosen; or empty.
        wrong: wrong passwords in a row.
        held_until: nobody is let in before, after too many of them.
        locked: by an administrator.
        subject: issuer and subject at a sign-in provider; or empty.
    """

    id: str
    name: str
    kind: AccountKind
    roles: frozenset[Role]
    created_at: datetime
    password: str = ""
    totp: str = ""
    totp_step: int = 0
    code: str = ""
    code_ends_at: datetime | None = None
    wrong: int = 0
    held_until: datetime | None = None
    locked: bool = False
    subject: str = ""

    @property
    def needs_second_factor(self) -> bool:
        """Whether a password alone does not let them in."""
        return bool(self.roles & SECOND_FACTOR_ROLES)

    def is_held(self, now: datetime) -> bool:
        """Say whether too many wrong passwords came just now."""
        return self.held_until is not None and now < self.held_until

    def remarks(self, now: datetime) -> list[str]:
        """Say what is unusual, for whoever keeps the accounts."""
        said = [_KINDS[self.kind]] if self.kind in _KINDS else []
        if self.subject:
            said.append("by the provider")
        if self.locked:
            said.append("locked")
        elif self.is_held(now):
            said.append("locked after wrong passwords")
        elif self.code:
            said.append("has a one-time code")
        return said

    def actor(self, roles: Iterable[Role] | None = None) -> Actor:
        """Return who acts, in all of their roles or in some.

        Raises:
            ValueError: they have no role.
        """
        held = self.roles if roles is None else self.roles & frozenset(roles)
        return actor_of(self.name, held)


def actor_of(name: str, roles: frozenset[Role]) -> Actor:
    """Return somebody of several roles.

    Raises:
        ValueError: there is none.
    """
    for role in _FIRST_OF_SEVERAL:
        if role in roles:
            return Actor(name, role, roles - {role})
    raise ValueError(f"{name} has no role")


@dataclass(frozen=True, slots=True)
class Session:
    """A time during which somebody works, or a token of a program.

    Attributes:
        id: opaque; never leaves the server.
        token: SHA-256 of what the browser or the program keeps.
        fresh_at: when they last proved who they are.
        seen_at: when they last did something, to the minute.
        ends_at: it ends then at the latest.
        label: what a token is for.
    """

    id: str
    account_id: str
    token: str
    kind: SessionKind
    stage: Stage
    created_at: datetime
    seen_at: datetime
    fresh_at: datetime
    ends_at: datetime
    ended_at: datetime | None = None
    label: str = ""

    def is_alive(self, now: datetime, idle: timedelta) -> bool:
        """Say whether it still holds."""
        if self.ended_at is not None or now >= self.ends_at:
            return False
        return self.kind is not SessionKind.WEB or now - self.seen_at < idle

    def is_fresh(self, now: datetime) -> bool:
        """Say whether they proved just now who they are."""
        return now - self.fresh_at < FRESH_FOR


@dataclass(frozen=True, slots=True)
class SessionLimits:
    """How long a sign-in holds.

    Attributes:
        idle_minutes: without anything being done.
        most_hours: whatever is done.
    """

    idle_minutes: int = 30
    most_hours: int = 10

    @property
    def idle(self) -> timedelta:
        """How long nothing may be done."""
        return timedelta(minutes=self.idle_minutes)

    @property
    def longest(self) -> timedelta:
        """How long it holds at most."""
        return timedelta(hours=self.most_hours)
