"""Figures that take long to count: what was counted last, and when; counted anew when asked."""

from __future__ import annotations

import streamlit as st

from consent.domain.actors import Actor
from consent.domain.jobs import Job, JobState
from consent.domain.wording import clock_time, long_day
from consent.jobs.figures import Figures, is_old, read_figures, start_counting
from consent.services import Services
from pages.ui.errors import show_errors, show_errors_last
from pages.ui.look import literal


def shown_figures(services: Services, actor: Actor) -> Figures | None:
    """Return the figures counted last, saying when; None while the first are being counted."""
    with show_errors_last():
        figures, job = read_figures(services, actor)
        if job is None or (
            job.state is JobState.DONE and figures is not None and is_old(services, figures)
        ):
            start_counting(services, actor)
            figures, job = read_figures(services, actor)
    with st.container(horizontal=True, vertical_alignment="center"):
        if figures is not None:
            at = services.local(figures.at)
            st.caption(f"Counted {long_day(at.date())}, {clock_time(at)}.")
        if _under_way(job):
            _wait(services, actor)
        else:
            st.button(
                "Count again",
                icon=":material/refresh:",
                type="tertiary",
                on_click=_count_again,
                args=(services, actor),
            )
    if job is not None and job.state is JobState.FAILED:
        st.error(literal(job.message), icon=":material/error:")
    return figures


def _count_again(services: Services, actor: Actor) -> None:
    with show_errors():
        start_counting(services, actor)


@st.fragment(run_every=1.0)
def _wait(services: Services, actor: Actor) -> None:
    if not _under_way(read_figures(services, actor)[1]):
        st.rerun()
    st.caption(":material/hourglass_top: Counting: this takes some seconds.")


def _under_way(job: Job | None) -> bool:
    return job is not None and not job.state.ended
