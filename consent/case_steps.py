"""The steps of a case: the writing that asks for one, and how one is appended."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from consent.domain import CaseEvent, CaseStep, State
from consent.errors import BadInputError, ConflictError
from consent.revocations import find_revocation, keep_evidence
from consent.terms import Method
from consent.terms import Receipt as WritingReceived

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date

    from consent.audit_log import Action
    from consent.desk.intake import EvidenceFile
    from consent.domain import Actor, Revocation
    from consent.services import Services
    from consent.store import UnitOfWork
    from consent.terms import Terms

_OVER = frozenset({State.ENDED})


@dataclass(frozen=True, slots=True)
class Writing:
    """A writing that came in.

    Attributes:
        on: the day it was received.
        method: form, letter, email, other.
        evidence: the writing itself; may be empty if `original_at` says where the paper lies.
        original_at: where the paper lies.
        by: staff member who took it; empty for the acting one.
        branch: where.
    """

    on: date
    method: Method = Method.FORM
    evidence: Sequence[EvidenceFile] = ()
    original_at: str = ""
    by: str = ""
    branch: str = ""


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


def with_writing(
    services: Services, unit: UnitOfWork, case: Revocation, writing: Writing, actor: Actor
) -> Terms:
    """Keep a writing's evidence, and return the terms of a case with that writing."""
    kept = keep_evidence(services, unit, case.id, writing.evidence)
    receipt = WritingReceived(
        on=writing.on,
        by=writing.by.strip() or actor.id,
        method=writing.method,
        branch=writing.branch,
        original_at=writing.original_at,
    )
    evidence = tuple(dict.fromkeys((*case.terms.evidence, *kept)))
    return replace(case.terms, receipt=receipt, evidence=evidence)


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


def append_step(unit: UnitOfWork, step: CaseEvent, action: Action, services: Services) -> None:
    """Append a step to its case and to the log, and commit."""
    unit.register.append(step)
    unit.audit.append(
        action,
        step.revocation_id,
        step.actor,
        services.now(),
        {"effective_on": step.effective_on.isoformat()},
    )
    unit.commit()


def reread(unit: UnitOfWork, case: Revocation) -> Revocation:
    """Return a case as it stands now."""
    return find_revocation(unit, case.label)
