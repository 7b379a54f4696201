"""How far a check has come."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

import streamlit as st

from consent.jobs.check import read_check
from pages.ui.errors import show_errors_last

if TYPE_CHECKING:
    from consent.jobs.check import CheckState
    from consent.services import Services

_MINUTE = 60


@st.fragment(run_every=1.0)
def wait_for(services: Services, job_id: str) -> None:
    """Show the progress until the check is finished; then show the page anew."""
    with show_errors_last():
        state = read_check(services, job_id)
    if state.finished:
        st.rerun()
    with st.container(width=760):
        share = state.done / state.total if state.total else 0.0
        st.progress(share, text=_words(state) + _time_left(state))
        st.caption("You may leave this page: the check goes on, and its result stays here.")


def _words(state: CheckState) -> str:
    if not state.total:
        return "Starting: this takes some seconds"
    if state.done >= state.total:
        return "Comparing with the register"
    return f"{state.done} of {state.total} photos looked at"


def _time_left(state: CheckState) -> str:
    """Estimate from what was done since this session began to watch."""
    watched = st.session_state.setdefault("check-watched", {})
    since = watched.setdefault(state.job_id, (time.monotonic(), state.done))
    done = state.done - since[1]
    if not done or state.done >= state.total:
        return ""
    seconds = (time.monotonic() - since[0]) / done * (state.total - state.done)
    if seconds < _MINUTE:
        return ", less than a minute left"
    return f", about {round(seconds / _MINUTE)} min left"
