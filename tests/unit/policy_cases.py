"""The policy that ships, changed in one place, and where a line of it stands."""

from __future__ import annotations

import tomllib

from consent.settings import ROOT

SHIPPED = ROOT / "data" / "policy.toml"
TEXT = SHIPPED.read_text(encoding="utf-8")
# A library raises the version whenever it changes anything; no test may stand in the way.
VERSION = tomllib.loads(TEXT)["policy"]["version"]
VERSION_LINE = f'version = "{VERSION}"'


def line_of(text: str, start: str, place: int = 0) -> int:
    """Return the number of the line that starts so, from 1."""
    found = [number for number, line in enumerate(text.splitlines(), 1) if line.startswith(start)]
    return found[place]


def changed(old: str, new: str) -> str:
    """Return the policy with the first of something replaced."""
    assert old in TEXT
    return TEXT.replace(old, new, 1)
