"""Statements of Concern: who appeals against what, by when it is answered, and how."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from uuid import uuid4

import numpy as np

from consent.domain.actors import Actor
from consent.domain.cases import number_in
from consent.domain.errors import (
    BadInputError,
    ConflictError,
    DayToComeError,
    NotFoundError,
    WrongRoleError,
)
from consent.domain.log import Action
from consent.domain.policy import AppealDays
from consent.domain.takedowns import Appeal, AppealDecision, AppealStep, AppealStepKind
from consent.services import Services
from consent.storage.unit_of_work import UnitOfWork
from consent.takedowns.board import takedown_named


def due_day(received_on: date, days: AppealDays) -> date:
    """Return the last day for an answer.

    The day of receipt is not counted; what comes on a day off counts as come on the next
    business day.
    """
    holidays = np.array(sorted(days.holidays), dtype="datetime64[D]")
    begins = np.busday_offset(received_on, 0, roll="forward", holidays=holidays)
    last = np.busday_offset(begins, days.business_days, holidays=holidays)
    return date.fromisoformat(str(last))


def receive_appeal(
    services: Services,
    name: str,
    about: str,
    received_on: date,
    actor: Actor,
    *,
    contact: str = "",
    takedown: str = "",
) -> Appeal:
    """Enter a Statement of Concern.

    Raises:
        BadInputError: who or what is missing, or the day is to come.
        NotFoundError: there is no such takedown.
    """
    if not name.strip() or not about.strip():
        raise BadInputError("Say who appeals, and about what.")
    if received_on > services.today():
        raise DayToComeError("It cannot have come", received_on)
    with services.writing() as unit:
        appeal = Appeal(
            id=uuid4().hex,
            number=unit.takedowns.next_appeal(),
            name=name.strip(),
            contact=contact.strip(),
            about=about.strip(),
            takedown_id=takedown_named(unit, takedown).id if takedown.strip() else None,
            received_on=received_on,
            due_on=due_day(received_on, services.policy.appeals),
        )
        unit.takedowns.add_appeal(appeal, services.now(), actor)
        details = {"due_on": appeal.due_on.isoformat()}
        unit.audit.append(Action.APPEAL_RECEIVED, appeal.id, actor, services.now(), details)
        unit.commit()
    return appeal


def answer_appeal(
    services: Services, label: str, decision: AppealDecision, reason: str, actor: Actor
) -> Appeal:
    """Enter how an appeal was answered today, by the President and CEO or by the Board.

    Raises:
        NotFoundError: there is no such appeal.
        BadInputError: the reason is missing.
        ConflictError: no answer is owed.
        WrongRoleError: the role may not decide.
    """
    if actor.role not in services.policy.may_override:
        raise WrongRoleError("Appeals are decided by", services.policy.may_override)
    if not reason.strip():
        raise BadInputError("Say why: the answer to an appeal gives its reason.")
    with services.writing() as unit:
        appeal = _named(unit, label)
        if not appeal.waits:
            raise ConflictError(f"{appeal.label} is answered: it can go to the Board.")
        board = bool(appeal.steps)
        kind = AppealStepKind.BOARD_ANSWERED if board else AppealStepKind.ANSWERED
        step = AppealStep(kind, services.today(), actor.id, decision, reason.strip())
        return _append(services, unit, appeal, step, Action.APPEAL_DECIDED, actor)


def take_to_board(services: Services, label: str, actor: Actor) -> Appeal:
    """Enter that somebody is not content with the answer and turns to the Board of Directors.

    Raises:
        NotFoundError: there is no such appeal.
        ConflictError: it was not answered yet, or the Board has answered.
    """
    with services.writing() as unit:
        appeal = _named(unit, label)
        if not appeal.steps or appeal.steps[-1].kind is not AppealStepKind.ANSWERED:
            raise ConflictError(
                f"{appeal.label} cannot go to the Board now: the first answer comes before."
            )
        step = AppealStep(AppealStepKind.TO_BOARD, services.today(), actor.id)
        return _append(services, unit, appeal, step, Action.APPEAL_TO_BOARD, actor)


def list_appeals(services: Services, actor: Actor) -> list[Appeal]:
    """Return appeals: those that wait first, the most urgent on top; names to those who may."""
    with services.reading() as unit:
        appeals = unit.takedowns.appeals()
    told = [_told(services, appeal, actor) for appeal in appeals]
    return sorted(told, key=lambda appeal: (not appeal.waits, appeal.due_on, appeal.number))


def _told(services: Services, appeal: Appeal, actor: Actor) -> Appeal:
    """Return an appeal as a role may see it."""
    if services.policy.sees_names(actor):
        return appeal
    return replace(appeal, name="Name withheld", contact="")


def _append(
    services: Services,
    unit: UnitOfWork,
    appeal: Appeal,
    step: AppealStep,
    action: Action,
    actor: Actor,
) -> Appeal:
    unit.takedowns.add_appeal_step(appeal.id, step, services.now())
    details = {"decision": step.decision.value} if step.decision else {}
    unit.audit.append(action, appeal.id, actor, services.now(), details)
    unit.commit()
    return _told(services, replace(appeal, steps=(*appeal.steps, step)), actor)


def _named(unit: UnitOfWork, label: str) -> Appeal:
    number = number_in(label, "A")
    found = next((appeal for appeal in unit.takedowns.appeals() if appeal.number == number), None)
    if found is None:
        raise NotFoundError(f"There is no appeal {label}: list them with likeness appeals list.")
    return found
