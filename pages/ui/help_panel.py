"""What the button "Help" says on each page: read once, from data/texts/help.toml."""

from __future__ import annotations

import tomllib
from functools import cache
from typing import Any

import streamlit as st

from consent.settings import ROOT
from pages.ui.look import literal

_TEXTS = ROOT / "data" / "texts" / "help.toml"


def offer(title: str) -> None:
    """Offer the help of a page, by its title."""
    said = _said().get(title.partition(" R-")[0])
    if said is None:
        return
    with st.popover("Help", icon=":material/help:"):
        st.markdown(f"**{literal(said['for'])}**")
        st.markdown("\n".join(f"1. {literal(step)}" for step in said["steps"]))


@cache
def _said() -> dict[str, Any]:
    return tomllib.loads(_TEXTS.read_text(encoding="utf-8"))
