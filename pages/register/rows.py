"""Cases in a list: each a row that leads to its page."""

from __future__ import annotations

from typing import TYPE_CHECKING

import streamlit as st

from consent.domain.cases import State
from consent.domain.channels import ChannelKind
from pages.ui.dates import short_day
from pages.ui.look import literal
from pages.ui.states import safety_badge, state_badge

if TYPE_CHECKING:
    from collections.abc import Sequence

    from streamlit.navigation.page import Page

    from consent.cases.search import RegisterEntry
    from consent.domain.policy import Policy
    from consent.domain.terms import Scope

_ENDS = {State.HELD: "Lapses", State.LAPSED: "Lapsed", State.ENDED: "Ended after"}


def show_rows(entries: Sequence[RegisterEntry], policy: Policy, case_page: Page) -> None:
    """Show cases, a row each."""
    for entry in entries:
        label = entry.case.label
        with st.container(border=True, key=f"register-row-{label}"):
            number, who, state, covers, when = st.columns(
                [1.3, 2.4, 2, 3, 2.6], vertical_alignment="center", gap="small"
            )
            number.page_link(
                case_page, label=f":primary[**{label}**]", query_params={"case": label}
            )
            who.markdown(literal(entry.name) if entry.name else ":gray[Name withheld]")
            with state.container(gap="xxsmall"):
                state_badge(entry.state)
                if entry.terms.safety:
                    safety_badge()
            covers.markdown(literal(short_scope(entry.terms.scope, policy)))
            when.caption("  \n".join(_when(entry)))


def short_scope(scope: Scope, policy: Policy) -> str:
    """Say in a few words what a scope covers."""
    if scope.all_channels:
        uses = "All uses"
    else:
        named = [kind.whole.lower() for kind in ChannelKind if kind in scope.kinds]
        named += [one.label for one in policy.channels if one.id in scope.channels]
        uses = ", ".join(named) or "No use"
    limits = []
    if events := len(scope.event_ids):
        limits.append("one event" if events == 1 else f"{events} events")
    if photos := len(scope.photo_ids):
        limits.append("one photo" if photos == 1 else f"{photos} photos")
    return f"{uses[:1].upper()}{uses[1:]}" + (f", {' and '.join(limits)} only" if limits else "")


def _when(entry: RegisterEntry) -> list[str]:
    receipt = entry.case.receipt
    at = f", {literal(receipt.branch)}" if receipt.branch else ""
    lines = [f"Received {short_day(receipt.on)}{at}"]
    if entry.ends_on is not None:
        lines.append(f"{_ENDS.get(entry.state, 'Ends after')} {short_day(entry.ends_on)}")
    return lines
