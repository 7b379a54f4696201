"""The documents are held to the table of limits, and to the policy that ships."""

from __future__ import annotations

import copy
import importlib.util
import re
from datetime import date
from typing import Any

import pytest

from consent.settings import ROOT
from media_index import limits
from media_index.matching.calibration import shipped_calibration

MATCHING = (ROOT / "docs" / "matching.md").read_text("utf-8")
CARD = (ROOT / "docs" / "model-card.md").read_text("utf-8")


def _tool():
    path = ROOT / "tools" / "document_limits.py"
    spec = importlib.util.spec_from_file_location("document_limits", path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


TOOL = _tool()
TABLE = TOOL.limits()
EVERY = [(group, name) for group, rows in TABLE.items() for name in rows]
# What the model card says of the limits of its day, and where.
ON_CARD = {
    ("detection", "score"): r"^\| detector \| .*, score ([\d.]+), looks at",
    ("detection", "sides"): r"^\| detector \| .* looks at (.*) px \|$",
    ("policy", "review_per_million"): r"^\| thresholds \| ([\d.]+) false matches per million",
    ("policy", "block_per_million"): r'^\| thresholds \| .*, ([\d.]+) for "do not use"',
    ("comparability", "recognizable_score"): r"^\| recognizable score \|.*\*\*([\d.]+)\*\*",
    ("comparability", "recognizable_px"): r"^\| recognizable px \|.*\*\*([\d.]+)\*\*",
    ("comparability", "recognizable_sharpness"): r"^\| recognizable sharp.*\*\*([\d.]+)\*\*",
    ("comparability", "comparable_px"): r"^\| comparable px \|.*\*\*([\d.]+)\*\*",
    ("comparability", "comparable_sharpness"): r"^\| comparable sharpness \|.*\*\*([\d.]+)\*\*",
    ("comparability", "comparable_norm"): r"^\| comparable length .*\*\*([\d.]+)\*\*",
    ("comparability", "comparable_yaw"): r"^\| comparable turn, degrees .*\*\*([\d.]+)\*\*",
}


def changed(group: str, name: str, since: date | None = None) -> dict[str, Any]:
    """The table with another value of one limit."""
    table = copy.deepcopy(TABLE)
    row = table[group][name]
    value = row["value"]
    row["value"] = [one + 1 for one in value] if isinstance(value, list) else value + 1
    row["since"] = since or row["since"]
    return table


def false_on_card(table: dict[str, Any]) -> list[str]:
    """What the model card says that does not hold; what was changed since is not on it."""
    day = re.search(r"^\| date \| (.*) \|$", CARD, re.MULTILINE)
    assert day is not None
    wrong = []
    for (group, name), where in ON_CARD.items():
        row = table[group][name]
        found = re.search(where, CARD, re.MULTILINE)
        if row["since"] <= date.fromisoformat(day[1]) and (
            found is None or found[1] != TOOL.said(row["value"])
        ):
            wrong.append(f"{name} is {TOOL.said(row['value'])}, and since {row['since']}")
    return wrong


def test_matching_md_is_as_the_limits_are():
    assert TOOL.renewed(MATCHING, TABLE) == MATCHING, (
        "docs/matching.md is not as the limits are: run python tools/document_limits.py"
    )


def test_the_model_card_is_as_the_limits_of_its_day_were():
    assert false_on_card(TABLE) == [], (
        "docs/model-card.md says otherwise: give a limit that is changed today's date (the policy, "
        "a new day on which it takes effect), or measure the card anew"
    )


@pytest.mark.parametrize(("group", "name"), EVERY)
def test_no_limit_changes_unseen(group: str, name: str):
    assert TOOL.renewed(MATCHING, changed(group, name)) != MATCHING


@pytest.mark.parametrize(("group", "name"), ON_CARD)
def test_a_limit_on_the_model_card_changes_only_with_a_later_date(group: str, name: str):
    seen = false_on_card(changed(group, name, date(2000, 1, 1)))
    assert any(said.startswith(f"{name} is ") for said in seen)

    later = false_on_card(changed(group, name, date(2100, 1, 1)))
    assert not any(said.startswith(f"{name} is ") for said in later)


def test_every_group_is_read_by_the_code():
    program = [path for room in ("consent", "media_index") for path in (ROOT / room).rglob("*.py")]
    sources = "".join(path.read_text("utf-8") for path in program)
    read = re.findall(r'\bgroup\(\w+, "(\w+)"\)', sources)

    assert sorted([*read, "shortcoming", "policy"]) == sorted(TABLE)
    assert TABLE["shortcoming"]["size_px"]["value"] == [limits.HARD.size_px, limits.HARDER.size_px]


def test_every_limit_says_what_it_is_about_since_when_and_from_where():
    for group, name in EVERY:
        row = TABLE[group][name]
        assert row.keys() == {"about", "value", "unit", "since", "source"}
        assert all(row[key] for key in ("about", "unit", "source"))
        assert isinstance(row["since"], date)


def test_the_calibration_on_the_card_is_the_one_that_ships():
    assert f"calibration `{shipped_calibration().id}`" in CARD
