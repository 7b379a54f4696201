"""What every page looks like, beyond the theme."""

from __future__ import annotations

import re
from pathlib import Path

import streamlit as st

# A drawing of our own, as a file: for a Material icon in the tab the browser would ask Google.
ICON = Path(__file__).with_name("icon.png")
# Long lines are hard to read, and pictures beside short words look lost on a wide screen.
_STYLE = """
<style>
.stMainBlockContainer { max-width: 82rem; padding-top: 4.5rem; padding-bottom: 3rem; }
[data-testid="stImage"] img { border-radius: .4rem; }
/* Markdown has no table without a head. */
.stMarkdown thead { display: none; }
/* Both faces of a pair must be on the screen at once. */
.st-key-review-pair [data-testid="stImage"] img { max-height: 27rem; object-fit: contain; }
/* For thumbs, at an event. */
.st-key-asking button { min-height: 3rem; min-width: 3rem; }
/* A screenshot of a phone is no reason for a card of two screens' height. */
[class*="st-key-gallery"] [data-testid="stImage"] img {
  max-height: 21rem; object-fit: contain; object-position: left top;
}
</style>
"""
# Whatever markdown or Streamlit's own directives could take for markup.
_MARKUP = re.compile(r"([\\`*_{}\[\]()#+\-.!|<>~:$&])")


def apply() -> None:
    """Set the width of the page."""
    st.html(_STYLE)


def literal(text: str) -> str:
    """Return text so that markdown shows it as it is: file names are anybody's text."""
    return _MARKUP.sub(r"\\\1", text)
