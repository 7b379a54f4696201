"""What happens to a case after it was opened: the hold's writing, amendments, the end."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import timedelta
from functools import partial
from typing import TYPE_CHECKING

from consent.cases.erase import erase_templates
from consent.cases.open import (
    RecordedRevocation,
    add_reference,
    keep_evidence,
    new_agreement,
    open_case,
)
from consent.cases.references import find_faces
from consent.cases.steps import (
    append_steps,
    case_step,
    days_ahead,
    keep_writing,
    require_running,
    require_writing,
    reread,
    restated,
)
from consent.domain.cases import CaseStep, State
from consent.domain.changes import RegisterChanged
from consent.domain.errors import BadInputError, ConflictError
from consent.domain.log import Action
from consent.domain.terms import Method, Relationship
from consent.storage.thumbnails import keep_thumbnail

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date

    from consent.cases.intake import QuestionKind
    from consent.domain.actors import Actor
    from consent.domain.cases import Revocation
    from consent.domain.intake import NewRevocation, Reference, Writing
    from consent.domain.terms import Locator, Scope, Terms
    from consent.services import Services

_SIGNERS = {
    Relationship.SELF: "the person depicted",
    Relationship.PARENT: "a parent",
    Relationship.GUARDIAN: "a guardian",
    Relationship.OTHER: "another",
}


@dataclass(frozen=True, slots=True)
class Amendment:
    """What changes; None leaves a thing as it is.

    Attributes:
        reason: in words.
        writing: the writing that asks for it; needed to change scope or term.
        effective_on: None for today.
        scope: what is covered from then on.
        contact: of the requester.
        until: the last day of a temporary revocation.
        lasting: it is no longer temporary.
        safety: whether there is a safety concern.
        locators: hints, added to those there are.
        references: further reference photos.
    """

    reason: str
    writing: Writing | None = None
    effective_on: date | None = None
    scope: Scope | None = None
    contact: str | None = None
    until: date | None = None
    lasting: bool = False
    safety: bool | None = None
    locators: Sequence[Locator] = ()
    references: Sequence[Reference] = ()


@dataclass(frozen=True, slots=True)
class Rescission:
    """A revocation taken back in writing.

    Attributes:
        writing: in which it was taken back.
        by_name: who signed.
        relationship: seen from the person depicted.
        authority_note: how it was checked that they may, where the name is not that of the
            person, the guardian or the first requester.
        effective_on: None for the day it was received.
    """

    writing: Writing
    by_name: str
    relationship: Relationship = Relationship.SELF
    authority_note: str = ""
    effective_on: date | None = None


def place_hold(
    services: Services,
    new: NewRevocation,
    actor: Actor,
    *,
    confirmed: frozenset[QuestionKind] = frozenset(),
) -> RecordedRevocation:
    """Record an oral request; publication stops as REVIEW until it lapses or the writing comes.

    Args:
        services: adapters; the policy says how many days it holds.
        new: as taken at the desk; its method is oral.
        actor: who records it.
        confirmed: kinds of question that were asked and answered.

    Raises:
        BadInputError: something is missing or contradicts itself.
        UnansweredError: it seems to be there already, or the face is another's.
    """
    oral = replace(new, method=Method.ORAL, note=new.note or "Oral request.")
    lapses_on = new.received_on + timedelta(days=services.policy.hold_days)
    return open_case(
        services, oral, actor, CaseStep.HOLD_PLACED, confirmed=confirmed, lapses_on=lapses_on
    )


def record_writing(services: Services, label: str, writing: Writing, actor: Actor) -> Revocation:
    """Turn a hold, lapsed or not, into a revocation: the writing has come.

    Raises:
        NotFoundError: there is no such case.
        ConflictError: the case is no hold.
        BadInputError: the writing is missing.
    """
    require_writing(services, writing)
    with services.writing() as unit:
        case = unit.register.find(label)
        if case.state(services.today()) not in {State.HELD, State.LAPSED}:
            message = f"{case.label} is no hold: amend it instead."
            raise ConflictError(message)
        with_writing = keep_writing(services, unit, case, writing, actor)
        first, *later = restated(case, writing.on, with_writing)
        # What was amended since the writing came holds on, and is in writing now.
        steps = [
            case_step(services, case, kind, actor, day, terms=terms)
            for kind, (day, terms) in (
                (CaseStep.RECORDED, first),
                *((CaseStep.AMENDED, one) for one in later),
            )
        ]
        append_steps(services, unit, steps, Action.REVOCATION_RECORDED)
        unit.changes(RegisterChanged(actor, case.label))
        return reread(unit, case)


def amend(services: Services, label: str, change: Amendment, actor: Actor) -> Revocation:
    """Change what a case says from a day on; what it said before stays in its history.

    Raises:
        NotFoundError: there is no such case.
        ConflictError: the case is over.
        BadInputError: no reason, or a scope changed without a writing, or a bad reference photo.
    """
    if not change.reason.strip():
        message = "Say in a few words why it is amended."
        raise BadInputError(message)
    new_bounds = change.scope is not None or change.until is not None or change.lasting
    if new_bounds and change.writing is None:
        message = "What a revocation covers, and until when, changes only in writing: add it."
        raise BadInputError(message)
    if change.writing is not None:
        require_writing(services, change.writing)
    faces = find_faces(services, change.references)
    for found in faces:
        keep_thumbnail(services.settings.thumbnails, found.photo)
    with services.writing() as unit:
        case = unit.register.find(label)
        require_running(services, case)
        day = change.effective_on or services.today()
        if new_bounds:
            _require_last(case, day)
        stated = restated(case, day, partial(_amended, services, change=change))
        if change.writing is not None:
            with_writing = keep_writing(services, unit, case, change.writing, actor)
            stated = [(one, with_writing(terms)) for one, terms in stated]
        reason = change.reason.strip()
        steps = [
            case_step(services, case, CaseStep.AMENDED, actor, one, terms=terms, reason=reason)
            for one, terms in stated
        ]
        for found in faces:
            add_reference(services, unit, case.id, found, actor)
        append_steps(services, unit, steps, Action.REVOCATION_AMENDED)
        # Wider than before, it may cover what is out already.
        unit.changes(RegisterChanged(actor, case.label))
        return reread(unit, case)


def rescind(services: Services, label: str, taken_back: Rescission, actor: Actor) -> Revocation:
    """Take a revocation back, in writing, by the same person or guardian.

    When it takes effect at once, the face templates are erased: they were kept for the
    revocation only.

    Raises:
        NotFoundError: there is no such case.
        ConflictError: the case is over.
        BadInputError: the writing is missing, or somebody else signed.
    """
    require_writing(services, taken_back.writing)
    effective_on = taken_back.effective_on or taken_back.writing.on
    with services.writing() as unit:
        case = unit.register.find(label)
        require_running(services, case)
        _require_authority(case, taken_back)
        keep_evidence(services, unit, case.id, taken_back.writing.evidence)
        signer = _SIGNERS[taken_back.relationship]
        reason = f"Taken back in writing by {signer}. {taken_back.authority_note}".strip()
        step = case_step(services, case, CaseStep.RESCINDED, actor, effective_on, reason=reason)
        if effective_on <= services.today():
            erase_templates(services, unit, case.id)
        append_steps(services, unit, [step], Action.REVOCATION_RESCINDED)
        return reread(unit, case)


def end_template_agreement(services: Services, label: str, reason: str, actor: Actor) -> Revocation:
    """Erase a case's face templates; the revocation itself goes on without them.

    Raises:
        NotFoundError: there is no such case.
        BadInputError: no reason was given.
    """
    if not reason.strip():
        message = "Say in a few words why the face templates are erased."
        raise BadInputError(message)
    with services.writing() as unit:
        case = unit.register.find(label)
        erase_templates(services, unit, case.id)
        without, _why = partial(replace, template_agreement=None), reason.strip()
        steps = [
            case_step(
                services, case, CaseStep.AMENDED, actor, day, terms=terms, reason=reason.strip()
            )
            for day, terms in restated(case, services.today(), without)
        ]
        append_steps(services, unit, steps, Action.TEMPLATES_ERASED)
        return reread(unit, case)


def _require_last(case: Revocation, day: date) -> None:
    """Refuse other bounds from a day on where other ones are stated for later."""
    ahead = days_ahead(case, day)
    if ahead:
        message = (
            f"What {case.label} covers changes on {ahead[-1]}: let the new change take effect on "
            "that day or later."
        )
        raise ConflictError(message)


def _require_authority(case: Revocation, taken_back: Rescission) -> None:
    entitled = {case.person.name, case.person.guardian or "", case.terms.requester.name}
    signed = taken_back.by_name.strip().casefold()
    if signed in {name.casefold() for name in entitled if name}:
        return
    if not taken_back.authority_note.strip():
        message = (
            "Another name than that of the person, the guardian or the requester signed: note "
            "how it was checked that they may."
        )
        raise BadInputError(message)


def _amended(services: Services, terms: Terms, change: Amendment) -> Terms:
    until = None if change.lasting else change.until or terms.until
    requester = terms.requester
    if change.contact is not None:
        requester = replace(requester, contact=change.contact.strip())
    agreement = terms.template_agreement
    if agreement is None and change.references:
        agreement = new_agreement(services)
    return replace(
        terms,
        scope=change.scope or terms.scope,
        until=until,
        requester=requester,
        safety=terms.safety if change.safety is None else change.safety,
        locators=(*terms.locators, *change.locators),
        template_agreement=agreement,
    )
