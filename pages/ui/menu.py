"""Which pages stand in the menu of whoever is here, and links to them."""

from __future__ import annotations

from collections.abc import Mapping

import streamlit as st

from consent.access.menu import GROUPS as GROUPS  # noqa: PLC0414 - for the app
from consent.access.menu import HOME as HOME  # noqa: PLC0414 - for the app
from consent.access.menu import open_to
from pages.ui import backend, guard


def allowed() -> list[str]:
    """Return the addresses of the pages that whoever is here can use; none for nobody."""
    present = guard.who_is_here()
    return [] if present is None else open_to(present.actor, backend.services().policy)


def link(address: str, words: str, icon: str, about: Mapping[str, str] | None = None) -> None:
    """Show a link to a page, or to what its address names there."""
    # Streamlit finds a page by its address; what app.py has under it is what runs.
    page = st.Page(_elsewhere, title=words, url_path=address)
    st.page_link(page, label=words, icon=icon, query_params=dict(about or {}))


def _elsewhere() -> None:
    """Stand for the page of an address."""
