"""A case amended: only what changes is asked for."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import streamlit as st

from consent.cases.change import amend
from consent.domain.limits import NOTE
from pages.register.amended import CHANGES, ask_changes
from pages.ui.dates import DATE_FORMAT, EARLIEST
from pages.ui.errors import show_errors

if TYPE_CHECKING:
    from consent.cases.view import CaseView
    from consent.domain.actors import Actor
    from consent.services import Services
    from pages.register.session import CaseDesk


def offer_amendment(services: Services, view: CaseView, desk: CaseDesk, actor: Actor) -> None:
    """Ask what changes, and for the writing where the policy wants one."""

    def key(name: str) -> str:
        return desk.key(view, f"amend-{name}")

    changes = st.pills(
        "What changes?",
        CHANGES,
        selection_mode="multi",
        key=key("what"),
        persist_state="page",
    )
    if not changes:
        st.caption("Choose what changes; all else stays as it is.")
        return
    change = ask_changes(services, view, desk, frozenset(changes), key)
    reason = st.text_input(
        "Why?",
        max_chars=NOTE,
        placeholder="Asked for print only",
        help="Kept in the history: name nobody.",
        key=key("reason"),
        persist_state="page",
    )
    effective_on = st.date_input(
        "From when (empty: today)",
        None,
        min_value=EARLIEST,
        key=key("effective-on"),
        persist_state="page",
        format=DATE_FORMAT,
    )
    if not st.button(
        "Amend the case",
        type="primary",
        icon=":material/check:",
        disabled=change is None,
        key=key("save"),
    ):
        return
    if change is not None:
        with show_errors():
            full = replace(change, reason=reason or "", effective_on=effective_on)
            amend(services, view.label, full, actor)
            desk.said = f"{view.label} is amended. Give the confirmation: it is among Papers."
            st.rerun()
