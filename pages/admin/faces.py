"""Whether faces are compared, and what is kept of them: shown to all, chosen by the director."""

from __future__ import annotations

import streamlit as st

from consent.domain.actors import Actor
from consent.domain.faces import MISSED, RESOLUTION, Faces
from consent.domain.jobs import JobState
from consent.domain.roles import Duty, may
from consent.domain.wording import long_day
from consent.jobs.index_again import read_indexing_again, start_indexing_again
from consent.retention.faces import choose_faces, faces_chosen
from consent.services import Services
from pages.ui.errors import show_errors
from pages.ui.form import required
from pages.ui.look import literal

_SAID = "faces-said"


def show_faces(services: Services, actor: Actor) -> None:
    """Show what is done with faces, and let the director choose."""
    mode, changes = faces_chosen(services, actor)
    st.header("Faces", anchor=False)
    st.markdown(f"In use: **{mode.words.lower()}** ({mode.value}).")
    if changes:
        last = changes[-1]
        on = long_day(services.day(last.at))
        st.caption(literal(f"Chosen by {last.actor.id}, {on}: {last.reason}"))
    for sentence in st.session_state.pop(_SAID, ()):
        st.info(literal(sentence), icon=":material/info:")
    job = read_indexing_again(services, actor)
    if job is not None and not job.state.ended:
        _wait(services, actor)
    elif job is not None and job.state is JobState.FAILED:
        st.error(literal(job.message), icon=":material/error:")
    with st.expander("What each choice keeps and misses", icon=":material/face:"):
        st.markdown("A face measurement is a row of numbers that tells one face from another.")
        for choice in Faces:
            st.markdown(f"**{choice.words}** ({choice.value})  \n{MISSED[choice]}")
        st.markdown(
            "The American Library Association opposes facial recognition software in libraries: "
            f"[its resolution of 2021]({RESOLUTION})."
        )
        if may(actor, Duty.FACES, services.policy):
            _choose(services, actor, mode)


@st.fragment(run_every=2.0)
def _wait(services: Services, actor: Actor) -> None:
    job = read_indexing_again(services, actor)
    if job is None or job.state.ended:
        st.rerun()
    else:
        st.progress(
            job.done / max(1, job.total),
            f"All photos are read again: {job.done:,} of {job.total:,}. Until then not all of them "
            "are compared.",
        )


def _choose(services: Services, actor: Actor, mode: Faces) -> None:
    with st.form("faces", border=False):
        chosen = st.radio(
            "What is done with faces",
            list(Faces),
            index=list(Faces).index(mode),
            format_func=lambda choice: choice.words,
        )
        reason = st.text_input(required("Why, for the log"))
        sure = st.checkbox("What is no longer kept is erased right away and cannot be restored.")
        if not st.form_submit_button("Choose", icon=":material/check:"):
            return
    if chosen is None:
        return
    if chosen.keeps_less_than(mode) and not sure:
        st.error("Nothing was changed: check the box that says what is erased.")
        return
    with show_errors():
        said = choose_faces(services, chosen, reason, actor, read_again=False).sentences()
        if mode.keeps_less_than(chosen):
            start_indexing_again(services, actor)
        st.session_state[_SAID] = said
        st.rerun()
