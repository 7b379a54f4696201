"""Rows of cards, many things page by page, and a page's several views."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, TypeVar

import streamlit as st

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from streamlit.delta_generator import DeltaGenerator

_T = TypeVar("_T")


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
