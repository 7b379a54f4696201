"""The steps of a case: the writing that asks for one, and how one is appended."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from consent.cases.open import keep_evidence
from consent.domain.cases import CaseEvent, CaseStep, State
from consent.domain.errors import BadInputError, ConflictError
from consent.domain.limits import NAME, PLACE, too_long
from consent.domain.terms import Receipt as WritingReceived

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from datetime import date

    from consent.domain.actors import Actor
    from consent.domain.cases import Revocation
    from consent.domain.intake import Writing
    from consent.domain.log import Action
    from consent.domain.terms import Terms
    from consent.services import Services
    from consent.storage.unit_of_work import UnitOfWork

_OVER = frozenset({State.ENDED})


def require_writing(services: Services, writing: Writing) -> None:
    """Refuse what is no writing, or is missing, or is yet to come.

    Raises:
        BadInputError: with what to do.
    """
    if not writing.method.in_writing:
        message = "The policy asks for a writing; word of mouth only makes a hold."
        raise BadInputError(message)
    if not writing.evidence and not writing.original_at.strip():
        message = "The writing is missing: add it as a file, or say where the paper lies."
        raise BadInputError(message)
    if writing.on > services.today():
        message = f"It cannot have been received on {writing.on}, which is to come."
        raise BadInputError(message)
    texts = {
        "where the paper lies": (writing.original_at, PLACE),
        "the branch": (writing.branch, NAME),
        "who received it": (writing.by, NAME),
    }
    if problems := list(too_long(texts)):
        message = f"Not recorded: {'; '.join(problems)}."
        raise BadInputError(message)


def require_running(services: Services, case: Revocation) -> None:
    """Refuse to change a case that is over.

    Raises:
        ConflictError: it is taken back, or its term has ended.
    """
    ends = next((one for one in case.history if one.step is CaseStep.RESCINDED), None)
    if ends is not None:
        message = (
            f"{case.label} is taken back from {ends.effective_on} on: record a new revocation "
            "instead."
        )
        raise ConflictError(message)
    state = case.state(services.today())
    if state in _OVER:
        message = f"{case.label} is {state.value}: record a new revocation instead."
        raise ConflictError(message)


def keep_writing(
    services: Services, unit: UnitOfWork, case: Revocation, writing: Writing, actor: Actor
) -> Callable[[Terms], Terms]:
    """Keep a writing's evidence.

    Returns:
        What puts the writing into terms of the case.
    """
    kept = keep_evidence(services, unit, case.id, writing.evidence)
    receipt = WritingReceived(
        on=writing.on,
        by=writing.by.strip() or actor.id,
        method=writing.method,
        branch=writing.branch,
        original_at=writing.original_at,
    )

    def with_writing(terms: Terms) -> Terms:
        evidence = tuple(dict.fromkeys((*terms.evidence, *kept)))
        return replace(terms, receipt=receipt, evidence=evidence)

    return with_writing


def restated(
    case: Revocation, day: date, change: Callable[[Terms], Terms]
) -> list[tuple[date, Terms]]:
    """Return what a case says from a day on, changed, and also on each later day it changes on.

    What is stated for later is stated whole: unless it is stated again, the change would end there.
    """
    return [(one, change(case.terms_on(one))) for one in (day, *days_ahead(case, day))]


def days_ahead(case: Revocation, day: date) -> list[date]:
    """Return the days after one on which other terms take effect."""
    stated = (step.effective_on for step in case.history if step.terms is not None)
    return sorted({one for one in stated if one > day})


def case_step(
    services: Services,
    case: Revocation,
    kind: CaseStep,
    actor: Actor,
    effective_on: date,
    *,
    terms: Terms | None = None,
    reason: str = "",
) -> CaseEvent:
    """Return a step of a case, taken now.

    Args:
        services: clock.
        case: whose.
        kind: of step.
        actor: who takes it.
        effective_on: the day it counts from.
        terms: those from then on; None leaves them.
        reason: in words.
    """
    return CaseEvent(
        revocation_id=case.id,
        step=kind,
        at=services.now(),
        actor=actor,
        effective_on=effective_on,
        terms=terms,
        reason=reason,
    )


def append_steps(
    services: Services, unit: UnitOfWork, steps: Sequence[CaseEvent], action: Action
) -> None:
    """Append steps to their case, the first of them to the log too, and commit."""
    for step in steps:
        unit.register.append(step)
    first = steps[0]
    unit.audit.append(
        action,
        first.revocation_id,
        first.actor,
        services.now(),
        {"effective_on": first.effective_on.isoformat()},
    )
    unit.commit()


def reread(unit: UnitOfWork, case: Revocation) -> Revocation:
    """Return a case as it stands now."""
    return unit.register.find(case.label)
