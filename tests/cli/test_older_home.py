"""A data home made by the code of before opens, and gives the same answers."""

from __future__ import annotations

import json
import sqlite3
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

import consent.bootstrap
from consent.retention.proof import verify_log
from consent.services import Services
from consent.settings import ROOT
from tests.cli.command_cases import Run
from tests.data.older_home.answers import LATER, answered, plain, stored
from tests.vector_search import files_with_vectors

OLDER = ROOT / "tests" / "data" / "older_home"
# What was called otherwise when the home was made.
RENAMED = {
    "piece": "issue",
    "publication": "issue",
    "bare": "feature_contrast",
    "place": "sequence",
    "receipt": "submission",
}


def expected(file: str) -> dict[str, Any]:
    found: dict[str, Any] = json.loads((OLDER / file).read_text(encoding="utf-8"))
    return found


@pytest.fixture
def older(environment: Path, monkeypatch: pytest.MonkeyPatch) -> Services:
    """The services over the home, on the day after it was made."""
    # The home begins with a database of today.
    (environment / "likeness.db").unlink(missing_ok=True)
    with sqlite3.connect(environment / "likeness.db") as database:
        database.executescript((OLDER / "likeness.sql").read_text(encoding="utf-8"))
    database.close()
    services = replace(consent.bootstrap.services_from_environment(), now=lambda: LATER)
    monkeypatch.setattr(consent.bootstrap, "services_from_environment", lambda: services)
    return services


def in_todays_names(before: Any, now: Any) -> Any:
    """Name fields as they are named now; what there was none of before, is as it is now."""
    if isinstance(before, dict) and isinstance(now, dict):
        named = {name if name in now else RENAMED.get(name, name): before[name] for name in before}
        return {**now, **{name: in_todays_names(named[name], now.get(name)) for name in named}}
    if isinstance(before, list) and isinstance(now, list) and len(before) == len(now):
        return [in_todays_names(*pair) for pair in zip(before, now, strict=True)]
    return before


def test_what_it_holds_is_read_as_it_was(older: Services):
    with older.reading() as unit:
        found = plain(stored(unit))
    assert verify_log(older).faults == ()

    # From here on its log is keyed, and all that was plain is encrypted.
    assert [found["log"].pop()["action"] for _ in range(2)] == ["index:sealed", "log:keyed"]
    before = expected("stored.json")
    for name, held in before.items():
        assert found[name] == in_todays_names(held, found[name]), name
    assert all(before.values()), "of everything there is something"


def test_it_answers_commands_as_it_did(older: Services, run: Run):
    found = answered(lambda words: run(*words).out, (ROOT / "data" / "samples").as_posix())

    for command, answer in expected("commands.json").items():
        assert found[command] == in_todays_names(answer, found[command]), command
    assert verify_log(older).faults == ()


def test_what_it_held_plain_is_encrypted(older: Services, environment: Path):
    with older.reading() as unit:
        cases = unit.register.revocations()
        names = {case.person.name for case in cases} - {""}
        assert all(unit.register.evidence_of(case.id) is not None for case in cases)
        photos = unit.photos.fingerprints([sha256 for sha256, *_ in unit.photos.hashes()])
    assert names
    every = [
        vector
        for photo in photos.values()
        for face in photo.faces
        for vector in face.encodings.values()
    ]
    assert every
    assert files_with_vectors(environment, every) == set()
    home = b"".join(path.read_bytes() for path in environment.glob("likeness.db*"))
    assert {name for name in names if name.encode() in home} == set()
    assert verify_log(older).faults == ()
