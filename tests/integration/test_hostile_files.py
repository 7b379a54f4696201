"""A few of the hostile files of tools/measure_hostile.py: a result or a named problem each."""

from __future__ import annotations

import importlib.util
import sys
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType

import pytest

from consent.settings import ROOT

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="memory is read from /proc")
CHEAP = (
    "of 3,600 megapixels.png",
    "a text of 1 GB.png",
    "pictures in a circle.tif",
    "EXIF inside itself.jpg",
    "of 3,600 megapixels by its box.heic",
    "a fax of 3,600 megapixels.pdf",
    "a form in itself.pdf",
    "a table of sectors without end.doc",
    "20,000 parts inside one another.eml",
    "an entity of 1 GB.xlsx",
)


@pytest.fixture(scope="module")
def tool() -> Iterator[ModuleType]:
    """The tool, which imports a module beside it."""
    path = list(sys.path)
    spec = importlib.util.spec_from_file_location("measured", ROOT / "tools/measure_hostile.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules["measured"] = module
    spec.loader.exec_module(module)
    yield module
    del sys.modules["measured"]
    sys.path[:] = path


@pytest.mark.parametrize("damaged", [12, pytest.param(36, marks=pytest.mark.slow)])
def test_every_file_gives_a_result_or_a_named_problem(
    tool: ModuleType, weights: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, damaged: int
) -> None:
    monkeypatch.setenv("LIKENESS_HOME", str(weights.parent))
    files = [*tool.damaged(damaged, seed=3), *tool.bombs(CHEAP)]
    outcomes = list(tool.run(files, tmp_path))
    assert [f"{outcome.file.name}: {outcome.wrong}" for outcome in outcomes if outcome.wrong] == []
    assert len(outcomes) == damaged + len(CHEAP)
    # Some are looked at all the same; what is damaged is said to be, with what to do.
    problems = [outcome.said for outcome in outcomes if not outcome.is_result]
    assert len(outcomes) * 2 // 5 < len(problems) < len(outcomes)
    assert all(problem.isprintable() and len(problem) > 20 for problem in problems)
