"""Whatever step opens takedowns says which, and until when each must be done."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tests.cli.command_cases import ORIGINALS, REVOKE, TODAY, Run, refused

REFERENCE = ["--photo", ORIGINALS / "obama.jpg", "--keep-face"]
OPENED = re.compile(r"^Opened takedown (T-\d{4}), due \d{4}-\d\d-\d\d\.$", re.MULTILINE)


@pytest.fixture
def posted(run: Run, indexed: Path) -> Path:
    """Two photos are out, and nobody has revoked yet."""
    publish = ["publications", "add", "--already-out", "--use", "facebook", "--on", "2026-05-20"]
    for name in ("obama2.jpg", "biden.jpg"):
        url = f"https://facebook.com/p/{name}"
        assert run(*publish, "--url", url, ORIGINALS / name).code == 0
    return indexed


@pytest.fixture
def writing(tmp_path: Path) -> list[object]:
    file = tmp_path / "letter.txt"
    file.write_text("Please do not use photos of me.")
    return ["--received", TODAY, "--evidence", file]


def test_revoke_says_what_it_opened(run: Run, posted: Path):
    assert run(*REVOKE, *REFERENCE, "--json").data["takedowns"] == ["T-0001"]

    again = run(*REVOKE, *REFERENCE, "--confirm")

    assert OPENED.findall(again.out) == ["T-0002"]


def test_rows_of_a_csv_file_say_what_they_opened(run: Run, posted: Path, tmp_path: Path):
    file = tmp_path / "register.csv"
    row = f"2024-05-01,Binder,{ORIGINALS / 'obama.jpg'},yes\n"
    file.write_text(f"name,received,note,photo,keep_face\nA. Reader,{row}")

    as_json = run("revoke", "--from-csv", file, "--json")
    as_text = run("revoke", "--from-csv", file, "--confirm")

    assert as_json.data["takedowns"] == ["T-0001"]
    assert OPENED.findall(as_text.out) == ["T-0002"]


def test_a_wider_scope_and_the_writing_for_a_hold_say_what_they_opened(
    run: Run, posted: Path, writing: list[object]
):
    assert run(*REVOKE, *REFERENCE, "--scope", "print", "--json").data["takedowns"] == []
    hold = ["hold", "--name", "A. Reader", "--requested", TODAY, *REFERENCE, "--confirm"]
    assert run(*hold, "--json").data == {"revocation": "R-0002", "state": "held"}

    amend = ["amend", "R-0001", "--scope", "all", "--reason", "All of it", *writing]
    amended = run(*amend)
    written = run("hold", "--writing-for", "R-0002", *writing, "--json")

    assert OPENED.findall(amended.out) == ["T-0001"]
    assert written.data == {"revocation": "R-0002", "state": "active", "takedowns": ["T-0002"]}
    refused(run(*amend), "already has this change")


def test_a_confirmed_sighting_says_what_it_opened(run: Run, posted: Path):
    run(*REVOKE)
    decide = ["review", "decide", ORIGINALS / "biden.jpg", "--revocation", "R-0001", "--state"]

    confirmed = run(*decide, "confirmed")

    assert confirmed.out.startswith("R-0001: confirmed.\nOpened takedown T-0001, due ")
    assert run(*decide, "confirmed", "--json").data["takedowns"] == []
