"""Ctrl-C: one sentence, exit 130, and what was done is kept."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

import consent.cases.csv_import
import consent.matching.sweep
from consent.bootstrap import services_from_environment
from consent.cases.open import record_revocation
from consent.settings import ROOT
from tests.cli.command_cases import ORIGINALS, Run

STOPPED = "Stopped. The work so far is kept. To continue, run the same command again."


def test_what_was_stopped_says_so_once(run: Run, monkeypatch: pytest.MonkeyPatch):
    def stop(*_words: object, **_more: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(consent.matching.sweep, "sweep", stop)

    answer = run("sweep", "R-0001")

    assert (answer.code, answer.out) == (130, "")
    assert answer.err.splitlines() == [f"likeness: {STOPPED}"]


def test_an_import_that_was_stopped_says_what_is_recorded(
    run: Run, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
):
    file = tmp_path / "register.csv"
    rows = "".join(f"{name}. Reader,2024-05-01,Binder\n" for name in "ABC")
    file.write_text(f"name,received,note\n{rows}")

    def stopped_at_b(services, new, actor, **words):
        if new.name.startswith("B"):
            raise KeyboardInterrupt
        return record_revocation(services, new, actor, **words)

    monkeypatch.setattr(consent.cases.csv_import, "record_revocation", stopped_at_b)

    answer = run("revoke", "--from-csv", file)

    assert (answer.code, answer.out) == (130, "Line 2: R-0001.\n1 row recorded, 0 rows not.\n")
    assert "Stopped at line 3; rows recorded: 1. See with likeness register list" in answer.err
    assert "run the same command" not in answer.err
    with services_from_environment().reading() as unit:
        assert [case.person.name for case in unit.register.revocations()] == ["A. Reader"]


@pytest.mark.slow
def test_workers_end_without_a_word(environment: Path, weights: Path, tmp_path: Path):
    photos = tmp_path / "photos"
    photos.mkdir()
    content = (ORIGINALS / "obama2.jpg").read_bytes()
    for number in range(600):
        # What follows the picture makes each a photo of its own.
        (photos / f"{number:03}.jpg").write_bytes(content + str(number).encode())
    words = [sys.executable, "-m", "consent.cli", "index", str(photos), "--jobs", "2"]
    with subprocess.Popen(
        words,
        cwd=ROOT,
        env={**os.environ, "LIKENESS_HOME": str(environment)},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    ) as process:
        time.sleep(8)
        # As a terminal does it: to the command and all its workers.
        os.killpg(process.pid, signal.SIGINT)
        out, said = process.communicate(timeout=60)

    assert (process.returncode, out) == (130, "")
    assert said.count(STOPPED) == 1
    assert "Traceback" not in said
