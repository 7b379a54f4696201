"""A letter that nobody can open is refused by every command that takes one."""

from __future__ import annotations

from pathlib import Path

import pypdf
import pytest

from tests.cli.command_cases import TODAY, Run, refused


@pytest.fixture
def locked(tmp_path: Path) -> Path:
    """A PDF that asks for a password."""
    writer = pypdf.PdfWriter()
    writer.add_blank_page(200, 200)
    writer.encrypt("secret", algorithm="RC4-128")
    letter = tmp_path / "letter.pdf"
    with letter.open("wb") as file:
        writer.write(file)
    return letter


def test_no_command_takes_a_letter_that_needs_a_password(run: Run, locked: Path):
    revoke = ["revoke", "--name", "A. Reader", "--received", TODAY]
    refused(run(*revoke, "--evidence", locked), "letter.pdf needs a password")
    assert run(*revoke, "--note", "Binder 3").code == 0
    came = ["--received", TODAY, "--evidence", locked]
    refused(run("amend", "R-0001", "--reason", "More", "--scope", "all", *came), "needs a password")


def test_a_row_with_a_letter_cut_off_is_named(run: Run, tmp_path: Path, samples: Path):
    scan = (samples / "originals" / "obama.jpg").read_bytes()
    (tmp_path / "scan.jpg").write_bytes(scan[: len(scan) // 2])
    (tmp_path / "list.csv").write_text(
        "name,received,method,evidence\nA. Reader,2026-05-14,letter,scan.jpg\n", encoding="utf-8"
    )
    answer = run("revoke", "--from-csv", tmp_path / "list.csv")
    assert answer.code != 0
    assert "Line 2: not recorded. The file scan.jpg can't be opened" in answer.out


def test_a_list_without_rows_ends_as_bad_rows_do(run: Run, tmp_path: Path):
    (tmp_path / "list.csv").write_text("name,received,method\n", encoding="utf-8")
    answer = run("revoke", "--from-csv", tmp_path / "list.csv")
    assert answer.code == 1
    assert "The file has no rows below its heading." in answer.out


def test_a_web_page_under_the_name_of_a_letter_is_refused(run: Run, tmp_path: Path):
    (tmp_path / "login.pdf").write_text("<!DOCTYPE html><html>Sign in</html>", encoding="utf-8")
    revoke = ["revoke", "--name", "A. Reader", "--received", TODAY]
    answer = run(*revoke, "--evidence", tmp_path / "login.pdf")
    refused(answer, "login.pdf is named .pdf, but it is a web page")
