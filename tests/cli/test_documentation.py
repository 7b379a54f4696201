"""docs/commands.md and docs/fields.md are held to the code: commands, options, JSON, columns."""

from __future__ import annotations

import contextlib
import importlib.util
import json
import re
import shlex
import sys
from pathlib import Path

import pytest

import consent.cli
from consent.settings import ROOT

PAGE = (ROOT / "docs" / "commands.md").read_text(encoding="utf-8")
SAMPLES = ROOT / "data" / "samples"


def _tool():
    spec = importlib.util.spec_from_file_location(
        "document_commands", ROOT / "tools" / "document_commands.py"
    )
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


TOOL = _tool()
COMMANDS = TOOL.commands()


def test_the_page_is_as_the_code_has_it():
    assert TOOL.renewed(PAGE) == PAGE, "run: python tools/document_commands.py"


def test_the_columns_and_the_gaps_are_as_the_code_has_them():
    page = TOOL.FIELDS_PAGE.read_text(encoding="utf-8")

    assert TOOL.renewed_fields(page) == page, "run: python tools/document_commands.py"


def test_the_page_of_roles_is_as_the_code_has_it():
    page = TOOL.ROLES_PAGE.read_text(encoding="utf-8")

    assert TOOL.renewed_roles(page) == page, "run: python tools/document_commands.py"


def test_every_command_has_a_heading_and_no_other_has():
    headings = re.findall(r"^## likeness (.+)$", PAGE, re.MULTILINE)

    assert sorted(headings) == sorted(COMMANDS)


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_has_an_example_and_json(name: str):
    assert TOOL.examples(COMMANDS[name]), "its --help shows an example"
    assert "--json" in TOOL.options(COMMANDS[name])
    assert all(said.strip() not in {"", "None"} for said in TOOL.options(COMMANDS[name]).values())


@pytest.mark.parametrize(
    ("name", "example"),
    [(name, example) for name, command in COMMANDS.items() for example in TOOL.examples(command)],
)
def test_every_example_can_be_typed(name: str, example: str):
    program, *words = shlex.split(example)
    expected = name.split()

    assert program == "likeness"
    assert words[: len(expected)] == expected
    # Reads the options as the program would, and stops there.
    COMMANDS[name].make_context(name, words[len(expected) :])


def _shape(value: object) -> object:
    """Return the keys of an object, and of the first element of its lists."""
    if isinstance(value, dict):
        return {key: _shape(part) for key, part in value.items() if key != "sentence"}
    if isinstance(value, list) and value and isinstance(value[0], dict):
        return [_shape(value[0])]
    return type(value).__name__ if not isinstance(value, int | float) else "number"


def test_the_json_on_the_page_has_the_shape_of_the_real_one(
    environment: Path,
    indexed_home: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
):
    def run(*words: object) -> object:
        monkeypatch.setattr(sys, "argv", ["likeness", *map(str, words), "--json"])
        capsys.readouterr()
        with contextlib.suppress(SystemExit):
            consent.cli.main()
        return json.loads(capsys.readouterr().out)

    on_page = [json.loads(text) for text in re.findall(r"```json\n(.*?)```", PAGE, re.DOTALL)]
    originals = SAMPLES / "originals"
    person = ["--name", "Zebulon Quirk", "--received", "2026-06-01", "--note", "Binder 3"]
    run("revoke", *person, "--photo", originals / "obama.jpg", "--keep-face")
    run("index", originals, "--event", "Author talk", "--date", "2026-05-14")

    real = [run("check", originals / "obama2.jpg", "--use", "instagram"), run("sweep", "R-0001")]

    assert [_shape(one) for one in on_page] == [_shape(one) for one in real]
