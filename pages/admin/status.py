"""The state of the installation, in plain words, and figures that were counted."""

from __future__ import annotations

from collections import Counter

import streamlit as st

from consent.domain.actors import Actor
from consent.domain.jobs import Job, JobState
from consent.domain.roles import Duty, may
from consent.domain.wording import clock_time, counted, long_day
from consent.indexing.custom_encoder import EncoderState
from consent.jobs.encode import read_encoding, start_encoding
from consent.jobs.figures import Figures, is_old, read_figures, start_counting
from consent.services import Services
from consent.status import Status, read_status
from media_index.faces.onnx_encoder import LICENCES
from pages.ui import backend, guard
from pages.ui.errors import show_errors, show_errors_last
from pages.ui.jobs import STARTING
from pages.ui.look import literal

# So many are listed for everybody.
_PROBLEMS = 20


def page() -> None:
    """Show the page."""
    actor = guard.signed_in()
    services = backend.services()
    guard.heading("Status", actor)
    plain = st.container()
    with st.expander("For your IT", icon=":material/build:"):
        figures = shown_figures(services, actor)
        with show_errors_last():
            status = read_status(services, actor, figures)
        for title, rows in status.sections():
            if rows:
                st.header(title, anchor=False)
                st.markdown(_table(rows))
        if status.encoder is not None:
            _offer_encoder(services, status.encoder, actor)
    with plain:
        _show_plainly(status)


def _show_plainly(status: Status) -> None:
    """Say in plain words whether all is well, and how much is here."""
    wrong = status.wrong()
    for sentence in wrong:
        st.warning(literal(sentence), icon=":material/warning:")
    if not wrong and not status.problems:
        st.success("Everything works as it should.", icon=":material/task_alt:")
    if status.problems:
        st.header("Problems", anchor=False)
        if status.not_looked_at:
            st.warning(literal(status.not_looked_at), icon=":material/warning:")
        _show_bad_files(status)
    st.header("What is here", anchor=False)
    st.markdown(_table(status.in_short()))


def _show_bad_files(status: Status) -> None:
    count = len(status.bad_files)
    if not count:
        return
    them = "it" if count == 1 else "them"
    st.markdown(
        f"{counted(count, 'photo file')} cannot be read, so the program could not look for "
        f"anyone in {them}. "
        f"Save {them} again, or look at {them} yourself before you use {them}."
    )
    shown = status.bad_files[:_PROBLEMS]
    # A file that was uploaded twice is two files of one name.
    lines = Counter(f"- **{literal(one.path.name)}**: {literal(one.reason)}" for one in shown)
    st.markdown(
        "\n".join(
            line if times == 1 else f"{line} ({times:,} files of this name)"
            for line, times in lines.items()
        )
    )
    if count > len(shown):
        st.caption(f"And {count - len(shown):,} more: see For your IT.")


def _table(rows: list[tuple[str, str]]) -> str:
    lines = [f"| {literal(_named(name))} | {literal(value)} |" for name, value in rows]
    return "\n".join(["| | |", "|:--|:--|", *lines])


def _named(name: str) -> str:
    """Begin a name like a sentence; settings and files keep theirs."""
    return name if "." in name or "_" in name else name[:1].upper() + name[1:]


def _offer_encoder(services: Services, state: EncoderState, actor: Actor) -> None:
    """Show the further encoder, and let a director or an administrator put it in use."""
    st.header("Another encoder", anchor=False)
    st.markdown(literal(state.sentence()))
    st.warning(LICENCES, icon=":material/gavel:")
    with show_errors_last():
        job = read_encoding(services, actor)
    if job is not None and not job.state.ended:
        _wait_for(services, actor)
        return
    if job is not None:
        _show_result(job)
    if state.in_use or state.problem:
        return
    st.caption(
        "Until every face is encoded, faces are compared as before. People's decisions stay. To"
        " go back: likeness calibrate --back."
    )
    if not may(actor, Duty.CHANGE_ENCODER, services.policy):
        st.caption("A director or an administrator can switch to it.")
        return
    even_so = False
    if job is not None and job.result is not None:
        even_so = st.checkbox("Use it even if some faces can't be encoded")
    if st.button("Encode the rest, and use it", type="primary", icon=":material/sync:"):
        with show_errors():
            start_encoding(services, actor, even_so=even_so)
            st.rerun()


def _show_result(job: Job) -> None:
    if job.state is JobState.FAILED:
        st.error(literal(job.message), icon=":material/error:")
    elif job.result is not None:
        st.info(literal(str(job.result["said"])))


@st.fragment(run_every=1.0)
def _wait_for(services: Services, actor: Actor) -> None:
    with show_errors_last():
        job = read_encoding(services, actor)
    if job is None or job.state.ended:
        st.rerun()
    share = min(1.0, job.done / job.total) if job.total else 0.0
    words = f"{job.done:,} of {job.total:,} pictures encoded" if job.total else STARTING
    with st.container(width=760):
        st.progress(share, text=words)
        st.caption("You can leave this page. The work continues, and faces are compared as before.")


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
            _wait_for_figures(services, actor)
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
def _wait_for_figures(services: Services, actor: Actor) -> None:
    if not _under_way(read_figures(services, actor)[1]):
        st.rerun()
    st.caption(":material/hourglass_top: Counting: this takes some seconds.")


def _under_way(job: Job | None) -> bool:
    return job is not None and not job.state.ended
