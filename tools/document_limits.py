"""Write the tables of limits into docs/matching.md: python tools/document_limits.py.

What people have written between the tables stays. The limits are those of media_index/limits.toml,
and of data/policy.toml what is said of faces.
"""

from __future__ import annotations

import re
import sys
import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

# By group and name; see limits.toml.
Table = Mapping[str, Mapping[str, Mapping[str, Any]]]

ROOT = Path(__file__).resolve().parent.parent
PAGE = ROOT / "docs" / "matching.md"
LIMITS = ROOT / "media_index" / "limits.toml"
POLICY = ROOT / "data" / "policy.toml"
_BLOCK = re.compile(r"<!-- limits: (?P<name>\w+) -->\n.*?<!-- end -->\n", re.DOTALL)
# What the library decides: by name in [matching], what it is about, and its unit.
_STRANGERS = "in a million strangers look this much alike"
_DECIDED = {
    "review_per_million": ("a person must look from", _STRANGERS),
    "block_per_million": ('"do not use" from', _STRANGERS),
    "adult_years": (
        "adults: the band widens if photo and reference are apart by more than",
        "years",
    ),
    "adult_widening": ("adults: for each further year", "times as many strangers are let through"),
    "minor_years": ("children: the band widens if they are apart by more than", "year"),
    "minor_widening": (
        "children: for each further year",
        "times as many strangers are let through",
    ),
    "tolerable_flags": (
        "the program warns that people must look at too many photos above",
        "of 100 photos of strangers",
    ),
}


def limits() -> dict[str, dict[str, dict[str, Any]]]:
    """Return all limits, those of the policy as the group "policy"."""
    table = tomllib.loads(LIMITS.read_text("utf-8"))
    policy = tomllib.loads(POLICY.read_text("utf-8"))
    table["policy"] = {
        name: {
            "about": about,
            "value": policy["matching"][name],
            "unit": unit,
            "since": policy["policy"]["effective"],
            "source": "the library's policy",
        }
        for name, (about, unit) in _DECIDED.items()
    }
    return table


def said(value: float | list[float]) -> str:
    """Return a number, or several, as people write them."""
    if isinstance(value, list):
        *first, last = map(said, value)
        return f"{', '.join(first)} and {last}"
    return f"{value:,.10g}"


def table_of(rows: Mapping[str, Mapping[str, Any]]) -> str:
    """Return a group of limits as a table; of shortcomings there are two each."""
    two = all(isinstance(row["value"], list) for row in rows.values())
    heads = ["", *(["poor", "very poor", ""] if two else ["limit"]), "since", "by, or from"]
    lines = [f"| {' | '.join(heads)} |", f"|{'---|' * len(heads)}"]
    for name, row in rows.items():
        cells = [f"{row['about']} (`{name}`)"]
        if two:
            cells += [*map(said, row["value"]), row["unit"]]
        else:
            cells += [f"{said(row['value'])} {row['unit']}"]
        lines.append(f"| {' | '.join([*cells, str(row['since']), row['source']])} |")
    return "\n".join(lines)


def renewed(page: str, table: Table) -> str:
    """Return the page with every table of limits as it is now.

    A group that is new is put at the end, for people to write around it.

    Raises:
        KeyError: the page asks for a group that is not there.
    """
    shown = {block["name"] for block in _BLOCK.finditer(page)}
    for name in table:
        if name not in shown:
            title = name.replace("_", " ").capitalize()
            page += f"\n## {title}\n\n<!-- limits: {name} -->\n<!-- end -->\n"
    return _BLOCK.sub(
        lambda block: (
            f"<!-- limits: {block['name']} -->\n{table_of(table[block['name']])}\n<!-- end -->\n"
        ),
        page,
    )


if __name__ == "__main__":
    PAGE.write_text(renewed(PAGE.read_text("utf-8"), limits()), "utf-8")
    sys.stdout.write(f"{PAGE.relative_to(ROOT)} is up to date with the limits.\n")
