"""Find cases in the register, and show a case whole; names only to those who need them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta

from consent.access.looks import note_look
from consent.domain.actors import Actor
from consent.domain.cases import Revocation, State, Template
from consent.domain.channels import ChannelKind
from consent.domain.decisions import PersonDecision
from consent.domain.errors import NotFoundError
from consent.domain.log import Action
from consent.domain.names import Likeness, likeness
from consent.domain.policy import Policy
from consent.domain.roles import Duty, for_roles
from consent.domain.terms import Terms
from consent.domain.withheld import without_names
from consent.services import Services
from consent.storage.unit_of_work import UnitOfWork


@dataclass(frozen=True, slots=True)
class RegisterQuery:
    """What to look for; empty fields ask nothing.

    Attributes:
        text: in number or name.
        kind: the scope covers a channel of this kind.
        ending_within_days: holds that lapse and terms that end within so many days.
    """

    text: str = ""
    states: frozenset[State] = frozenset()
    kind: ChannelKind | None = None
    branch: str = ""
    received_from: date | None = None
    received_to: date | None = None
    safety: bool = False
    ending_within_days: int | None = None


@dataclass(frozen=True, slots=True)
class RegisterEntry:
    """A case in a list.

    Attributes:
        case: itself, without names for those who need not know them.
        name: of the person; None for those who need not know.
        terms: in force today, or last stated.
        ends_on: the day a hold lapses or a temporary revocation ends.
    """

    case: Revocation
    name: str | None
    state: State
    terms: Terms
    ends_on: date | None


@dataclass(frozen=True, slots=True)
class CaseFile:
    """A case with its reference faces, decisions (oldest first) and the person's other labels."""

    entry: RegisterEntry
    templates: tuple[Template, ...]
    decisions: tuple[PersonDecision, ...]
    same_person: tuple[str, ...]


@for_roles(Duty.READ_CASES)
def search_register(services: Services, query: RegisterQuery, actor: Actor) -> list[RegisterEntry]:
    """Return the cases that answer a query, newest first.

    Who may not see names cannot search by them either.
    """
    if is_by_name(services, query, actor):
        note_search(services, query, actor)
    with services.reading() as unit:
        cases = unit.register.revocations()
    return search_among(services, cases, query, actor)


def is_by_name(services: Services, query: RegisterQuery, actor: Actor) -> bool:
    """Say whether names have to be read to answer a query."""
    return _is_name(query.text) and services.policy.sees_names(actor)


def note_search(services: Services, query: RegisterQuery, actor: Actor) -> None:
    """Enter in the log that somebody searches by name; the log does not hold the name."""
    note_look(services, Action.NAME_SEARCHED, "register", actor, at=query.text.strip())


def search_among(
    services: Services, cases: Sequence[Revocation], query: RegisterQuery, actor: Actor
) -> list[RegisterEntry]:
    """Return those of the register's cases that answer a query, as `search_register` does.

    Names as they were typed come first, then those that are nearly spelt so; each newest first.
    """
    today = services.today()
    gone = _destroyed(services, cases)
    entries = [
        entry_for(case, services.policy, actor, today, gone.get(case.id, "")) for case in cases
    ]
    found = [
        (_likeness(entry, query.text), entry)
        for entry in reversed(entries)
        if _answers(entry, query, today)
    ]
    found.sort(key=lambda pair: pair[0], reverse=True)
    return [entry for _, entry in found]


@for_roles(Duty.READ_CASES)
def show_case(services: Services, label: str, actor: Actor) -> CaseFile:
    """Return a case with its templates, decisions and the person's other cases.

    That somebody sees whom it is about is entered in the log.

    Raises:
        NotFoundError: there is no such case.
    """
    with services.reading() as unit:
        case = unit.register.find(label)
        of_person = unit.register.by_ids(unit.register.of_same_people([case.id]))
        gone = instead_of_names(unit, [case]).get(case.id, "")
        entry = entry_for(case, services.policy, actor, services.today(), gone)
        file = CaseFile(
            entry=entry,
            templates=tuple(unit.register.templates(case.id)),
            decisions=tuple(
                decision if entry.name is not None else replace(decision, note="")
                for decision in unit.decisions.person_decisions(cases=[case.id])
            ),
            same_person=tuple(other.label for other in of_person if other.id != case.id),
        )
    if entry.name is not None:
        note_look(services, Action.NAMES_SEEN, case.id, actor)
    return file


