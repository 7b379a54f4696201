"""What the library keeps about a person, for the person: what, why, until when, and who looked."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from consent.access.looks import note_look
from consent.documents.receipt import Row, Section, page_of
from consent.documents.receipt_pdf import render_receipt
from consent.documents.texts import Words, load_texts
from consent.domain.actors import Actor
from consent.domain.cases import Revocation
from consent.domain.log import Action
from consent.domain.retention import ended_on, matters_of
from consent.domain.roles import Duty, for_roles
from consent.services import Services
from consent.storage.unit_of_work import UnitOfWork


@dataclass(frozen=True, slots=True)
class KeptThing:
    """Something that is kept for a case: how much of what; why and until when, as sentences."""

    case: str
    what: str
    count: int
    why: str
    until: str


@dataclass(frozen=True, slots=True)
class Look:
    """Who opened a person's papers, or was given a receipt."""

    on: date
    staff: str
    what: str


@dataclass(frozen=True, slots=True)
class KeptOfPerson:
    """All that is kept about the person of a case; `cases` are all of the person's, by label."""

    cases: tuple[str, ...]
    things: tuple[KeptThing, ...]
    looks: tuple[Look, ...]


_LOOKS = {
    Action.EVIDENCE_OPENED: "look_opened",
    Action.RECEIPT_GIVEN: "look_receipt",
    Action.REGISTER_EXPORTED: "look_exported",
}
# The newest looks that the sheet names; older ones are counted.
_NEWEST_LOOKS = 8


@for_roles(Duty.READ_NAMES)
def kept_about(services: Services, label: str, actor: Actor, language: str = "en") -> KeptOfPerson:
    """Return what is kept about the person of a case, in all of their cases; a look is logged.

    Raises:
        RefusedError: the role may not see names.
        NotFoundError: there is no such case.
        BadInputError: there are no texts in the language.
    """
    words = load_texts(services.settings.texts).words(language)
    with services.reading() as unit:
        found = unit.register.find(label)
        cases = unit.register.by_ids(unit.register.of_same_people([found.id]))
        things = [thing for case in cases for thing in _of_case(services, unit, case, words)]
        ids = [case.id for case in cases]
        looks = tuple(
            Look(services.day(entry.at), entry.actor_id, words.say(_LOOKS[Action(entry.action)]))
            for entry in unit.audit.entries_of([*ids, "register"])
            if entry.action in _LOOKS
        )
    note_look(services, Action.EVIDENCE_OPENED, found.id, actor, {"kept": True}, at="kept")
    return KeptOfPerson(
        tuple(case.label for case in cases), tuple(t for t in things if t.count), looks
    )


@for_roles(Duty.READ_NAMES)
def kept_sheet(
    services: Services, label: str, language: str, actor: Actor, size: str = "letter"
) -> bytes:
    """Return the same as a sheet for the person, as PDF.

    Raises:
        RefusedError: the role may not see names.
        NotFoundError: there is no such case.
        BadInputError: there are no texts in the language, or no such paper size.
    """
    kept = kept_about(services, label, actor, language)
    words = load_texts(services.settings.texts).words(language)
    page = page_of(
        services.policy,
        words,
        ", ".join(kept.cases),
        services.today(),
        title=words.say("kept_title"),
        lead=words.say("kept_lead"),
        rows=_rows(kept),
        sections=[Section(words.say("heading_looks"), tuple(_looks(kept, words)))],
    )
    return render_receipt(page, size)


def _rows(kept: KeptOfPerson) -> Iterator[Row]:
    """Say each kind of thing once, however many cases it is kept for."""
    for what in dict.fromkeys(thing.what for thing in kept.things):
        alike = [thing for thing in kept.things if thing.what == what]
        said = " ".join(dict.fromkeys(part for t in alike for part in (t.why, t.until)))
        count = sum(thing.count for thing in alike)
        yield Row(what if count == 1 else f"{what} ({count:,})", said)


def _looks(kept: KeptOfPerson, words: Words) -> Iterator[str]:
    if not kept.looks:
        yield words.say("looks_none")
    for look in kept.looks[-_NEWEST_LOOKS:]:
        yield words.say("look", date=look.on, staff=look.staff, what=look.what)
    if (older := len(kept.looks) - _NEWEST_LOOKS) > 0:
        yield words.say("looks_older", count=f"{older:,}")


def _of_case(
    services: Services, unit: UnitOfWork, case: Revocation, words: Words
) -> Iterator[KeptThing]:
    say = words.say
    destroyed = unit.retention.destroyed().get(case.id)
    if destroyed is not None:
        yield from _left_of(services, unit, case, words, services.day(destroyed.history[-1].at))
        return
    until = _until(services, unit, case, words)
    agreed = case.terms.agreement_on(services.today())
    face_until = say("kept_until_asked")
    if agreed is not None and agreed.until is not None:
        face_until = say("kept_until_date", date=agreed.until)
    removed = [name for name, size in unit.retention.files_of(case.id) if size == 0]
    counts = {
        "request": 1,
        "letters": len(unit.register.evidence_of(case.id)),
        "contact": int(bool(case.terms.requester.contact)),
        "notes": int(bool(case.terms.note)),
        "hints": len(case.terms.locators),
        "photos": len(unit.register.templates(case.id)),
        "decisions": len(unit.decisions.person_decisions(cases=[case.id])),
        "waiting": len(unit.review.waiting_photos(case.id)),
        "takedowns": unit.takedowns.count_of(case.id),
        "checks": unit.decisions.count_clearances_naming(case.label),
        "removed": len(removed),
    }
    plain = {"request", "letters", "notes", "decisions"}
    ends = {
        "photos": face_until,
        "waiting": say("kept_until_waiting"),
        "takedowns": say("kept_until_takedowns"),
        "checks": say("kept_until_checks", days=f"{services.policy.clearance_days:,}"),
        "removed": say("kept_until_removed", days=f"{services.policy.removed_days:,}"),
    }
    for name, count in counts.items():
        yield KeptThing(
            case.label,
            say(f"kept_{name}"),
            count,
            say("kept_why_request" if name in plain else f"kept_why_{name}"),
            ends.get(name, until),
        )


def _left_of(
    services: Services, unit: UnitOfWork, case: Revocation, words: Words, on: date
) -> Iterator[KeptThing]:
    """Say what is left of a case that was destroyed on a day."""
    say = words.say
    stays = say("kept_until_destroyed", date=on)
    checks = say("kept_until_checks", days=f"{services.policy.clearance_days:,}")
    yield KeptThing(case.label, say("kept_left"), 1, say("kept_why_left"), stays)
    takedowns = unit.takedowns.count_of(case.id)
    yield KeptThing(case.label, say("kept_takedowns"), takedowns, say("kept_why_left"), stays)
    named = unit.decisions.count_clearances_naming(case.label)
    yield KeptThing(case.label, say("kept_checks"), named, say("kept_why_checks"), checks)


def _until(services: Services, unit: UnitOfWork, case: Revocation, words: Words) -> str:
    if matters_of(unit.retention.holds()).get(case.id):
        return words.say("kept_until_held")
    days = services.policy.evidence_days
    ended = ended_on(case, services.today())
    if ended is None:
        return words.say("kept_until_days", days=f"{days:,}")
    return words.say("kept_until_due", date=ended + timedelta(days=days))
