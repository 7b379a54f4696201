"""What the documents name exists: files, folders, modules; and no room is left out."""

from __future__ import annotations

import re
import tomllib
from importlib.util import find_spec
from pathlib import Path

import pytest

from consent.settings import ROOT

PAGES = [
    *(ROOT / name for name in ("ARCHITECTURE.md", "CONTRIBUTING.md", "README.md", "SECURITY.md")),
    *sorted((ROOT / "docs").rglob("*.md")),
]
FOLDERS = "consent|media_index|pages|tests|tools|docs|data|packaging"
PATH = re.compile(rf"(?<![\w/.-])(?:{FOLDERS})(?:/[\w.-]+)+")
MODULE = re.compile(r"(?<![\w/.-])(?:consent|media_index|pages)(?:\.\w+)+")
LINK = re.compile(r"\]\((?!https?:|mailto:|#)([^)#]+)")
# Made when the program runs.
NOT_IN_GIT = "data/live"


def missing(text: str, folder: Path) -> set[str]:
    """Return what a document in a folder names and is not there."""
    paths = {path.rstrip(".") for path in PATH.findall(text)}
    links = {link for link in LINK.findall(text) if not (folder / link).exists()}
    modules = {name for name in MODULE.findall(text) if not _is_there(name)}
    gone = {
        path
        for path in paths
        if not path.startswith(NOT_IN_GIT)
        and not (ROOT / path).exists()
        # An ADR links to its neighbors.
        and not (folder / path).exists()
    }
    return gone | links | modules


def _is_there(name: str) -> bool:
    """Say whether a module is there, or what is named in it."""
    path = ROOT / name.replace(".", "/")
    if path.is_dir() or path.with_suffix(".py").is_file():
        return True
    module, _, inside = name.rpartition(".")
    spec = find_spec(module) if "." in module else None
    if spec is None or spec.origin is None:
        return False
    code = Path(spec.origin).read_text(encoding="utf-8")
    return re.search(rf"^(?:def |class )?{inside}\b", code, re.MULTILINE) is not None


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.relative_to(ROOT).as_posix())
def test_what_a_document_names_is_there(page: Path):
    assert missing(page.read_text(encoding="utf-8"), page.parent) == set()


@pytest.mark.parametrize(
    ("text", "gone"),
    [
        ("see `consent/rules.py`.", "consent/rules.py"),
        ("python tools/measure_nothing.py DIR", "tools/measure_nothing.py"),
        ("`consent.domain.rules`", "consent.domain.rules"),
        ("`consent.domain.fields.FIELD`", "consent.domain.fields.FIELD"),
        ("[as it was](docs/was.md#then)", "docs/was.md"),
    ],
)
def test_what_is_gone_is_found(text: str, gone: str):
    assert missing(text, ROOT) == {gone}


def test_what_is_there_is_not_taken_for_gone():
    text = "`consent/domain/`, `consent.domain.fields.FIELDS`, data/live/weights, [A](README.md#a)"

    assert missing(text, ROOT) == set()


def test_every_folder_is_described():
    text = (ROOT / "ARCHITECTURE.md").read_text(encoding="utf-8")
    sections = re.findall(
        r"^\| `(consent|media_index|pages)/`.*?(?=\n\n)", text, re.MULTILINE | re.DOTALL
    )
    assert sections == ["consent", "media_index", "pages"]
    for package in sections:
        table = re.search(rf"^\| `{package}/`.*?(?=\n\n)", text, re.MULTILINE | re.DOTALL)
        assert table is not None
        described = set(re.findall(r"^\| `(\w+)` \|", table[0], re.MULTILINE))
        folders = {file.parent.name for file in (ROOT / package).glob("*/__init__.py")}
        assert folders == described, package


def test_the_newest_section_of_the_changelog_is_this_version():
    text = (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    first, second, *_ = re.findall(r"^## \[(.+?)\](.*)$", text, re.MULTILINE)

    assert first == ("Unreleased", "")
    assert second[0] == project["version"]
    assert re.fullmatch(r" - \d{4}-\d\d-\d\d", second[1])
