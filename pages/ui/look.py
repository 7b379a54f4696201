"""What every page looks like: style, text as it is, rows of cards, page by page, several views."""

from __future__ import annotations

import math
import re
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TypeVar

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from consent.domain.typed_texts import without_turning

_T = TypeVar("_T")

# A drawing of our own, as a file: for a Material icon in the tab the browser would ask Google.
ICON = Path(__file__).with_name("icon.png")
# Pixels: a pair of faces and its answers must fit beside it on a small laptop.
MENU_WIDTH = 220
# Long lines are hard to read, and pictures beside short words look lost on a wide screen.
_STYLE = """
<style>
.stMainBlockContainer { max-width: 82rem; padding-top: 3.5rem; padding-bottom: 3rem; }
[data-testid="stImage"] img { border-radius: .4rem; }
/* Markdown has no table without a head. */
.stMarkdown thead { display: none; }
/* Both faces of a pair must be on the screen at once. */
.st-key-review-pair [data-testid="stImage"] img { max-height: 27rem; object-fit: contain; }
@media (max-width: 640px) {
  /* One above the other, with the answers. */
  .st-key-review-pair [data-testid="stImage"] img { max-height: 12rem; object-position: left; }
}
/* What is asked below it must be on the screen, too. */
.st-key-faces-photo [data-testid="stImage"] img { max-height: 19rem; object-fit: contain; }
.stHtml a { color: inherit; }
/* What people come for most, to be seen at once; the first of it is a button like any. */
.st-key-home-work a {
  border: 1px solid #80848f; border-radius: .5rem; padding: .5rem .9rem; min-height: 2.75rem;
}
.st-key-home-work [data-testid="stElementContainer"]:first-child a { background: #175c82; }
.st-key-home-work [data-testid="stElementContainer"]:first-child a * { color: #fff; }
.stHtml form[action="/sign-out"] { margin: 1rem 0 0; }
.stHtml form[action="/sign-out"] button {
  font: inherit; padding: .25rem .75rem; background: transparent; color: inherit;
  border: 1px solid rgba(49, 51, 63, .4); border-radius: .5rem; cursor: pointer;
}
/* For thumbs, at an event. */
.st-key-asking button { min-height: 3rem; min-width: 3rem; }
.st-key-asking [data-testid="stElementToolbar"] { display: none; }
/* Two dozen photos and more belong on a laptop's screen: what stands above them is low. */
.st-key-check-result button, .st-key-check-result [data-baseweb="select"] > div,
.st-key-check-result [data-baseweb="input"] {
  min-height: 2rem; padding-top: 0; padding-bottom: 0;
}
.st-key-check-result [data-testid="stTextInputRootElement"] { height: 2rem; min-height: 2rem; }
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
    return _MARKUP.sub(r"\\\1", without_turning(text))


def in_columns(items: Sequence[_T], count: int) -> Iterator[tuple[DeltaGenerator, _T]]:
    """Yield each thing with its column, so many in a row."""
    for start in range(0, len(items), count):
        yield from zip(st.columns(count), items[start : start + count], strict=False)


def in_cards(items: Sequence[_T], count: int) -> Iterator[tuple[DeltaGenerator, _T]]:
    """Yield each thing with a card for it, so many in a row."""
    for column, item in in_columns(items, count):
        yield column.container(border=True, height="stretch"), item


def one_page(items: Sequence[_T], count: int, key: str) -> Sequence[_T]:
    """Return the things of one page, and offer the other pages if there are more.

    What shows them stands above, in a container that was made before.
    """
    number, pages = 1, math.ceil(len(items) / count)
    if pages > 1:
        with st.container(horizontal_alignment="center"):
            number = st.pagination(pages, key=key)
    return items[(number - 1) * count : number * count]


def choose_view(views: Sequence[str], key: str, default: str | None = None) -> str:
    """Ask which view of a page is shown, at first the first."""
    return st.segmented_control(
        "Show",
        views,
        default=default or views[0],
        required=True,
        label_visibility="collapsed",
        key=key,
    )
