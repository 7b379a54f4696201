"""Record a written revocation: person, terms, evidence and reference faces, in one transaction."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING
from uuid import uuid4

from consent.audit_log import Action
from consent.channels import ChannelKind
from consent.domain import (
    CaseEvent,
    CaseStep,
    Person,
    Revocation,
    Sighting,
    SightingState,
    Template,
)
from consent.errors import BadInputError, NotFoundError
from consent.indexing import keep_thumbnail
from consent.references import find_face
from consent.terms import EVERYTHING, Relationship, Requester, Scope, TemplateAgreement, Terms
from consent.terms import Receipt as WritingReceived

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from datetime import date

    from consent.domain import Actor
    from consent.references import Reference, ReferenceFace
    from consent.services import Services
    from consent.store import UnitOfWork
    from consent.terms import Locator, Method

MAX_EVIDENCE_BYTES = 50 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class EvidenceFile:
    """A page or file of the writing."""

    name: str
    content: bytes


@dataclass(frozen=True, slots=True)
class NewRevocation:
    """A revocation as it is taken at the desk.

    Attributes:
        name: of the person depicted.
        received_on: the day the writing came.
        method: form, letter, email, other.
        scope: what it covers.
        evidence: the writing itself; may be empty for old paper, if `note` says where it lies.
        references: photos of the person, none if no face template may be kept.
        minor: the person depicted is a minor.
        guardian: who signed for a minor.
        birth_year: of a minor.
        received_by: staff member; empty for the acting one.
        note: free text.
        branch: where it was received.
        original_at: where the paper lies.
        requester: who asked; empty for the person or the guardian.
        effective_from: None for the day it was received.
        until: the last day, if temporary.
        safety: a safety concern.
        locators: hints where no face helps.
    """

    name: str
    received_on: date
    method: Method
    scope: Scope = EVERYTHING
    evidence: Sequence[EvidenceFile] = ()
    references: Sequence[Reference] = ()
    minor: bool = False
    guardian: str = ""
    birth_year: int | None = None
    received_by: str = ""
    note: str = ""
    branch: str = ""
    original_at: str = ""
    requester: Requester | None = None
    effective_from: date | None = None
    until: date | None = None
    safety: bool = False
    locators: Sequence[Locator] = ()


@dataclass(frozen=True, slots=True)
class RecordedRevocation:
    """What was recorded.

    Attributes:
        revocation: the case.
        templates: reference faces kept.
        remarks: what the staff member should know, in sentences.
    """

    revocation: Revocation
    templates: int
    remarks: tuple[str, ...] = ()


def record_revocation(
    services: Services,
    new: NewRevocation,
    actor: Actor,
) -> RecordedRevocation:
    """Record a written revocation; it holds from this moment.

    Args:
        services: adapters.
        new: as taken at the desk.
        actor: who records it.

    Returns:
        The case with its number.

    Raises:
        BadInputError: something is missing or contradicts itself, or a reference photo shows no
            face or several; nothing is recorded then.
    """
    _require_sense(services, new)
    faces = [find_face(services, reference) for reference in new.references]
    for file in new.evidence:
        services.vault.put(file.content)
    for face in faces:
        keep_thumbnail(services, face.photo)
        services.vault.put(face.crop)
    with services.writing() as unit:
        revocation = _open(services, unit, new, actor)
        for face in faces:
            _add_reference(services, unit, revocation, face, actor)
        unit.commit()
    return RecordedRevocation(revocation, len(faces), tuple(_remarks(faces)))


def _require_sense(services: Services, new: NewRevocation) -> None:
    problems = [*_of_the_person(new), *_of_the_time(services, new), *_of_the_writing(new)]
    if problems:
        message = f"Not recorded: {'; '.join(problems)}."
        raise BadInputError(message)


def _of_the_person(new: NewRevocation) -> Iterator[str]:
    if not new.name.strip():
        yield "the name of the person is missing"
    if new.minor and not new.guardian.strip():
        yield "a minor needs the guardian who signed"
    if new.birth_year is not None and not new.minor:
        yield "a birth year is kept for minors only"


def _of_the_time(services: Services, new: NewRevocation) -> Iterator[str]:
    if new.received_on > services.today():
        yield f"it cannot have been received on {new.received_on}, which is to come"
    if new.until is not None and new.until < (new.effective_from or new.received_on):
        yield "it would end before it begins"


def _of_the_writing(new: NewRevocation) -> Iterator[str]:
    if not new.evidence and not new.note.strip() and not new.original_at.strip():
        yield "the writing is missing: add it as a file, or say in the note where the paper lies"
    for file in new.evidence:
        if not file.content:
            yield f"the file {file.name} is empty"
        if len(file.content) > MAX_EVIDENCE_BYTES:
            yield f"the file {file.name} is larger than 50 MiB"


def _open(
    services: Services,
    unit: UnitOfWork,
    new: NewRevocation,
    actor: Actor,
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
    revocation_id, number = uuid4().hex, unit.register.next_number()
    unit.register.open_case(revocation_id, number, person.id, now)
    step = CaseEvent(
        revocation_id=revocation_id,
        step=CaseStep.RECORDED,
        at=now,
        actor=actor,
        effective_on=new.effective_from or new.received_on,
        terms=_terms(services, new, actor),
    )
    unit.register.append(step)
    for file in new.evidence:
        sha256 = services.vault.put(file.content)
        unit.register.add_evidence(sha256, revocation_id, file.name, len(file.content), now)
    unit.audit.append(
        Action.REVOCATION_RECORDED,
        revocation_id,
        actor,
        now,
        {"number": number, "method": new.method.value, "evidence": len(new.evidence)},
    )
    return Revocation(revocation_id, number, person, (step,))


def _terms(services: Services, new: NewRevocation, actor: Actor) -> Terms:
    requester = new.requester or Requester(
        name=new.guardian.strip() or new.name.strip(),
        relationship=Relationship.GUARDIAN if new.minor else Relationship.SELF,
    )
    return Terms(
        scope=new.scope,
        receipt=WritingReceived(
            on=new.received_on,
            by=new.received_by.strip() or actor.id,
            method=new.method,
            branch=new.branch,
            original_at=new.original_at,
        ),
        requester=requester,
        effective_from=new.effective_from or new.received_on,
        until=new.until,
        safety=new.safety,
        locators=tuple(new.locators),
        template_agreement=TemplateAgreement(
            services.today(),
            "Finding this person in the library's photos, so that none is used.",
        )
        if new.references
        else None,
        evidence=tuple(services.vault.put(file.content) for file in new.evidence),
        note=new.note.strip(),
    )


def _add_reference(
    services: Services,
    unit: UnitOfWork,
    revocation: Revocation,
    found: ReferenceFace,
    actor: Actor,
) -> None:
    """Keep a reference face as template, and the person as confirmed in that photo."""
    now = services.now()
    if not unit.photos.known([found.photo.sha256]):
        unit.photos.add([found.photo], now)
    template = Template(
        id=uuid4().hex,
        revocation_id=revocation.id,
        photo_sha256=found.photo.sha256,
        box=found.face.box,
        encodings=found.face.encodings,
        crop=services.vault.put(found.crop),
        added_at=now,
    )
    unit.register.add_template(template)
    unit.audit.append(
        Action.TEMPLATE_ADDED,
        revocation.id,
        actor,
        now,
        {"template": template.id},
    )
    sighting = Sighting(
        photo_sha256=found.photo.sha256,
        revocation_id=revocation.id,
        box=found.face.box,
        state=SightingState.CONFIRMED,
        at=now,
        actor=actor,
        note="Reference photo.",
    )
    unit.decisions.add_sighting(sighting)
    unit.audit.append(
        Action.SIGHTING_DECIDED,
        revocation.id,
        actor,
        now,
        {"photo": sighting.photo_sha256, "state": sighting.state.value},
    )


def _remarks(faces: Sequence[ReferenceFace]) -> list[str]:
    return [
        f"A reference photo shows {found.others + 1} faces; the large one in the middle was "
        f"taken (face {found.face.index}). Name another if that is wrong."
        for found in faces
        if found.others > 0 and not found.chosen
    ]


def find_revocation(unit: UnitOfWork, label: str) -> Revocation:
    """Return the case of a label such as R-0042, 42 or r42.

    Raises:
        NotFoundError: there is none.
    """
    digits = label.strip().upper().removeprefix("R").lstrip("-")
    found = unit.register.by_number(int(digits)) if digits.isdecimal() else None
    if found is None:
        message = f"There is no revocation {label}: look its number up with likeness status."
        raise NotFoundError(message)
    return found


def scope_from_text(services: Services, text: str) -> Scope:
    """Read a scope: all, online, print, press, or channels, separated by commas.

    Raises:
        BadInputError: it names neither a kind nor a channel of the policy.
    """
    scope = Scope(all_channels=False)
    for part in (part.strip().casefold() for part in text.split(",")):
        if part == "all":
            scope = replace(scope, all_channels=True)
        elif part in set(ChannelKind):
            scope = replace(scope, kinds=scope.kinds | {ChannelKind(part)})
        elif part:
            channel = services.policy.channel(part)
            scope = replace(scope, channels=scope.channels | {channel.id})
    if scope == Scope(all_channels=False):
        message = "The scope is empty: say all, online, print, press, or name channels."
        raise BadInputError(message)
    return scope
