"""Erase a face at once: whatever is no record of the person, wherever it came in.

What is erased is what `inventory` says of it. First it is noted beside the master key, then the
files go, then the rows in one transaction, then copies of the home and the database's journal.
Killed at any step, doing it again ends it.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, field, replace
from uuid import uuid4

from consent.cases.change import restated
from consent.cases.erase import (
    ERASURE,
    erase_templates,
    logged_erasures,
    note_erasure,
)
from consent.cases.handed_in import (
    HandedIn,
    erase_handed_in,
    handed_in_as,
    handed_in_for,
)
from consent.domain.actors import Actor
from consent.domain.cases import CaseEvent, CaseStep, Revocation
from consent.domain.changes import RegisterChanged
from consent.domain.errors import NoReasonError
from consent.domain.log import Action
from consent.domain.roles import Duty, for_roles
from consent.services import Services
from consent.storage.file_steps import remove_whole
from consent.storage.unit_of_work import UnitOfWork

AGAIN = "Erased before; an earlier backup was restored."


@dataclass(frozen=True, slots=True)
class Erasure:
    """What is erased, or would be.

    Attributes:
        cases: the labels of all cases of the person.
        counts: how much of what, by words for people.
    """

    cases: tuple[str, ...]
    counts: dict[str, int]

    def sentences(self) -> list[str]:
        """Say it for people."""
        return [f"{what}: {count:,}" for what, count in self.counts.items()]


@dataclass(slots=True)
class _Plan:
    cases: list[Revocation]
    templates: int = 0
    vectors: int = 0
    handed_in: HandedIn = field(default_factory=HandedIn)

    def erasure(self) -> Erasure:
        found = self.handed_in
        return Erasure(
            tuple(case.label for case in self.cases),
            {
                "photos of the person": self.templates,
                "vectors of photos of the person": self.vectors,
                "vectors of portraits in the index": sum(map(len, found.encoded.values())),
                "thumbnails": len(found.thumbnails),
                "uploads": len(found.uploads),
                "drafts": len(found.drafts),
                "checks of portraits, with their file names": len(found.clearances),
                "jobs that name them": len(found.jobs),
            },
        )


@for_roles(Duty.ERASE)
def erase_face(
    services: Services, label: str, reason: str, actor: Actor, *, dry_run: bool = False
) -> Erasure:
    """Erase the face of the person of a case from all of their cases; the cases go on without.

    Raises:
        NotFoundError: there is no such case.
        NoReasonError: nobody said why.
    """
    if not reason.strip():
        raise NoReasonError("the face is erased")
    with services.writing() as unit:
        found = unit.register.find(label)
        plan = _plan(services, unit, unit.register.of_same_people([found.id]))
        if dry_run:
            return plan.erasure()
        # Before the files: killed after it, a backup does not bring them back.
        own = uuid4().hex
        note_erasure(services, unit, own, [case.id for case in plan.cases], portraits=True)
        _erase(services, unit, plan, reason.strip(), actor, own)
        unit.commit()
    # A search at the same time may have laid them out again from what was there before.
    services.vectors.forget()
    return plan.erasure()


def erase_again(services: Services, actor: Actor) -> tuple[str, ...]:
    """Erase the faces that a backup brought back, and that were erased after it was made.

    A log that tells of an erasure is from after it: what it has of the case since then stays.
    Returns the labels of the cases of which anything was there, by number.
    """
    noted = services.keys.erasures()
    if not noted:
        return ()
    again: dict[int, str] = {}
    with services.writing() as unit:
        unit.keep_replaced()
        named = {case_id for erasure in noted for case_id in erasure.cases}
        there = named & {case.id for case in unit.register.revocations()}
        done = logged_erasures(unit, there)
        missing = [
            erasure
            for erasure in noted
            if erasure.id not in done and there.intersection(erasure.cases)
        ]
        for erasure in missing:
            ids = [case_id for case_id in erasure.cases if case_id in there]
            cases = unit.register.by_ids(ids)
            plan = _plan(services, unit, ids) if erasure.portraits else _Plan(cases)
            found = _erase(services, unit, plan, AGAIN, actor, erasure.id)
            again |= {case.number: case.label for case in found}
        if missing:
            unit.commit()
    if missing:
        services.vectors.forget()
    return tuple(again[number] for number in sorted(again))


def erase_portraits_again(services: Services, actor: Actor) -> int:
    """Erase photos that a backup brought back, and that were handed in for cases made after it.

    The backup has them as uploads to be checked, and knows nothing of the cases. Returns how many
    there were.
    """
    noted = services.keys.erasures()
    if not any(erasure.photos for erasure in noted):
        return 0
    name_for = services.keys.seal.name_for
    with services.writing() as unit:
        cases = {case.id for case in unit.register.revocations()}
        names = {
            name
            for erasure in noted
            if not cases.intersection(erasure.cases)
            for name in erasure.photos
        }
        used = {template.photo_sha256 for template in unit.register.templates()}
        photos = {sha for sha, _, _ in unit.photos.hashes() if name_for(sha) in names} - used
        found = handed_in_as(services, unit, photos)
        if not found:
            return 0
        unit.keep_replaced()
        erase_handed_in(services, unit, found)
        unit.erases(copies_in=services.settings.home)
        details = {"photos": len(found.photos)}
        unit.audit.append(Action.ROWS_WRITTEN, "register", actor, services.now(), details)
        unit.commit()
    services.vectors.forget()
    return len(found.photos)


def _erase(
    services: Services, unit: UnitOfWork, plan: _Plan, reason: str, actor: Actor, erasure: str
) -> list[Revocation]:
    """Erase what is planned; the caller commits. Returns the cases of which anything was there."""
    for path in (*plan.handed_in.uploads, *plan.handed_in.drafts):
        remove_whole(path)
    ended = [case for case in plan.cases if end_face(services, unit, case, reason, actor, erasure)]
    if not ended:
        # The log tells of each erasure, so that a backup from after it is known by that.
        details = {"faces": 0, ERASURE: erasure}
        first = plan.cases[0].id
        unit.audit.append(Action.TEMPLATES_ERASED, first, actor, services.now(), details)
    # Also of what no case had a face of any more.
    erase_handed_in(services, unit, plan.handed_in)
    services.vectors.forget()
    unit.erases(copies_in=services.settings.home)
    unit.changes(RegisterChanged(actor, plan.cases[0].label))
    if not ended and any(plan.erasure().counts.values()):
        return plan.cases
    return ended


def _plan(services: Services, unit: UnitOfWork, case_ids: Collection[str]) -> _Plan:
    cases = unit.register.by_ids(case_ids)
    plan = _Plan(cases)
    for case in cases:
        templates = unit.register.templates(case.id)
        plan.templates += len(templates)
        plan.vectors += sum(len(template.encodings) for template in templates)
    plan.handed_in = handed_in_for(services, unit, [case.id for case in cases])
    return plan


def end_face(
    services: Services,
    unit: UnitOfWork,
    case: Revocation,
    reason: str,
    actor: Actor,
    erasure: str,
) -> bool:
    """Erase the reference faces of a case, and say that there is no agreement any more.

    The log names the erasure. Returns whether there was anything to erase or to say.
    """
    gone = erase_templates(services, unit, case.id)
    today, now = services.today(), services.now()
    if not gone and case.terms_on(today).template_agreement is None:
        return False
    stated = restated(case, today, lambda terms: replace(terms, template_agreement=None))
    for day, terms in stated:
        unit.register.append(
            CaseEvent(case.id, CaseStep.AMENDED, now, actor, day, terms, reason=reason)
        )
    details = {"faces": gone, ERASURE: erasure}
    unit.audit.append(Action.TEMPLATES_ERASED, case.id, actor, now, details)
    return True
