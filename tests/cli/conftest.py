"""The command line in this process, over a data home of its own."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest
import typer

import consent.cli
from tests.cli.command_cases import Answer, Run


@pytest.fixture(scope="session", autouse=True)
def _options_read_once() -> Iterator[None]:
    """A process runs one command; here it runs hundreds, and their options stay the same."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(typer.main, "get_command", cache(typer.main.get_command))
        patch.setattr(consent.cli, "program_for", cache(consent.cli.program_for))
        yield


@pytest.fixture
def run(
    environment: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Run:
    """Run a command in this process, as the program itself would be run."""

    def command(*words: object) -> Answer:
        monkeypatch.setattr(sys, "argv", ["likeness", *map(str, words)])
        capsys.readouterr()
        code: object = 0
        try:
            consent.cli.main()
        except SystemExit as end:
            code = end.code
        said = capsys.readouterr()
        return Answer(int(str(code or 0)), said.out, said.err)

    return command


@pytest.fixture
def indexed(environment: Path, indexed_home: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The commands' data home, with the samples in its index; no worker processes."""
    assert environment == indexed_home
    monkeypatch.setenv("LIKENESS_JOBS", "1")
    return indexed_home


@pytest.fixture
def revoked(environment: Path, revoked_home: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The same, and R-0001: Zebulon Quirk, the person of obama.jpg."""
    assert environment == revoked_home
    monkeypatch.setenv("LIKENESS_JOBS", "1")
    return revoked_home
