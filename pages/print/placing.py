"""Hand in photos or a laid-out PDF, and wait until they are matched with their originals."""

from __future__ import annotations

from typing import TYPE_CHECKING

import streamlit as st

from consent.domain.errors import NotFoundError
from consent.domain.jobs import JobState
from consent.jobs.place import read_placing, start_placing
from pages.ui.errors import show_errors, show_errors_last
from pages.ui.look import literal

if TYPE_CHECKING:
    from consent.domain.actors import Actor
    from consent.printing.pieces import PieceFile
    from consent.services import Services

_JOBS, _ROUND = "placing-jobs", "placing-round"


def offer_placing(services: Services, file: PieceFile, actor: Actor) -> None:
    """Offer to hand in files, or show how far those handed in are."""
    label = file.piece.label
    jobs: dict[str, str] = st.session_state.setdefault(_JOBS, {})
    if label in jobs:
        _wait(services, jobs[label], label)
        return
    failed = st.session_state.pop(f"placing-failed-{label}", "")
    if failed:
        st.error(literal(failed), icon=":material/error:")
    with st.expander("Hand in photos or the laid-out PDF", expanded=not file.placed):
        files = st.file_uploader(
            "Drop the laid-out PDF, or photos. A PDF takes the place of what is there.",
            accept_multiple_files=True,
            key=f"placing-{label}-{st.session_state.get(_ROUND, 0)}",
        )
        if st.button("Hand in", type="primary", disabled=not files, key=f"hand-in-{label}"):
            with show_errors():
                uploads = [(one.name, one) for one in files]
                jobs[label] = start_placing(services, label, uploads, actor)
                st.session_state[_ROUND] = st.session_state.get(_ROUND, 0) + 1
                st.rerun()


@st.fragment(run_every=1.0)
def _wait(services: Services, job_id: str, label: str) -> None:
    with show_errors_last():
        try:
            job = read_placing(services, job_id)
        except NotFoundError:
            st.session_state[_JOBS].pop(label, None)
            st.rerun()
    if job.state in {JobState.DONE, JobState.FAILED}:
        st.session_state[_JOBS].pop(label, None)
        if job.state is JobState.FAILED:
            st.session_state[f"placing-failed-{label}"] = job.message
        st.rerun()
    share = job.done / job.total if job.total else 0.0
    words = (
        f"{job.done} of {job.total} pictures looked at"
        if job.done < job.total
        else "Matching them with their originals"
        if job.total
        else "Taking the pictures out: this takes some seconds"
    )
    st.progress(share, text=words)
