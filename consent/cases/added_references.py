"""Take a confirmed face as a further reference, and take it back. Nothing is learned unasked."""

from __future__ import annotations

from consent.cases.change import enter_agreement
from consent.cases.erase import erase_templates
from consent.cases.intake import QuestionKind, questions_about_added, require_answers
from consent.cases.open import add_reference
from consent.cases.references import find_face, read_reference
from consent.domain.actors import Actor
from consent.domain.cases import Revocation
from consent.domain.decisions import DecisionState, latest, same_face
from consent.domain.errors import BadInputError, ConflictError, NoSuchReferenceError
from consent.domain.faces import FacesOffError
from consent.domain.log import Action
from consent.domain.roles import Duty, for_roles
from consent.services import Services
from consent.storage.unit_of_work import UnitOfWork
from media_index.types import Box


@for_roles(Duty.AMEND)
def use_as_reference(
    services: Services,
    label: str,
    photo_sha256: str,
    box: Box,
    actor: Actor,
    *,
    keep_face: bool = False,
    confirmed: frozenset[QuestionKind] = frozenset(),
) -> None:
    """Compare photos with a confirmed face from now on, too.

    With `keep_face` the person has now agreed to a face template; without it, an agreement must
    hold already. What was asked of it and answered is `confirmed`.

    Raises:
        NotFoundError: no such case, or the photo cannot be read at any of its places.
        BadInputError: no face may be kept for the case, or the face cannot be compared.
        ConflictError: it is not confirmed, or a reference already.
        UnansweredError: it seems to be another's.
    """
    if not services.compares_faces:
        raise FacesOffError
    with services.reading() as unit:
        case = unit.register.find(label)
        if not keep_face and case.terms.agreement_on(services.today()) is None:
            raise NotAgreedError(case.label)
        face = _confirmed_face(unit, case, photo_sha256, box)
    reference = read_reference(services, photo_sha256, face)
    found = find_face(services, reference)
    if not found.face.encodings:
        raise BadInputError("The program can't compare this face: choose another one.")
    with services.writing() as unit:
        # Read again: the agreement may have been ended meanwhile.
        case = unit.register.find(label)
        if case.terms.agreement_on(services.today()) is None:
            if not keep_face:
                raise NotAgreedError(case.label)
            enter_agreement(services, unit, case, actor)
        questions = questions_about_added(services, unit, case, [found], [reference.name])
        require_answers(questions, confirmed)
        add_reference(services, unit, case.id, found, actor, keep_face=True)
        unit.commit()


class NotAgreedError(BadInputError):
    """A face would be kept of somebody who has not agreed to it."""

    def __init__(self, label: str) -> None:
        super().__init__(
            f"There is no agreement to keep a face for {label}: ask the person for it, and say "
            "that they gave it."
        )


def _confirmed_face(unit: UnitOfWork, case: Revocation, photo_sha256: str, box: Box) -> int:
    """Return the index of the face, if it may become a reference."""
    decided = [
        decision
        for decision in unit.decisions.person_decisions()
        if (decision.photo_sha256, decision.revocation_id) == (photo_sha256, case.id)
    ]
    confirmed = any(
        decision.state is DecisionState.CONFIRMED and same_face(decision.box, box)
        for decision in latest(decided)
    )
    if not confirmed:
        raise ConflictError("Confirm first that this face is the person's; then it can be used.")
    for template in unit.register.templates(case.id):
        if template.photo_sha256 == photo_sha256 and same_face(template.box, box):
            raise ConflictError("This face is already used for the case.")
    photo = unit.photos.fingerprints([photo_sha256]).get(photo_sha256)
    for face in () if photo is None else photo.faces:
        if same_face(face.box, box):
            return face.index
    raise BadInputError(
        "No face was detected there, so none can be compared: choose another photo."
    )


@for_roles(Duty.AMEND)
def remove_reference(services: Services, label: str, template_id: str, actor: Actor) -> None:
    """Erase one reference face; that it is confirmed in its photo stays.

    Raises:
        NotFoundError: no such case, or it has no such reference.
    """
    with services.writing() as unit:
        case = unit.register.find(label)
        if not erase_templates(services, unit, case.id, template_id):
            raise NoSuchReferenceError(case.label)
        details = {"template": template_id}
        unit.audit.append(Action.TEMPLATE_REMOVED, case.id, actor, services.now(), details)
        unit.commit()
