"""Status: what is there, and what is missing."""

from __future__ import annotations

import streamlit as st

from consent.status import read_status
from pages.admin.encoder import offer_encoder
from pages.ui import backend, guard
from pages.ui.errors import show_errors_last
from pages.ui.look import literal


def page() -> None:
    """Show the page."""
    actor = guard.signed_in()
    services = backend.services()
    guard.heading("Status", actor)
    with show_errors_last():
        status = read_status(services)
    for title, rows in status.sections():
        if rows:
            st.subheader(title, anchor=False)
            st.markdown(_table(rows))
    if status.encoder is not None:
        offer_encoder(services, status.encoder, actor)


def _table(rows: list[tuple[str, str]]) -> str:
    lines = [f"| {literal(_named(name))} | {literal(value)} |" for name, value in rows]
    return "\n".join(["| | |", "|:--|:--|", *lines])


def _named(name: str) -> str:
    """Begin a name like a sentence; settings and files keep theirs."""
    return name if "." in name or "_" in name else name[:1].upper() + name[1:]
