"""Settings of the environment that cannot be used: a sentence that names the variable, exit 3."""

from __future__ import annotations

from pathlib import Path

import pytest

from consent.bootstrap import services_from_environment
from consent.settings import Settings
from tests.cli.command_cases import Run

WRONG = [
    ("LIKENESS_TIME_ZONE", "America/Hartford", "the name of a time zone, such as"),
    ("LIKENESS_TIME_ZONE", "America", "the name of a time zone, such as"),
    ("LIKENESS_TIME_ZONE", "../zone", "the name of a time zone, such as"),
    ("LIKENESS_JOBS", "abc", "a whole number from 0 to 256"),
    ("LIKENESS_JOBS", "-1", "a whole number from 0 to 256"),
    ("LIKENESS_MAX_IMAGE_BYTES", "0", "a whole number of bytes above 0"),
    ("LIKENESS_HOME", "~nobody-of-that-name/home", "a path"),
]


@pytest.mark.parametrize(("name", "value", "allowed"), WRONG)
def test_a_setting_that_cannot_be_used_is_named(
    run: Run, monkeypatch: pytest.MonkeyPatch, name: str, value: str, allowed: str
):
    monkeypatch.setenv(name, value)

    for command in (["status"], ["bench", "detect", "photos"]):
        answer = run(*command)

        assert (answer.code, answer.out) == (3, "")
        assert f"likeness: {name} is '{value}', but must be {allowed}" in answer.err
        assert len(answer.err.split("likeness:")) == 2
        assert "Traceback" not in answer.err


@pytest.mark.parametrize("name", ["POLICY", "JOBS", "TIME_ZONE"])
def test_a_setting_of_nothing_is_not_set(run: Run, monkeypatch: pytest.MonkeyPatch, name: str):
    before = run("status", "--json").data["settings"]
    services_from_environment.cache_clear()
    monkeypatch.setenv(f"LIKENESS_{name}", "")

    answer = run("status", "--json")

    assert answer.data["settings"] == before


def test_a_home_of_nothing_is_the_default(environment: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("LIKENESS_HOME", "")

    assert Settings().home == Settings.model_fields["home"].default


def test_a_home_may_be_below_that_of_the_account(
    run: Run, environment: Path, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setenv("HOME", str(environment.parent))
    monkeypatch.setenv("LIKENESS_HOME", f"~/{environment.name}")

    assert run("status", "--json").data["settings"]["LIKENESS_HOME"] == str(environment)


def test_a_variable_that_is_no_setting_is_named_and_the_command_goes_on(
    run: Run, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setenv("LIKENESS_STAFF", "Cam Lee")
    assert run("status", "--json").err == ""
    monkeypatch.setenv("LIKENESS_DATABASE", "postgresql://host/db")

    answer = run("status", "--json")

    assert answer.code == 0
    said = "likeness: no setting is called LIKENESS_DATABASE, so it is not used: see the names "
    assert answer.err == f"{said}with likeness status.\n"
    assert run("status", "--help").err == ""
