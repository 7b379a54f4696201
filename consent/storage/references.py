"""Trials of reference faces in the database: appended; the last of each counts."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import delete
from sqlmodel import Field, SQLModel, col

from consent.domain.references import ReferenceTrial
from media_index.storage.columns import Columns, Store
from media_index.storage.tables import UtcDateTime


class ReferenceTrialRow(SQLModel, table=True):
    """How many photos a reference alone matched, or that a person has confirmed it."""

    __tablename__ = "reference_trial"

    id: int | None = Field(default=None, primary_key=True)
    template_id: str = Field(index=True, max_length=32)
    revocation_id: str = Field(max_length=32)
    photos: int
    matched: int
    crowded: int
    at: datetime = Field(sa_type=UtcDateTime)
    actor_id: str
    actor_role: str = Field(max_length=32)
    confirmed: bool = False


_TRIALS = Columns(ReferenceTrial, ReferenceTrialRow)


class ReferenceTrials(Store):
    """Trials of reference faces."""

    def add(self, trial: ReferenceTrial) -> None:
        """Append a trial, or a confirmation."""
        self._add(_TRIALS.row(trial))

    def last(self) -> dict[str, ReferenceTrial]:
        """Return the last trial of each reference face, by its id."""
        query = _TRIALS.select().order_by(col(ReferenceTrialRow.id))
        return {trial.template_id: trial for trial in self._read(_TRIALS, query)}

    def forget(self, template_ids: Collection[str]) -> None:
        """Forget the trials of faces that are erased; see `consent.cases.erase`."""
        self._session.exec(
            delete(ReferenceTrialRow).where(col(ReferenceTrialRow.template_id).in_(template_ids))
        )
