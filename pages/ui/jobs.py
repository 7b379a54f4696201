"""Long work on the screen: how far it is, and a way to stop it."""

from __future__ import annotations

from collections.abc import Callable

import streamlit as st

from consent.domain.jobs import Job
from consent.jobs.runner import is_queued
from pages.ui.errors import show_errors_last

STARTING = "Starting: this takes a few seconds"
_WAITING = "Waiting: it starts when other work is done"


@st.fragment(run_every=1.0)
def watch_job(
    read: Callable[[], Job | None],
    cancel: Callable[[str], None],
    how_far: Callable[[Job], str],
    what: str = "The work",
) -> None:
    """Show how far a job is until it has ended; then the page is drawn anew.

    `read` and `cancel` are asked again and again; `what` continues without the page.
    """
    with show_errors_last():
        job = read()
    if job is None or job.state.ended:
        st.rerun()
    words = _WAITING if is_queued(job.id) else how_far(job)
    if show_progress(job.done, job.total, words):
        cancel(job.id)
        st.rerun()
    st.caption(f"You can leave or reload this page. {what} continues.")


def show_progress(done: int, total: int, words: str) -> bool:
    """Show how far something is; return whether somebody pressed Cancel."""
    left, right = st.columns([5, 1], vertical_alignment="center")
    left.progress(min(1.0, done / total) if total else 0.0, text=words)
    return right.button("Cancel", width="stretch")
