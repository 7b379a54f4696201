"""The log to be read: who did what, with the numbers and accounts that people know things by."""

from __future__ import annotations

from collections import deque
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from consent.domain.actors import Actor, Role
from consent.domain.errors import BadInputError, NotFoundError
from consent.domain.roles import Duty, for_roles
from consent.services import Services
from consent.storage.unit_of_work import UnitOfWork


@dataclass(frozen=True, slots=True)
class LogQuery:
    """Which entries somebody wants to read.

    Attributes:
        about: the number of a case, a disposal or a print piece, or the name of an account.
        by: who did it.
        action: how what was done is called, or how that begins, such as account.
        last: so many at most, the newest.
    """

    since: date | None = None
    until: date | None = None
    about: str = ""
    by: str = ""
    action: str = ""
    last: int = 100


@dataclass(frozen=True, slots=True)
class LogLine:
    """An entry; `about` is a number or a name, or what the log itself calls it."""

    sequence: int
    at: datetime
    action: str
    about: str
    by: str
    role: str
    details: Mapping[str, Any]


@for_roles(Duty.READ_LOG)
def read_log(services: Services, actor: Actor, query: LogQuery | None = None) -> list[LogLine]:
    """Return what was done, oldest first.

    Raises:
        BadInputError: no entry at all is asked for.
        NotFoundError: nothing is called so.
        WrongRoleError: directors and records officers read it.
    """
    query = query or LogQuery()
    if query.last < 1:
        raise BadInputError("Ask for at least one entry: --last 100, for example.")
    found: deque[LogLine] = deque(maxlen=query.last)
    with services.reading() as unit:
        called = _called(unit)
        wanted = _subjects(unit, called, query.about) if query.about else None
        for entry in unit.audit.entries():
            day = services.day(entry.at)
            if (
                (query.since is None or day >= query.since)
                and (query.until is None or day <= query.until)
                and (wanted is None or entry.subject in wanted)
                and entry.action.startswith(query.action)
                and (not query.by or _is_called(entry.actor_id, query.by))
            ):
                found.append(
                    LogLine(
                        entry.sequence,
                        entry.at,
                        entry.action,
                        called.get(entry.subject, entry.subject),
                        entry.actor_id,
                        entry.actor_role,
                        entry.details,
                    )
                )
    return list(found)


def _is_called(name: str, wanted: str) -> bool:
    """Say whether a name is the one that was typed, however it is spelled."""
    return Actor(name, Role.RECORDS).is_same_person(Actor(wanted, Role.RECORDS))


def _called(unit: UnitOfWork) -> dict[str, str]:
    """Return what people call the subjects of the log, by what it calls them."""
    called: dict[str, str] = {}
    for case in unit.register.revocations():
        called[case.id] = case.label
        # Of several cases of a person, the first.
        called.setdefault(case.person.id, case.label)
    called |= {account.id: account.name for account in unit.access.accounts() if account.name}
    called |= {disposal.id: disposal.label for disposal in unit.retention.disposals()}
    called |= {piece.id: piece.label for piece in unit.pieces.all()}
    return called


def _subjects(unit: UnitOfWork, called: Mapping[str, str], about: str) -> set[str]:
    found = {subject for subject, name in called.items() if _is_called(name, about)}
    if not found:
        raise NotFoundError(
            f"Nothing is called {about!r}: give the number of a case, disposal or print piece, or "
            "the name of an account."
        )
    # What became of a case is told of the disposal that it is in.
    return found | {
        disposal.id
        for disposal in unit.retention.disposals()
        if not found.isdisjoint(disposal.revocation_ids)
    }
