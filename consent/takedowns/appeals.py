"""Statements of Concern: who appeals against what, by when it is answered, and how."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from uuid import uuid4

import numpy as np

from consent.access.looks import note_look
from consent.domain.actors import Actor
from consent.domain.cases import number_in
from consent.domain.errors import (
    BadInputError,
    ConflictError,
    DayToComeError,
    NotFoundError,
)
from consent.domain.intake import EvidenceFile
from consent.domain.log import Action
from consent.domain.policy import AppealDays
from consent.domain.roles import Duty, for_roles
from consent.domain.takedowns import Appeal, AppealDecision, AppealStep, AppealStepKind
from consent.domain.typed_texts import require_no_turning
from consent.services import Services
from consent.storage.unit_of_work import UnitOfWork
from consent.takedowns.board import takedown_named
from media_index.images.openable import why_not_opened


class AppealChangedError(ConflictError):
    """An appeal is not as somebody saw it who answers it."""

    def __init__(self, appeal: Appeal) -> None:
        last = appeal.steps[-1]
        decision = "" if last.decision is None else f": {last.decision.words}"
        super().__init__(
            f"{appeal.label} has changed, and nothing was saved: {last.by} has entered "
            f'"{last.kind.words}{decision}". Look at it again.'
        )


def due_day(received_on: date, days: AppealDays) -> date:
    """Return the last day for an answer.

    The day of receipt is not counted; what comes on a day off counts as come on the next
    business day.
    """
    holidays = np.array(sorted(days.holidays), dtype="datetime64[D]")
    begins = np.busday_offset(received_on, 0, roll="forward", holidays=holidays)
    last = np.busday_offset(begins, days.business_days, holidays=holidays)
    return date.fromisoformat(str(last))


@for_roles(Duty.TAKE_APPEALS)
def receive_appeal(
    services: Services,
    name: str,
    about: str,
    received_on: date,
    actor: Actor,
    *,
    contact: str = "",
    takedown: str = "",
    statement: EvidenceFile | None = None,
) -> Appeal:
    """Enter a Statement of Concern; `statement` is the paper or mail itself.

    Raises:
        BadInputError: who or what is missing, the day is to come, or the file cannot be opened.
        NotFoundError: there is no such takedown.
    """
    if not name.strip() or not about.strip():
        raise BadInputError("Enter who appeals, and what about.")
    require_no_turning(the_name=name, the_contact=contact, the_concern=about)
    if received_on > services.today():
        raise DayToComeError("It cannot have come", received_on)
    if statement is not None and (why := why_not_opened(statement.content, statement.name)):
        raise BadInputError(f"The file {statement.name} {why}.")
    with services.writing() as unit:
        own = uuid4().hex
        appeal = Appeal(
            id=own,
            number=unit.takedowns.next_appeal(),
            name=name.strip(),
            contact=contact.strip(),
            about=about.strip(),
            takedown_id=takedown_named(unit, takedown).id if takedown.strip() else None,
            received_on=received_on,
            due_on=due_day(received_on, services.policy.appeals),
            entered_by=actor.id,
            statement=None if statement is None else services.vault.put(statement.content, own),
            statement_name="" if statement is None else statement.name,
        )
        unit.takedowns.add_appeal(appeal, services.now())
        details = {"due_on": appeal.due_on.isoformat()}
        unit.audit.append(Action.APPEAL_RECEIVED, appeal.id, actor, services.now(), details)
        unit.commit()
    return appeal


@for_roles(Duty.ANSWER_APPEALS)
def answer_appeal(
    services: Services,
    label: str,
    decision: AppealDecision,
    reason: str,
    actor: Actor,
    *,
    seen: int | None = None,
) -> Appeal:
    """Enter how an appeal was answered today, by the President and CEO or by the Board.

    `seen` is how many steps it had when whoever answers looked at it.

    Raises:
        AppealChangedError: somebody has entered another step since.
        NotFoundError: there is no such appeal.
        BadInputError: the reason is missing.
        ConflictError: no answer is owed.
        WrongRoleError: the role may not decide.
    """
    if not reason.strip():
        raise BadInputError("Say why: the answer to an appeal gives its reason.")
    with services.writing() as unit:
        appeal = appeal_named(unit, label)
        if seen is not None and len(appeal.steps) != seen:
            raise AppealChangedError(appeal)
        if not appeal.waits:
            raise ConflictError(f"{appeal.label} already has an answer. It can go to the Board.")
        board = bool(appeal.steps)
        kind = AppealStepKind.BOARD_ANSWERED if board else AppealStepKind.ANSWERED
        step = AppealStep(kind, services.today(), actor.id, decision, reason.strip())
        return _append(services, unit, appeal, step, Action.APPEAL_DECIDED, actor)


@for_roles(Duty.TAKE_APPEALS)
def take_to_board(services: Services, label: str, actor: Actor) -> Appeal:
    """Enter that somebody is not content with the answer and turns to the Board of Directors.

    Raises:
        NotFoundError: there is no such appeal.
        ConflictError: it was not answered yet, or the Board has answered.
    """
    with services.writing() as unit:
        appeal = appeal_named(unit, label)
        if not appeal.steps or appeal.steps[-1].kind is not AppealStepKind.ANSWERED:
            raise ConflictError(
                f"{appeal.label} can't go to the Board yet: it needs the first answer."
            )
        if appeal.upheld:
            raise ConflictError(
                f"{appeal.label} was upheld, so there is nothing for the Board to decide."
            )
        step = AppealStep(AppealStepKind.TO_BOARD, services.today(), actor.id)
        return _append(services, unit, appeal, step, Action.APPEAL_TO_BOARD, actor)


@for_roles(Duty.READ_APPEALS)
def list_appeals(services: Services, actor: Actor) -> list[Appeal]:
    """Return appeals: those that wait first, the most urgent on top; names to those who may."""
    with services.reading() as unit:
        appeals = unit.takedowns.appeals()
    told = [_told(services, appeal, actor) for appeal in appeals]
    return sorted(told, key=lambda appeal: (not appeal.waits, appeal.due_on, appeal.number))


def _told(services: Services, appeal: Appeal, actor: Actor) -> Appeal:
    """Return an appeal as a role may see it; whoever typed it in has seen the name."""
    if sees_its_names(services, appeal, actor):
        return appeal
    return replace(
        appeal,
        name="Name withheld",
        contact="",
        about="What it is about is shown to the desk and the director.",
        statement=None,
        statement_name="",
        steps=tuple(replace(step, reason="") for step in appeal.steps),
    )


def sees_its_names(services: Services, appeal: Appeal, actor: Actor) -> bool:
    """Say whether somebody may see who appeals: the role may, or they typed it in."""
    return services.policy.sees_names(actor) or appeal.entered_by == actor.id


def require_its_names(services: Services, appeal: Appeal, actor: Actor) -> None:
    """Refuse those who need not know who appeals.

    Raises:
        WrongRoleError: the role may not, and somebody else typed it in.
    """
    if not sees_its_names(services, appeal, actor):
        services.policy.require_names(actor)


@for_roles(Duty.TAKE_APPEALS)
def open_statement(services: Services, label: str, actor: Actor) -> EvidenceFile:
    """Return the file of a Statement of Concern, and enter in the log who looked.

    Raises:
        RefusedError: the role may not.
        NotFoundError: there is no such appeal, no file of it, or it is no longer in the vault.
    """
    with services.reading() as unit:
        appeal = appeal_named(unit, label)
    require_its_names(services, appeal, actor)
    if appeal.statement is None:
        raise NotFoundError(f"No file was uploaded with {appeal.label}.")
    content = services.vault.get(appeal.statement)
    details = {"evidence": appeal.statement}
    note_look(services, Action.EVIDENCE_OPENED, appeal.id, actor, details, at=appeal.statement)
    return EvidenceFile(appeal.statement_name, content)


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


def appeal_named(unit: UnitOfWork, label: str) -> Appeal:
    """Return an appeal by its number.

    Raises:
        NotFoundError: there is none.
    """
    number = number_in(label, "A")
    found = next((appeal for appeal in unit.takedowns.appeals() if appeal.number == number), None)
    if found is None:
        raise NotFoundError(
            f"There is no appeal {label}: look for it under Takedowns, Appeals.",
            command="likeness appeals list",
        )
    return found
