"""Links to pages, by their addresses."""

from __future__ import annotations

from collections.abc import Mapping

import streamlit as st
from streamlit.navigation.page import StreamlitPage

# In the address, so that a link to a case works, and a reload finds it again.
CASE, PIECE, TAKEDOWN = "case", "piece", "takedown"


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
