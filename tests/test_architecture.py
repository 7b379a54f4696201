"""Who may import whom, and what no module may do: the rules of the design, read from the code."""

from __future__ import annotations

import ast
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import pytest

from consent.settings import ROOT

PACKAGES = ("consent", "media_index", "pages")
# Words and rules: the standard library, one another, and the words of the index.
PURE = {
    "consent.channels",
    "consent.domain",
    "consent.errors",
    "consent.policy",
    "consent.policy_reader",
    "consent.rules",
    "consent.rules_consent",
    "consent.rules_overrides",
    "consent.rules_scope",
    "consent.terms",
    "consent.verdicts",
    "media_index.types",
}
PICTURES = {
    "PIL",
    "cv2",
    "dlib",
    "exifread",
    "face_recognition",
    "imagehash",
    "pdqhash",
    "pillow_heif",
}
DATABASE = {"alembic", "sqlalchemy", "sqlmodel"}
NETWORK = {"ftplib", "http.client", "httpx", "requests", "smtplib", "socket", "urllib.request"}


@dataclass(frozen=True)
class Import:
    """A module that is imported.

    Attributes:
        name: dotted; for `from a import b` both `a` and `a.b` are given.
        at_run_time: not only for the type checker.
    """

    name: str
    at_run_time: bool


@dataclass(frozen=True)
class Module:
    """A file of the program."""

    path: str
    source: str

    @property
    def name(self) -> str:
        return self.path.removesuffix(".py").removesuffix("/__init__").replace("/", ".")

    @property
    def package(self) -> str:
        return self.name.split(".")[0]

    @property
    def is_migration(self) -> bool:
        return self.name.startswith("consent.migrations")

    @property
    def is_command(self) -> bool:
        return self.name.startswith("consent.cli")

    @property
    def is_store(self) -> bool:
        return _is_store(self.name)

    def imports(self, *, at_run_time: bool = False) -> set[str]:
        found = _imports(self.source)
        return {one.name for one in found if one.at_run_time or not at_run_time}


@cache
def _imports(source: str) -> tuple[Import, ...]:
    return tuple(_walk(ast.parse(source), at_run_time=True))


def _walk(node: ast.AST, *, at_run_time: bool) -> Iterator[Import]:
    if isinstance(node, ast.Import):
        for name in node.names:
            yield Import(name.name, at_run_time)
    elif isinstance(node, ast.ImportFrom):
        assert node.level == 0, "imports are absolute here"
        yield Import(node.module or "", at_run_time)
        for name in node.names:
            yield Import(f"{node.module}.{name.name}", at_run_time)
    elif isinstance(node, ast.If) and ast.unparse(node.test).endswith("TYPE_CHECKING"):
        for child in node.body:
            yield from _walk(child, at_run_time=False)
        for child in node.orelse:
            yield from _walk(child, at_run_time=at_run_time)
    else:
        for child in ast.iter_child_nodes(node):
            yield from _walk(child, at_run_time=at_run_time)


def _is_store(name: str) -> bool:
    """Say whether a module is one of those that speak to the database."""
    package, _, rest = name.partition(".")
    first = rest.split(".")[0]
    return package in PACKAGES and (
        first.startswith(("store", "tables")) or first in {"rows", "storage"}
    )


def _of(names: set[str], wanted: set[str]) -> set[str]:
    """Return the names that are one of those wanted, or lie inside one."""
    return {
        name for name in names for root in wanted if name == root or name.startswith(f"{root}.")
    }


def program() -> list[Module]:
    files = [path for package in PACKAGES for path in sorted((ROOT / package).rglob("*.py"))]
    files += [path for path in (ROOT / "app.py", ROOT / "start.py") if path.exists()]
    return [
        Module(path.relative_to(ROOT).as_posix(), path.read_text(encoding="utf-8"))
        for path in files
    ]


Rule = Callable[[Module], object]


def index_knows_no_people(module: Module) -> set[str]:
    if module.package != "media_index":
        return set()
    return _of(module.imports(), {"consent", "pages", "app"})


def register_knows_no_screens(module: Module) -> set[str]:
    return _of(module.imports(), {"pages", "app"}) if module.package == "consent" else set()


