"""Tokens: of timers and programs, and of the command line."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from consent.access.accounts import account_named
from consent.access.present import by_id
from consent.access.sign_in import SignInLapsedError, begin_session
from consent.domain.access import AccountKind, Session, SessionKind, Stage
from consent.domain.actors import Actor
from consent.domain.errors import BadInputError, NotFoundError
from consent.domain.log import Action
from consent.domain.roles import Duty, for_roles
from consent.services import Services

_MOST_DAYS = 366
_MOST_LETTERS = 120


@for_roles(Duty.KEEP_ACCOUNTS)
def make_token(services: Services, name: str, label: str, days: int, actor: Actor) -> str:
    """Make a token for a service account, and return it; it is shown this once.

    Raises:
        BadInputError: the account is a person's, or holds for no or too many days.
        NotFoundError: there is no such account.
        WrongRoleError: only administrators make tokens.
    """
    if not 1 <= days <= _MOST_DAYS:
        raise BadInputError(f"A token is valid for 1 to {_MOST_DAYS} days.")
    with services.writing() as unit:
        account = account_named(unit, name)
        if account.kind is not AccountKind.SERVICE or account.locked:
            raise BadInputError(
                f"{account.name} is not a service account in use: make one with likeness account"
                " add NAME --service. People sign in with likeness login."
            )
        entrance = begin_session(
            services,
            unit,
            account,
            SessionKind.SERVICE,
            Stage.OPEN,
            holds=timedelta(days=days),
            label=label.strip()[:_MOST_LETTERS],
        )
        unit.audit.append(Action.TOKEN_MADE, account.id, actor, services.now(), {"days": days})
        unit.commit()
    return entrance.token


def token_for_command(services: Services, session_id: str) -> str:
    """Make a token by which somebody who is signed in acts at the command line, and return it.

    Raises:
        SignInLapsedError: the session has ended.
    """
    here = by_id(services, session_id)
    if here is None or here.is_demo or here.session.kind is not SessionKind.WEB:
        raise SignInLapsedError
    with services.writing() as unit:
        entrance = begin_session(
            services,
            unit,
            here.account,
            SessionKind.COMMAND,
            Stage.OPEN,
            label="made on a page",
            # No token begins another day: it ends when the sign-in would have ended.
            holds=here.session.ends_at - services.now(),
            # The token shows no more than the page does, where they may have signed in long ago.
            fresh_at=here.session.fresh_at,
        )
        unit.audit.append(Action.TOKEN_MADE, here.account.id, here.actor, services.now())
        unit.commit()
    return entrance.token


@for_roles(Duty.KEEP_ACCOUNTS)
def list_tokens(services: Services, name: str, actor: Actor) -> list[Session]:
    """Return the tokens of a service account that have not ended, oldest first.

    Raises:
        NotFoundError: there is no such account.
        WrongRoleError: only administrators see tokens.
    """
    with services.reading() as unit:
        account = account_named(unit, name)
        idle = services.policy.sessions.idle
        found = unit.access.sessions_of(account.id)
        return [session for session in found if session.is_alive(services.now(), idle)]


@for_roles(Duty.KEEP_ACCOUNTS)
def end_token(services: Services, name: str, token_id: str, actor: Actor) -> None:
    """End one token of a service account.

    Raises:
        NotFoundError: there is no such account, or no such token of it.
        WrongRoleError: only administrators end tokens.
    """
    with services.writing() as unit:
        account = account_named(unit, name)
        found = [
            session for session in unit.access.sessions_of(account.id) if session.id == token_id
        ]
        if not found:
            raise NotFoundError(f"{account.name} has no token {token_id}: list them first.")
        unit.access.put_session(replace(found[0], ended_at=services.now()))
        unit.audit.append(Action.SIGNED_OUT, account.id, actor, services.now())
        unit.commit()
