"""The log in the database: appended, chained, never changed."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import JSON, func
from sqlmodel import Field, SQLModel, col, select

from consent.domain.actors import Actor
from consent.domain.log import FIRST, Action, Entry, chained
from media_index.storage.columns import Columns, Store
from media_index.storage.tables import UtcDateTime


class AuditEventRow(SQLModel, table=True):
    """An entry of the log, chained to the one before by its hash."""

    __tablename__ = "audit_event"

    sequence: int = Field(
        primary_key=True, sa_column_kwargs={"name": "place", "autoincrement": False}
    )
    at: datetime = Field(sa_type=UtcDateTime)
    action: str = Field(max_length=64, index=True)
    subject: str = Field(index=True, max_length=128)
    actor_id: str
    actor_role: str = Field(max_length=32)
    details: dict[str, Any] = Field(sa_type=JSON)
    changes_register: bool = Field(index=True)
    previous: str = Field(max_length=64)
    digest: str = Field(max_length=64, unique=True)


_ENTRIES = Columns(Entry, AuditEventRow)


class AuditTrail(Store):
    """The log in the database."""

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
            select(AuditEventRow).order_by(col(AuditEventRow.sequence).desc()).limit(1),
        ).first()
        sequence, previous = (1, FIRST) if last is None else (last.sequence + 1, last.digest)
        entry = chained(sequence, previous, at, action, subject, actor, dict(details or {}))
        self._add(_ENTRIES.row(entry, changes_register=action.changes_register))
        return entry

    def entries(self) -> Iterator[Entry]:
        """Yield the log, oldest first."""
        query = _ENTRIES.select().order_by(col(AuditEventRow.sequence))
        yield from map(_ENTRIES.read, self._session.execute(query))

    def entries_of(self, subjects: Sequence[str]) -> list[Entry]:
        """Return what the log says of some subjects, oldest first."""
        query = _ENTRIES.select().where(col(AuditEventRow.subject).in_(subjects))
        return self._read(_ENTRIES, query.order_by(col(AuditEventRow.sequence)))

    def entries_after(self, sequence: int) -> list[Entry]:
        """Return what came after an entry, oldest first."""
        query = _ENTRIES.select().where(col(AuditEventRow.sequence) > sequence)
        return self._read(_ENTRIES, query.order_by(col(AuditEventRow.sequence)))

    def last_sequence(self, action: Action | None = None) -> int:
        """Return the number of the last entry, or of the last of a kind; 0 if there is none."""
        query = select(func.max(AuditEventRow.sequence))
        if action is not None:
            query = query.where(AuditEventRow.action == action)
        return self._session.exec(query).one() or 0

    def register_version(self) -> int:
        """Return the number of the last entry that changed the register; 0 if none did."""
        query = select(func.max(AuditEventRow.sequence))
        return self._session.exec(query.where(col(AuditEventRow.changes_register))).one() or 0
