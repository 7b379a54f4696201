"""A database that cannot be used: a sentence with the next step, and exit 3."""

from __future__ import annotations

import errno
import os
from pathlib import Path

import pytest
from sqlalchemy import event
from sqlalchemy.engine import Engine

from consent.bootstrap import services_from_environment
from consent.settings import ROOT
from tests.cli.command_cases import REVOKE, Run


def could_not(answer, said: str) -> None:
    assert (answer.code, answer.out) == (3, ""), answer.err
    assert said in answer.err
    assert "Traceback" not in answer.err


def test_a_file_that_holds_garbage_is_no_database(run: Run, environment: Path):
    (environment / "likeness.db").write_bytes(b"no database " * 1000)

    could_not(run("status"), "(file is not a database): the file is damaged or no database at all")


def test_a_file_that_was_damaged_later_is_said_to_be(run: Run, environment: Path):
    run(*REVOKE)
    # The last connection closed, all lies in the one file.
    services_from_environment().close()
    services_from_environment.cache_clear()
    file = environment / "likeness.db"
    whole = bytearray(file.read_bytes())
    whole[4096 * 3 :] = b"\xff" * len(whole[4096 * 3 :])
    file.write_bytes(whole)

    could_not(run("register", "list"), "the file is damaged; put a backup in its place")


def test_a_folder_that_may_not_be_written_speaks_of_permission(run: Run, environment: Path):
    # A folder where the file should be: SQLite cannot open it, whoever asks.
    (environment / "likeness.db").unlink()
    (environment / "likeness.db").mkdir()

    could_not(run("status"), "this account has permission to read and write in it")


def test_a_full_disk_speaks_of_room(run: Run, environment: Path):
    run("status")

    def full(connection, *_words: object) -> None:
        connection.exec_driver_sql("PRAGMA max_page_count = 1")

    event.listen(Engine, "begin", full)
    try:
        answer = run("index", ROOT / "data" / "samples" / "originals" / "obama2.jpg")
    finally:
        event.remove(Engine, "begin", full)

    could_not(answer, "(database or disk is full): nothing of this step was kept; make room")


def test_a_home_that_cannot_be_made_on_a_full_disk_speaks_of_room(
    run: Run, environment: Path, monkeypatch: pytest.MonkeyPatch
):
    def full(*_words: object, **_named: object) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr(os, "mkdir", full)
    monkeypatch.setenv("LIKENESS_HOME", str(environment / "further"))
    monkeypatch.setattr(Path, "mkdir", full)

    could_not(run("status"), "(No space left on device): make room on the disk")
