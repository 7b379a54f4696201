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
from typer.exceptions import TyperException

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


@pytest.mark.parametrize("first", sorted({name.split()[0] for name in COMMANDS}))
def test_a_command_starts_without_the_others(first: str):
    alone = TOOL._walk(consent.cli.program_for(first), "")

    assert dict(alone).keys() == {name for name in COMMANDS if name.split()[0] == first}


@pytest.mark.parametrize("first", ["", "--help", "chek"])
def test_all_commands_are_there_where_none_is_named(first: str):
    assert dict(TOOL._walk(consent.cli.program_for(first), "")).keys() >= set(COMMANDS)


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


HANDBOOKS = [
    page
    for page in (*ROOT.glob("*.md"), *(ROOT / "docs").glob("*.md"))
    if page.name != "commands.md"
]


def typed_in(page: str) -> list[str]:
    """Return the lines of its blocks that call the program, without comments."""
    blocks = re.findall(r"^```\w*\n(.*?)^```", page, re.MULTILINE | re.DOTALL)
    lines = [line for block in blocks for line in block.replace("\\\n", " ").splitlines()]
    calls = [re.search(r"(?:^|bin/)(likeness .*?)(?:\s#.*)?$", line.strip()) for line in lines]
    indented = re.findall(r"^    (likeness .*)$", page, re.MULTILINE)
    return [call[1] for call in calls if call] + [
        line for line in indented if line not in " ".join(lines)
    ]


def named_in(page: str) -> list[str]:
    """Return the calls that its sentences name, with whatever options they name."""
    return [" ".join(call.split()) for call in re.findall(r"`(likeness [a-z][^`]*)`", page)]


def command_of(call: str) -> tuple[str, list[str]]:
    """Return the name of the command that is called, and the words after it."""
    words = shlex.split(call)[1:]
    names = (" ".join(words[:count]) for count in range(min(3, len(words)), 0, -1))
    name = next((name for name in names if name in COMMANDS), "")
    return name, words[len(name.split()) :]


@pytest.mark.parametrize("page", HANDBOOKS, ids=lambda page: page.name)
def test_every_command_in_a_handbook_can_be_typed(page: Path):
    text = page.read_text(encoding="utf-8")
    groups = {name.rsplit(" ", 1)[0] for name in COMMANDS if " " in name}
    wrong = []
    for call in typed_in(text):
        name, words = command_of(call)
        try:
            COMMANDS[name].make_context(name, words)
        except (KeyError, TyperException) as error:
            wrong.append(f"{call}: {error!r}")
    for call in named_in(text):
        name, words = command_of(call)
        options = {word.partition("=")[0] for word in words if word.startswith("--")}
        unknown = (
            options
            - {
                flag
                for param in getattr(COMMANDS.get(name), "params", ())
                for flag in param.opts + param.secondary_opts
            }
            - {"--help"}
        )
        if unknown or not (name or " ".join(words) in groups or call == "likeness"):
            wrong.append(f"{call}: {sorted(unknown)}")
    assert wrong == []
