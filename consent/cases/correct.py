"""A slip at the desk put right: what was entered stays beside what is right, with the reason."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Any

from consent.cases.change import restated
from consent.cases.erase import erase_templates
from consent.cases.intake import (
    QuestionKind,
    questions_about_added,
    questions_about_name,
    require_answers,
    unusable,
    what_is_wrong,
)
from consent.cases.open import add_reference, keep_evidence
from consent.cases.references import face_of_photo, photo_named
from consent.domain.actors import Actor
from consent.domain.cases import CaseEvent, CaseStep, Person, Revocation, State, Template
from consent.domain.changes import RegisterChanged
from consent.domain.decisions import DecisionState, PersonDecision, same_face
from consent.domain.errors import (
    BadInputError,
    ConflictError,
    EnteredByMistakeError,
    NoReasonError,
    NoSuchReferenceError,
    NotFoundError,
    NotRecordedError,
    WrongRoleError,
)
from consent.domain.fields import Door, Part, fields_at
from consent.domain.log import Action
from consent.domain.roles import Duty, for_roles
from consent.domain.terms import (
    Correction,
    NewRevocation,
    Relationship,
    Requester,
    Submission,
    Terms,
)
from consent.domain.typed_texts import NOTE, require_fit
from consent.services import Services
from consent.storage.unit_of_work import UnitOfWork

_CORRECTABLE = {field.name: field for field in fields_at(Door.CORRECTION)}


@dataclass(frozen=True, slots=True)
class _Put:
    """A case's person, letter and requester as they are right."""

    person: Person
    submission: Submission
    terms: Terms


@for_roles(Duty.CORRECT)
def correct(
    services: Services,
    label: str,
    slip: Correction,
    actor: Actor,
    *,
    confirmed: frozenset[QuestionKind] = frozenset(),
) -> Revocation:
    """Put right what was entered otherwise than the letter says.

    What was entered before stays in the history. What is covered, and until when, is no slip: it
    is amended. What was asked of the name and answered is `confirmed`.

    Raises:
        UnansweredError: the name seems to be that of several people.
        RefusedError: the role may not see names.
        NotFoundError: there is no such case.
        ConflictError: it was entered by mistake altogether.
        BadInputError: no reason, nothing to correct, or what makes no sense.
    """
    services.policy.require_names(actor)
    if not slip.reason.strip():
        raise NoReasonError("it is corrected")
    require_fit(the_reason=(slip.reason, NOTE))
    if unknown := sorted(slip.said.keys() - _CORRECTABLE.keys()):
        raise BadInputError(f"{', '.join(unknown)} cannot be corrected: change the case instead.")
    if problems := [*unusable(slip.evidence)]:
        raise NotRecordedError(problems)
    with services.writing() as unit:
        case = unit.register.find(label)
        _require_meant(case)
        said = {name: value for name, value in slip.said.items() if value != _now(case, name)}
        if not said and not slip.evidence:
            raise BadInputError(
                f"Nothing in {case.label} would change: enter the correct text, or add the page."
            )
        put = _put_right(case, said)
        _require_sense(services, case, put)
        if put.person.name != case.person.name:
            require_answers(questions_about_name(put.person.name), confirmed)
        steps = _steps(services, unit, case, put, slip, actor)
        if put.person != case.person:
            unit.register.correct_person(put.person, steps[0].at, actor)
        for step in steps:
            unit.register.append(step)
        fields = [*said, *(["evidence"] if slip.evidence else [])]
        unit.audit.append(
            Action.REVOCATION_CORRECTED, case.id, actor, steps[0].at, {"fields": fields}
        )
        # Received earlier than was typed, it covers what was published in between.
        unit.changes(RegisterChanged(actor, case.label))
        unit.commit()
        return unit.register.find(label)


def correctable(case: Revocation) -> Mapping[str, Any]:
    """Return what a correction begins with: what the case says, by the field's name."""
    return {name: _now(case, name) for name in _CORRECTABLE if name != "evidence"}


def _now(case: Revocation, name: str) -> object:
    field = _CORRECTABLE[name]
    value = field.kept(case, case.terms)
    return "" if value is None and field.kind is str else value


def _require_meant(case: Revocation) -> None:
    if case.state(case.history[-1].effective_on) is State.MISTAKEN:
        raise EnteredByMistakeError(case.label)


def _put_right(case: Revocation, said: Mapping[str, object]) -> _Put:
    """Return the case's facts with what is right."""
    person, submission = case.person, case.submission
    asked, terms = case.terms.requester, case.terms
    for name, given in said.items():
        field, value = _CORRECTABLE[name], _stripped(given)
        if field.part is Part.PERSON:
            person = field.changed(person, value)
        elif field.part is Part.SUBMISSION:
            submission = field.changed(submission, value)
        elif field.part is Part.REQUESTER:
            asked = field.changed(asked, value)
        else:
            terms = field.changed(terms, value)
    if not person.minor:
        person = replace(person, guardian=None, birth_year=None)
    person = replace(person, guardian=person.guardian or None)
    if "requester" not in said:
        asked = _asking(case, person, asked)
    return _Put(person, submission, replace(terms, requester=asked))