@for_roles(Duty.READ_CASES)
def reference_pictures(services: Services, label: str, actor: Actor) -> dict[str, bytes | None]:
    """Return the picture of each reference face of a case, by template; None where it is gone.

    That somebody looks at them is entered in the log.

    Raises:
        NotFoundError: there is no such case.
    """
    with services.reading() as unit:
        case = unit.register.find(label)
        templates = unit.register.templates(case.id)
    if templates:
        note_look(services, Action.TEMPLATE_SEEN, case.id, actor)
    return {template.id: _picture(services, template.crop) for template in templates}


def _picture(services: Services, crop: str) -> bytes | None:
    try:
        return services.vault.get(crop)
    except NotFoundError:
        return None


def entry_for(
    case: Revocation, policy: Policy, actor: Actor, today: date, gone: str = ""
) -> RegisterEntry:
    """Return a case as the actor may see it; `gone` stands where its name is destroyed."""
    name = visible_name(case, policy, actor)
    if name == "":
        name = gone
    if name is None:
        case = without_names(case)
    state, terms = case.state(today), case.terms_on(today)
    ends_on = terms.until
    if state in {State.HELD, State.LAPSED}:
        ends_on = case.lapses_on
    return RegisterEntry(case, name, state, terms, ends_on)


def visible_name(case: Revocation, policy: Policy, actor: Actor) -> str | None:
    """Return the person's name for roles that need it, None for others."""
    return case.person.name if policy.sees_names(actor) else None


def instead_of_names(unit: UnitOfWork, cases: Iterable[Revocation]) -> dict[str, str]:
    """Return what to show of cases whose name is destroyed, by their ids."""
    nameless = [case.id for case in cases if not case.person.name]
    if not nameless:
        return {}
    destroyed = unit.retention.destroyed()
    return {
        case_id: f"(destroyed, {destroyed[case_id].label})"
        for case_id in nameless
        if case_id in destroyed
    }


def _destroyed(services: Services, cases: Sequence[Revocation]) -> dict[str, str]:
    if all(case.person.name for case in cases):
        return {}
    with services.reading() as unit:
        return instead_of_names(unit, cases)


def _answers(entry: RegisterEntry, query: RegisterQuery, today: date) -> bool:
    terms, received = entry.terms, entry.case.submission.on
    return (
        _likeness(entry, query.text) is not Likeness.NONE
        and (not query.states or entry.state in query.states)
        and (query.kind is None or terms.scope.covers_kind(query.kind))
        and (not query.branch or entry.case.submission.branch.casefold() == query.branch.casefold())
        and (query.received_from is None or received >= query.received_from)
        and (query.received_to is None or received <= query.received_to)
        and (not query.safety or terms.safety)
        and (query.ending_within_days is None or _ends(entry, today, query.ending_within_days))
    )


def _number(text: str) -> str:
    return text.strip().casefold().removeprefix("r").lstrip("-0")


def _is_name(text: str) -> bool:
    return bool(text.strip()) and not _number(text).isdecimal()


def _likeness(entry: RegisterEntry, text: str) -> Likeness:
    wanted = text.strip()
    if not wanted:
        return Likeness.AS_TYPED
    if not _is_name(text):
        number = _number(text)
        return Likeness.AS_TYPED if int(number) == entry.case.number else Likeness.NONE
    if entry.name is None:
        return Likeness.NONE
    return likeness(
        wanted, entry.name, entry.case.person.guardian or "", entry.terms.requester.name
    )


def _ends(entry: RegisterEntry, today: date, days: int) -> bool:
    running = entry.state in {State.HELD, State.ACTIVE, State.PENDING}
    ends_on = entry.ends_on
    return running and ends_on is not None and today <= ends_on <= today + timedelta(days=days)
