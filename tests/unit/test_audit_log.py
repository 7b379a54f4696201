"""The log is a chain: whoever changes, removes or puts in an entry breaks it there."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from consent.domain.actors import Actor, Role
from consent.domain.log import FIRST, Action, Entry, chained, first_broken

ANN = Actor("ann", Role.DESK)
NOON = datetime(2026, 6, 1, 12, 0, 0, 123456, UTC)


def a_log(length: int = 6) -> list[Entry]:
    entries: list[Entry] = []
    for place in range(1, length + 1):
        previous = entries[-1].digest if entries else FIRST
        at = NOON + timedelta(minutes=place)
        details = {"number": place, "état": "confirmé"}
        entries.append(
            chained(place, previous, at, Action.REVOCATION_RECORDED, f"case{place}", ANN, details)
        )
    return entries


def test_a_log_as_it_was_written_is_unbroken():
    assert first_broken([]) is None
    assert first_broken(a_log()) is None


@pytest.mark.parametrize(
    "change",
    [
        {"at": NOON},
        {"action": "sighting:decided"},
        {"subject": "case9"},
        {"actor_id": "bob"},
        {"actor_role": "director"},
        {"details": {"number": 9}},
        {"details": {}},
        {"previous": "f" * 64},
        {"digest": "f" * 64},
        {"sequence": 9},
    ],
    ids=str,
)
@pytest.mark.parametrize("place", [1, 4, 6])
def test_a_changed_entry_is_found_at_its_place(place: int, change: dict):
    log = a_log()
    log[place - 1] = replace(log[place - 1], **change)

    assert first_broken(log) == place


def test_a_changed_entry_with_a_digest_made_to_fit_breaks_the_next():
    log = a_log()
    forged = log[2]
    log[2] = chained(3, forged.previous, forged.at, Action.SWEEP_RUN, "case9", ANN, {})

    assert first_broken(log) == 4


@pytest.mark.parametrize("place", [1, 3, 5])
def test_a_removed_entry_is_found_where_it_was(place: int):
    log = a_log()
    del log[place - 1]

    assert first_broken(log) == place


def test_an_entry_put_in_is_found():
    log = a_log()
    forged = chained(4, log[2].digest, NOON, Action.SWEEP_RUN, "case9", ANN, {})
    log.insert(3, forged)

    # The forged entry fits its place; the true fourth no longer does.
    assert first_broken(log) == 5


def test_entries_that_changed_places_are_found():
    log = a_log()
    log[1], log[2] = log[2], log[1]

    assert first_broken(log) == 2


def test_every_action_is_a_subject_and_what_happened_to_it():
    assert all(action.value.count(":") == 1 for action in Action)


def test_what_changes_the_register_makes_clearances_stale():
    changing = {action for action in Action if action.changes_register}

    assert {
        Action.REVOCATION_RECORDED,
        Action.TEMPLATE_ADDED,
        Action.SIGHTING_DECIDED,
        Action.VERBAL_CONSENT_RECORDED,
        Action.EVENT_CREATED,
    } <= changing
    assert not changing & {Action.CLEARANCE_GIVEN, Action.SWEEP_RUN, Action.INDEX_PHOTOS_ADDED}
