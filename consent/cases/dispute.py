"""An objection to a revocation: filed with its paper, and decided by a director.

Until then the answer that protects the person holds.
"""

from __future__ import annotations

from uuid import uuid4

from consent.cases.change import require_running, require_writing
from consent.cases.erase import ERASURE, erase_templates, note_erasure
from consent.cases.open import keep_evidence
from consent.domain.actors import Actor
from consent.domain.cases import CaseEvent, CaseStep, Revocation
from consent.domain.errors import BadInputError, ConflictError, NoReasonError
from consent.domain.log import Action
from consent.domain.roles import Duty, for_roles
from consent.domain.terms import Objection
from consent.domain.typed_texts import NAME, NOTE, require_fit, unfit
from consent.services import Services


@for_roles(Duty.AMEND)
def object_to(services: Services, label: str, objection: Objection, actor: Actor) -> Revocation:
    """File an objection to a revocation or a hold; it goes on as it is until a director decides.

    Raises:
        RefusedError: the role may not see who asked.
        NotFoundError: there is no such case.
        ConflictError: the case is over, or disputed already.
        BadInputError: the paper or the name of who objects is missing.
    """
    services.policy.require_names(actor)
    letter, name = objection.submission, objection.by_name.strip()
    require_writing(services, letter)
    if not name:
        raise BadInputError("Enter the name of the person who signed the objection.")
    if problems := [*unfit({"the name": (name, NAME), "the note": (objection.note, NOTE)})]:
        raise BadInputError(f"Not filed: {'; '.join(problems)}.")
    with services.writing() as unit:
        case = unit.register.find(label)
        require_running(services, case)
        if case.dispute is not None:
            raise ConflictError(f"{case.label} already has an objection: a director decides.")
        keep_evidence(services, unit, case.id, letter)
        signer = objection.relationship.words.lower()
        step = CaseEvent(
            case.id,
            CaseStep.DISPUTED,
            services.now(),
            actor,
            letter.on,
            reason=f"{name}, {signer}, objects. {objection.note}".strip(),
        )
        unit.register.append(step)
        details = {"evidence": len(letter.evidence)}
        unit.audit.append(Action.REVOCATION_DISPUTED, case.id, actor, step.at, details)
        unit.commit()
        return unit.register.find(label)


@for_roles(Duty.SETTLE)
def settle(
    services: Services, label: str, reason: str, actor: Actor, *, stands: bool
) -> Revocation:
    """Decide an objection: the revocation stands, or it ends today.

    Raises:
        RefusedError: the role may not.
        NotFoundError: there is no such case.
        ConflictError: it is not disputed.
        BadInputError: no reason was given.
    """
    if not reason.strip():
        raise NoReasonError("it is decided so")
    require_fit(the_reason=(reason, NOTE))
    with services.writing() as unit:
        case = unit.register.find(label)
        if case.dispute is None:
            raise ConflictError(f"Nobody has objected to {case.label}: there is nothing to decide.")
        now, today = services.now(), services.today()
        said = f"It {'stands' if stands else 'ends'}. {reason.strip()}"
        unit.register.append(CaseEvent(case.id, CaseStep.SETTLED, now, actor, today, reason=said))
        unit.audit.append(Action.DISPUTE_SETTLED, case.id, actor, now, {"stands": stands})
        if not stands:
            erase_templates(services, unit, case.id)
            own = uuid4().hex
            note_erasure(services, unit, own, [case.id], portraits=False)
            ended = "Ended by the decision on an objection."
            step = CaseEvent(case.id, CaseStep.RESCINDED, now, actor, today, reason=ended)
            unit.register.append(step)
            details = {"effective_on": today.isoformat(), ERASURE: own}
            unit.audit.append(Action.REVOCATION_RESCINDED, case.id, actor, now, details)
        unit.commit()
        return unit.register.find(label)
