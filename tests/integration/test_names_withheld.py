"""What a role without names is told of the register: numbers, and nothing that anybody wrote."""

from __future__ import annotations

import dataclasses
import importlib
import inspect
from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import date, timedelta
from enum import Enum
from typing import Any

import pytest

from consent.cases.change import amend, rescind
from consent.cases.dispute import object_to
from consent.cases.open import record_revocation
from consent.cases.search import RegisterQuery
from consent.cases.view import view_register
from consent.domain.actors import Actor, Role
from consent.domain.intake import EvidenceFile
from consent.domain.log import Action
from consent.domain.roles import USE_CASES, who_may
from consent.domain.takedowns import AppealDecision
from consent.domain.terms import (
    Amendment,
    Locator,
    NewRevocation,
    Objection,
    Relationship,
    Requester,
    Rescission,
    Submission,
)
from consent.services import Services
from consent.takedowns.appeals import answer_appeal, receive_appeal

DESK = Actor("d.desk", Role.DESK)
DIRECTOR = Actor("di.rossi", Role.DIRECTOR)
COMMUNICATIONS = Actor("c.comms", Role.COMMUNICATIONS)
# Part of all that is planted and may not be told.
MARKER = "Quixmar"
# Of photos, print pieces and figures; a home without photos has none to ask about.
ABOUT_PHOTOS = {
    "consent.jobs.figures.count_figures",
    "consent.jobs.figures.start_counting",
    "consent.printing.asking.photo_to_ask",
    "consent.printing.audit_pdf.audit_pdf",
    "consent.printing.pieces.show_piece",
    "consent.review.photos.faced_photo",
    "consent.review.photos.photo_views",
    "consent.takedowns.board.takedowns_in",
}


@pytest.fixture
def planted(services: Services) -> Services:
    """A child's revocation, amended, taken back by another and objected to, and an appeal."""
    today = services.today()

    def paper(what: str) -> Submission:
        files = [EvidenceFile(f"{MARKER}.txt", f"{MARKER} {what}".encode())]
        return Submission(today, evidence=files, original_at=f"{MARKER} folder {what}")

    new = NewRevocation(
        f"Mia {MARKER}",
        paper("letter"),
        minor=True,
        guardian=f"Gus {MARKER}",
        birth_year=today.year - 9,
        requester=Requester(
            f"Gus {MARKER}", Relationship.GUARDIAN, f"{MARKER} shown", f"{MARKER}@example.org"
        ),
        note=f"{MARKER} note",
        locators=[Locator(companions=f"Bo {MARKER}", clothing="a red coat")],
    )
    label = record_revocation(services, new, DESK).revocation.label
    amend(services, label, Amendment(f"{MARKER} asked", contact=f"new-{MARKER}@example.org"), DESK)
    objection = Objection(paper("objection"), f"Pat {MARKER}", note=f"{MARKER} known")
    object_to(services, label, objection, DESK)
    other = f"Otto {MARKER}"
    rescind(
        services,
        label,
        Rescission(paper("other"), other, Relationship.GUARDIAN, f"{MARKER} court"),
        DIRECTOR,
    )
    appeal = receive_appeal(
        services, f"B. {MARKER}", f"{MARKER} comment", today, DESK, contact=f"{MARKER}@a.org"
    )
    answer_appeal(services, appeal.label, AppealDecision.DENIED, f"{MARKER} spoke", DIRECTOR)
    return services


def walked(thing: Any, path: str) -> Iterator[tuple[str, str]]:
    """Yield every text in what a use case returned, with where it stands."""
    if isinstance(thing, str):
        yield path, thing
    elif isinstance(thing, bytes):
        yield path, thing.decode("latin-1")
    elif isinstance(thing, Enum | date):
        return
    elif dataclasses.is_dataclass(thing):
        for field in dataclasses.fields(thing):
            yield from walked(getattr(thing, field.name), f"{path}.{field.name}")
    elif isinstance(thing, Mapping):
        for key, value in thing.items():
            yield from walked(key, f"{path}: key")
            yield from walked(value, f"{path}[{key}]")
    elif isinstance(thing, list | tuple | set | frozenset):
        for one in thing:
            yield from walked(one, f"{path}[]")


def told(services: Services, name: str, actor: Actor) -> Any:
    module, _, function = name.rpartition(".")
    use_case = getattr(importlib.import_module(module), function)
    with services.reading() as unit:
        known = {"label": "R-0001", "query": RegisterQuery(), "unit": unit, "actor": actor}
        asked = {
            parameter: known[parameter]
            for parameter, what in inspect.signature(use_case).parameters.items()
            if what.default is inspect.Parameter.empty and parameter != "services"
        }
        return use_case(services, **asked)


def leaks(services: Services, names: list[str], actor: Actor) -> list[str]:
    return [
        place
        for name in names
        for place, text in walked(told(services, name, actor), name)
        if MARKER.casefold() in text.casefold()
    ]


@pytest.mark.parametrize("role", [Role.COMMUNICATIONS, Role.RECORDS, Role.PRINT_EDITOR])
def test_nothing_that_is_read_names_anybody_to_a_role_without_names(planted: Services, role: Role):
    reading = [
        name
        for name, duty in sorted(USE_CASES.items())
        if duty.value.startswith(("read_", "see_"))
        and name.startswith("consent.")
        and role in who_may(duty, planted.policy)
        and name not in ABOUT_PHOTOS
        and not duty.value.startswith("read_disposals")
    ]

    assert leaks(planted, reading, Actor("c.comms", role)) == []
    if role is not Role.PRINT_EDITOR:
        # What they are told of is there to be found.
        assert leaks(planted, ["consent.cases.search.show_case"], DESK)


def test_what_was_read_with_names_is_not_handed_on_to_a_role_without(planted: Services):
    named = view_register(planted, DESK)

    assert list(walked(view_register(planted, COMMUNICATIONS, named), "register"))
    assert not [
        place
        for place, text in walked(view_register(planted, COMMUNICATIONS, named), "register")
        if MARKER in text
    ]


def test_who_saw_a_name_is_in_the_log_once_a_day(planted: Services):
    later = replace(planted, now=lambda: planted.now() + timedelta(days=1))
    for services, actor in (
        (planted, DESK),
        (planted, DESK),
        (planted, COMMUNICATIONS),
        (planted, DIRECTOR),
        (later, DESK),
    ):
        told(services, "consent.cases.view.view_case", actor)

    with planted.reading() as unit:
        seen = [one.actor_id for one in unit.audit.entries() if one.action == Action.NAMES_SEEN]
    assert seen == [DESK.id, DIRECTOR.id, DESK.id]


def test_a_role_without_names_still_sees_what_it_looks_for(planted: Services):
    entry = told(planted, "consent.cases.search.show_case", COMMUNICATIONS).entry

    assert entry.terms.locators[0].clothing == "a red coat"
    assert entry.case.person.minor
    assert entry.case.dispute is not None
    assert entry.terms.requester.relationship is Relationship.GUARDIAN


def test_no_name_and_no_reason_reaches_the_log(planted: Services):
    with planted.reading() as unit:
        entries = list(unit.audit.entries())

    assert entries
    assert [entry.action for entry in entries if MARKER in str(entry)] == []
