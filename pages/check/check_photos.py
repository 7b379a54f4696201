"""Check photos: choose, wait, see which must not go out and why."""

from __future__ import annotations

import streamlit as st

from consent.domain.errors import NotFoundError
from consent.domain.jobs import JobState
from consent.jobs.check import check_again, read_check
from pages.check.choose import choose_photos
from pages.check.gallery import show_result
from pages.check.waiting import wait_for
from pages.ui import backend, guard
from pages.ui.errors import show_errors, show_errors_last
from pages.ui.look import literal

# In the address, so that a reload finds the result; in the session, so that a visit to another
# page does not lose it.
_CHECK = "check"


def page() -> None:
    """Show the page."""
    actor = guard.signed_in()
    services = backend.services()
    guard.heading("Check photos", actor)
    job_id = st.query_params.get(_CHECK) or st.session_state.get(_CHECK)
    if job_id is None:
        with show_errors():
            started = choose_photos(services, actor)
            if started is not None:
                _go_to(started)
        return
    try:
        state = read_check(services, job_id)
    except NotFoundError as error:
        st.info(literal(str(error)), icon=":material/history:")
        st.button("Check other photos", on_click=_leave)
        return
    st.session_state[_CHECK] = st.query_params[_CHECK] = job_id
    if not state.finished:
        wait_for(services, job_id)
    elif state.state is JobState.FAILED or state.result is None:
        st.error(literal(state.message), icon=":material/error:")
        st.button("Choose photos", type="primary", on_click=_leave)
    else:
        if state.stale:
            left, right = st.columns([4, 1], vertical_alignment="center")
            left.warning(
                "The register has changed since this check: the verdicts below may be wrong now.",
                icon=":material/update:",
            )
            if right.button("Check again", type="primary", width="stretch"):
                with show_errors_last():
                    _go_to(check_again(services, job_id, actor))
        show_result(services, job_id, state.result, _leave, actor)


def _go_to(job_id: str) -> None:
    st.session_state[_CHECK] = st.query_params[_CHECK] = job_id
    st.rerun()


def _leave() -> None:
    st.session_state.pop(_CHECK, None)
    st.query_params.pop(_CHECK, None)
