"""Takedowns and appeals in the database."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import UniqueConstraint, func, text
from sqlalchemy import select as select_columns
from sqlmodel import Field, SQLModel, col, select

from consent.domain.takedowns import (
    Appeal,
    AppealStep,
    Takedown,
    TakedownEvent,
    TakedownState,
)
from consent.storage.publications import PublicationRow
from consent.storage.sealed import SealedText, seal_rows
from media_index.storage.columns import Columns, Store
from media_index.storage.tables import UtcDateTime


class TakedownRow(SQLModel, table=True):
    """The case of getting one published copy removed; all else is in its events."""

    __tablename__ = "takedown"
    __table_args__ = (UniqueConstraint("publication_id", "revocation_id"),)

    id: str = Field(primary_key=True, max_length=32)
    number: int = Field(unique=True)
    publication_id: str = Field(foreign_key="publication.id", index=True, max_length=32)
    revocation_id: str = Field(foreign_key="revocation.id", index=True, max_length=32)
    due_on: date = Field(index=True)
    safety: bool


class TakedownEventRow(SQLModel, table=True):
    """A step of a takedown."""

    __tablename__ = "takedown_event"

    id: int | None = Field(default=None, primary_key=True)
    takedown_id: str = Field(foreign_key="takedown.id", index=True, max_length=32)
    at: datetime = Field(sa_type=UtcDateTime)
    actor_id: str
    actor_role: str = Field(max_length=32)
    state: str | None = Field(default=None, max_length=32)
    owner: str | None = None
    note: str = Field(default="", sa_type=SealedText("takedown_event.note"))
    proof: str | None = Field(default=None, max_length=64)
    stop_reprint: bool | None = None
    stock: str = ""
    kept_copy: str | None = Field(default=None, max_length=64)
    kept_until: date | None = None


class AppealRow(SQLModel, table=True):
    """A Statement of Concern."""

    __tablename__ = "appeal"

    id: str = Field(primary_key=True, max_length=32)
    number: int = Field(unique=True)
    name: str = Field(sa_type=SealedText("appeal.name"))
    contact: str = Field(default="", sa_type=SealedText("appeal.contact"))
    about: str = Field(sa_type=SealedText("appeal.about"))
    takedown_id: str | None = Field(default=None, foreign_key="takedown.id", max_length=32)
    received_on: date
    due_on: date = Field(index=True)
    at: datetime = Field(sa_type=UtcDateTime)
    entered_by: str = Field(sa_column_kwargs={"name": "actor_id"})
    statement: str | None = Field(default=None, max_length=64)
    statement_name: str = Field(
        default="",
        sa_type=SealedText("appeal.statement_name"),
        sa_column_kwargs={"server_default": text("''")},
    )


class AppealStepRow(SQLModel, table=True):
    """An answer to an appeal, or that it goes to the Board."""

    __tablename__ = "appeal_step"

    id: int | None = Field(default=None, primary_key=True)
    appeal_id: str = Field(foreign_key="appeal.id", index=True, max_length=32)
    kind: str = Field(max_length=16, sa_column_kwargs={"name": "step"})
    decision: str | None = Field(default=None, max_length=16)
    reason: str = Field(default="", sa_type=SealedText("appeal_step.reason"))
    on: date
    at: datetime = Field(sa_type=UtcDateTime)
    by: str = Field(sa_column_kwargs={"name": "actor_id"})


for _kind in (TakedownEventRow, AppealRow, AppealStepRow):
    seal_rows(_kind)

_TAKEDOWNS = Columns(Takedown, TakedownRow, apart=("history",))
_EVENTS = Columns(TakedownEvent, TakedownEventRow)
_APPEALS = Columns(Appeal, AppealRow, apart=("steps",))
_STEPS = Columns(AppealStep, AppealStepRow)


class Takedowns(Store):
    """Takedowns and appeals."""

    def next_number(self) -> int:
        """Return the next free number of a takedown."""
        return self._next(TakedownRow.number)

    def open(self, takedown: Takedown) -> None:
        """Open a takedown with its first step."""
        self._add(_TAKEDOWNS.row(takedown))
        for step in takedown.history:
            self.append(takedown.id, step)

    def append(self, takedown_id: str, step: TakedownEvent) -> None:
        """Append a step."""
        self._add(_EVENTS.row(step, takedown_id=takedown_id))

    def all(self) -> list[Takedown]:
        """Return every takedown, by number."""
        history = self._read_by(TakedownEventRow.takedown_id, _EVENTS)
        rows = self._session.execute(_TAKEDOWNS.select().order_by(col(TakedownRow.number)))
        return [_TAKEDOWNS.read(row, history=tuple(history[row.id])) for row in rows]

    def count_of(self, revocation_id: str) -> int:
        """Return how many takedowns a case has."""
        query = select(func.count()).where(col(TakedownRow.revocation_id) == revocation_id)
        return self._session.exec(query).one()

    def still_out(self) -> list[tuple[str, date, tuple[str, str, str]]]:
        """Return case, last day and copy (see `Publication.key`) of takedowns that are open."""
        last = (
            select(func.max(TakedownEventRow.id).label("id"))
            .where(col(TakedownEventRow.state).is_not(None))
            .group_by(col(TakedownEventRow.takedown_id))
            .subquery()
        )
        columns: list[Any] = [
            TakedownRow.revocation_id,
            TakedownRow.due_on,
            PublicationRow.channel,
            PublicationRow.issue,
            PublicationRow.photo_sha256,
        ]
        query = (
            select_columns(*columns)
            .join(PublicationRow, col(PublicationRow.id) == col(TakedownRow.publication_id))
            .join(TakedownEventRow, col(TakedownEventRow.takedown_id) == col(TakedownRow.id))
            .join(last, last.c.id == col(TakedownEventRow.id))
            .where(
                col(TakedownEventRow.state).in_(
                    [state.value for state in TakedownState if not state.closed]
                )
            )
        )
        rows = self._session.execute(query)
        return [(case, on, (channel, issue, photo)) for case, on, channel, issue, photo in rows]

    def next_appeal(self) -> int:
        """Return the next free number of an appeal."""
        return self._next(AppealRow.number)

    def add_appeal(self, appeal: Appeal, at: datetime) -> None:
        """Enter an appeal."""
        self._add(_APPEALS.row(appeal, at=at))

    def add_appeal_step(self, appeal_id: str, step: AppealStep, at: datetime) -> None:
        """Append an answer, or that the appeal goes to the Board."""
        self._add(_STEPS.row(step, appeal_id=appeal_id, at=at))

    def appeals(self) -> list[Appeal]:
        """Return every appeal, by number."""
        steps = self._read_by(AppealStepRow.appeal_id, _STEPS)
        rows = self._session.execute(_APPEALS.select().order_by(col(AppealRow.number)))
        return [_APPEALS.read(row, steps=tuple(steps[row.id])) for row in rows]
