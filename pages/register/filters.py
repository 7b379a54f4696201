"""What to look for in the register."""

from __future__ import annotations

from typing import TYPE_CHECKING

import streamlit as st

from consent.cases.search import RegisterQuery
from consent.domain.cases import State
from consent.domain.channels import ChannelKind
from consent.domain.limits import NAME
from pages.ui.dates import DATE_FORMAT, EARLIEST
from pages.ui.states import state_words

if TYPE_CHECKING:
    from datetime import date

    from streamlit.delta_generator import DeltaGenerator

    from consent.cases.view import RegisterOverview

_SOON = {7: "7 days", 14: "14 days", 30: "30 days", 90: "90 days"}
_KEYS = ("text", "states", "kind", "branch", "from", "to", "safety", "ending")


def ask_query(view: RegisterOverview, *, by_name: bool) -> RegisterQuery:
    """Ask what to look for.

    Args:
        view: the register, for its branches.
        by_name: whether the actor may search by name.
    """
    text = st.text_input(
        "Number or name" if by_name else "Number",
        max_chars=NAME,
        placeholder="R-0042 or a name" if by_name else "R-0042",
        icon=":material/search:",
        key=_key("text"),
        persist_state="session",
        autocomplete="off",
    )
    states = st.pills(
        "State",
        list(State),
        selection_mode="multi",
        format_func=state_words,
        key=_key("states"),
        persist_state="session",
        label_visibility="collapsed",
    )
    with st.expander("More filters", icon=":material/filter_list:"):
        return _more(view, (text or "").strip(), frozenset(states))


def clear_query() -> None:
    """Look for nothing in particular."""
    for name in _KEYS:
        st.session_state.pop(_key(name), None)
        st.session_state[_key(name)] = _EMPTY.get(name)


_EMPTY: dict[str, object] = {"text": "", "states": [], "safety": False}


def _more(view: RegisterOverview, text: str, states: frozenset[State]) -> RegisterQuery:
    left, middle, right = st.columns(3)
    kind = left.selectbox(
        "Covers",
        list(ChannelKind),
        index=None,
        format_func=lambda kind: kind.words,
        placeholder="Any use",
        key=_key("kind"),
        persist_state="session",
    )
    branch = middle.selectbox(
        "Branch",
        view.branches(),
        index=None,
        placeholder="Any branch",
        key=_key("branch"),
        persist_state="session",
    )
    ending = right.selectbox(
        "Ends or lapses within",
        list(_SOON),
        index=None,
        format_func=_SOON.__getitem__,
        placeholder="Any time",
        key=_key("ending"),
        persist_state="session",
    )
    start = _day(left, "Received from", "from")
    end = _day(middle, "Received to", "to")
    with right.container(height="stretch", vertical_alignment="bottom"):
        safety = st.checkbox("Safety concern only", key=_key("safety"), persist_state="session")
    return RegisterQuery(text, states, kind, branch or "", start, end, safety, ending)


def _day(column: DeltaGenerator, label: str, name: str) -> date | None:
    return column.date_input(
        label,
        None,
        min_value=EARLIEST,
        key=_key(name),
        persist_state="session",
        format=DATE_FORMAT,
    )


def _key(name: str) -> str:
    return f"register-{name}"