def _asking(case: Revocation, person: Person, asked: Requester) -> Requester:
    """Return who asked: under the right name, who asked under the one that was mistyped."""
    was, old = case.terms.requester.name, case.person
    by_themselves = asked.relationship is Relationship.SELF
    if person.minor and by_themselves:
        return replace(asked, name=person.guardian or "", relationship=Relationship.GUARDIAN)
    if was == old.guardian and not person.minor:
        kept = asked.relationship is not case.terms.requester.relationship
        how = asked.relationship if kept else Relationship.SELF
        return replace(asked, name=person.name, relationship=how)
    if was == old.guardian:
        return replace(asked, name=person.guardian or "")
    return replace(asked, name=person.name) if was == old.name else asked


def _stripped(value: object) -> object:
    return value.strip() if isinstance(value, str) and type(value) is str else value


def _require_sense(services: Services, case: Revocation, put: _Put) -> None:
    if put.submission.method.in_writing != case.submission.method.in_writing:
        raise BadInputError(
            f"{case.label} can't be corrected from a spoken request to a written one, or back. "
            "When the written request for a hold comes, enter it on the case. If there never was "
            "one, mark the case as entered by mistake."
        )
    as_new = NewRevocation(
        put.person.name,
        put.submission,
        minor=put.person.minor,
        guardian=put.person.guardian or "",
        birth_year=put.person.birth_year,
        requester=put.terms.requester,
        note=put.terms.note,
    )
    if problems := [*what_is_wrong(services, as_new)]:
        raise NotRecordedError(problems)


def _steps(
    services: Services,
    unit: UnitOfWork,
    case: Revocation,
    put: _Put,
    slip: Correction,
    actor: Actor,
) -> list[CaseEvent]:
    """Return the correction as steps: the letter's own terms, and what is stated for later days."""
    pages = Submission(services.today(), evidence=slip.evidence)
    change = _righting(case, put, keep_evidence(services, unit, case.id, pages))
    now, reason = services.now(), slip.reason.strip()
    made = next(
        step
        for step in reversed(case.history)
        if step.terms is not None and step.terms.submission == case.submission
    )
    # Where nobody said another day, it began on the day that was mistyped.
    moved = put.submission.on - case.submission.on
    follows = made.terms is not None and made.terms.effective_from == case.submission.on
    day = made.effective_on + moved if follows and moved else made.effective_on
    lapses_on = _lapses_on(services, case, put)
    first = change(made.terms or case.terms)
    later = restated(case, day, change)
    stated = [(day, first), *later]
    return [
        CaseEvent(case.id, CaseStep.CORRECTED, now, actor, begins, terms, lapses_on, reason)
        for begins, terms in stated
    ]


def _righting(case: Revocation, put: _Put, files: tuple[str, ...]) -> Callable[[Terms], Terms]:
    """Return what puts right the terms of any day: the letter only where it is that letter's."""
    was = case.submission

    def change(terms: Terms) -> Terms:
        of_letter = terms.submission == was
        follows = terms.effective_from == was.on
        agreed = terms.template_agreement
        if agreed is not None and agreed.given_by == terms.requester.name:
            agreed = replace(agreed, given_by=put.terms.requester.name)
        return replace(
            terms,
            submission=put.submission if of_letter else terms.submission,
            effective_from=put.submission.on if follows else terms.effective_from,
            requester=put.terms.requester,
            note=put.terms.note,
            template_agreement=agreed,
            evidence=tuple(dict.fromkeys((*terms.evidence, *files))),
        )

    return change


def _lapses_on(services: Services, case: Revocation, put: _Put) -> date | None:
    """Return the last day of a hold whose day was mistyped; None where that does not move."""
    if case.in_writing or put.submission.on == case.submission.on:
        return None
    return put.submission.on + timedelta(days=services.policy.hold_days)


@for_roles(Duty.CORRECT)
def enter_mistake(services: Services, label: str, reason: str, actor: Actor) -> Revocation:
    """Say that a case was entered by mistake altogether: it holds no longer, and never did.

    Its face templates are erased; its papers stay, for they were handed in. Whoever is at the desk
    does it on the day it was entered, as long as nothing else happened; later a director does.

    Raises:
        RefusedError: the role may not.
        NotFoundError: there is no such case.
        ConflictError: that was said already.
        BadInputError: no reason was given.
    """
    services.policy.require_names(actor)
    if not reason.strip():
        raise NoReasonError("it was entered by mistake")
    require_fit(the_reason=(reason, NOTE))
    with services.writing() as unit:
        case = unit.register.find(label)
        _require_meant(case)
        of_today = services.day(case.history[0].at) == services.today()
        untouched = {step.step for step in case.history[1:]} <= {CaseStep.CORRECTED}
        may = services.policy.may_override
        if not actor.is_one_of(may) and not (of_today and untouched):
            raise WrongRoleError(
                f"{case.label} was not entered today, or more has happened to it since. Only "
                "these roles can mark it as a mistake",
                may,
            )
        erase_templates(services, unit, case.id)
        step = CaseEvent(
            case.id,
            CaseStep.MISTAKEN,
            services.now(),
            actor,
            services.today(),
            reason=reason.strip(),
        )
        unit.register.append(step)
        unit.audit.append(Action.REVOCATION_MISTAKEN, case.id, actor, step.at, {})
        unit.commit()
        return unit.register.find(label)