def words_and_rules_are_pure(module: Module) -> set[str]:
    if module.name not in PURE:
        return set()
    # Types of vectors are named, never imported when the program runs.
    allowed = {*sys.stdlib_module_names, *PURE}
    names = module.imports(at_run_time=True) | _of(module.imports(), {"consent", "media_index"})
    return names - _of(names, allowed) - {"consent", "media_index"}


def streamlit_in_pages_only(module: Module) -> set[str]:
    if module.package in {"pages", "app"}:
        return set()
    return _of(module.imports(), {"streamlit"})


def database_in_stores_only(module: Module) -> set[str]:
    if module.is_store or module.is_migration or module.name == "consent.bootstrap":
        return set()
    # The port of a use case is the unit of work; it may name its types.
    return _of(module.imports(), DATABASE)


def stores_are_picked_by_bootstrap_only(module: Module) -> set[str]:
    if module.is_store or module.is_migration or module.name == "consent.bootstrap":
        return set()
    return {name for name in module.imports(at_run_time=True) if _is_store(name)}


def commands_and_pages_call_use_cases_never_stores(module: Module) -> set[str]:
    if not (module.is_command or module.package in {"pages", "app"}):
        return set()
    return {name for name in module.imports() if _is_store(name)}


def pictures_in_the_index_only(module: Module) -> set[str]:
    if module.package == "media_index":
        return set()
    drawn = module.name.startswith("consent.receipts.")
    return _of(module.imports(), PICTURES - {"PIL"} if drawn else PICTURES)


def typer_and_rich_in_the_command_only(module: Module) -> set[str]:
    return set() if module.is_command else _of(module.imports(), {"rich", "typer"})


def network_for_set_up_and_our_own_page_only(module: Module) -> set[str]:
    if module.name in {"media_index.weights", "media_index.weight_sources", "consent.serving"}:
        return set()
    return _of(module.imports(), NETWORK)


def each_extra_behind_one_door(module: Module) -> set[str]:
    doors = {"dask": "cluster", "distributed": "cluster", "fsspec": "url_place"}
    closed = {name for name, door in doors.items() if module.name != f"media_index.{door}"}
    return _of(module.imports(), closed)


def modules_are_short(module: Module) -> str:
    most = {"pages": 120, "app": 60}.get(module.package, 400)
    lines = len(module.source.splitlines())
    return "" if lines <= most else f"{lines} lines, at most {most}"


def no_error_is_swallowed(module: Module) -> list[str]:
    return [
        f"line {node.lineno}: {ast.unparse(node).splitlines()[0]}"
        for node in ast.walk(ast.parse(module.source))
        if _swallows(node)
    ]


def _swallows(node: ast.AST) -> bool:
    if isinstance(node, ast.ExceptHandler):
        if node.type is None:
            return True
        broad = ast.unparse(node.type) in {"Exception", "BaseException"}
        return broad and not any(
            isinstance(part, ast.Raise | ast.Call) for part in ast.walk(ast.Module(node.body, []))
        )
    if isinstance(node, ast.Call) and ast.unparse(node.func).endswith("suppress"):
        return any(ast.unparse(one) in {"Exception", "BaseException"} for one in node.args)
    return False


RULES: list[Rule] = [
    index_knows_no_people,
    register_knows_no_screens,
    words_and_rules_are_pure,
    streamlit_in_pages_only,
    database_in_stores_only,
    stores_are_picked_by_bootstrap_only,
    commands_and_pages_call_use_cases_never_stores,
    pictures_in_the_index_only,
    typer_and_rich_in_the_command_only,
    network_for_set_up_and_our_own_page_only,
    each_extra_behind_one_door,
    modules_are_short,
    no_error_is_swallowed,
]


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.__name__)
def test_the_program_keeps_the_rule(rule: Rule):
    broken = {module.path: found for module in program() if (found := rule(module))}

    assert broken == {}


