"""Each page has its help, and says nothing of pages that are not there."""

from __future__ import annotations

import re
import tomllib

from consent.settings import ROOT

HELP = tomllib.loads((ROOT / "data" / "texts" / "help.toml").read_text(encoding="utf-8"))


def test_every_page_has_a_help():
    """By its title: what the menu calls it stands above the page."""
    app = (ROOT / "app.py").read_text(encoding="utf-8")
    titles = set(re.findall(r'\.page, "([^"]+)"', app))

    assert len(titles) >= 12
    assert set(HELP) == titles | {"Case"}
    assert all(said["for"] and said["steps"] for said in HELP.values())
