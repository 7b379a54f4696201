"""Who may import whom (the contracts of pyproject.toml), and what no module may do."""

from __future__ import annotations

import ast
import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from importlib.metadata import packages_distributions
from pathlib import Path

import pytest

from consent.settings import ROOT

PACKAGES = ("consent", "media_index", "pages")

PICTURES = {
    "PIL",
    "cv2",
    "dlib",
    "exifread",
    "face_recognition",
    "imagehash",
    "pdqhash",
    "pillow_heif",
    "simplejpeg",
}
DATABASE = {"alembic", "sqlalchemy", "sqlmodel"}
NETWORK = {
    "ftplib",
    "http.client",
    "httpx",
    "httpx2",
    "requests",
    "smtplib",
    "socket",
    "urllib.request",
}


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

    def lies_in(self, *folders: str) -> bool:
        return any(f"{self.name}.".startswith(f"{folder}.") for folder in folders)

    def imports(self) -> set[str]:
        """Every import, those for the type checker too; of `from a import b` both `a` and `a.b`."""
        return _imports(self.source)


@cache
def _nodes(source: str) -> list[ast.AST]:
    return list(ast.walk(ast.parse(source)))


@cache
def _imports(source: str) -> set[str]:
    found = set()
    for node in _nodes(source):
        if isinstance(node, ast.Import):
            found |= {name.name for name in node.names}
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, "imports are absolute here"
            found.add(node.module or "")
            found |= {f"{node.module}.{name.name}" for name in node.names}
    return found


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


def words_and_rules_are_pure(module: Module) -> set[str]:
    if not module.lies_in("consent.domain"):
        return set()
    allowed = {
        *sys.stdlib_module_names,
        "consent.domain",
        "media_index.types",
        "media_index.limits",
    }
    names = module.imports()
    return names - _of(names, allowed) - {"consent", "media_index"}


def streamlit_in_screens_only(module: Module) -> set[str]:
    if module.package in {"pages", "app"} or module.lies_in("consent.web"):
        return set()
    return _of(module.imports(), {"streamlit"})


def database_in_stores_only(module: Module) -> set[str]:
    if module.lies_in("consent.storage", "media_index.storage", "consent.bootstrap"):
        return set()
    return _of(module.imports(), DATABASE)


def pictures_in_the_index_only(module: Module) -> set[str]:
    if module.package == "media_index":
        return set()
    drawn = module.lies_in("consent.documents")
    return _of(module.imports(), PICTURES - {"PIL"} if drawn else PICTURES)


def typer_and_rich_in_the_command_only(module: Module) -> set[str]:
    return set() if module.lies_in("consent.cli") else _of(module.imports(), {"rich", "typer"})


def network_for_set_up_and_our_own_page_only(module: Module) -> set[str]:
    allowed = (
        "media_index.faces.weights",
        "media_index.faces.weight_sources",
        "consent.serve",
        # Who signs in by the library's provider, where the door file names one.
        "consent.web.provider_pages",
        "consent.web.provider_device",
        # It cuts a connection of the database's driver, and opens none.
        "consent.storage.paused_server",
    )
    return set() if module.lies_in(*allowed) else _of(module.imports(), NETWORK)


def each_extra_behind_one_door(module: Module) -> set[str]:
    doors = {"dask": "cluster", "distributed": "cluster", "fsspec": "urls"}
    closed = {name for name, door in doors.items() if module.name != f"media_index.files.{door}"}
    return _of(module.imports(), closed)


def the_app_opens_pages_alone(module: Module) -> set[str]:
    if module.name != "app":
        return set()
    return _of(module.imports(), {"consent", "media_index"})


def no_error_is_swallowed(module: Module) -> list[str]:
    return [
        f"line {node.lineno}: {ast.unparse(node).splitlines()[0]}"
        for node in _nodes(module.source)
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
    if isinstance(node, ast.Call):
        name = getattr(node.func, "attr", getattr(node.func, "id", ""))
        broad = {"Exception", "BaseException"}
        return name.endswith("suppress") and any(ast.unparse(one) in broad for one in node.args)
    return False


RULES: list[Rule] = [
    words_and_rules_are_pure,
    streamlit_in_screens_only,
    database_in_stores_only,
    pictures_in_the_index_only,
    typer_and_rich_in_the_command_only,
    network_for_set_up_and_our_own_page_only,
    each_extra_behind_one_door,
    the_app_opens_pages_alone,
    no_error_is_swallowed,
]


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.__name__)
def test_the_program_keeps_the_rule(rule: Rule):
    broken = {module.path: found for module in program() if (found := rule(module))}

    assert broken == {}


