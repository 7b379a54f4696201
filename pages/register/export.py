"""The register as a file, for those whose role allows it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import streamlit as st

from consent.cases.export import export_register
from consent.domain.limits import NOTE
from pages.ui.errors import show_errors

if TYPE_CHECKING:
    from consent.cases.search import RegisterQuery
    from consent.domain.actors import Actor
    from consent.services import Services


def offer_export(services: Services, query: RegisterQuery, count: int, actor: Actor) -> None:
    """Offer the cases that are listed as CSV; say nothing to roles that may not export."""
    if actor.role not in services.policy.may_export:
        return
    if st.button("Export as CSV", icon=":material/download:", key="register-export"):
        _export(services, query, count, actor)


@st.dialog("Export the register")
def _export(services: Services, query: RegisterQuery, count: int, actor: Actor) -> None:
    cases = "1 case" if count == 1 else f"{count:,} cases"
    st.markdown(f"{cases}, as listed. The reason is kept in the log, under your name.")
    reason = st.text_input(
        "What is the export for?",
        max_chars=NOTE,
        placeholder="Open-records request 2026-17",
        key="export-reason",
    )
    if not st.button("Make the file", type="primary", key="export-make"):
        return
    with show_errors():
        content = export_register(services, query, reason, actor)
        st.download_button(
            "Save the file",
            # With a byte-order mark: spreadsheets take a file without one for another encoding.
            content.encode("utf-8-sig"),
            file_name=f"register-{services.today():%Y-%m-%d}.csv",
            mime="text/csv",
            icon=":material/download:",
            on_click="ignore",
        )
