"""Status: what is there, and what is missing."""

from __future__ import annotations

import streamlit as st

from consent.status import read_status
from pages.ui import backend, guard
from pages.ui.errors import said_last
from pages.ui.look import literal


def page() -> None:
    """Show the page."""
    actor = guard.signed_in()
    services = backend.services()
    guard.heading("Status", actor)
    with said_last():
        status = read_status(services)
    for title, rows in status.sections():
        if not rows:
            continue
        st.subheader(title, anchor=False)
        for name, value in rows:
            left, right = st.columns([1, 3])
            left.markdown(literal(name))
            right.markdown(literal(value))
