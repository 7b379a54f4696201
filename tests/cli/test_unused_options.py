"""Options that a command would have left aside are refused, by name, and nothing is recorded."""

from __future__ import annotations

from pathlib import Path

import pytest

from consent.bootstrap import services_from_environment
from consent.domain.cases import Revocation
from tests.cli.command_cases import REVOKE, TODAY, Run, refused

HOLD = ["hold", "--name", "A. Reader", "--requested", TODAY]
AMEND = ["amend", "R-0001", "--reason", "Moved"]


def cases() -> list[Revocation]:
    with services_from_environment().reading() as unit:
        return unit.register.revocations()


@pytest.fixture
def letter(tmp_path: Path) -> Path:
    file = tmp_path / "letter.txt"
    file.write_text("Please do not use photos of me.")
    return file


# -- amend -------------------------------------------------------------------------------------
def test_a_writing_without_its_day_does_not_amend(run: Run, letter: Path):
    run(*REVOKE)

    for option, value in (
        ("--evidence", letter),
        ("--method", "letter"),
        ("--original-at", "Binder 4"),
    ):
        answer = run(*AMEND, "--contact", "555-1", option, value)
        refused(answer, f"{option}: use --received with the signed request")
    both = run(*AMEND, "--evidence", letter, "--original-at", "Binder 4")
    refused(both, "--evidence, --original-at: use --received with the signed request")

    (case,) = cases()
    assert len(case.history) == 1


def test_a_last_day_and_none_contradict_each_other(run: Run, letter: Path):
    run(*REVOKE)

    writing = ["--received", TODAY, "--evidence", letter]
    answer = run(*AMEND, *writing, "--until", "2030-01-01", "--lasting")

    refused(answer, "--until and --lasting contradict each other")
    amended = run(*AMEND, *writing, "--until", "2030-01-01")
    assert (amended.code, amended.out) == (0, "R-0001 is active.\n")


# -- hold --------------------------------------------------------------------------------------
def test_the_writing_for_a_hold_changes_nothing_else(run: Run, letter: Path):
    assert run(*HOLD).code == 0
    writing = ["hold", "--writing-for", "R-0001", "--received", TODAY, "--evidence", letter]

    answer = run(
        *writing,
        *("--scope", "print", "--minor", "--guardian", "B. Reader", "--name", "C. Reader"),
        *("--note", "Called"),
        *("--requested", TODAY),
    )

    named = "--name, --requested, --scope, --minor, --guardian, --note:"
    refused(answer, named)
    assert "likeness amend" in answer.err
    assert len(cases()[0].history) == 1
    assert run(*writing, "--method", "letter").out == "R-0001 is active.\n"


def test_an_oral_request_has_no_writing(run: Run, letter: Path):
    answer = run(*HOLD, "--evidence", letter, "--received", TODAY)

    refused(
        answer, "--received, --evidence: a spoken request has no signed request; use --writing-for"
    )
    assert cases() == []


# -- revoke --from-csv ---------------------------------------------------------------------------
@pytest.fixture
def rows(tmp_path: Path) -> Path:
    file = tmp_path / "register.csv"
    file.write_text("name,received,note\nA. Reader,2024-05-01,Binder\n")
    return file


def test_rows_say_for_themselves_what_else_options_would(run: Run, rows: Path):
    answer = run("revoke", "--from-csv", rows, "--scope", "print", "--minor", "--note", "Binder 9")

    refused(answer, "--scope, --minor, --note: with --from-csv, this is in each row")
    assert cases() == []


def test_rows_are_recorded_as_received_by_the_one_named(run: Run, rows: Path):
    assert run("revoke", "--from-csv", rows, "--by", "Cam Lee", "--as", "Di Rossi").code == 0

    (case,) = cases()
    assert case.terms.submission.by == "Cam Lee"
    assert case.history[0].actor.id == "Di Rossi"


def test_confirm_answers_what_every_row_asks(run: Run, rows: Path):
    run("revoke", "--from-csv", rows)

    asked = run("revoke", "--from-csv", rows)
    confirmed = run("revoke", "--from-csv", rows, "--confirm")

    assert asked.code == 1
    assert "Line 2: not recorded. A revocation of the same person" in asked.out
    assert "with --confirm." in asked.out
    assert asked.out.casefold().count("not recorded") == 1
    assert (confirmed.code, confirmed.out.splitlines()[-1]) == (0, "1 row recorded, 0 rows not.")
    assert [case.label for case in cases()] == ["R-0001", "R-0002"]


def test_what_a_row_lacks_is_said_once(run: Run, rows: Path):
    rows.write_text("name,received\nA. Reader,2024-05-01\n")

    answer = run("revoke", "--from-csv", rows)

    assert "Line 2: not recorded. The signed request is missing" in answer.out
