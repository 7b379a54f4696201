"""Takedowns and appeals in the database."""

from __future__ import annotations

from collections import defaultdict
from datetime import date, datetime

from sqlalchemy import UniqueConstraint, func
from sqlmodel import Field, Session, SQLModel, col, select

from consent.domain.actors import Actor, Role
from consent.domain.takedowns import (
    Appeal,
    AppealDecision,
    AppealStep,
    AppealStepKind,
    Takedown,
    TakedownEvent,
    TakedownState,
)
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
    note: str = ""
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
    name: str
    contact: str = ""
    about: str
    takedown_id: str | None = Field(default=None, foreign_key="takedown.id", max_length=32)
    received_on: date
    due_on: date = Field(index=True)
    at: datetime = Field(sa_type=UtcDateTime)
    actor_id: str


class AppealStepRow(SQLModel, table=True):
    """An answer to an appeal, or that it goes to the Board."""

    __tablename__ = "appeal_step"

    id: int | None = Field(default=None, primary_key=True)
    appeal_id: str = Field(foreign_key="appeal.id", index=True, max_length=32)
    step: str = Field(max_length=16)
    decision: str | None = Field(default=None, max_length=16)
    reason: str = ""
    on: date
    at: datetime = Field(sa_type=UtcDateTime)
    actor_id: str


class Takedowns:
    """Takedowns and appeals."""

    def __init__(self, session: Session) -> None:
        """Work inside the session's transaction."""
        self._session = session

    def next_number(self) -> int:
        """Return the next free number; safe because a writing unit of work is alone."""
        return (self._session.exec(select(func.max(TakedownRow.number))).one() or 0) + 1

    def open(self, takedown: Takedown) -> None:
        """Open a takedown with its first step."""
        self._session.add(
            TakedownRow(
                id=takedown.id,
                number=takedown.number,
                publication_id=takedown.publication_id,
                revocation_id=takedown.revocation_id,
                due_on=takedown.due_on,
                safety=takedown.safety,
            )
        )
        self._session.flush()
        for step in takedown.history:
            self.append(takedown.id, step)

    def append(self, takedown_id: str, step: TakedownEvent) -> None:
        """Append a step."""
        self._session.add(
            TakedownEventRow(
                takedown_id=takedown_id,
                at=step.at,
                actor_id=step.actor.id,
                actor_role=step.actor.role.value,
                state=None if step.state is None else step.state.value,
                owner=step.owner,
                note=step.note,
                proof=step.proof,
                stop_reprint=step.stop_reprint,
                stock=step.stock,
                kept_copy=step.kept_copy,
                kept_until=step.kept_until,
            )
        )
        self._session.flush()

    def all(self) -> list[Takedown]:
        """Return every takedown, by number."""
        steps: dict[str, list[TakedownEvent]] = defaultdict(list)
        for row in self._session.exec(select(TakedownEventRow).order_by(col(TakedownEventRow.id))):
            steps[row.takedown_id].append(_event(row))
        rows = self._session.exec(select(TakedownRow).order_by(col(TakedownRow.number)))
        return [
            Takedown(
                row.id,
                row.number,
                row.publication_id,
                row.revocation_id,
                row.due_on,
                row.safety,
                tuple(steps[row.id]),
            )
            for row in rows
        ]

    def next_appeal(self) -> int:
        """Return the next free number of an appeal."""
        return (self._session.exec(select(func.max(AppealRow.number))).one() or 0) + 1

    def add_appeal(self, appeal: Appeal, at: datetime, actor: Actor) -> None:
        """Enter an appeal."""
        self._session.add(
            AppealRow(
                id=appeal.id,
                number=appeal.number,
                name=appeal.name,
                contact=appeal.contact,
                about=appeal.about,
                takedown_id=appeal.takedown_id,
                received_on=appeal.received_on,
                due_on=appeal.due_on,
                at=at,
                actor_id=actor.id,
            )
        )
        self._session.flush()

    def add_appeal_step(self, appeal_id: str, step: AppealStep, at: datetime) -> None:
        """Append an answer, or that the appeal goes to the Board."""
        self._session.add(
            AppealStepRow(
                appeal_id=appeal_id,
                step=step.kind.value,
                decision=None if step.decision is None else step.decision.value,
                reason=step.reason,
                on=step.on,
                at=at,
                actor_id=step.by,
            )
        )
        self._session.flush()

    def appeals(self) -> list[Appeal]:
        """Return every appeal, by number."""
        steps: dict[str, list[AppealStep]] = defaultdict(list)
        for row in self._session.exec(select(AppealStepRow).order_by(col(AppealStepRow.id))):
            decision = None if row.decision is None else AppealDecision(row.decision)
            kind = AppealStepKind(row.step)
            steps[row.appeal_id].append(
                AppealStep(kind, row.on, row.actor_id, decision, row.reason)
            )
        rows = self._session.exec(select(AppealRow).order_by(col(AppealRow.number)))
        return [
            Appeal(
                id=row.id,
                number=row.number,
                name=row.name,
                contact=row.contact,
                about=row.about,
                takedown_id=row.takedown_id,
                received_on=row.received_on,
                due_on=row.due_on,
                steps=tuple(steps[row.id]),
            )
            for row in rows
        ]


def _event(row: TakedownEventRow) -> TakedownEvent:
    return TakedownEvent(
        at=row.at,
        actor=Actor(row.actor_id, Role(row.actor_role)),
        state=None if row.state is None else TakedownState(row.state),
        owner=row.owner,
        note=row.note,
        proof=row.proof,
        stop_reprint=row.stop_reprint,
        stock=row.stock,
        kept_copy=row.kept_copy,
        kept_until=row.kept_until,
    )
