"""Every command lets in who has a role for what it does, and refuses others with who may."""

from __future__ import annotations

import ast
import importlib
import inspect
import shlex
from collections.abc import Iterator
from pathlib import Path

import pytest

from consent.access.demo import prepare_demo
from consent.bootstrap import services_from_environment
from consent.domain.actors import Actor, Role
from consent.domain.errors import ConsentError
from consent.domain.policy import Policy
from consent.domain.roles import USE_CASES, Duty, permitted, who_may
from consent.indexing.events import NewEvent, create_event
from consent.policy_file import load_policy
from consent.settings import ROOT
from tests.cli.command_cases import ORIGINALS, Answer, Run
from tests.cli.test_documentation import COMMANDS, TOOL
from tests.staff import ANYBODY

# What the examples name, made in the folder where they are typed.
FILES = {
    "a.jpg": ORIGINALS / "obama2.jpg",
    "b.jpg": ORIGINALS / "biden.jpg",
    "photo.jpg": ORIGINALS / "obama2.jpg",
    "portrait.jpg": ORIGINALS / "obama.jpg",
}
# They read nothing of the register, or begin where nobody is known yet.
NEEDS_NO_ROLE = {
    *("serve", "weights", "restore", "login", "logout", "policy check", "receipt verify"),
    *("log head", "log verify", "key make", "key check"),
}
# Calls another one again and again, and has that one ask for leave.
ASKS_FOR = {"consent.exporting.gate.wait_for_gate": "consent.exporting.gate.look_once"}
POLICY = load_policy(ROOT / "data" / "policy.toml")


def use_cases_of(command) -> set[str]:
    """Return the use cases that a command's function imports, itself or by one of its module."""
    callback = inspect.unwrap(command.callback)
    tree = ast.parse(Path(inspect.getfile(callback)).read_text(encoding="utf-8"))
    functions = {node.name: node for node in tree.body if isinstance(node, ast.FunctionDef)}
    everywhere = dict(imported(tree.body))
    found: set[str] = set()
    seen, left = set(), [callback.__name__]
    while left:
        name = left.pop()
        if name in seen:
            continue
        seen.add(name)
        inside = {**everywhere, **dict(imported(ast.walk(functions[name])))}
        for node in ast.walk(functions[name]):
            if isinstance(node, ast.Name) and node.id in inside:
                found.add(inside[node.id])
            elif isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name):
                found.add(f"{inside.get(node.value.id, '')}.{node.attr}")
            if isinstance(node, ast.Name) and node.id in functions:
                left.append(node.id)
    return {ASKS_FOR.get(name, name) for name in found} & set(USE_CASES)


def imported(nodes) -> Iterator[tuple[str, str]]:
    for node in nodes:
        if isinstance(node, ast.ImportFrom) and node.module:
            # Loaded, so that the table of use cases is whole.
            importlib.import_module(node.module)
            for name in node.names:
                yield name.asname or name.name, f"{node.module}.{name.name}"


def with_duties() -> Iterator[tuple[str, frozenset[Duty]]]:
    for command in COMMANDS.values():
        duties = frozenset(USE_CASES[one] for one in use_cases_of(command))
        for example in TOOL.examples(command) if duties else []:
            yield example, duties


def refused() -> Iterator[tuple[str, frozenset[Duty], Role]]:
    for example, duties in with_duties():
        for role in Role:
            if not any(role in who_may(duty, POLICY) for duty in duties):
                yield example, duties, role


def let_in() -> Iterator[tuple[str, frozenset[Duty], Role]]:
    for example, duties in with_duties():
        for role in Role:
            if all(role in who_may(duty, POLICY) for duty in duties):
                yield example, duties, role


class GoesOnError(ConsentError):
    """The door was open; what the use case then does is tested elsewhere."""


@pytest.fixture
def typed_here(environment, tmp_path, monkeypatch) -> None:
    """A demonstration, and a folder with what the examples name."""
    services = services_from_environment()
    prepare_demo(services)
    create_event(services, NewEvent("Author talk", services.today()), ANYBODY)
    for name, picture in FILES.items():
        (tmp_path / name).symlink_to(picture)
    for name in ("letter.pdf", "newsletter.pdf", "posted.csv", "asked.csv"):
        (tmp_path / name).write_bytes(b"%PDF-1.4 of no content")
    for name in ("tomorrow", "downloads", "photos/2026-05-14", "incoming", "ready", "held"):
        (tmp_path / name).mkdir(parents=True)
    monkeypatch.chdir(tmp_path)


def test_what_needs_no_role_is_known():
    needs_none = {name for name, command in COMMANDS.items() if not use_cases_of(command)}
    assert {name for name in needs_none if not name.startswith("bench ")} == NEEDS_NO_ROLE


def typed(run: Run, example: str, role: Role) -> Answer:
    """Type an example as somebody of one role alone."""
    words = shlex.split(example)[1:]
    if "--as" in words:
        del words[words.index("--as") :][:2]
    return run(*words, "--as", f"Demo {role.words.lower()}:{role}")


def test_every_command_refuses_who_may_not_and_says_who_may(run: Run, typed_here):
    for example, duties, role in refused():
        answer = typed(run, example, role)
        said = [duty for duty in duties if f"may {duty.words}: " in answer.err]
        assert (answer.code, bool(said), answer.out) == (2, True, ""), (example, role, answer.err)


def test_every_command_lets_in_who_may(run: Run, typed_here, monkeypatch):
    def open_door(actor: Actor, duty: Duty, policy: Policy) -> Actor:
        raise GoesOnError(f"{permitted(actor, duty, policy).role} may {duty.words}")

    monkeypatch.setattr("consent.domain.roles.permitted", open_door)
    for example, duties, role in let_in():
        answer = typed(run, example, role)
        said = [duty for duty in duties if f"{role} may {duty.words}" in answer.err]
        assert (answer.code, bool(said)) == (2, True), (example, role, answer.err)
