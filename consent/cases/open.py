"""Record a written revocation: person, terms, evidence and reference faces, in one transaction."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from uuid import uuid4

from consent.cases.intake import Question, QuestionKind, UnansweredError, questions_about, validate
from consent.cases.people import join_people
from consent.cases.photo_advice import Enrolment, advise, enrolment_of
from consent.cases.references import find_faces
from consent.domain.actors import Actor
from consent.domain.cases import CaseEvent, CaseStep, Person, Revocation, Template
from consent.domain.changes import RegisterChanged
from consent.domain.decisions import DecisionState, PersonDecision
from consent.domain.errors import BadInputError
from consent.domain.faces import Faces, FacesOffError
from consent.domain.intake import EarlyDecision, ReferenceFace
from consent.domain.log import Action
from consent.domain.roles import Duty, for_roles
from consent.domain.takedowns import Takedown
from consent.domain.terms import NewRevocation, Submission, TemplateAgreement
from consent.services import Services
from consent.storage.thumbnails import keep_thumbnails
from consent.storage.unit_of_work import UnitOfWork
from consent.takedowns.open_due import noting_opened
from media_index.types import Fingerprint

AT_THE_DESK = "Decided at the desk."
AGREED_TO_NOTHING = (
    "The agreement to a saved face measurement was not kept, for no photo of the person came with "
    "it: ask again when one is added."
)


# The note of the sighting in a photo that came with a case.
REFERENCE = "Photo of the person."


@dataclass(frozen=True, slots=True)
class RecordedRevocation:
    """What was recorded.

    Attributes:
        templates: how many reference faces were kept.
        references: photos of the person that came with it, kept as a face or not.
        enrolment: how good these are, and what would help.
        remarks: what the staff member should know, in sentences.
        takedowns: opened, since photos of the person are out.
    """

    revocation: Revocation
    templates: int
    enrolment: Enrolment
    remarks: tuple[str, ...] = ()
    takedowns: tuple[Takedown, ...] = ()
    references: int = 0

    @property
    def advice(self) -> tuple[str, ...]:
        """What would find more photos of the person, in sentences."""
        if self.references and not self.templates:
            return (no_face_kept(self.references),)
        return self.enrolment.sentences


def no_face_kept(references: int) -> str:
    """Say what the photos of somebody are good for of whom no face template is kept."""
    these = "this photo and copies of it" if references == 1 else "these photos and copies of them"
    return (
        f"No face measurement is saved. The program finds only {these}. In all other photos, staff "
        "must look for the person themselves."
    )


@for_roles(Duty.TAKE_LETTERS)
def record_revocation(
    services: Services,
    new: NewRevocation,
    actor: Actor,
    *,
    confirmed: frozenset[QuestionKind] = frozenset(),
    same_person_as: str = "",
) -> RecordedRevocation:
    """Record a written revocation; it holds from this moment.

    What was asked and answered is `confirmed`; `same_person_as` is the label of another case of
    the same person, if somebody said that there is one.

    Raises:
        BadInputError: something is missing or contradicts itself, or a reference photo shows no
            face or several; nothing is recorded then.
        UnansweredError: it seems to be there already, or the face is another's.
    """
    if not new.submission.method.in_writing:
        raise BadInputError(
            "Not recorded: a revocation must be in writing. Record a spoken request as a hold."
        )
    with noting_opened(services, actor) as opened:
        recorded = open_case(
            services,
            new,
            actor,
            CaseStep.RECORDED,
            confirmed=confirmed,
            same_person_as=same_person_as,
        )
    return replace(recorded, takedowns=tuple(opened))


def open_case(
    services: Services,
    new: NewRevocation,
    actor: Actor,
    step: CaseStep,
    *,
    confirmed: frozenset[QuestionKind] = frozenset(),
    lapses_on: date | None = None,
    same_person_as: str = "",
) -> RecordedRevocation:
    """Open a case with its first step: the writing, or an oral request, which lapses.

    Raises:
        BadInputError: see `record_revocation`.
        UnansweredError: see `record_revocation`.
    """
    validate(services, new)
    if new.keep_face and services.faces is Faces.OFF:
        raise FacesOffError
    faces = find_faces(services, new.references)
    kept = faces if new.keep_face else []
    with services.writing() as unit:
        same = unit.register.find(same_person_as) if same_person_as else None
        questions = questions_about(services, unit, new, faces, kept)
        if unanswered := [asked for asked in questions if not asked.is_answered(confirmed, same)]:
            raise UnansweredError(unanswered)
        revocation = _open(services, unit, new, actor, step, lapses_on)
        if same is not None:
            join_people(services, unit, revocation, same, "Said at the desk.", actor)
        for face in faces:
            add_reference(services, unit, revocation.id, face, actor, keep_face=new.keep_face)
        for seen in new.seen:
            add_person_decision(services, unit, revocation.id, seen, actor, AT_THE_DESK)
        if step is CaseStep.RECORDED:
            unit.changes(RegisterChanged(actor, revocation.label))
        unit.commit()
    return recorded_as(services, new, revocation, faces, questions, kept=kept)


def recorded_as(
    services: Services,
    new: NewRevocation,
    revocation: Revocation,
    faces: Sequence[ReferenceFace],
    questions: Sequence[Question],
    *,
    kept: Sequence[ReferenceFace],
) -> RecordedRevocation:
    """Say what was recorded: with which faces, of these which were kept, and what to know."""
    remarks = [*_remarks(faces), *(question.sentence for question in questions)]
    if new.keep_face and not faces:
        remarks.append(AGREED_TO_NOTHING)
    names = [reference.name for reference in new.references]
    enrolment = enrolment_of(services, kept, names) if kept else advise(())
    return RecordedRevocation(
        revocation, len(kept), enrolment, tuple(remarks), references=len(faces)
    )


def _open(
    services: Services,
    unit: UnitOfWork,
    new: NewRevocation,
    actor: Actor,
    step: CaseStep,
    lapses_on: date | None,
) -> Revocation:
    """Enter the person, open the case and append its first step."""
    now = services.now()
    person = Person(
        uuid4().hex,
        new.name.strip(),
        new.minor,
        new.birth_year,
        new.guardian.strip() or None,
    )
    unit.register.add_person(person, now, actor)
    case_id, number = uuid4().hex, unit.register.next_number()
    unit.register.open_case(case_id, number, person.id, now)
    evidence = keep_evidence(services, unit, case_id, new.submission)
    keeps_face = new.keep_face and bool(new.references)
    given_by = new.asked_by.name
    agreement = (
        new_agreement(services, actor, given_by, new.keep_face_until) if keeps_face else None
    )
    first = CaseEvent(
        case_id,
        step,
        now,
        actor,
        effective_on=new.begins_on,
        terms=new.terms(actor.id, evidence, agreement),
        lapses_on=lapses_on,
    )
    unit.register.append(first)
    letter = new.submission
    unit.audit.append(
        Action.REVOCATION_RECORDED if step is CaseStep.RECORDED else Action.HOLD_PLACED,
        case_id,
        actor,
        now,
        {"number": number, "method": letter.method.value, "evidence": len(letter.evidence)},
    )
    return Revocation(case_id, number, person, (first,))


def keep_evidence(
    services: Services, unit: UnitOfWork, revocation_id: str, letter: Submission
) -> tuple[str, ...]:
    """Keep the files of a letter and say whose they are; return their names there."""
    kept = []
    owner = unit.register.person_of(revocation_id)
    for file in letter.evidence:
        sha256 = services.vault.put(file.content, owner)
        size = len(file.content)
        unit.register.add_evidence(sha256, revocation_id, file.name, size, services.now())
        kept.append(sha256)
    return tuple(dict.fromkeys(kept))


def new_agreement(
    services: Services, actor: Actor, given_by: str, until: date | None = None
) -> TemplateAgreement:
    """Return the agreement under which a reference face is taken today.

    Raises:
        BadInputError: it would have ended already.
    """
    if until is not None and until < services.today():
        raise BadInputError(
            f"The agreement to a saved face measurement would have ended on {until}: correct that "
            "day, or leave the face out."
        )
    purpose = "Finding this person in the library's photos, so that none is used."
    return TemplateAgreement(services.today(), purpose, until, actor.id, given_by)


def add_reference(
    services: Services,
    unit: UnitOfWork,
    revocation_id: str,
    found: ReferenceFace,
    actor: Actor,
    *,
    keep_face: bool,
) -> None:
    """Keep the person as confirmed in a photo, and the face as template if that is agreed."""
    now = services.now()
    if keep_face and unit.faces.mode() is Faces.OFF:
        raise FacesOffError
    if keep_face:
        keep_thumbnails(services.settings.thumbnails, [found.photo])
    if not unit.photos.known([found.photo.sha256]):
        # Without the agreement, what was handed in is kept as hashes, so that copies are found.
        kept = found.photo if keep_face else _without_encodings(found.photo)
        unit.photos.add([kept], now)
    if keep_face:
        _add_template(services, unit, revocation_id, found, actor)
    seen = EarlyDecision(found.photo.sha256, found.face.box, DecisionState.CONFIRMED)
    add_person_decision(services, unit, revocation_id, seen, actor, REFERENCE)


def _without_encodings(photo: Fingerprint) -> Fingerprint:
    return replace(photo, faces=tuple(replace(face, encodings={}) for face in photo.faces))


def _add_template(
    services: Services, unit: UnitOfWork, revocation_id: str, found: ReferenceFace, actor: Actor
) -> None:
    template = Template(
        id=uuid4().hex,
        revocation_id=revocation_id,
        photo_sha256=found.photo.sha256,
        box=found.face.box,
        encodings=found.face.encodings,
        crop=services.vault.put(found.crop, unit.register.person_of(revocation_id)),
        added_at=services.now(),
        norm=found.face.quality.norm,
    )
    unit.register.add_template(template)
    details = {"template": template.id}
    unit.audit.append(Action.TEMPLATE_ADDED, revocation_id, actor, services.now(), details)


def add_person_decision(
    services: Services,
    unit: UnitOfWork,
    revocation_id: str,
    seen: EarlyDecision,
    actor: Actor,
    note: str,
) -> None:
    """Enter what was decided of a photo before the case was recorded."""
    now = services.now()
    decision = PersonDecision(
        seen.photo_sha256, revocation_id, seen.box, seen.state, now, actor, note
    )
    unit.decisions.add_person_decision(decision)
    details = {"photo": decision.photo_sha256, "state": decision.state.value}
    unit.audit.append(Action.SIGHTING_DECIDED, revocation_id, actor, now, details)


def _remarks(faces: Sequence[ReferenceFace]) -> list[str]:
    return [
        f"A photo of the person shows {found.others + 1} faces; face {found.face.index} was taken, "
        "for it stands out or matches the person's other photos. Name another if that is wrong."
        for found in faces
        if found.others > 0 and not found.chosen
    ]
