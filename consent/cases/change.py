"""What happens to a case after it was opened: the hold's writing, amendments, the end."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import date, timedelta
from uuid import uuid4

from consent.access.second import require_another
from consent.cases.erase import ERASURE, erase_templates, note_erasure
from consent.cases.intake import (
    LAST_DAY_OF_NONE,
    QuestionKind,
    questions_about,
    questions_about_added,
    require_answers,
    unfit_hints,
    unfit_in,
    unusable,
    validate,
)
from consent.cases.open import (
    AT_THE_DESK,
    RecordedRevocation,
    add_person_decision,
    add_reference,
    keep_evidence,
    new_agreement,
    open_case,
    recorded_as,
)
from consent.cases.references import find_faces
from consent.domain.actors import Actor
from consent.domain.cases import CaseEvent, CaseStep, Revocation, State
from consent.domain.changes import RegisterChanged
from consent.domain.errors import (
    BadInputError,
    ConflictError,
    DayToComeError,
    EnteredByMistakeError,
    NoReasonError,
    NotInWritingError,
    NotRecordedError,
)
from consent.domain.intake import NO_PHOTOS, Pictured, ReferenceFace
from consent.domain.log import Action
from consent.domain.names import surely_same_name
from consent.domain.roles import Duty, for_roles
from consent.domain.terms import Amendment, Method, NewRevocation, Rescission, Submission, Terms
from consent.domain.typed_texts import NAME, NOTE, PLACE, require_fit, require_no_turning, unfit
from consent.domain.wording import long_day
from consent.services import Services
from consent.storage.unit_of_work import UnitOfWork


@for_roles(Duty.TAKE_LETTERS)
def place_hold(
    services: Services,
    new: NewRevocation,
    actor: Actor,
    *,
    confirmed: frozenset[QuestionKind] = frozenset(),
) -> RecordedRevocation:
    """Record an oral request; publication stops as REVIEW until it lapses or the writing comes.

    The policy says for how many days; what was asked and answered is `confirmed`.

    Raises:
        BadInputError: something is missing or contradicts itself.
        UnansweredError: it seems to be there already, or the face is another's.
    """
    asked = replace(new.submission, method=Method.ORAL)
    oral = replace(new, submission=asked, note=new.note or "Spoken request.")
    lapses_on = asked.on + timedelta(days=services.policy.hold_days)
    return open_case(
        services, oral, actor, CaseStep.HOLD_PLACED, confirmed=confirmed, lapses_on=lapses_on
    )


@for_roles(Duty.TAKE_LETTERS)
def record_writing(
    services: Services,
    label: str,
    letter: Submission,
    actor: Actor,
    pictured: Pictured = NO_PHOTOS,
    *,
    confirmed: frozenset[QuestionKind] = frozenset(),
) -> Revocation:
    """Turn a hold, lapsed or not, into a revocation: the writing has come.

    Args:
        label: of the hold.
        letter: the writing.
        actor: who enters it.
        pictured: photos of the person that came with it.
        confirmed: what was asked of these and answered.

    Raises:
        NotFoundError: there is no such case.
        ConflictError: the case is no hold.
        UnansweredError: a face seems to be another's.
        BadInputError: the writing is missing, or a bad reference photo.
    """
    require_writing(services, letter)
    faces = find_faces(services, pictured.references)
    with services.writing() as unit:
        case = unit.register.find(label)
        _require_hold(services, case)
        with_faces = _keep_faces(services, unit, case, faces, pictured, actor, confirmed)
        with_letter = _keep_letter(services, unit, case, letter, actor)
        first, *later = restated(case, letter.on, lambda terms: with_faces(with_letter(terms)))
        now = services.now()
        # What was amended since the writing came holds on, and is in writing now.
        steps = [
            CaseEvent(case.id, CaseStep.RECORDED, now, actor, *first),
            *(CaseEvent(case.id, CaseStep.AMENDED, now, actor, *stated) for stated in later),
        ]
        unit.changes(RegisterChanged(actor, case.label))
        return _append(services, unit, case, steps, Action.REVOCATION_RECORDED)


@for_roles(Duty.TAKE_LETTERS)
def add_letter(
    services: Services,
    label: str,
    new: NewRevocation,
    actor: Actor,
    *,
    confirmed: frozenset[QuestionKind] = frozenset(),
) -> RecordedRevocation:
    """Turn a hold into a revocation by a letter that was taken down whole, as for a new case.

    What the letter says holds from now on; hints, safety and how to reach whoever asked stay as
    they are where it says nothing of them. The person is called as in the letter.

    Raises:
        NotFoundError: there is no such case.
        ConflictError: the case is no hold.
        BadInputError: see `record_revocation`.
        UnansweredError: it seems to be there already in another case, or the face is another's.
    """
    if not new.submission.method.in_writing:
        raise NotInWritingError
    validate(services, new)
    faces = find_faces(services, new.references)
    pictured = Pictured(new.references, new.keep_face, new.keep_face_until)
    with services.writing() as unit:
        case = unit.register.find(label)
        _require_hold(services, case)
        standing = case.terms.agreement_on(services.today())
        kept = faces if new.keep_face or standing is not None else []
        questions = [
            asked
            for asked in questions_about(services, unit, new, faces, kept)
            if asked.label != case.label
        ]
        require_answers(questions, confirmed)
        person = replace(
            case.person,
            name=new.name.strip(),
            minor=new.minor,
            guardian=new.guardian.strip() or None,
            birth_year=new.birth_year or (case.person.birth_year if new.minor else None),
        )
        if person != case.person:
            unit.register.correct_person(person, services.now(), actor)
        files = keep_evidence(services, unit, case.id, new.submission)
        with_agreement = _keep_faces(services, unit, case, faces, pictured, actor, confirmed)
        first, *later = restated(
            case, new.begins_on, lambda terms: with_agreement(_by_letter(new, terms, actor, files))
        )
        for seen in new.seen:
            add_person_decision(services, unit, case.id, seen, actor, AT_THE_DESK)
        now = services.now()
        steps = [
            CaseEvent(case.id, CaseStep.RECORDED, now, actor, *first),
            *(CaseEvent(case.id, CaseStep.AMENDED, now, actor, *stated) for stated in later),
        ]
        unit.changes(RegisterChanged(actor, case.label))
        changed = _append(services, unit, case, steps, Action.REVOCATION_RECORDED)
    return recorded_as(services, new, changed, faces, questions, kept=kept)


def _by_letter(new: NewRevocation, before: Terms, actor: Actor, files: tuple[str, ...]) -> Terms:
    """Return what a letter says, and what was known before where it says nothing."""
    stated = new.terms(actor.id, (*before.evidence, *files), before.template_agreement)
    asked, was = stated.requester, before.requester
    begun = min(before.effective_from, stated.effective_from)
    notes = dict.fromkeys(note for note in (before.note, stated.note) if note)
    return replace(
        stated,
        effective_from=new.effective_from or begun,
        evidence=tuple(dict.fromkeys(stated.evidence)),
        safety=stated.safety or before.safety,
        locators=tuple(dict.fromkeys((*before.locators, *stated.locators))),
        note=" ".join(notes),
        requester=replace(
            asked,
            contact=asked.contact or was.contact,
            preferred_contact=asked.preferred_contact or was.preferred_contact,
            authority_note=asked.authority_note or was.authority_note,
        ),
    )


def _require_hold(services: Services, case: Revocation) -> None:
    if case.state(services.today()) not in {State.HELD, State.LAPSED}:
        raise ConflictError(f"{case.label} is not a hold: change the case instead.")


@for_roles(Duty.AMEND)
def amend(
    services: Services,
    label: str,
    change: Amendment,
    actor: Actor,
    *,
    confirmed: frozenset[QuestionKind] = frozenset(),
) -> Revocation:
    """Change what a case says from a day on; what it said before stays in its history.

    What was asked of further photos and answered is `confirmed`.

    Raises:
        NotFoundError: there is no such case.
        ConflictError: the case is over.
        UnansweredError: a face seems to be another's.
        BadInputError: no reason and no writing, or a scope changed without one, or a bad
            reference photo.
    """
    reason = change.reason.strip()
    # Nobody has to say why they ask for something in writing.
    if not reason and change.submission is None:
        raise NoReasonError("it is changed")
    if change.moves_bounds and change.submission is None:
        raise BadInputError(
            "To change what a revocation covers, or until when, you need a signed request: "
            "upload it."
        )
    if change.submission is not None:
        require_writing(services, change.submission)
    texts = {"the contact": (change.contact or "", PLACE), "the reason": (reason, NOTE)}
    if problems := [*unfit(texts), *unfit_hints(change.locators)]:
        raise NotRecordedError(problems)
    faces = find_faces(services, change.references)
    pictured = Pictured(change.references, change.keep_face, change.keep_face_until)
    with services.writing() as unit:
        case = unit.register.find(label)
        require_running(services, case)
        day = change.effective_on or services.today()
        if _says_already(unit, case, change, reason, day, faces):
            raise AlreadyAmendedError(case.label)
        if change.moves_bounds:
            _require_last(case, day)
            if case.dispute is not None and not actor.is_one_of(services.policy.may_override):
                raise ConflictError(
                    f"{case.label} has an objection: it can't be changed until a director decides."
                )
        with_faces = _keep_faces(services, unit, case, faces, pictured, actor, confirmed)
        stated = restated(case, day, lambda terms: with_faces(change.applied_to(terms)))
        if change.submission is not None:
            with_letter = _keep_letter(services, unit, case, change.submission, actor)
            stated = [(begins, with_letter(terms)) for begins, terms in stated]
        # Wider than before, it may cover what is out already.
        unit.changes(RegisterChanged(actor, case.label))
        steps = _amended(services, case, actor, stated, reason)
        return _append(services, unit, case, steps, Action.REVOCATION_AMENDED)


class AlreadyAmendedError(ConflictError):
    """The same amendment again: the first time was stopped after it was kept, or by two people."""

    def __init__(self, label: str) -> None:
        super().__init__(
            f"{label} already has this change, from the same day and for the same reason: "
            "nothing was saved again."
        )


def _says_already(
    unit: UnitOfWork,
    case: Revocation,
    change: Amendment,
    reason: str,
    day: date,
    faces: Sequence[ReferenceFace],
) -> bool:
    """Say whether an amendment is there, and entering it again would change nothing."""
    told = any(
        step.step is CaseStep.AMENDED and (step.reason, step.effective_on) == (reason, day)
        for step in case.history
    )
    # Applied once more, it would say each hint twice.
    again, standing = replace(change, locators=()), case.terms_on(day)
    if not told or again.applied_to(standing) != standing:
        return False
    letter = () if change.submission is None else change.submission.evidence
    files = {(name, size) for _, name, size, _ in unit.register.evidence_of(case.id)}
    known = {template.photo_sha256 for template in unit.register.templates(case.id)}
    return (
        set(change.locators) <= set(standing.locators)
        and all((file.name, len(file.content)) in files for file in letter)
        and all(face.photo.sha256 in known for face in faces)
    )


@for_roles(Duty.RESCIND)
def rescind(services: Services, label: str, taken_back: Rescission, actor: Actor) -> Revocation:
    """Take a revocation back, in writing, by the same person or guardian.

    When it takes effect at once, the face templates are erased: they were kept for the
    revocation only. Where somebody else signed, it holds on until a second person agrees: see
    `second_rescission`.

    Raises:
        NotFoundError: there is no such case.
        ConflictError: the case is over.
        BadInputError: the writing is missing, or somebody else signed.
    """
    letter = taken_back.submission
    require_writing(services, letter)
    require_fit(
        the_name_of_the_signer=(taken_back.by_name, NAME),
        the_note_on_how_you_checked=(taken_back.authority_note, NOTE),
    )
    day = taken_back.effective_on or letter.on
    with services.writing() as unit:
        case = unit.register.find(label)
        require_running(services, case)
        entitled = _is_entitled(services, case, taken_back, actor)
        keep_evidence(services, unit, case.id, letter)
        signer = taken_back.relationship.words.lower()
        reason = f"Withdrawn in writing by {signer}. {taken_back.authority_note}".strip()
        if not entitled:
            asked = CaseStep.RESCISSION_ASKED
            step = CaseEvent(case.id, asked, services.now(), actor, day, reason=reason)
            return _append(services, unit, case, [step], Action.RESCISSION_ASKED)
        if day <= services.today():
            erase_templates(services, unit, case.id)
        step = CaseEvent(case.id, CaseStep.RESCINDED, services.now(), actor, day, reason=reason)
        return _append(services, unit, case, [step], Action.REVOCATION_RESCINDED)


@for_roles(Duty.RESCIND)
def second_rescission(services: Services, label: str, actor: Actor) -> Revocation:
    """Agree, as the second person, to a rescission that somebody else signed than who revoked.

    Raises:
        NotFoundError: there is no such case.
        ConflictError: none waits, or the case is over.
        RefusedError: it is who entered it, or they have not just shown who they are.
    """
    with services.writing() as unit:
        case = unit.register.find(label)
        require_running(services, case)
        asked = case.awaits_second
        if asked is None:
            raise ConflictError(f"{case.label} does not need a second person.")
        require_another(unit, actor, asked.actor)
        if asked.effective_on <= services.today():
            erase_templates(services, unit, case.id)
        step = replace(
            asked,
            step=CaseStep.RESCINDED,
            at=services.now(),
            actor=actor,
            reason=f"{asked.reason} A second person agreed.",
        )
        return _append(services, unit, case, [step], Action.REVOCATION_RESCINDED)


@for_roles(Duty.AMEND)
def end_template_agreement(services: Services, label: str, reason: str, actor: Actor) -> Revocation:
    """Erase a case's face templates; the revocation itself goes on without them.

    Raises:
        NotFoundError: there is no such case.
        BadInputError: no reason was given.
    """
    if not reason.strip():
        raise NoReasonError("the saved face measurements are erased")
    require_fit(the_reason=(reason, NOTE))
    with services.writing() as unit:
        case = unit.register.find(label)
        erase_templates(services, unit, case.id)
        # There may be none here, and one in what a restore replaced.
        unit.erases(copies_in=services.settings.home)
        stated = restated(
            case, services.today(), lambda terms: replace(terms, template_agreement=None)
        )
        steps = _amended(services, case, actor, stated, reason.strip())
        own = uuid4().hex
        note_erasure(services, unit, own, [case.id], portraits=False)
        return _append(services, unit, case, steps, Action.TEMPLATES_ERASED, {ERASURE: own})


def enter_agreement(services: Services, unit: UnitOfWork, case: Revocation, actor: Actor) -> None:
    """Enter that the person has agreed to a face template; the caller commits."""
    require_running(services, case)
    agreement = new_agreement(services, actor, case.terms.requester.name)
    stated = restated(
        case, services.today(), lambda terms: replace(terms, template_agreement=agreement)
    )
    for step in _amended(services, case, actor, stated, "They agreed to a saved face measurement."):
        unit.register.append(step)
    details = {"effective_on": services.today().isoformat()}
    unit.audit.append(Action.REVOCATION_AMENDED, case.id, actor, services.now(), details)


def require_writing(services: Services, letter: Submission) -> None:
    """Refuse what is no writing, or is missing, or is yet to come."""
    if not letter.method.in_writing:
        raise NotInWritingError
    if not letter.evidence and not letter.original_at.strip():
        raise BadInputError(
            "The signed request is missing: upload it, or say where the paper original is kept."
        )
    if letter.on > services.today():
        raise DayToComeError("It cannot have been received", letter.on)
    if problems := [*unusable(letter.evidence), *unfit_in(letter)]:
        raise NotRecordedError(problems)


def require_running(services: Services, case: Revocation) -> None:
    """Refuse to change a case that is over: a mistake, taken back, or its term has ended."""
    if case.state(services.today()) is State.MISTAKEN:
        raise EnteredByMistakeError(case.label)
    ends = next((step for step in case.history if step.step is CaseStep.RESCINDED), None)
    if ends is not None:
        raise ConflictError(
            f"{case.label} is withdrawn from {long_day(ends.effective_on)} on: record a new "
            "revocation instead."
        )
    state = case.state(services.today())
    if state is State.ENDED:
        raise ConflictError(
            f"{case.label} is over ({state.words.lower()}): record a new revocation instead."
        )


def _require_last(case: Revocation, day: date) -> None:
    """Refuse other bounds from a day on where other ones are stated for later."""
    if ahead := _days_ahead(case, day):
        raise ConflictError(
            f"What {case.label} covers changes on {long_day(ahead[-1])}: let the new change take "
            "effect on that day or later."
        )


class OtherGuardianError(ConflictError):
    """A revocation for a child would end by the word of somebody who did not sign it."""

    def __init__(self, label: str) -> None:
        super().__init__(
            f"{label} was signed by another person for a child, so this does not end it. File "
            "this paper as an objection: the revocation stays in effect until a director "
            "decides."
        )


def _is_entitled(
    services: Services, case: Revocation, taken_back: Rescission, actor: Actor
) -> bool:
    """Say whether who signed is who revoked; else it must be noted why they may."""
    child = case.person.minor and not case.person.of_age(services.today())
    entitled = {case.person.guardian or "", case.terms.requester.name}
    if not child:
        entitled.add(case.person.name)
    signed = taken_back.by_name.strip()
    require_no_turning(the_name=signed, the_note=taken_back.authority_note)
    if any(surely_same_name(signed, name) for name in entitled if name):
        return True
    if child and not actor.is_one_of(services.policy.may_override):
        raise OtherGuardianError(case.label)
    if not taken_back.authority_note.strip():
        raise BadInputError(
            "The signer is not the person, the guardian or the requester: note how you checked "
            "that they may sign."
        )
    return False


def _keep_letter(
    services: Services, unit: UnitOfWork, case: Revocation, letter: Submission, actor: Actor
) -> Callable[[Terms], Terms]:
    """Keep a letter's files; return what puts the letter into terms of the case."""
    files = keep_evidence(services, unit, case.id, letter)

    def with_letter(terms: Terms) -> Terms:
        evidence = tuple(dict.fromkeys((*terms.evidence, *files)))
        return replace(terms, submission=letter.kept(actor.id), evidence=evidence)

    return with_letter


