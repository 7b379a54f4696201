"""What a revocation covers."""

from __future__ import annotations

from typing import TYPE_CHECKING

import streamlit as st

from consent.cases.intake import scope_from_text
from consent.domain.channels import ChannelKind
from pages.ui.errors import show_errors

if TYPE_CHECKING:
    from consent.domain.terms import Scope
    from consent.services import Services
    from pages.desk.draft import Draft


def ask_scope(services: Services, draft: Draft) -> Scope | None:
    """Ask what is covered; return None while nothing is chosen."""
    st.subheader("What it covers", anchor=False)
    everything = st.radio(
        "Uses",
        [True, False],
        format_func=lambda every: "All uses" if every else "Only some",
        horizontal=True,
        label_visibility="collapsed",
        key=draft.key("everything"),
        persist_state="session",
    )
    if everything:
        return scope_from_text(services, "all")
    kinds = st.pills(
        "Kinds of use",
        list(ChannelKind),
        selection_mode="multi",
        format_func=lambda kind: kind.whole,
        key=draft.key("kinds"),
        persist_state="session",
    )
    channels = st.multiselect(
        "Single channels",
        services.policy.channels,
        format_func=lambda channel: channel.label,
        placeholder="Choose channels",
        key=draft.key("channels"),
        persist_state="session",
    )
    named = [*(kind.value for kind in kinds), *(channel.id for channel in channels)]
    if not named:
        st.caption("Choose what it covers, or all uses.")
        return None
    with show_errors():
        return scope_from_text(services, ",".join(named))
    return None
