"""Which calibration is in use, in the database."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import JSON, func
from sqlmodel import Field, SQLModel, col, select

from consent.domain.calibration import CalibrationChange
from media_index.storage.columns import Columns, Store
from media_index.storage.tables import UtcDateTime


class CalibrationChangeRow(SQLModel, table=True):
    """A change of the calibration in use. Rows are appended; the last one holds."""

    __tablename__ = "calibration_change"

    id: int | None = Field(default=None, primary_key=True)
    at: datetime = Field(sa_type=UtcDateTime)
    actor_id: str
    actor_role: str = Field(max_length=32)
    reason: str
    document: dict[str, Any] | None = Field(default=None, sa_type=JSON)


_CHANGES = Columns(CalibrationChange, CalibrationChangeRow)


class CalibrationChanges(Store):
    """Changes of the calibration, oldest first."""

    def append(self, change: CalibrationChange) -> None:
        """Put another calibration in use."""
        self._add(_CHANGES.row(change))

    def count(self) -> int:
        """Return how many there were; goes up with each."""
        return self._session.exec(select(func.count(col(CalibrationChangeRow.id)))).one()

    def all(self) -> Sequence[CalibrationChange]:
        """Return all, oldest first."""
        return self._read(_CHANGES, _CHANGES.select().order_by(col(CalibrationChangeRow.id)))
