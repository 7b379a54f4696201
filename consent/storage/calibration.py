"""Which calibration is in use, in the database."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any

from sqlalchemy import JSON, func
from sqlmodel import Field, Session, SQLModel, col, select

from consent.domain.actors import Actor, Role
from consent.domain.calibration import CalibrationChange
from media_index.storage.tables import UtcDateTime

if TYPE_CHECKING:
    from collections.abc import Sequence


class CalibrationChangeRow(SQLModel, table=True):
    """A change of the calibration in use. Rows are appended; the last one holds."""

    __tablename__ = "calibration_change"

    id: int | None = Field(default=None, primary_key=True)
    at: datetime = Field(sa_type=UtcDateTime)
    actor_id: str
    actor_role: str = Field(max_length=32)
    reason: str
    document: dict[str, Any] | None = Field(default=None, sa_type=JSON)


class CalibrationChanges:
    """Changes of the calibration, oldest first."""

    def __init__(self, session: Session) -> None:
        """Work inside the session's transaction."""
        self._session = session

    def append(self, change: CalibrationChange) -> None:
        """Put another calibration in use."""
        self._session.add(
            CalibrationChangeRow(
                at=change.at,
                actor_id=change.actor.id,
                actor_role=change.actor.role.value,
                reason=change.reason,
                document=None if change.document is None else dict(change.document),
            )
        )
        self._session.flush()

    def count(self) -> int:
        """Return how many there were; goes up with each."""
        return self._session.exec(select(func.count(col(CalibrationChangeRow.id)))).one()

    def all(self) -> Sequence[CalibrationChange]:
        """Return all, oldest first."""
        rows = self._session.exec(
            select(CalibrationChangeRow).order_by(col(CalibrationChangeRow.id))
        )
        return [
            CalibrationChange(
                row.at, Actor(row.actor_id, Role(row.actor_role)), row.reason, row.document
            )
            for row in rows
        ]