# What each rule must find, so that none of them has gone blind.
BREACHES: list[tuple[Rule, str, str]] = [
    (words_and_rules_are_pure, "consent/domain/decide.py", "import numpy"),
    (
        words_and_rules_are_pure,
        "consent/domain/cases.py",
        "from media_index.matching import scores",
    ),
    (
        streamlit_in_screens_only,
        "consent/cases/open.py",
        "def show():\n    import streamlit as st",
    ),
    (database_in_stores_only, "consent/cases/open.py", "from sqlalchemy import make_url"),
    (database_in_stores_only, "consent/status.py", "if TYPE_CHECKING:\n    import sqlmodel"),
    (pictures_in_the_index_only, "consent/cases/references.py", "from PIL import Image"),
    (pictures_in_the_index_only, "consent/documents/receipt.py", "import cv2"),
    (typer_and_rich_in_the_command_only, "consent/status.py", "import rich.console"),
    (network_for_set_up_and_our_own_page_only, "consent/status.py", "import urllib.request"),
    (each_extra_behind_one_door, "media_index/files/pool.py", "from fsspec.core import open"),
    (each_extra_behind_one_door, "media_index/files/urls.py", "import distributed"),
    (the_app_opens_pages_alone, "app.py", "from consent.storage.cases import Register"),
    (no_error_is_swallowed, "consent/status.py", "try:\n    a()\nexcept:\n    raise"),
    (no_error_is_swallowed, "consent/status.py", "try:\n    a()\nexcept Exception:\n    pass"),
    (no_error_is_swallowed, "consent/status.py", "with contextlib.suppress(Exception):\n    a()"),
]


@pytest.mark.parametrize(("rule", "path", "source"), BREACHES)
def test_a_breach_is_found(rule: Rule, path: str, source: str):
    assert rule(Module(path, source))


def test_every_rule_has_a_breach_to_find():
    assert {rule for rule, _, _ in BREACHES} == set(RULES)


@pytest.mark.parametrize(
    ("rule", "path", "source"),
    [
        (words_and_rules_are_pure, "consent/domain/cases.py", "from media_index.types import Box"),
        (words_and_rules_are_pure, "consent/domain/cases.py", "from datetime import date"),
        (database_in_stores_only, "consent/storage/cases.py", "import sqlmodel"),
        (pictures_in_the_index_only, "consent/documents/receipt.py", "from PIL import Image"),
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

    assert {"consent.cli", "consent.domain.decide", "media_index.types", "pages"} <= seen
    assert Path(__file__).name not in {Path(module.path).name for module in program()}


def lint_imports(root: Path) -> subprocess.CompletedProcess[str]:
    """Hold the packages of a folder to the contracts of pyproject.toml."""
    code = "from importlinter.cli import lint_imports_command as run; run()"
    words = ["--config", str(ROOT / "pyproject.toml"), "--no-cache", "--no-logo"]
    return subprocess.run(
        [sys.executable, "-c", code, *words],
        check=False,
        capture_output=True,
        text=True,
        cwd=root,
        env={**os.environ, "PYTHONPATH": str(root)},
    )


def test_every_import_keeps_to_the_ladder():
    answer = lint_imports(ROOT)

    assert answer.returncode == 0, answer.stdout


# Imports for the type checker count as well; each breach breaks one contract.
WRONG_IMPORTS = {
    "consent/domain/cases.py": ("from consent.cases.open import Recorded", "The ladder of consent"),
    "consent/settings.py": ("import pages.ui", "Screens ask the register"),
    "media_index/types.py": ("from media_index.files import places", "The ladder of the index"),
    "media_index/images/exif.py": ("from media_index.images import decode", "No circle"),
    "media_index/bench/plot.py": (
        "from media_index.faces.dlib.network import SIDE",
        "dlib's network has one door",
    ),
    "consent/documents/texts.py": (
        "from media_index.storage.tables import PhotoRow",
        "What a patron takes home",
    ),
    "pages/ui/words.py": ("from consent.storage.cases import Register", "Commands and pages call"),
}


def test_a_wrong_import_breaks_its_contract(tmp_path: Path):
    for package in PACKAGES:
        shutil.copytree(ROOT / package, tmp_path / package)
    for path, (wrong, _) in WRONG_IMPORTS.items():
        file = tmp_path / path
        source = file.read_text(encoding="utf-8")
        hidden = f"\nfrom typing import TYPE_CHECKING\nif TYPE_CHECKING:\n    {wrong}\n"
        file.write_text(source + hidden, encoding="utf-8")

    answer = lint_imports(tmp_path)

    assert answer.returncode == 1
    verdicts = [line for line in answer.stdout.splitlines() if line.endswith(" BROKEN")]
    for _, contract in WRONG_IMPORTS.values():
        assert any(line.startswith(contract) for line in verdicts), contract


def test_each_migration_has_the_number_after_the_one_before():
    """Two people may take the same one, and a data home then opens nowhere."""
    folder = ROOT / "consent" / "storage" / "migrations" / "versions"
    numbers = sorted(path.name[:4] for path in folder.glob("0*.py"))
    assert numbers == [f"{number:04}" for number in range(1, len(numbers) + 1)]


def not_installed_for_the_program() -> set[str]:
    """The modules of packages that only developers and extras have."""
    pinned = (ROOT / "requirements-dev.txt").read_text(encoding="utf-8").splitlines()
    packages = {line.split("==")[0].strip().lower() for line in pinned if "==" in line}
    return {
        module
        for module, owners in packages_distributions().items()
        if {owner.lower() for owner in owners} <= packages
    }


def test_every_module_starts_without_what_only_developers_have():
    modules = [
        module.name
        for module in program()
        if module.name.split(".")[-1] not in {"__main__", "env"} and "migrations" not in module.name
    ]
    code = (
        "import gc, importlib, sys\n"
        "gc.disable()\n"
        f"sys.modules.update(dict.fromkeys({sorted(not_installed_for_the_program())!r}))\n"
        f"for name in {modules!r}: importlib.import_module(name)\n"
    )

    answer = subprocess.run(
        [sys.executable, "-c", code], check=False, capture_output=True, text=True, cwd=ROOT
    )

    assert answer.returncode == 0, answer.stderr
