"""Links to the page of a case, from any screen."""

from __future__ import annotations

import streamlit as st

# In the address, so that a link to a case works, and a reload finds it again.
CASE = "case"


def show_link(label: str, words: str, icon: str | None = None) -> None:
    """Show a link to a case."""
    # Streamlit finds a page by its address; the one of pages.register is what the navigation runs.
    there = st.Page(_elsewhere, title="Case", url_path=CASE, visibility="hidden")
    st.page_link(there, label=words, icon=icon, query_params={CASE: label})


def _elsewhere() -> None:
    """Stand for the page of a case, which has this address."""
