"""Sign-in by a reverse proxy that has seen to it who somebody is."""

from __future__ import annotations

from consent.access.accounts import find_account
from consent.access.present import Present
from consent.access.sign_in import begin_session
from consent.domain.access import FRESH_FOR, AccountKind, SessionKind, Stage
from consent.services import Services

_LABEL = "by the proxy"


def sign_in_by_proxy(services: Services, name: str) -> Present | None:
    """Return the session of somebody whom the proxy names; None if they have no account here.

    The proxy says it anew at each request, so that one session for all of them is enough.
    """
    idle = services.policy.sessions.idle
    with services.reading() as unit:
        account = find_account(unit, name)
        if account is None or account.locked or account.kind is not AccountKind.PERSON:
            return None
        for session in reversed(unit.access.sessions_of(account.id)):
            if session.label == _LABEL and session.is_alive(services.now(), idle):
                return Present(session, account)
    with services.writing() as unit:
        entrance = begin_session(
            services,
            unit,
            account,
            SessionKind.WEB,
            Stage.OPEN,
            label=_LABEL,
            # When they showed who they are, the proxy knows alone.
            fresh_at=services.now() - FRESH_FOR,
        )
        unit.commit()
    return Present(entrance.session, account)