def _keep_faces(
    services: Services,
    unit: UnitOfWork,
    case: Revocation,
    faces: Sequence[ReferenceFace],
    pictured: Pictured,
    actor: Actor,
    confirmed: frozenset[QuestionKind],
) -> Callable[[Terms], Terms]:
    """Keep further photos of a person; return what puts the agreement given into terms.

    The faces are kept as templates if an agreement is given with them, or one still holds.
    """
    if pictured.keep_face_until is not None and not pictured.keep_face:
        raise BadInputError(f"Not recorded: {LAST_DAY_OF_NONE}.")
    agreement = None
    standing = case.terms.agreement_on(services.today())
    if pictured.keep_face and faces:
        given_by = case.terms.requester.name
        agreement = new_agreement(services, actor, given_by, pictured.keep_face_until)
    keep_face = agreement is not None or standing is not None
    names = [reference.name for reference in pictured.references]
    questions = questions_about_added(services, unit, case, faces, names, kept=keep_face)
    require_answers(questions, confirmed)
    for found in faces:
        add_reference(services, unit, case.id, found, actor, keep_face=keep_face)

    def with_agreement(terms: Terms) -> Terms:
        return replace(terms, template_agreement=agreement or terms.template_agreement)

    return with_agreement


def restated(
    case: Revocation, day: date, change: Callable[[Terms], Terms]
) -> list[tuple[date, Terms]]:
    """Return what a case says from a day on, changed, and also on each later day it changes on.

    What is stated for later is stated whole: unless it is stated again, the change would end there.
    """
    days = (day, *_days_ahead(case, day))
    return [(begins, change(case.terms_on(begins))) for begins in days]


def _days_ahead(case: Revocation, day: date) -> list[date]:
    """Return the days after one on which other terms take effect."""
    stated = {step.effective_on for step in case.history if step.terms is not None}
    return sorted(begins for begins in stated if begins > day)


def _amended(
    services: Services,
    case: Revocation,
    actor: Actor,
    stated: Sequence[tuple[date, Terms]],
    reason: str,
) -> list[CaseEvent]:
    now = services.now()
    return [
        CaseEvent(case.id, CaseStep.AMENDED, now, actor, day, terms, reason=reason)
        for day, terms in stated
    ]


def _append(
    services: Services,
    unit: UnitOfWork,
    case: Revocation,
    steps: Sequence[CaseEvent],
    action: Action,
    more: Mapping[str, object] | None = None,
) -> Revocation:
    """Append steps to a case, the first of them to the log too, and commit; return the case."""
    for step in steps:
        unit.register.append(step)
    first = steps[0]
    details = {"effective_on": first.effective_on.isoformat(), **(more or {})}
    unit.audit.append(action, case.id, first.actor, services.now(), details)
    unit.commit()
    return unit.register.find(case.label)
