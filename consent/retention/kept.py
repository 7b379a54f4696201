"""What the library keeps about a person, for the person: what, why, until when, and who looked."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from consent.access.looks import note_look
from consent.domain.actors import Actor
from consent.domain.cases import Revocation
from consent.domain.log import Action
from consent.domain.retention import ended_on, matters_of
from consent.domain.roles import Duty, for_roles
from consent.domain.wording import counted
from consent.services import Services
from consent.storage.unit_of_work import UnitOfWork


@dataclass(frozen=True, slots=True)
class KeptThing:
    """Something that is kept: how much of what, why, and until when."""

    what: str
    count: int
    why: str
    until: str


@dataclass(frozen=True, slots=True)
class KeptOfPerson:
    """All that is kept about the person of a case.

    Attributes:
        cases: all of the person's, by label.
        looks: who opened their letters or was given a receipt: day, staff, what.
    """

    cases: tuple[str, ...]
    things: tuple[KeptThing, ...]
    looks: tuple[tuple[str, str, str], ...]


_LOOKS = {
    Action.EVIDENCE_OPENED.value: "opened a letter",
    Action.RECEIPT_GIVEN.value: "gave a receipt",
    Action.REGISTER_EXPORTED.value: "exported the register",
}
_TO_HOLD = "So that your wish is kept to, and can be shown."


@for_roles(Duty.READ_NAMES)
def kept_about(services: Services, label: str, actor: Actor) -> KeptOfPerson:
    """Return what is kept about the person of a case, in all of their cases; a look is logged.

    Raises:
        RefusedError: the role may not see names.
        NotFoundError: there is no such case.
    """
    with services.reading() as unit:
        found = unit.register.find(label)
        cases = unit.register.by_ids(unit.register.of_same_people([found.id]))
        things = [thing for case in cases for thing in _of_case(services, unit, case)]
        ids = [case.id for case in cases]
        looks = tuple(
            (str(services.day(entry.at)), entry.actor_id, _LOOKS[entry.action])
            for entry in unit.audit.entries_of([*ids, "register"])
            if entry.action in _LOOKS
        )
    note_look(services, Action.EVIDENCE_OPENED, found.id, actor, {"kept": True}, at="kept")
    return KeptOfPerson(
        tuple(case.label for case in cases), tuple(t for t in things if t.count), looks
    )


def _of_case(services: Services, unit: UnitOfWork, case: Revocation) -> list[KeptThing]:
    until = _until(services, unit, case)
    templates = unit.register.templates(case.id)
    agreed = case.terms.agreement_on(services.today())
    face_until = "until you say so, or your revocation ends"
    if agreed is not None and agreed.until is not None:
        face_until = f"until {agreed.until}, or until you say so"
    seen = unit.decisions.person_decisions(cases=[case.id])
    label, reached = case.label, int(bool(case.terms.requester.contact))
    return [
        KeptThing(f"{label}: your name and what you asked for", 1, _TO_HOLD, until),
        KeptThing(
            f"{label}: letters, as files", len(unit.register.evidence_of(case.id)), _TO_HOLD, until
        ),
        KeptThing(
            f"{label}: how to reach you",
            reached,
            "To answer.",
            until,
        ),
        KeptThing(f"{label}: notes of staff", int(bool(case.terms.note)), _TO_HOLD, until),
        KeptThing(
            f"{label}: hints such as clothing", len(case.terms.locators), "To find you.", until
        ),
        KeptThing(
            f"{label}: photos of the person, with a picture and a saved measurement of each",
            len(templates),
            "To find you in photos; you agreed to it.",
            face_until,
        ),
        KeptThing(f"{label}: decisions on whether you are in a photo", len(seen), _TO_HOLD, until),
        KeptThing(
            f"{label}: copies of files about posts taken down",
            sum(1 for name, size in unit.retention.files_of(case.id) if size == 0),
            "To show that they are gone.",
            f"{counted(services.policy.removed_days, 'day')} after they were taken down",
        ),
    ]


def _until(services: Services, unit: UnitOfWork, case: Revocation) -> str:
    held = matters_of(unit.retention.holds()).get(case.id, [])
    if held:
        return "while a legal hold is on it"
    days = services.policy.evidence_days
    ended = ended_on(case, services.today())
    if ended is None:
        return f"{counted(days, 'day')} after your revocation ends"
    return f"{ended + timedelta(days=days)}, then until its destruction is approved"
