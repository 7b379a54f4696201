"""A person decides whether photos show somebody of the register."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from consent.domain.actors import Actor
from consent.domain.changes import RegisterChanged
from consent.domain.decisions import (
    DecisionState,
    FaceDecision,
    FaceKind,
    FaceLook,
    PersonDecision,
    last_on,
    latest_of_each,
    same_face,
    still_confirmed,
)
from consent.domain.errors import (
    BadInputError,
    ConflictError,
    NoReasonError,
    PhotoNotIndexedError,
    WrongRoleError,
)
from consent.domain.log import Action
from consent.domain.review import Pair
from consent.domain.roles import Duty, for_roles
from consent.domain.withheld import face_decision_without_note
from consent.matching.register_snapshot import RegisterSnapshot
from consent.review.asked import Settled
from consent.services import Services
from consent.storage.unit_of_work import UnitOfWork
from media_index.types import Box, Fingerprint


class ConfirmedFaceError(ConflictError):
    """A face in which somebody was confirmed is said to be no person."""

    def __init__(self, labels: Sequence[str]) -> None:
        """Name the cases."""
        named = " and ".join(labels)
        super().__init__(
            f"This face was confirmed as the person in {named}. If that is wrong, undo it first, "
            "on the case's page, under Photos."
        )


@dataclass(frozen=True, slots=True)
class NewDecision:
    """What is decided on (face or photo, revocation).

    Attributes:
        box: the face, also one that was drawn by hand; None for the photo as a whole, such as
            "in this photo, no face visible".
        state: what is decided; SUGGESTED takes an earlier decision back.
        wearing: what the person wears there, so that they are found in photos nearby.
    """

    label: str
    photo_sha256: str
    box: Box | None
    state: DecisionState
    note: str = ""
    wearing: str = ""


@for_roles(Duty.DECIDE_LIKENESS)
def record_decisions(
    services: Services, rulings: Sequence[NewDecision], actor: Actor
) -> list[PersonDecision]:
    """Keep decisions, all or none; earlier ones stay in the history.

    Raises:
        NotFoundError: no such case.
        PhotoNotIndexedError: nothing is known of a photo.
        BadInputError: a face lies outside its photo.
    """
    with services.writing() as unit:
        photos = unit.photos.fingerprints([ruling.photo_sha256 for ruling in rulings])
        decided = [_keep(services, unit, ruling, photos, actor) for ruling in rulings]
        confirmed: dict[str, list[str]] = {}
        for ruling in rulings:
            if ruling.state is DecisionState.CONFIRMED:
                confirmed.setdefault(ruling.label, []).append(ruling.photo_sha256)
        for label, shown in confirmed.items():
            unit.changes(RegisterChanged(actor, label, tuple(shown), with_copies=True))
        unit.commit()
    return decided


@for_roles(Duty.DECIDE_LIKENESS)
def decide_sighting(
    services: Services,
    label: str,
    photo_sha256: str,
    box: Box | None,
    state: DecisionState,
    actor: Actor,
    note: str = "",
) -> PersonDecision:
    """Keep one decision; see `record_decisions` and `NewDecision`."""
    ruling = NewDecision(label, photo_sha256, box, state, note)
    return record_decisions(services, [ruling], actor)[0]


def _keep(
    services: Services,
    unit: UnitOfWork,
    ruling: NewDecision,
    photos: dict[str, Fingerprint],
    actor: Actor,
) -> PersonDecision:
    case = unit.register.find(ruling.label)
    sha256 = ruling.photo_sha256
    if sha256 not in photos:
        raise PhotoNotIndexedError(sha256)
    _require_inside(ruling.box, photos[sha256])
    now = services.now()
    decided = PersonDecision(
        photo_sha256=sha256,
        revocation_id=case.id,
        box=ruling.box,
        state=ruling.state,
        at=now,
        actor=actor,
        note=ruling.note.strip(),
        wearing=ruling.wearing.strip(),
    )
    unit.decisions.add_person_decision(decided)
    details = {"photo": sha256, "state": ruling.state.value}
    unit.audit.append(Action.SIGHTING_DECIDED, case.id, actor, now, details)
    return decided


@for_roles(Duty.REVIEW)
def nobody_recognized(
    services: Services,
    photo_sha256: str,
    boxes: Sequence[Box],
    actor: Actor,
    *,
    taken_back: bool = False,
) -> None:
    """Keep that somebody looked at faces which cannot be compared, and knew nobody of the register.

    It holds for the cases and the reference faces of today: a new one asks again. Taken back, it
    was a slip.

    Raises:
        PhotoNotIndexedError: nothing is known of it.
    """
    with services.writing() as unit:
        if not unit.photos.known([photo_sha256]):
            raise PhotoNotIndexedError(photo_sha256)
        now = services.now()
        for box in boxes:
            unit.decisions.add_look(FaceLook(photo_sha256, box, now, actor, taken_back))
        details = {"faces": len(boxes), "taken_back": taken_back}
        unit.audit.append(Action.FACE_LOOKED_AT, photo_sha256, actor, now, details)
        unit.commit()


@for_roles(Duty.REVIEW)
def decide_faces(
    services: Services,
    photo_sha256: str,
    boxes: Sequence[Box],
    kind: FaceKind,
    actor: Actor,
    note: str = "",
) -> list[FaceDecision]:
    """Keep what faces of a photo are of, all or none; it holds in copies of the photo too.

    A face that surely looks like somebody of the register is no person only if somebody says so
    who may override a verdict, with a word of why; one in which somebody was confirmed never is.

    Raises:
        PhotoNotIndexedError: nothing is known of the photo.
        BadInputError: there is no face at a box, or the note is missing.
        ConfirmedFaceError: somebody was confirmed in a face that is said to be no person.
        WrongRoleError: a face surely looks like somebody, and the role may not override that.
    """
    if not boxes:
        raise BadInputError("Say which face it is: check the photo, and use its number there.")
    with services.holding_faces(), services.writing() as unit:
        photo = unit.photos.with_features([photo_sha256]).get(photo_sha256)
        if photo is None:
            raise PhotoNotIndexedError(photo_sha256)
        view = RegisterSnapshot(services, unit)
        decisions = []
        for box in boxes:
            if not any(same_face(face.box, box) for face in photo.faces):
                raise BadInputError(
                    f"No face was found at {box.as_list()}: use the box or the number of a face "
                    "in the check."
                )
            despite: frozenset[str] = frozenset()
            if kind is FaceKind.NO_PERSON:
                despite = _surely_alike(services, view, photo, box, actor, note)
            now = services.now()
            made = FaceDecision(photo_sha256, box, kind, now, actor, note.strip(), despite)
            unit.decisions.add_face_decision(made)
            details = {"kind": kind.value, "box": box.as_list(), "despite": len(despite)}
            unit.audit.append(Action.FACE_DECIDED, photo_sha256, actor, now, details)
            decisions.append(made)
        unit.changes(RegisterChanged(actor, photos=(photo_sha256,), with_copies=True))
        unit.commit()
    return decisions


def _surely_alike(
    services: Services,
    view: RegisterSnapshot,
    photo: Fingerprint,
    box: Box,
    actor: Actor,
    note: str,
) -> frozenset[str]:
    """Return the cases that a face surely looks like, if one may say that it is no person."""
    labels = {case.id: case.label for case in view.in_force()}
    found = [
        match
        for match in view.every_signal_of(photo)
        if match.blocks and match.revocation_id in labels and same_face(match.match.box, box)
    ]
    own = [decision for decision in view.decisions_on(photo) if same_face(decision.box, box)]
    confirmed = {decision.revocation_id for decision in still_confirmed(own)}
    confirmed |= {match.revocation_id for match in found if match.is_of_copy}
    if shown := sorted(labels[case] for case in confirmed & labels.keys()):
        raise ConfirmedFaceError(shown)
    rejected = {
        decision.revocation_id
        for decision in latest_of_each(own)
        if decision.state is DecisionState.REJECTED
    }
    alike = frozenset(match.revocation_id for match in found) - rejected
    if not alike:
        return alike
    named = " and ".join(sorted(labels[case] for case in alike))
    allowed = services.policy.may_override
    if not actor.is_one_of(allowed):
        raise WrongRoleError(
            f"The face surely looks like {named}. Only these roles can say that it is no person",
            allowed,
        )
    if not note.strip():
        raise NoReasonError(f"it is no person, though it surely looks like {named}")
    return alike


@dataclass(frozen=True, slots=True)
class FaceSeen:
    """A face of a photo, numbered as everywhere, and what somebody said that it is of."""

    number: int
    box: Box
    said: FaceDecision | None


@for_roles(Duty.REVIEW)
def faces_seen(services: Services, photo_sha256: str, actor: Actor) -> list[FaceSeen]:
    """Return the faces of a photo, left to right.

    What somebody wrote on one may name a person: it is told to roles with names, and to them.

    Raises:
        PhotoNotIndexedError: nothing is known of the photo.
    """
    with services.reading() as unit:
        photo = unit.photos.with_features([photo_sha256]).get(photo_sha256)
        if photo is None:
            raise PhotoNotIndexedError(photo_sha256)
        said = RegisterSnapshot(services, unit).face_kinds.of(photo)
    return [
        FaceSeen(face.index + 1, face.box, _as_seen(services, said.get(face.index), actor))
        for face in photo.faces
    ]


def _as_seen(services: Services, said: FaceDecision | None, actor: Actor) -> FaceDecision | None:
    if said is None or services.policy.sees_names(actor) or actor.is_same_person(said.actor):
        return said
    return face_decision_without_note(said)


def _require_inside(box: Box | None, photo: Fingerprint) -> None:
    if box is None:
        return
    across = 0 <= box.x1 < box.x2 <= photo.width
    down = 0 <= box.y1 < box.y2 <= photo.height
    # A detector's box may stick out where a face is cut off; a box drawn elsewhere is a mistake.
    known = any(face.box == box for face in photo.faces)
    if not known and not (across and down):
        raise BadInputError(
            f"The box {box.as_list()} is not inside the photo, which is {photo.width} x "
            f"{photo.height} px: draw it again."
        )


@for_roles(Duty.REVIEW)
def decided_meanwhile(services: Services, pair: Pair, actor: Actor) -> str:
    """Say who decided on a pair that is not asked about any more, and what.

    Raises:
        NotFoundError: the case is not there.
    """
    with services.reading() as unit:
        found = _look(unit, pair) if pair.label is None else _decision(services, unit, pair)
    if found is None:
        return "This question is no longer open: something has changed."
    actor, words = found
    return f"Decided meanwhile by {actor.id}: {words}."


def _decision(services: Services, unit: UnitOfWork, pair: Pair) -> tuple[Actor, str] | None:
    """Return the last decision on the photo, or on one that it is a copy of."""
    photo = unit.photos.fingerprints([pair.photo_sha256]).get(pair.photo_sha256)
    if photo is None:
        return None
    case = unit.register.find(pair.label or "")
    last = last_on(pair.box, Settled(services, unit, [case.id]).on(photo))
    if last is None or last.state is DecisionState.SUGGESTED:
        return None
    return last.actor, last.state.words.lower()


def _look(unit: UnitOfWork, pair: Pair) -> tuple[Actor, str] | None:
    """Return who knew nobody of the register in faces that cannot be compared."""
    last = next(
        (
            look
            for look in reversed(unit.decisions.looks())
            if look.photo_sha256 == pair.photo_sha256 and look.box in pair.boxes
        ),
        None,
    )
    return None if last is None or last.taken_back else (last.actor, "nobody of the register")
