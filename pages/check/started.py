"""The checks that somebody has started: a tab that was closed loses nothing."""

from __future__ import annotations

from collections.abc import Callable

import streamlit as st

from consent.domain.actors import Actor
from consent.domain.jobs import JobState
from consent.domain.wording import counted
from consent.jobs.check import StartedCheck, cancel_check, started_checks
from consent.services import Services
from pages.ui.look import literal
from pages.ui.words import Color, shown_moment

_LOOKS: dict[JobState, tuple[str, str, Color]] = {
    JobState.WAITING: ("Waiting", ":material/hourglass_empty:", "gray"),
    JobState.RUNNING: ("Running", ":material/hourglass_top:", "blue"),
    JobState.DONE: ("Done", ":material/task_alt:", "gray"),
    JobState.FAILED: ("Failed", ":material/error:", "orange"),
    JobState.CANCELED: ("Canceled", ":material/cancel:", "gray"),
}


def show_started(services: Services, actor: Actor, go_to: Callable[[str], None]) -> None:
    """Show the last checks of whoever is here; `go_to` opens one."""
    if started_checks(services, actor, 1):
        _show(services, actor, go_to)


@st.fragment(run_every=5.0)
def _show(services: Services, actor: Actor, go_to: Callable[[str], None]) -> None:
    st.header("Your checks", anchor=False)
    for check in started_checks(services, actor):
        with st.container(horizontal=True, vertical_alignment="center", gap="small"):
            if st.button("Open", key=f"open-{check.job_id}"):
                go_to(check.job_id)
            _badge(check)
            st.markdown(literal(f"{_how_many(check)} for {check.use}"), width="content")
            st.caption(shown_moment(services, check.at), width="content")
            if not check.state.ended and st.button(
                "Cancel", type="tertiary", key=f"cancel-{check.job_id}"
            ):
                cancel_check(services, check.job_id, actor)
                st.rerun()


def _badge(check: StartedCheck) -> None:
    words, icon, color = _LOOKS[check.state]
    if check.interrupted:
        words, icon, color = "Interrupted: open it to go on", ":material/error:", "orange"
    st.badge(words, icon=icon, color=color)


def _how_many(check: StartedCheck) -> str:
    if not check.total:
        return "Photos"
    if check.state.ended or not check.done:
        return counted(check.total, "photo")
    return f"{check.done:,} of {counted(check.total, 'photo')}"