# What each rule must find, so that none of them has gone blind.
BREACHES: list[tuple[Rule, str, str]] = [
    (index_knows_no_people, "media_index/hashing.py", "from consent import domain"),
    (register_knows_no_screens, "consent/sweep.py", "import pages.ui"),
    (words_and_rules_are_pure, "consent/rules.py", "import numpy"),
    (words_and_rules_are_pure, "consent/rules.py", "from consent.store import UnitOfWork"),
    (words_and_rules_are_pure, "consent/domain.py", "from media_index.matching import Copy"),
    (streamlit_in_pages_only, "consent/sweep.py", "def show():\n    import streamlit as st"),
    (database_in_stores_only, "consent/sweep.py", "from sqlalchemy import make_url"),
    (database_in_stores_only, "consent/vault.py", "if TYPE_CHECKING:\n    import sqlmodel"),
    (stores_are_picked_by_bootstrap_only, "consent/sweep.py", "from consent.store import Jobs"),
    (stores_are_picked_by_bootstrap_only, "consent/sweep.py", "from media_index import tables"),
    (
        commands_and_pages_call_use_cases_never_stores,
        "pages/desk/record.py",
        "if TYPE_CHECKING:\n    from consent.storage.store_register import Register",
    ),
    (
        commands_and_pages_call_use_cases_never_stores,
        "consent/cli/check.py",
        "from media_index.store import PhotoStore",
    ),
    (pictures_in_the_index_only, "consent/desk/references.py", "from PIL import Image"),
    (pictures_in_the_index_only, "consent/receipts/contents.py", "import cv2"),
    (typer_and_rich_in_the_command_only, "consent/status.py", "import rich.console"),
    (network_for_set_up_and_our_own_page_only, "consent/check.py", "import urllib.request"),
    (each_extra_behind_one_door, "media_index/ingest.py", "from fsspec.core import open"),
    (each_extra_behind_one_door, "media_index/url_place.py", "import distributed"),
    (modules_are_short, "consent/rules.py", "\n" * 401),
    (modules_are_short, "pages/desk/record.py", "\n" * 121),
    (no_error_is_swallowed, "consent/rules.py", "try:\n    a()\nexcept:\n    raise"),
    (no_error_is_swallowed, "consent/rules.py", "try:\n    a()\nexcept Exception:\n    pass"),
    (no_error_is_swallowed, "consent/rules.py", "with contextlib.suppress(Exception):\n    a()"),
]


@pytest.mark.parametrize(("rule", "path", "source"), BREACHES)
def test_a_breach_is_found(rule: Rule, path: str, source: str):
    assert rule(Module(path, source))


def test_every_rule_has_a_breach_to_find():
    assert {rule for rule, _, _ in BREACHES} == set(RULES)


@pytest.mark.parametrize(
    ("rule", "path", "source"),
    [
        (words_and_rules_are_pure, "consent/rules.py", "from media_index.types import Box"),
        (words_and_rules_are_pure, "consent/rules.py", "from datetime import date"),
        (database_in_stores_only, "consent/storage/store_register.py", "import sqlmodel"),
        (
            stores_are_picked_by_bootstrap_only,
            "consent/sweep.py",
            "if TYPE_CHECKING:\n    from consent.store import UnitOfWork",
        ),
        (pictures_in_the_index_only, "consent/receipts/contents.py", "from PIL import Image"),
        (no_error_is_swallowed, "a.py", "try:\n    a()\nexcept BaseException:\n    b()\n    raise"),
    ],
)
def test_what_is_allowed_is_no_breach(rule: Rule, path: str, source: str):
    assert not rule(Module(path, source))


def test_no_page_lies_where_streamlit_would_run_it_without_the_sign_in():
    assert [path.name for path in (ROOT / "pages").glob("*.py")] == ["__init__.py"]
    code = ast.parse((ROOT / "pages" / "__init__.py").read_text(encoding="utf-8")).body
    assert all(isinstance(node, ast.Expr) for node in code), "a docstring at most"


def test_the_rules_see_the_whole_program():
    seen = {module.name for module in program()}

    assert {"consent.cli", "consent.rules", "media_index.types", "pages"} <= seen
    assert seen >= PURE
    assert Path(__file__).name not in {Path(module.path).name for module in program()}
