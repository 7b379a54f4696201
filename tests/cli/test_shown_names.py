"""Names of files are anybody's text: none moves the cursor, or ends a command."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from consent.settings import ROOT
from tests.cli.command_cases import ORIGINALS, Run, refused

ODD = "a\x1b[2J\x07\nNo match found  b\x7f\x9b:cat:[red].jpg"
SHOWN = r"a\x1b[2J\x07\nNo match found  b\x7f\x9b:cat:[red].jpg"


def test_control_characters_are_shown_as_such(run: Run, tmp_path: Path):
    photos = tmp_path / "photos"
    photos.mkdir()
    (photos / ODD).write_bytes(b"\xff\xd8\xff\xe0 no more")

    checked = run("check", photos, "--use", "instagram")
    indexed = run("index", photos, "--retry")
    named = run("revoke", "--name", "A", "--received", "2026-06-01", "--photo", "b\x1b[2J\n.jpg")

    for answer in (checked, indexed):
        assert answer.code == 3
        assert f"{photos}/{SHOWN}" in answer.out
        assert not {"\x1b", "\x07", "\x7f", "\x9b"} & set(answer.out)
    refused(named, r"no photo b\x1b[2J\n.jpg")
    assert "\x1b" not in named.err


def test_json_holds_the_name_as_it_is(run: Run, tmp_path: Path):
    (tmp_path / ODD).write_bytes(b"\xff\xd8\xff\xe0 no more")

    answer = run("check", tmp_path / ODD, "--use", "instagram", "--json")

    assert [one["path"] for one in answer.data["photos"]] == [str(tmp_path / ODD)]


@pytest.mark.slow
def test_a_terminal_that_lacks_letters_gets_their_numbers(
    environment: Path, weights: Path, tmp_path: Path
):
    photo = tmp_path / "Dvořák 🎻.png"
    shutil.copy(ORIGINALS / "coffee.png", photo)
    surroundings = {
        **os.environ,
        "LIKENESS_HOME": str(environment),
        "LIKENESS_JOBS": "1",
        "PYTHONIOENCODING": "cp1252",
        "PYTHONUTF8": "0",
    }

    def check(*words: str) -> subprocess.CompletedProcess[bytes]:
        command = [sys.executable, "-m", "consent.cli", "check", str(photo), "--use", "instagram"]
        return subprocess.run(
            [*command, *words],
            cwd=ROOT,
            env=surroundings,
            capture_output=True,
            timeout=120,
            check=False,
        )

    as_text, as_json = check(), check("--json")

    # Nothing is in the register: 4 says that nothing was compared.
    assert (as_text.returncode, as_json.returncode) == (4, 4), as_text.stderr
    assert b"Dvo\\u0159\xe1k \\U0001f3bb.png" in as_text.stdout
    (one,) = json.loads(as_json.stdout)["photos"]
    assert one["path"] == str(photo)
