"""Desk, review, publishing, takedowns, corrections, erasure, backup and kills, in any order.

A simple model says what must hold after each step. A thousand runs, and all of the breakages:
LIKENESS_TEST_RUNS=1000 python -m pytest -n 0 -m slow tests/integration/test_any_order.py -k holds
LIKENESS_TEST_BREAKAGES=all python -m pytest -n 0 -m slow tests/integration/test_any_order.py
"""

from __future__ import annotations

import os
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis.stateful import run_state_machine_as_test

import consent.bootstrap
import consent.domain.decide
import consent.recovery.backup
from consent.bootstrap import build_services
from consent.cases.open import REFERENCE
from consent.cases.references import photo_named
from consent.domain.cases import CaseEvent, Revocation, State
from consent.domain.changes import RegisterChanged
from consent.domain.decide import IN_FORCE
from consent.domain.decisions import DecisionState, Override, PersonDecision
from consent.domain.errors import ConsentError
from consent.domain.terms import Amendment
from consent.services import Services
from consent.settings import Settings
from consent.storage.cases import Register
from consent.storage.decisions import Decisions
from consent.storage.file_steps import FileSteps
from consent.storage.jobs import Jobs
from consent.storage.keys import HomeKeys
from consent.storage.retention import Retention
from consent.storage.unit_of_work import UnitOfWork
from consent.takedowns.open_due import open_due_takedowns
from tests.integration.library_machine import PERSON_IN, SAMPLES, Clock, Library

pytestmark = pytest.mark.slow

# Some of what is broken on purpose shows in one run of a hundred.
DEFAULT_RUNS, RUNS_BROKEN = 25, 400
RUNS = int(os.environ.get("LIKENESS_TEST_RUNS", str(DEFAULT_RUNS)))
STEPS = 10
ALL_BREAKAGES = os.environ.get("LIKENESS_TEST_BREAKAGES") == "all"


@pytest.fixture
def machine(
    samples_indexed_once: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> type[Library]:
    services = build_services(Settings(home=samples_indexed_once))
    shas = {photo: photo_named(services, str(SAMPLES / photo)) for photo in PERSON_IN}
    with services.reading() as unit:
        found = unit.photos.fingerprints([*shas.values()])
    services.close()
    boxes = {
        photo: max(found[sha256].faces, key=lambda face: face.quality.norm or 0.0).box
        for photo, sha256 in shas.items()
    }
    clock = Clock()
    clock.set_for(monkeypatch)
    inside = {"base": samples_indexed_once, "work": tmp_path, "boxes": boxes, "clock": clock}
    return type("Runs", (Library,), inside)


def run(machine: type[Library], runs: int = RUNS) -> None:
    run_state_machine_as_test(
        machine,
        settings=settings(
            max_examples=runs,
            stateful_step_count=STEPS,
            deadline=None,
            database=None,
            derandomize=runs in {DEFAULT_RUNS, RUNS_BROKEN},
            phases=[Phase.generate],
            suppress_health_check=list(HealthCheck),
        ),
    )


def test_in_any_order_what_was_entered_holds(machine: type[Library]) -> None:
    run(machine)


# The program broken on purpose: the machine must notice each. A new rule of it is worth a new row.


def withdrawn_still_counts(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(consent.domain.decide, "IN_FORCE", IN_FORCE | {State.RESCINDED})


def mistaken_still_counts(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(consent.domain.decide, "IN_FORCE", IN_FORCE | {State.MISTAKEN})


def lapsed_hold_still_counts(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(consent.domain.decide, "IN_FORCE", IN_FORCE | {State.LAPSED})


def hold_does_not_count(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(consent.domain.decide, "IN_FORCE", IN_FORCE - {State.HELD})


def later_day_counts_today(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(CaseEvent, "has_begun", lambda *_: True)


def last_day_never_comes(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(Revocation, "_sure", lambda *_: date.min)


def amended_scope_is_lost(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(Amendment, "applied_to", lambda _, terms: terms)


def correction_is_lost(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(Register, "correct_person", lambda *_: None)


def erased_face_stays(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(Register, "erase_templates", lambda *_: [])


def rejection_is_forgotten(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(consent.domain.decide, "_decision_on", lambda *_: None)


def confirmation_is_forgotten(patch: pytest.MonkeyPatch) -> None:
    add = Decisions.add_person_decision

    def of_others(self: Decisions, decision: PersonDecision) -> None:
        if decision.note == REFERENCE or decision.state is not DecisionState.CONFIRMED:
            add(self, decision)

    patch.setattr(Decisions, "add_person_decision", of_others)


def without_takedowns(patch: pytest.MonkeyPatch, of: Callable[[RegisterChanged], bool]) -> None:
    def react(services: Services, change: RegisterChanged) -> None:
        if not of(change):
            open_due_takedowns(services, change)

    patch.setattr(consent.bootstrap, "open_due_takedowns", react)


def posted_copy_stays_out(patch: pytest.MonkeyPatch) -> None:
    without_takedowns(patch, lambda change: change.label is None)


def confirmed_copy_stays_out(patch: pytest.MonkeyPatch) -> None:
    without_takedowns(patch, lambda change: change.label is not None and bool(change.photos))


def copy_of_a_new_case_stays_out(patch: pytest.MonkeyPatch) -> None:
    without_takedowns(patch, lambda change: change.label is not None and not change.photos)


def killed_and_never_made_up_for(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(Jobs, "owed", lambda _: [])


def killed_and_letter_swept_away(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(FileSteps, "forget_notes", lambda _: None)
    patch.setattr(Retention, "names_in_vault", lambda *_: set())


def override_outlives_its_end(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(Override, "in_force", lambda own, day: day <= own.expires_on)


def override_outlives_its_last_day(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(Override, "in_force", lambda own, _: not own.withdrawn)


def backup_has_no_letters(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(consent.recovery.backup, "FOLDERS", ("thumbnails",))


def backup_brings_the_destroyed_back(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(HomeKeys, "bury", lambda *_: None)


def number_is_given_twice(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(UnitOfWork, "_numbers_before", lambda _: {})


BREAKAGES = (
    copy_of_a_new_case_stays_out,
    posted_copy_stays_out,
    withdrawn_still_counts,
    mistaken_still_counts,
    lapsed_hold_still_counts,
    hold_does_not_count,
    later_day_counts_today,
    last_day_never_comes,
    amended_scope_is_lost,
    correction_is_lost,
    erased_face_stays,
    rejection_is_forgotten,
    confirmation_is_forgotten,
    confirmed_copy_stays_out,
    killed_and_never_made_up_for,
    killed_and_letter_swept_away,
    override_outlives_its_end,
    override_outlives_its_last_day,
    backup_has_no_letters,
    backup_brings_the_destroyed_back,
    number_is_given_twice,
)


@pytest.mark.parametrize("broken", BREAKAGES if ALL_BREAKAGES else BREAKAGES[:1])
def test_it_notices_that_the_program_is_broken(
    broken: Callable[[pytest.MonkeyPatch], None],
    machine: type[Library],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    broken(monkeypatch)
    with pytest.raises((AssertionError, ConsentError)):
        run(machine, RUNS_BROKEN)
