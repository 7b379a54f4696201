"""What the documents name is there: files, functions, headings, and the ladder as drawn."""

from __future__ import annotations

import re
import tomllib
from functools import cache
from pathlib import Path

import pytest

from consent.settings import ROOT

FOLDERS = "consent|media_index|pages|tests|tools|docs|data|packaging"
LINK = re.compile(r"\[(?P<text>[^\]]*)\]\((?P<to>[^)\s]+)\)")
PATH = re.compile(rf"(?<![\w/.-])(?:{FOLDERS})/[\w./-]*[\w/]")
MODULE = re.compile(r"(?<![\w/.-])(?:consent|media_index|pages)(?:\.\w+)+")
# The data home is not in git.
LIVE = "data/live"


@cache
def documents() -> list[Path]:
    samples = ROOT / "data" / "samples"
    return [*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md"), *samples.rglob("*.md")]


def slugs(page: str) -> set[str]:
    """Return the anchors of a page's headings, as GitHub makes them."""
    headings = re.findall(r"^#+ (.*)$", page, re.MULTILINE)
    return {re.sub(r"[^\w -]", "", heading.lower()).replace(" ", "-") for heading in headings}


def is_defined(name: str, file: Path) -> bool:
    made = rf"^\s*(?:def|class) {name}\b|^{name}\b.* = "
    return re.search(made, file.read_text("utf-8"), re.MULTILINE) is not None


def untrue(page: str, folder: Path) -> list[str]:
    """Name what a page points to and is not there."""
    wrong = []
    for link in LINK.finditer(page):
        to, _, anchor = link["to"].partition("#")
        if "://" in to or to.startswith("mailto:"):
            continue
        file = folder / to
        name = link["text"].strip("`")
        if to and not file.exists():
            wrong.append(to)
        elif anchor and anchor not in slugs(file.read_text("utf-8") if to else page):
            wrong.append(link["to"])
        elif link["text"] == f"`{name}`" and name.isidentifier() and not is_defined(name, file):
            wrong.append(f"{name} in {to}")
    named = {path.rstrip("/") for path in PATH.findall(page)}
    missing = {path for path in named if not (ROOT / path).exists() and not path.startswith(LIVE)}
    modules = {name for name in MODULE.findall(page) if not is_there(name)}
    return wrong + sorted(missing | modules)


def is_there(name: str) -> bool:
    """Say whether a module is there, or what is named in one."""
    path = ROOT / name.replace(".", "/")
    if path.is_dir() or path.with_suffix(".py").is_file():
        return True
    module = path.parent.with_suffix(".py")
    return module.is_file() and is_defined(path.name, module)


def test_what_a_page_points_to_is_there():
    found = {
        page.relative_to(ROOT).as_posix(): wrong
        for page in documents()
        if (wrong := untrue(page.read_text("utf-8"), page.parent))
    }

    assert found == {}


@pytest.mark.parametrize(
    ("page", "said"),
    [
        ("[a page](docs/none.md)", "docs/none.md"),
        ("[a heading](README.md#none)", "README.md#none"),
        ("[`decide_none`](consent/domain/decide.py)", "decide_none in consent/domain/decide.py"),
        ("read `consent/none.py`", "consent/none.py"),
        ("lies in `consent/none/`.", "consent/none"),
        ("run `consent.domain.none`", "consent.domain.none"),
        ("see `consent.domain.fields.NONE`", "consent.domain.fields.NONE"),
    ],
)
def test_what_is_not_there_is_named(page: str, said: str):
    assert said in untrue(page, ROOT)


def test_every_folder_of_the_program_has_a_line():
    page = (ROOT / "ARCHITECTURE.md").read_text("utf-8")
    rows = [line for line in page.splitlines() if line.startswith("| `")]
    packages = ("consent", "media_index", "pages")
    folders = {path.parent for package in packages for path in rooms(package)}

    told = "\n".join(rows)
    assert [name for one in folders if f"`{(name := one.relative_to(ROOT))}/`" not in told] == []


def rooms(package: str) -> list[Path]:
    """Return the __init__.py of every folder of a package, migrations left out."""
    found = (ROOT / package).glob("*/**/__init__.py")
    return [path for path in found if "migrations" not in path.parts]


def drawn(part: str) -> list[set[str]]:
    """Return the steps of the ladder, from the top, as one part of the picture shows them."""
    page = (ROOT / "ARCHITECTURE.md").read_text("utf-8")
    inside = re.search(rf"^    subgraph {part}\n(.*?)^    end$", page, re.MULTILINE | re.DOTALL)
    assert inside is not None
    labels = dict(re.findall(r"(\w+)\[(\w+)\]", inside[1]))
    steps: list[set[str]] = []
    for line in inside[1].splitlines():
        for step in line.split("-->"):
            ids = re.findall(r"(\w+)(?:\[\w+\])?", step)
            names = {labels.get(name, name) for name in ids}
            if [names] != steps[-1:]:
                steps.append(names)
    return steps


@pytest.mark.parametrize("package", ["consent", "media_index"])
def test_the_picture_is_the_ladder_that_is_held(package: str):
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))
    (ladder,) = [
        contract["layers"]
        for contract in project["tool"]["importlinter"]["contracts"]
        if contract["id"] == package
    ]
    steps = [{name.strip() for name in step.split("|")} for step in ladder]

    # The command is drawn as a door, beside the pages.
    assert drawn(package) == [step for step in steps if step != {"cli"}]


def test_the_newest_section_of_the_changelog_is_this_version():
    page = (ROOT / "CHANGELOG.md").read_text("utf-8")
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    first, second, *_ = re.findall(r"^## \[(.+?)\](.*)$", page, re.MULTILINE)

    assert first == ("Unreleased", "")
    assert second[0] == project["version"]
    assert re.fullmatch(r" - \d{4}-\d\d-\d\d", second[1])
