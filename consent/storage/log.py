"""The log in the database: appended, chained, never changed."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any

from sqlalchemy import JSON, func
from sqlmodel import Field, Session, SQLModel, col, select

from consent.domain.log import FIRST, Action, Entry, chained
from media_index.storage.tables import UtcDateTime

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from consent.domain.actors import Actor


class AuditEventRow(SQLModel, table=True):
    """An entry of the log, chained to the one before by its hash."""

    __tablename__ = "audit_event"

    place: int = Field(primary_key=True, sa_column_kwargs={"autoincrement": False})
    at: datetime = Field(sa_type=UtcDateTime)
    action: str = Field(max_length=64, index=True)
    subject: str = Field(index=True, max_length=128)
    actor_id: str
    actor_role: str = Field(max_length=32)
    details: dict[str, Any] = Field(sa_type=JSON)
    changes_register: bool = Field(index=True)
    previous: str = Field(max_length=64)
    digest: str = Field(max_length=64, unique=True)


class AuditTrail:
    """The log in the database."""

    def __init__(self, session: Session) -> None:
        """Work inside the session's transaction."""
        self._session = session

    def append(
        self,
        action: Action,
        subject: str,
        actor: Actor,
        at: datetime,
        details: Mapping[str, Any] | None = None,
    ) -> Entry:
        """Append an entry, chained to the last."""
        last = self._session.exec(
            select(AuditEventRow).order_by(col(AuditEventRow.place).desc()).limit(1),
        ).first()
        place, previous = (1, FIRST) if last is None else (last.place + 1, last.digest)
        entry = chained(place, previous, at, action, subject, actor, dict(details or {}))
        self._session.add(
            AuditEventRow(
                place=entry.place,
                at=entry.at,
                action=entry.action,
                subject=entry.subject,
                actor_id=entry.actor_id,
                actor_role=entry.actor_role,
                details=dict(entry.details),
                changes_register=action.changes_register,
                previous=entry.previous,
                digest=entry.digest,
            ),
        )
        self._session.flush()
        return entry

    def entries(self) -> Iterator[Entry]:
        """Yield the log, oldest first."""
        for row in self._session.exec(select(AuditEventRow).order_by(col(AuditEventRow.place))):
            yield _entry(row)

    def entries_of(self, subjects: Sequence[str]) -> list[Entry]:
        """Return what the log says of some subjects, oldest first."""
        query = select(AuditEventRow).where(col(AuditEventRow.subject).in_(subjects))
        return [_entry(row) for row in self._session.exec(query.order_by(col(AuditEventRow.place)))]

    def last_place(self, action: Action | None = None) -> int:
        """Return the place of the last entry, or of the last of a kind; 0 if there is none."""
        query = select(func.max(AuditEventRow.place))
        if action is not None:
            query = query.where(AuditEventRow.action == action)
        return self._session.exec(query).one() or 0

    def register_version(self) -> int:
        """Return the place of the last entry that changed the register; 0 if none did."""
        return (
            self._session.exec(
                select(func.max(AuditEventRow.place)).where(col(AuditEventRow.changes_register)),
            ).one()
            or 0
        )


def _entry(row: AuditEventRow) -> Entry:
    return Entry(
        row.place,
        row.at,
        row.action,
        row.subject,
        row.actor_id,
        row.actor_role,
        row.details,
        row.previous,
        row.digest,
    )
