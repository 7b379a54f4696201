"""Whatever somebody does to the log, or to the register behind its back, is named."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DatabaseError

from consent.cases.open import record_revocation
from consent.domain.actors import Actor, Role
from consent.domain.log import FaultKind
from consent.domain.terms import Method, NewRevocation, Submission
from consent.retention.proof import log_head, verify_log, verify_new
from consent.services import Services

ANN = Actor("ann", Role.DESK)
ON_PAPER = NewRevocation(
    "A. Reader", Submission(date(2026, 6, 1), Method.LETTER), note="Binder 3, page 12"
)


@pytest.fixture
def kept(services: Services) -> Services:
    for name in ("A", "B", "C", "D"):
        record_revocation(services, replace(ON_PAPER, name=name), ANN)
    assert verify_log(services).faults == ()
    return services


def behind_its_back(services: Services, *statements: str) -> None:
    """Do what somebody does who owns the database, and has not the key."""
    with services.writing() as unit:
        if unit.server().startswith("SQLite"):
            for table in ("audit_event", "log_row"):
                for event in ("UPDATE", "DELETE"):
                    unit._session.execute(text(f"DROP TRIGGER IF EXISTS {table}_{event}"))
        else:
            for table in ("audit_event", "log_row"):
                unit._session.execute(text(f"DROP TRIGGER IF EXISTS {table}_kept ON {table}"))
        for statement in statements:
            unit._session.execute(text(statement))
        unit._session.commit()


INSERTED = (
    "INSERT INTO audit_event SELECT 9, at, action, subject, actor_id, actor_role, details, "
    "changes_register, previous, 'forged', rows, scheme FROM audit_event WHERE place = 2"
)
BEFORE_ALL = INSERTED.replace("SELECT 9", "SELECT -5")
FALSE, TIME = "changes_register = (1 = 0)", "'2020-01-01 00:00:00.000000+00'"
SWAPPED = ("UPDATE audit_event SET place = 90 WHERE place = 2",
           "UPDATE audit_event SET place = 2 WHERE place = 3",
           "UPDATE audit_event SET place = 3 WHERE place = 90")  # fmt: skip


@pytest.mark.parametrize(
    ("statements", "kind", "at"),
    [
        (["UPDATE audit_event SET actor_id = 'mallory' WHERE place = 2"], FaultKind.CHANGED, 2),
        (["UPDATE audit_event SET details = '{\"x\": 1}' WHERE place = 4"], FaultKind.CHANGED, 4),
        ([f"UPDATE audit_event SET at = {TIME} WHERE place = 1"], FaultKind.CHANGED, 1),
        ([f"UPDATE audit_event SET {FALSE} WHERE place = 4"], FaultKind.CHANGED, 4),
        (["UPDATE audit_event SET scheme = 1 WHERE place = 4"], FaultKind.CHANGED, 4),
        (["UPDATE audit_event SET rows = '' WHERE place = 3"], FaultKind.CHANGED, 3),
        (["DELETE FROM audit_event WHERE place = 3"], FaultKind.MISSING, 3),
        (["DELETE FROM audit_event WHERE place = 1"], FaultKind.MISSING, 1),
        (["DELETE FROM audit_event WHERE place > 2"], FaultKind.CUT_OFF, 3),
        (["DELETE FROM audit_event", "DELETE FROM log_row"], FaultKind.GONE, 1),
        (SWAPPED, FaultKind.CHANGED, 2),
        ([INSERTED], FaultKind.CHANGED, 9),
        ([BEFORE_ALL], FaultKind.CHANGED, -5),
        (["DELETE FROM log_row WHERE sequence = 2"], FaultKind.CHANGED, 2),
        (["UPDATE person_event SET name = 'Z' WHERE id = 3"], FaultKind.ROW_CHANGED, 3),
        (["DELETE FROM revocation_event WHERE id = 4"], FaultKind.ROW_REMOVED, 4),
        (["INSERT INTO person SELECT 'x', created_at FROM person LIMIT 1"],
         FaultKind.ROW_INSERTED, 0),
    ],
    ids=str,
)  # fmt: skip
def test_tampering_is_named(
    kept: Services, statements: list[str], kind: FaultKind, at: int
) -> None:
    behind_its_back(kept, *statements)

    named = [(fault.kind, fault.sequence) for fault in verify_log(kept).faults]

    assert (kind, at) in named


def test_a_log_made_anew_is_named_by_a_head_written_down(
    kept: Services, open_services: Callable[..., Services]
) -> None:
    head = log_head(kept)
    behind_its_back(kept, "DELETE FROM audit_event", "DELETE FROM log_row")
    for name in ("E", "F", "G", "H"):
        record_revocation(kept, replace(ON_PAPER, name=name), ANN)

    found = verify_log(replace(kept, keys=type(kept.keys)(kept.keys.secret)), [head])

    assert FaultKind.MADE_ANEW in {fault.kind for fault in found.faults}


@pytest.mark.parametrize("table", ["audit_event", "log_row"])
@pytest.mark.parametrize("statement", ["UPDATE {} SET sequence = 9", "DELETE FROM {}"])
def test_the_database_itself_refuses(kept: Services, table: str, statement: str) -> None:
    statement = statement.format(table).replace("event SET sequence", "event SET place")
    with kept.writing() as unit, pytest.raises(DatabaseError, match="only appended to"):
        unit._session.execute(text(statement))


def test_what_was_put_before_the_log_is_named_by_a_look_at_what_is_new(kept: Services) -> None:
    assert verify_new(kept).faults == ()
    behind_its_back(kept, BEFORE_ALL)
    assert verify_new(kept).first_broken == -5


def test_what_was_verified_is_not_verified_again(kept: Services) -> None:
    head = log_head(kept)
    record_revocation(kept, replace(ON_PAPER, name="E"), ANN)
    assert verify_log(kept, after=head).checked == 1
    # What was seen then is not there: all is looked at.
    assert verify_log(kept, after=replace(head, digest="f" * 64)).checked == 5


def test_whatever_the_program_does_is_told_of(revoked_home: object, open_services) -> None:
    services = open_services(home=revoked_home)
    assert verify_log(services).faults == ()
    with services.reading() as unit:
        assert "log:rows_written" not in {entry.action for entry in unit.audit.entries()}


def test_each_day_what_is_new_and_each_week_all_of_it(kept: Services) -> None:
    assert verify_new(kept).checked == log_head(kept).sequence
    record_revocation(kept, replace(ON_PAPER, name="E"), ANN)
    count = log_head(kept).sequence
    assert 0 < verify_new(kept).checked < count

    # An entry that was verified before is looked at again after a week; rows are each time.
    behind_its_back(kept, "UPDATE audit_event SET actor_id = 'bob' WHERE place = 2")
    assert verify_new(kept).faults == ()
    later = replace(kept, now=lambda: kept.now() + timedelta(days=8))
    assert [fault.sequence for fault in verify_new(later).faults][:1] == [2]
    # A fault is not forgotten by looking again.
    assert verify_new(later).faults
    behind_its_back(kept, "DELETE FROM audit_event WHERE place > 3")
    assert verify_new(kept).faults
