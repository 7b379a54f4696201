"""The key of the register, and what a home without it says."""

from __future__ import annotations

import os
import shutil
import stat
from contextlib import nullcontext
from pathlib import Path

import pytest

from consent.access import accounts
from consent.bootstrap import services_from_environment
from consent.domain.actors import Actor, Role
from consent.retention.log_list import LogQuery, read_log
from tests.cli.command_cases import REVOKE, Run, refused


@pytest.fixture
def keys(tmp_path: Path, environment: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder for the key, with none in it."""
    monkeypatch.setenv("LIKENESS_KEYS", str(tmp_path / "keys"))
    return tmp_path / "keys"


def anew() -> None:
    """Start the program anew."""
    services_from_environment().close()
    services_from_environment.cache_clear()


def test_the_first_start_makes_a_key_and_says_where(run: Run, keys: Path) -> None:
    first = run("register", "list")
    assert first.code == 0
    assert f"was made in {keys / 'master.key'}. Keep a copy" in first.err
    assert (keys / "master.key").stat().st_mode & 0o077 == 0
    anew()
    assert "was made" not in run("register", "list").err
    assert run("key", "make").code != 0
    assert run("key", "check", "--json").data["place"] == str(keys / "master.key")


def test_the_web_apps_first_start_says_where_the_key_is(
    run: Run, keys: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    # All that comes before it serves, without a port.
    monkeypatch.setattr("consent.serve._listening", lambda *_: nullcontext())
    monkeypatch.setattr("consent.serve._serve", lambda *_, **__: 0)
    serve = ("serve", "--no-browser")
    first = run(*serve)
    assert first.code == 0
    said = " ".join(first.out.split())
    assert said.count(f"was made in {keys / 'master.key'}. Keep a copy of it") == 1
    anew()
    assert "was made" not in run(*serve).out


def test_without_the_key_one_sentence_and_nothing_changed(
    run: Run, keys: Path, environment: Path
) -> None:
    assert run(*REVOKE).code == 0
    anew()
    shutil.move(keys / "master.key", keys / "copy")
    before = {path: path.read_bytes() for path in environment.glob("likeness.db")}
    refused = run("register", "list")
    assert refused.code != 0
    assert "Nothing was changed." in refused.err
    assert len(refused.err.strip().splitlines()) == 1
    assert before == {path: path.read_bytes() for path in environment.glob("likeness.db")}
    assert not (keys / "master.key").exists()
    # Another one is no help.
    made = run("key", "make")
    assert made.code != 0
    assert "a new key can't open it" in made.err
    assert not (keys / "master.key").exists()
    shutil.move(keys / "copy", keys / "master.key")
    assert run("register", "list").code == 0


def test_a_rotation_keeps_what_is_there(run: Run, keys: Path) -> None:
    assert run(*REVOKE).code == 0
    head = run("log", "head").out.strip()
    before = run("key", "check", "--json").data["id"]
    assert run("key", "rotate", "--as", "D. Rossi:desk").code != 0
    rotated = run("key", "rotate", "--as", "D. Rossi:director", "--json").data
    assert rotated["id"] != before
    assert rotated["replaced"] == before
    anew()
    assert run("log", "verify", "--head", head).code == 0


def test_a_rotation_that_was_killed_is_ended_by_the_next_start(
    run: Run, keys: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert run(*REVOKE).code == 0
    place = services_from_environment().keys.place
    with monkeypatch.context() as patch:
        patch.setattr(type(place), "finish_rotation", lambda *_: (_ for _ in ()).throw(OSError))
        assert run("key", "rotate").code != 0
    anew()
    assert run("log", "verify").code == 0
    assert not (keys / "master.key.coming").exists()


def test_a_key_inside_the_home_is_refused(
    run: Run, environment: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("LIKENESS_KEYS", str(environment / "keys"))
    assert "inside the data home" in run("register", "list").err


@pytest.mark.skipif(os.name != "posix", reason="Windows gives folders of accounts to them alone")
def test_the_key_is_kept_from_others_of_the_computer(run: Run, keys: Path) -> None:
    assert run(*REVOKE).code == 0
    for path in (keys / "master.key", keys / "heads"):
        path.chmod(0o777)
    anew()
    assert run("register", "list").code == 0
    assert stat.S_IMODE((keys / "master.key").stat().st_mode) == 0o600
    assert stat.S_IMODE((keys / "heads").stat().st_mode) == 0o700

    # What else lies there may be for others, so its folder is for people to shut.
    for mode in (0o770, 0o1777):
        keys.chmod(mode)
        services_from_environment.cache_clear()
        answer = run("register", "list")
        assert (answer.code, answer.out) == (3, "")
        assert f"run chmod 700 {keys}" in answer.err
    keys.chmod(0o755)
    assert run("register", "list").code == 0


def test_the_end_cut_off_is_named(run: Run, environment: Path) -> None:
    assert run(*REVOKE).code == 0
    assert run("log", "verify").code == 0
    later = "9999:" + "0" * 64
    found = run("log", "verify", "--head", later)
    assert found.code == 1
    assert "its end was cut off" in found.out
    assert "not a log head" in run("log", "verify", "--head", "x").err


def test_the_log_is_read_by_those_who_answer_for_it(run: Run, environment: Path) -> None:
    for name in ("Zebulon Quirk", "Bo Chen"):
        assert run("revoke", "--name", name, *REVOKE[3:], "--as", "Ana Ruiz:desk").code == 0
    as_records = ["--as", "Rex Cord:records"]

    def listed(*options: str) -> list[tuple[str, str, str]]:
        found = run("log", "list", *options, *as_records, "--json").data["entries"]
        return [(entry["action"], entry["about"], entry["by"]) for entry in found]

    recorded = ("revocation:recorded", "R-0001", "Ana Ruiz")
    assert recorded in listed("--about", "r-0001")
    assert {about for _, about, _ in listed("--about", "R-0001")} == {"R-0001"}
    assert listed("--by", "ana  RUIZ", "--action", "revocation:rec", "--last", "1") == [
        ("revocation:recorded", "R-0002", "Ana Ruiz")
    ]
    assert listed("--to", "2020-01-01") == []
    assert len(listed("--from", "2020-01-01")) == len(listed())
    out = run("log", "list", *as_records).out
    assert "revocation:recorded  R-0001  by Ana Ruiz (desk)" in out
    assert not {word for word in ("Zebulon", "Quirk", "Chen") if word in out}

    refused(run("log", "list", "--about", "R-0999", *as_records), "Nothing is called 'R-0999'")
    refused(run("log", "list", "--last", "0", *as_records), "at least one entry")
    for role in ("desk", "communications", "admin", "print_editor", "photographer"):
        refused(run("log", "list", "--as", f"x:{role}"), "Only these roles may read the log")

    accounts.add_account(services_from_environment(), "Bea", [Role.DESK], Actor("Root", Role.ADMIN))
    records = Actor("Rex Cord", Role.RECORDS)
    (made,) = read_log(services_from_environment(), records, LogQuery(action="account"))
    assert (made.about, made.by) == ("Bea", "Root")
