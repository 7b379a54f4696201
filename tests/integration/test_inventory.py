"""Whatever is kept is listed, with what becomes of it."""

from __future__ import annotations

import ast
import importlib.util
import re

import pytest
from sqlmodel import SQLModel

from consent.retention.inventory import CACHES, FOLDERS, TABLES, Fate
from consent.services import Services
from consent.settings import ROOT, Settings
from consent.storage.log import LOGGED

WHAT_TO_DO = (
    "Is not listed in consent/retention/inventory.py. Add it there under the fate it has: STAYS if "
    "it says nothing of a person, FACE if it goes with `likeness erase --face` (erase it in "
    "consent/retention/erase.py), DISPOSED if with the case (consent/retention/dispose.py), "
    "PURGED if it has a term (consent/retention/purge.py), DERIVED if it is made again."
)

KEEPING = {"cache", "lru_cache"}


@pytest.mark.parametrize("table", [*SQLModel.metadata.tables])
def test_every_column_has_a_fate(table: str) -> None:
    there = set(SQLModel.metadata.tables[table].columns.keys())
    named = {column.name for column in SQLModel.metadata.tables[table].columns}
    assert table in TABLES, f"The table {table}: {WHAT_TO_DO}"
    listed = TABLES[table].fates()
    assert named - set(listed) == set(), f"In the table {table}: {WHAT_TO_DO}"
    assert set(listed) - named == set(), f"{table} has no such columns any more: {there}"


def test_nothing_is_listed_that_is_gone() -> None:
    assert set(TABLES) == {*SQLModel.metadata.tables, "alembic_version"}
    assert {"person_event", "clearance"} <= LOGGED <= set(TABLES)


def test_every_folder_has_a_fate(services: Services) -> None:
    folders = {
        value.name
        for name in vars(Settings)
        if isinstance(getattr(Settings, name, None), property)
        and (value := getattr(services.settings, name)) is not None
        and hasattr(value, "name")
        and value.parent == services.settings.home
    }
    assert {"vault", "thumbnails", "uploads"} <= folders
    there = {path.name for path in services.settings.home.iterdir()}
    assert (folders | there) - set(FOLDERS) == set(), f"In the data home: {WHAT_TO_DO}"


def test_every_cache_of_a_process_has_a_fate() -> None:
    sources = [path.read_text() for path in (ROOT / "consent").rglob("*.py")]
    kept = {name for text in sources for name in re.findall(r"memory\.of\((\w+)\)", text)}
    kept |= {name for text in sources for name in _keep_texts(text)}
    assert kept == set(CACHES), WHAT_TO_DO


def _keep_texts(source: str) -> list[str]:
    """Return the functions that remember the texts they are given, which may be names."""
    return [
        found.name
        for found in ast.walk(ast.parse(source))
        if isinstance(found, ast.FunctionDef)
        and any(ast.unparse(how).partition("(")[0] in KEEPING for how in found.decorator_list)
        and any("str" in ast.unparse(given.annotation or given) for given in found.args.args)
    ]


def test_each_fate_is_one_of_something() -> None:
    fates = {fate for kept in TABLES.values() for fate in kept.columns}
    assert fates == set(Fate)


def test_the_document_says_the_same() -> None:
    spec = importlib.util.spec_from_file_location(
        "document_retention", ROOT / "tools" / "document_retention.py"
    )
    assert spec is not None
    assert spec.loader is not None
    tool = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(tool)
    text = (ROOT / "docs" / "retention.md").read_text(encoding="utf-8")
    assert tool.page(text) == text, "run python tools/document_retention.py"
