"""What every page looks like: style, text as it is, cards, page by page, views, links."""

from __future__ import annotations

import math
import re
from collections.abc import Iterator, Mapping, Sequence
from html import escape
from pathlib import Path
from typing import TypeVar

import streamlit as st
from streamlit.components.v2.types import ComponentRenderer
from streamlit.delta_generator import DeltaGenerator
from streamlit.navigation.page import StreamlitPage

from consent.domain.typed_texts import without_turning

_T = TypeVar("_T")

# A drawing of our own, as a file: for a Material icon in the tab the browser would ask Google.
ICON = Path(__file__).with_name("icon.png")
# Pixels: a pair of faces and its answers must fit beside it on a small laptop.
MENU_WIDTH = 220
# Letters of a library's name beside each other, in the width of the menu.
_ONE_LINE = 14
_STYLE = f"<style>{Path(__file__).with_name('look.css').read_text(encoding='utf-8')}</style>"
# Whatever markdown or Streamlit's own directives could take for markup.
_MARKUP = re.compile(r"([\\`*_{}\[\]()#+\-.!|<>~:$&])")
# In the address, so that a link to a case works, and a reload finds it again.
CASE, PIECE, TAKEDOWN = "case", "piece", "takedown"


def from_files(script: Path) -> ComponentRenderer:
    """Return the part of a script, with the HTML and the style of the same name, if it has them.

    All of it is sent with the page: nothing is fetched from anywhere.
    """

    def read(kind: str) -> str | None:
        file = script.with_suffix(f".{kind}")
        return file.read_text(encoding="utf-8") if file.exists() else None

    return st.components.v2.component(
        f"likeness.{script.stem}", html=read("html"), css=read("css"), js=read("js")
    )


def wanted() -> None:
    """Say that a value is wanted: Streamlit keeps one only if somebody asks for it."""


_shell = from_files(Path(__file__).with_name("shell.js"))


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


def show_link(
    address: str, words: str, icon: str | None = None, about: Mapping[str, str] | None = None
) -> None:
    """Show a link to a page, or to what its address names there."""
    st.page_link(_page_at(address), label=words, icon=icon, query_params=dict(about or {}))


def show_case_link(label: str, words: str, icon: str | None = None) -> None:
    """Show a link to a case."""
    show_link(CASE, words, icon, {CASE: label})


def show_piece_link(label: str, words: str, icon: str | None = None) -> None:
    """Show a link to a print piece."""
    show_link("print", words, icon, {PIECE: label})


def show_takedown_link(label: str, words: str, icon: str | None = None) -> None:
    """Show a link to a takedown."""
    show_link("takedowns", words, icon, {TAKEDOWN: label})


def go_to(address: str, query: Mapping[str, str] | None = None) -> None:
    """Go to a page by its address."""
    st.switch_page(_page_at(address), query_params=dict(query or {}))


def _page_at(address: str) -> StreamlitPage:
    """Return what stands for a page: Streamlit finds by the address what app.py has there."""
    return st.Page(_elsewhere, title=address, url_path=address, visibility="hidden")


def _elsewhere() -> None:
    """Stand for the page; the navigation runs the one of app.py."""
