"""What every page looks like: style, text as it is, rows of cards, page by page, several views."""

from __future__ import annotations

import math
import re
from collections.abc import Iterator, Sequence
from html import escape
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
# Letters of a library's name beside each other, in the width of the menu.
_ONE_LINE = 14
# Long lines are hard to read, and pictures beside short words look lost on a wide screen.
_STYLE = """
<style>
/* Streamlit's own captions stand out 4.1 to 1 (streamlit/streamlit: caption opacity). */
[data-testid="stCaptionContainer"] { opacity: .8; }
:focus-visible, [data-testid="stSidebarNavLink"]:focus-visible {
  outline: 3px solid #175c82 !important; outline-offset: 2px;
}
#stMain:focus-visible { outline-offset: -3px; }
@media (prefers-color-scheme: dark) {
  :focus-visible, [data-testid="stSidebarNavLink"]:focus-visible {
    outline-color: #8cc8ef !important;
  }
  /* White on a button, and on the dark behind it: no blue is light and dark enough for both. */
  button[data-selected="true"] p, button[kind="pillsActive"] p { color: #cfe7f8; }
  .stMarkdownColoredText[style*="rgb(45, 124, 171)"] { color: #8cc8ef !important; }
  [data-testid="stSliderThumbValue"] * { color: #8cc8ef; }
}
/* On paper: what is known, without what is pressed. */
@media print {
  [data-testid="stSidebar"], [data-testid="stHeader"], [data-testid="stPopover"],
  [data-testid="stButton"], [data-testid="stDownloadButton"], [data-testid="stFileUploader"],
  [data-testid="stElementToolbar"], [data-testid="stFormSubmitButton"], .stButtonGroup,
  [href="#stMain"] { display: none !important; }
  html, body, #root, .stApp, [data-testid="stAppViewContainer"], [data-testid="stMain"] {
    position: static !important; display: block !important; height: auto !important;
    overflow: visible !important; background: #fff !important; color: #000 !important;
  }
  .stMainBlockContainer { max-width: none; padding: 0; }
  [data-testid="stMain"] * {
    color: #000 !important; background-color: transparent !important; overflow: visible !important;
  }
  .stMarkdownBadge, [data-testid="stAlertContainer"] { border: 1px solid #000; }
  .stMainBlockContainer::before { content: var(--library); font-weight: 600; }
  [data-testid="stHorizontalBlock"] { flex-wrap: wrap; }
  h1, h2, h3 { break-after: avoid; }
  [data-testid="stImage"], tr { break-inside: avoid; }
}
/* Keys that are turned off are not shown. */
[data-keys="off"] [data-has-shortcut="true"] > :last-child:not(:only-child) { display: none; }
.likeness-keys {
  font: inherit; max-width: 30rem; padding: 1.5rem; border: 1px solid #80848f; border-radius: .5rem;
  background: #fff; color: #23252e;
}
.likeness-keys h2 { font-size: 1.25rem; margin: 0 0 1rem; padding: 0; }
.likeness-keys dl > div { display: flex; gap: 1rem; margin: .4rem 0; }
.likeness-keys dt { min-width: 4rem; }
.likeness-keys dd { margin: 0; }
.likeness-keys kbd { border: 1px solid #80848f; border-radius: .3rem; padding: .1rem .5rem; }
.likeness-keys label { display: block; margin: 1rem 0; }
.likeness-keys button, .stHtml button {
  font: inherit; padding: .25rem .75rem; background: transparent; color: inherit;
  border: 1px solid #80848f; border-radius: .5rem; cursor: pointer; min-height: 2.25rem;
}
@media (prefers-color-scheme: dark) { .likeness-keys { background: #1d232b; color: #f2f4f7; } }
.stMainBlockContainer { max-width: 82rem; padding-top: 3.25rem; padding-bottom: 3rem; }
[data-testid="stImage"] img { border-radius: .4rem; }
/* Markdown has no table without a head. */
.stMarkdown thead:not(:has(th:not(:empty))) { display: none; }
.stMarkdown:has(table) { overflow-x: auto; }
.stMarkdown td { overflow-wrap: anywhere; min-width: 2.5rem; }
/* Both faces of a pair must be on the screen at once. */
.st-key-review-pair [data-testid="stImage"] img {
  max-height: min(27rem, 60vh); object-fit: contain; object-position: top;
}
@media (max-width: 800px) {
  /* Beside each other on a phone, and where letters are at 200 %, with the answers below. */
  .st-key-review-pair > * > [data-testid="stHorizontalBlock"]:has(> :nth-child(3)) {
    flex-flow: row wrap;
  }
  .st-key-review-pair > * > [data-testid="stHorizontalBlock"]
  > :nth-child(-n+2):nth-last-child(n+2) {
    flex: 1 1 40% !important; min-width: 0 !important; width: 0 !important;
  }
  .st-key-review-pair > * > [data-testid="stHorizontalBlock"] > :nth-child(3) {
    flex: 1 1 100% !important;
  }
}
/* What only the browser works with takes no room. */
[data-testid="stElementContainer"]:is(.st-key-shell, .st-key-signed-in) { position: absolute; }
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
/* Streamlit cuts what does not fit on one line of a badge. */
.stMarkdownBadge { white-space: normal !important; overflow: visible !important; }
/* For thumbs, at an event. */
.st-key-asking button { min-height: 3rem; min-width: 3rem; }
.st-key-asking [data-testid="stElementToolbar"] { display: none; }
/* What is tapped cannot be shrunk: in a window that is narrower, it is moved. */
.st-key-asking [data-testid="stVegaLiteChart"] { overflow-x: auto; }
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


_shell = st.components.v2.component(
    "likeness.shell", js=Path(__file__).with_name("shell.js").read_text(encoding="utf-8")
)


def apply(library: str = "", logo: bytes = b"") -> None:
    """Have the page look as all do, and the browser do what all need.

    Args:
        library: its name; empty where nobody is known to act.
        logo: its picture; without one its name stands there.
    """
    st.html(_STYLE)
    _shell(key="shell", data={"library": library})
    if library:
        st.logo(logo or _lettered(library), size="large")


def _lettered(library: str) -> str:
    """Return the name of a library as a drawing, on two lines if it is long."""
    words, lines = library.split(), [library]
    if len(library) > _ONE_LINE and len(words) > 1:
        both = [(" ".join(words[:cut]), " ".join(words[cut:])) for cut in range(1, len(words))]
        lines = list(min(both, key=lambda parts: max(map(len, parts))))
    size = 15 if len(lines) > 1 else 20
    width = round(max(map(len, lines)) * size * 0.58) + 4
    drawn = "".join(
        f'<text x="0" y="{(place + 1) * 32 / len(lines) - size * 0.25:.1f}">{escape(line)}</text>'
        for place, line in enumerate(lines)
    )
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{width}" height="32" '
        f'viewBox="0 0 {width} 32"><style>text{{font:600 {size}px sans-serif;fill:#23252e}}'
        "@media (prefers-color-scheme:dark){text{fill:#f2f4f7}}</style>"
        f"{drawn}</svg>"
    )


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
    """Ask which view of a page is shown, at first the first.

    The address names it, by the key: a reload, and the way back, find it again. Not by Streamlit's
    own binding, which puts a step of its own on the way back from where a link leads.
    """
    first = default or views[0]
    named, followed = st.query_params.get(key, first), f"{key}-followed"
    if key not in st.session_state or named != st.session_state.get(followed, first):
        st.session_state[key] = named if named in views else first
    chosen = st.segmented_control(
        "Show", views, required=True, label_visibility="collapsed", key=key
    )
    chosen = chosen or first
    if chosen == first:
        st.query_params.pop(key, None)
    else:
        st.query_params[key] = chosen
    st.session_state[followed] = chosen
    return chosen
