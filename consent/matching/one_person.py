"""The cases of one person, compared as one: what is known by one of them counts for the others."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

from consent.domain.cases import Revocation, State, Template, canonical
from consent.domain.decide import IN_FORCE
from consent.domain.decisions import PersonDecision
from consent.domain.names import ordered_parts
from consent.storage.unit_of_work import UnitOfWork

_FEW = 500


@dataclass(frozen=True, slots=True)
class Shared:
    """Reference faces and decisions, those that count for a person's other cases among them.

    Attributes:
        by_name: ids of cases without a face that are compared with the face of a lapsed hold of
            somebody of the same name: nobody has said that they are one, so it never blocks.
    """

    templates: list[Template]
    decisions: list[PersonDecision]
    by_name: frozenset[str]


def shared(
    cases: Sequence[Revocation],
    templates: Sequence[Template],
    decisions: Sequence[PersonDecision],
    today: date,
) -> Shared:
    """Let what is known of a person count for each of their cases in force.

    A face counts for a case that has none of its own, whatever became of the case that it came
    with; one that was erased is not there any more. Decisions are in their order, so that the last
    one on a face holds for all.
    """
    faces: dict[str, list[Template]] = defaultdict(list)
    for template in templates:
        faces[template.revocation_id].append(template)
    people = {case.person.id: case.person for case in cases}
    together: dict[str, list[Revocation]] = defaultdict(list)
    for case in cases:
        together[canonical(case.person, people).id].append(case)
    others = {
        case.id: [other for other in group if other.id != case.id]
        for group in together.values()
        for case in group
        if len(group) > 1
    }
    added: list[Template] = []
    by_name: set[str] = set()
    without = [case for case in cases if case.id not in faces and case.state(today) in IN_FORCE]
    lapsed = _lapsed_by_name(cases, faces, today) if without else {}
    for case in without:
        borrowed = [face for other in others.get(case.id, ()) for face in faces.get(other.id, ())]
        if not borrowed:
            borrowed = lapsed.get(ordered_parts(case.person.name), [])
            by_name |= {case.id} if borrowed else set()
        added += [replace(face, revocation_id=case.id) for face in borrowed]
    counted = counting(decisions, _ids(others))
    return Shared([*templates, *added], list(counted), frozenset(by_name))


def _lapsed_by_name(
    cases: Sequence[Revocation], faces: Mapping[str, Sequence[Template]], today: date
) -> dict[tuple[str, ...], list[Template]]:
    """Return the faces of lapsed holds by the name of whom they are of; see `ordered_parts`."""
    found: dict[tuple[str, ...], list[Template]] = defaultdict(list)
    for case in cases:
        name = ordered_parts(case.person.name) if case.id in faces else ()
        if name and case.state(today) is State.LAPSED:
            found[name] += faces[case.id]
    return found


def _ids(others: Mapping[str, Sequence[Revocation]]) -> dict[str, list[str]]:
    return {case_id: [other.id for other in group] for case_id, group in others.items()}


def counting(
    decisions: Iterable[PersonDecision], others: Mapping[str, Collection[str]]
) -> Iterator[PersonDecision]:
    """Yield decisions, each for the person's other cases too (ids by id), in their order."""
    for decision in decisions:
        yield decision
        for other in others.get(decision.revocation_id, ()):
            yield replace(decision, revocation_id=other)


def decisions_about(unit: UnitOfWork, cases: Collection[str]) -> list[PersonDecision]:
    """Return the decisions that count for some cases, by id; oldest first."""
    # Of many, to read all takes less than to ask for theirs.
    who = unit.register.who_they_are(cases if len(cases) <= _FEW else None)
    meant = {who[case_id] for case_id in cases if case_id in who}
    groups: dict[str, list[str]] = defaultdict(list)
    for case_id, person_id in who.items():
        if person_id in meant:
            groups[person_id].append(case_id)
    others = {
        case_id: [other for other in group if other != case_id]
        for group in groups.values()
        for case_id in group
    }
    asked = others.keys() if len(others) <= _FEW else None
    decided = [
        decision
        for decision in unit.decisions.person_decisions(cases=asked)
        if decision.revocation_id in others
    ]
    wanted = set(cases)
    return [decision for decision in counting(decided, others) if decision.revocation_id in wanted]
