"""Takedowns and appeals in the database."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

from sqlalchemy import func
from sqlmodel import Session, col, select

from consent.domain import Actor, Role
from consent.publishing.appeals import Appeal, AppealDecision, AppealStep, AppealStepKind
from consent.publishing.takedown_terms import Takedown, TakedownEvent, TakedownState
from consent.storage.tables_takedowns import (
    AppealRow,
    AppealStepRow,
    TakedownEventRow,
    TakedownRow,
)

if TYPE_CHECKING:
    from datetime import datetime


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
