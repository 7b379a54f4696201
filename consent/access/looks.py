"""Who looked at what names people, or shows a kept face: an entry of the log for each look.

A page is drawn anew at every click. What somebody sees again within half an hour, from the server
that showed it, is the same look.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta

from consent.access.secrets import digest
from consent.domain.actors import Actor
from consent.domain.log import Action
from consent.services import Services

ONE_LOOK = timedelta(minutes=30)
# More are forgotten together, which makes entries too many and never one too few.
_MOST = 10_000

_Look = tuple[str, Action, str, str]


class _Looks(dict[_Look, datetime]):
    """When each look was entered."""


def note_look(
    services: Services,
    action: Action,
    subject: str,
    actor: Actor,
    details: Mapping[str, object] | None = None,
    *,
    at: str = "",
) -> None:
    """Enter that somebody looks, unless it is the look that was entered before.

    Nothing is shown that cannot be entered: call it first.

    Args:
        at: what they look at of the subject, or for; it is told apart by it, and the log does not
            hold it.
    """
    now, looks = services.now(), services.memory.of(_Looks)
    look = (actor.id, action, subject, digest(at))
    before = looks.get(look)
    if before is not None and timedelta(0) <= now - before < ONE_LOOK:
        return
    with services.writing() as unit:
        unit.audit.append(action, subject, actor, now, details)
        unit.commit()
    if len(looks) >= _MOST:
        looks.clear()
    looks[look] = now
