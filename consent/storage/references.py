"""Trials of reference faces in the database: appended; the last of each counts."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import case, delete, func
from sqlmodel import Field, SQLModel, col, select

from consent.domain.references import ReferenceTrial
from consent.storage.cases import TemplateRow
from media_index.limits import FLOODING
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
    alike: float | None = None


_TRIALS = Columns(ReferenceTrial, ReferenceTrialRow)


class ReferenceTrials(Store):
    """Trials of reference faces."""

    def add(self, trial: ReferenceTrial) -> None:
        """Append a trial, or a confirmation."""
        self._add(_TRIALS.row(trial))

    def last(self, template_ids: Collection[str] | None = None) -> dict[str, ReferenceTrial]:
        """Return the last trial of each reference face, or of some, by its id."""
        query = _TRIALS.select().order_by(col(ReferenceTrialRow.id))
        if template_ids is not None:
            query = query.where(col(ReferenceTrialRow.template_id).in_(sorted(template_ids)))
        return {trial.template_id: trial for trial in self._read(_TRIALS, query)}

    def withheld(self) -> dict[str, ReferenceTrial]:
        """Return the last trial of each reference face that is withheld, by its id."""
        # Of thousands of faces a few ever matched too much; the others are not read.
        suspicious = select(ReferenceTrialRow.template_id).where(
            (col(ReferenceTrialRow.matched) >= FLOODING.least_matched)
            | (col(ReferenceTrialRow.crowded) >= FLOODING.crowded_photos)
        )
        found = set(self._session.exec(suspicious.distinct()))
        last = self.last(found) if found else {}
        return {template_id: trial for template_id, trial in last.items() if trial.withheld}

    def due(self, photos: int) -> set[str]:
        """Return the reference faces that nobody tried, or only in an index much smaller than this.

        Those that somebody has confirmed are tried no more.
        """
        trial = (
            select(
                ReferenceTrialRow.template_id,
                func.max(ReferenceTrialRow.photos).label("photos"),
                func.max(case((col(ReferenceTrialRow.confirmed), 1), else_=0)).label("confirmed"),
            )
            .group_by(col(ReferenceTrialRow.template_id))
            .subquery()
        )
        outgrown = (trial.c.photos < photos / FLOODING.again) & (photos > FLOODING.again)
        query = (
            select(TemplateRow.id)
            .outerjoin(trial, trial.c.template_id == col(TemplateRow.id))
            .where(trial.c.photos.is_(None) | (trial.c.confirmed == 0) & outgrown)
        )
        return set(self._session.exec(query))

    def forget(self, template_ids: Collection[str]) -> None:
        """Forget the trials of faces that are erased; see `consent.cases.erase`."""
        self._session.exec(
            delete(ReferenceTrialRow).where(col(ReferenceTrialRow.template_id).in_(template_ids))
        )
