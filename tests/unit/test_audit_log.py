"""The log is a chain: whoever changes, removes or puts in an entry breaks it there."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from consent.domain.actors import Actor, Role
from consent.domain.log import (
    BEGINNING,
    Action,
    Entry,
    FaultKind,
    Head,
    chained,
    faults_in,
    read_head,
)
from consent.domain.log import first_broken as first_broken_by

ANN = Actor("ann", Role.DESK)
KEY = b"k" * 32
NOON = datetime(2026, 6, 1, 12, 0, 0, 123456, UTC)


def a_log(length: int = 6) -> list[Entry]:
    entries: list[Entry] = []
    for place in range(1, length + 1):
        after = Head(place - 1, entries[-1].digest) if entries else BEGINNING
        at = NOON + timedelta(minutes=place)
        details = {"number": place, "état": "confirmé"}
        entries.append(
            chained(KEY, after, at, Action.REVOCATION_RECORDED, f"case{place}", ANN, details)
        )
    return entries


def first_broken(log: list[Entry]) -> int | None:
    return first_broken_by(log, KEY)


def kinds(log: list[Entry], **more: object) -> list[FaultKind]:
    return [fault.kind for fault in faults_in(log, KEY, **more)]


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
        {"changes_register": False},
        {"rows": "f" * 64},
        {"scheme": 1},
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
    log[2] = chained(KEY, Head(2, forged.previous), forged.at, Action.SWEEP_RUN, "case9", ANN, {})

    assert first_broken(log) == 4


@pytest.mark.parametrize("place", [1, 3, 5])
def test_a_removed_entry_is_found_where_it_was(place: int):
    log = a_log()
    del log[place - 1]

    assert first_broken(log) == place


def test_an_entry_put_in_is_found():
    log = a_log()
    forged = chained(KEY, Head(3, log[2].digest), NOON, Action.SWEEP_RUN, "case9", ANN, {})
    log.insert(3, forged)

    # The forged entry fits its place; the true fourth no longer does.
    assert first_broken(log) == 4


def test_entries_that_changed_places_are_found():
    log = a_log()
    log[1], log[2] = log[2], log[1]

    assert first_broken(log) == 2


def test_a_head_written_down_tells_of_the_end_cut_off_of_all_gone_and_of_another_log():
    log = a_log()
    head = read_head(str(Head(6, log[5].digest)))

    assert kinds(log, heads=[head]) == []
    assert kinds(log[:4], heads=[head]) == [FaultKind.CUT_OFF]
    assert kinds([], heads=[head]) == [FaultKind.GONE]
    assert kinds(log, heads=[Head(6, "f" * 64)]) == [FaultKind.MADE_ANEW]


def test_a_log_made_anew_by_somebody_without_the_key_is_found_at_once():
    after, forged = BEGINNING, []
    for entry in a_log():
        made = chained(b"other" * 7, after, entry.at, Action.SWEEP_RUN, "case", ANN, {})
        forged.append(made)
        after = Head(made.sequence, made.digest)

    assert kinds(forged) == [FaultKind.CHANGED] * 6
    # Nor do the digests of older versions count, which anybody can make.
    assert kinds([replace(entry, scheme=1) for entry in a_log()])[0] is FaultKind.CHANGED


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