@for_roles(Duty.CORRECT)
def correct_face(
    services: Services,
    label: str,
    template_id: str,
    face: int | None,
    actor: Actor,
    reason: str = "The wrong face was picked.",
    *,
    confirmed: frozenset[QuestionKind] = frozenset(),
) -> Revocation:
    """Put right which face in a reference photo is the person's; None if it is none of them.

    The face picked wrongly is erased as a template, and is not the person's any more in that photo.
    If no face is left, the agreement to keep one is over, too: it is asked for with the next photo.
    What was asked of the right face and answered is `confirmed`.

    Raises:
        UnansweredError: it seems to be another's.
        NotFoundError: no such case or reference, or the photo has no such face.
        BadInputError: no reason, or the right face cannot be compared.
    """
    if not reason.strip():
        raise NoReasonError("the face is corrected")
    require_fit(the_reason=(reason, NOTE))
    with services.writing() as unit:
        case = unit.register.find(label)
        template = _template(unit, case, template_id)
        found = None
        if face is not None:
            found = face_of_photo(services, unit, template.photo_sha256, face)
            if same_face(found.face.box, template.box):
                raise ConflictError("This face is already on file: pick another one.")
            questions = questions_about_added(
                services, unit, case, [found], ["this photo"], without=template_id
            )
            require_answers(questions, confirmed)
        now = services.now()
        wrong = PersonDecision(
            template.photo_sha256,
            case.id,
            template.box,
            DecisionState.REJECTED,
            now,
            actor,
            reason.strip(),
        )
        unit.decisions.add_person_decision(wrong)
        details = {"photo": wrong.photo_sha256, "state": wrong.state.value}
        unit.audit.append(Action.SIGHTING_DECIDED, case.id, actor, now, details)
        if found is not None:
            add_reference(services, unit, case.id, found, actor, keep_face=True)
        erase_templates(services, unit, case.id, template_id)
        unit.audit.append(Action.TEMPLATE_REMOVED, case.id, actor, now, {"template": template_id})
        for step in _face_steps(services, unit, case, actor, now, reason.strip()):
            unit.register.append(step)
        unit.audit.append(
            Action.REVOCATION_CORRECTED, case.id, actor, now, {"fields": ["reference_face"]}
        )
        unit.changes(RegisterChanged(actor, case.label))
        unit.commit()
        return unit.register.find(label)


def _template(unit: UnitOfWork, case: Revocation, template_id: str) -> Template:
    for template in unit.register.templates(case.id):
        if template.id == template_id:
            return template
    raise NoSuchReferenceError(case.label)


def _face_steps(
    services: Services, unit: UnitOfWork, case: Revocation, actor: Actor, at: datetime, reason: str
) -> Iterator[CaseEvent]:
    """Return the correction, and the end of an agreement under which no face is left."""
    today = services.today()
    yield CaseEvent(case.id, CaseStep.CORRECTED, at, actor, today, reason=reason)
    if unit.register.templates(case.id):
        return
    for day, terms in restated(case, today, lambda terms: replace(terms, template_agreement=None)):
        yield CaseEvent(case.id, CaseStep.AMENDED, at, actor, day, terms, reason=reason)


@for_roles(Duty.CORRECT)
def correct_face_in(
    services: Services,
    label: str,
    photo: str,
    face: int | None,
    actor: Actor,
    reason: str,
    *,
    confirmed: frozenset[QuestionKind] = frozenset(),
) -> Revocation:
    """Put right which face was meant in a reference photo given by its path or SHA-256.

    Raises:
        NotFoundError: there is no such photo, or the case has no reference in it.
        BadInputError: it has several there; besides as `correct_face`.
    """
    sha256 = photo_named(services, photo)
    with services.reading() as unit:
        case = unit.register.find(label)
        there = [kept for kept in unit.register.templates(case.id) if kept.photo_sha256 == sha256]
    if not there:
        raise NotFoundError(
            f"No face of {label} is kept from {photo}: see the photos on the case's page.",
            command=f"likeness register show {label}",
        )
    if len(there) > 1:
        raise BadInputError(
            f"{label} has {len(there)} faces in {photo}: correct them at their pictures, on the "
            "case's page."
        )
    return correct_face(services, label, there[0].id, face, actor, reason, confirmed=confirmed)
