"""Which calibration is in use, in the database."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import func
from sqlmodel import Session, col, select

from consent.domain import Actor, Role
from consent.encoders.calibration_changes import CalibrationChange
from consent.tables import CalibrationChangeRow

if TYPE_CHECKING:
    from collections.abc import Sequence


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
