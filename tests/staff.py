"""Who acts in tests that are about something else."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from consent.access.accounts import find_account
from consent.access.present import by_token
from consent.access.second import by_fresh_session
from consent.access.secrets import hashed, new_id
from consent.access.sign_in import begin_session, second_factors
from consent.domain.access import Account, AccountKind, SessionKind, Stage
from consent.domain.actors import Actor, Role
from consent.services import Services

# As in a small library, where one person does everything.
ANYBODY = Actor("t.tester", Role.COMMUNICATIONS, frozenset(Role))


PASSWORD, SECRET = "four words of mine", "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"


def employ(services: Services, *staff: Actor) -> None:
    """Make accounts for some people, with PASSWORD, and the app's SECRET if a role needs one."""
    sealed = second_factors(services).sealed(SECRET)
    with services.writing() as unit:
        for actor in staff:
            account = Account(new_id(), actor.id, AccountKind.PERSON, actor.roles, services.now())
            if find_account(unit, actor.id) is None:
                totp = sealed if account.needs_second_factor else ""
                unit.access.put_account(replace(account, password=hashed(PASSWORD), totp=totp))
        unit.commit()


def token_of(services: Services, actor: Actor, *, ago: timedelta = timedelta(0)) -> str:
    """Return the token of somebody who has an account and signed in some time ago."""
    employ(services, actor)
    with services.writing() as unit:
        account = find_account(unit, actor.id)
        assert account is not None
        at = services.now() - ago
        entrance = begin_session(
            services, unit, account, SessionKind.COMMAND, Stage.OPEN, fresh_at=at
        )
        unit.commit()
    return entrance.token


def just_signed_in(services: Services, actor: Actor) -> Actor:
    """Return somebody who has an account and has just signed in."""
    here = by_token(services, token_of(services, actor))
    assert here is not None
    return replace(actor, proven=by_fresh_session(here, services).proven)
