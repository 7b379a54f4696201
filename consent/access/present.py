"""Who is here: a session looked up, at every request and at every act."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, replace
from datetime import timedelta

from consent.access.secrets import digest
from consent.domain.access import Account, AccountKind, Session, Stage
from consent.domain.actors import Actor
from consent.services import Services
from consent.storage.unit_of_work import UnitOfWork

# So often at most is written down that somebody did something.
_NOTED_EVERY = timedelta(minutes=1)


@dataclass(frozen=True, slots=True)
class Present:
    """A session that holds, and whose it is."""

    session: Session
    account: Account

    @property
    def actor(self) -> Actor:
        """Who acts, in all of their roles."""
        return self.account.actor()

    @property
    def is_demo(self) -> bool:
        """Whether nobody signed in, and only the sample photos are here."""
        return self.account.kind is AccountKind.DEMO


def by_token(services: Services, token: str) -> Present | None:
    """Return whose session a token opens; None if it has ended or never was."""
    with services.reading() as unit:
        return _found(services, unit, unit.access.session_by_token(digest(token)))


def by_id(services: Services, session_id: str) -> Present | None:
    """Return whose session this is; None if it has ended or never was."""
    with services.reading() as unit:
        return _found(services, unit, unit.access.session(session_id))


def unfinished_stage(services: Services, token: str) -> Stage | None:
    """Return how far a sign-in has come that is not done yet."""
    with services.reading() as unit:
        session = unit.access.session_by_token(digest(token))
    alive = session is not None and _holds(services, session)
    return session.stage if session and alive and session.stage is not Stage.OPEN else None


def ended_of(services: Services, session_ids: Collection[str]) -> set[str]:
    """Return which of some sessions hold no more."""
    if not session_ids:
        return set()
    with services.reading() as unit:
        found = unit.access.sessions(session_ids)
        accounts = unit.access.accounts_with({session.account_id for session in found})
    return set(session_ids) - {
        session.id
        for session in found
        if _present(services, session, accounts.get(session.account_id)) is not None
    }


def note_activity(services: Services, session_id: str) -> None:
    """Write down that somebody did something, once a minute at most."""
    now = services.now()
    with services.reading() as unit:
        session = unit.access.session(session_id)
    if session is None or now - session.seen_at < _NOTED_EVERY or not _holds(services, session):
        return
    with services.writing() as unit:
        session = unit.access.session(session_id)
        # It may have ended meanwhile.
        if session is not None and session.ended_at is None:
            unit.access.put_session(replace(session, seen_at=now))
            unit.commit()


def _found(services: Services, unit: UnitOfWork, session: Session | None) -> Present | None:
    if session is None:
        return None
    return _present(services, session, unit.access.account(session.account_id))


def _present(services: Services, session: Session, account: Account | None) -> Present | None:
    if session.stage is not Stage.OPEN or not _holds(services, session):
        return None
    if account is None or account.locked:
        return None
    return Present(session, account)


def _holds(services: Services, session: Session) -> bool:
    return session.is_alive(services.now(), services.policy.sessions.idle)
