"""Thresholds: what they mean for the register of today; whether faces are compared at all."""

from __future__ import annotations

import altair as alt
import streamlit as st

from consent.domain.actors import Actor
from consent.domain.faces import MISSED, RESOLUTION, Faces
from consent.domain.jobs import JobState
from consent.domain.roles import Duty, may
from consent.domain.wording import counted, long_day
from consent.indexing.thresholds import OperatingPoint, Workload, in_words
from consent.jobs.index_again import read_indexing_again, start_indexing_again
from consent.retention.faces import choose_faces, faces_chosen
from consent.services import Services
from pages.admin.status import shown_figures
from pages.ui import backend, guard
from pages.ui.errors import show_errors
from pages.ui.form import required
from pages.ui.look import literal

_FOLDER = 300
_GROWN = (1, 2, 5, 10)
_FACES_SAID = "faces-said"


def page() -> None:
    """Show the page."""
    actor = guard.signed_in()
    services = backend.services()
    guard.heading("Thresholds", actor)
    if not guard.may_or_say_who(actor, Duty.READ_STATUS):
        return
    show_faces(services, actor)
    figures = shown_figures(services, actor)
    if figures is None:
        return
    work = figures.workload
    if not work.count:
        st.info(
            "No photo of any person was on file when this was counted. Without one, the program "
            "does not search by face, but finds photos known to show a person, and copies of "
            "these. Count again if the register has changed since.",
            icon=":material/face:",
        )
        return
    st.markdown(
        f"The program looks for {counted(work.count, 'person', 'people')} by face, in photos that "
        f"show {work.faces:.1f} faces on average."
    )
    today = work.today()
    said = in_words(today, work.matching.tolerable_flags)
    too_many = today.flagged > work.matching.tolerable_flags
    (st.warning if too_many else st.info)(said, icon=":material/balance:")
    chosen = _choose_point(work, today)
    _show_figures(chosen, today)
    _show_curve(work.choices(), today, chosen)
    if chosen.review_per_million != today.review_per_million:
        st.markdown(
            "To use this threshold, change these lines of the policy file, and raise its version:"
        )
        st.code(f"[matching]\nreview_per_million = {chosen.review_per_million:g}", "toml")
    _show_growth(work, today)


def _choose_point(work: Workload, today: OperatingPoint) -> OperatingPoint:
    points = {point.review_per_million: point for point in work.choices()}
    chosen = st.select_slider(
        "If this many of 100 photos of strangers were flagged",
        list(points),
        value=today.review_per_million,
        format_func=lambda rate: f"{points[rate].flagged:.2g}",
        help="Fewer flags mean less work, but more people are missed.",
    )
    return points[chosen]


def _show_figures(chosen: OperatingPoint, today: OperatingPoint) -> None:
    first, second, third = st.columns(3)
    looks = _FOLDER * chosen.flagged / 100
    first.metric(
        "Flagged, of 100 photos of strangers",
        f"{chosen.flagged:.2g}",
        _difference(chosen.flagged, today.flagged),
        delta_color="inverse",
        border=True,
    )
    second.metric(
        f"To look at, in a folder of {_FOLDER}", f"{looks:.0f}" if looks >= 1 else "<1", border=True
    )
    third.metric(
        "Missed, of 100 photos of people who revoked",
        "Not measured" if chosen.missed is None else f"{chosen.missed:.2g}",
        None
        if chosen.missed is None or today.missed is None
        else _difference(chosen.missed, today.missed),
        delta_color="inverse",
        border=True,
    )
    st.caption(
        "Missed was measured on clear news photos of adults. More are missed where faces are "
        "small, blurred or dark, and of children. Other photos of the same person in the library "
        "help: they find up to half of what would be missed, and flag up to a seventh more "
        "strangers."
    )


def _difference(chosen: float, today: float) -> str | None:
    return None if chosen == today else f"{chosen - today:+.2g}"


def _show_curve(
    points: list[OperatingPoint], today: OperatingPoint, chosen: OperatingPoint
) -> None:
    """Draw the curve with today's point and the chosen one; nothing where it was not measured."""
    if today.missed is None:
        return
    rows = [
        {"flagged": point.flagged, "missed": point.missed, "rate": point.review_per_million}
        for point in points
    ]
    marks = [
        {"flagged": point.flagged, "missed": point.missed, "what": what}
        for point, what in ((today, "today"), (chosen, "chosen"))
    ][: 1 if chosen == today else 2]
    flagged = alt.X(
        "flagged:Q", title="Flagged, of 100 photos of strangers", scale=alt.Scale(type="log")
    )
    missed = alt.Y("missed:Q", title="Missed, of 100 photos of people who revoked")
    line = alt.Chart(alt.InlineData(values=rows)).mark_line(color="#175d86")
    dots = alt.Chart(alt.InlineData(values=marks)).mark_point(size=120, filled=True)
    words = alt.Chart(alt.InlineData(values=marks)).mark_text(dx=10, dy=-10, align="left")
    shown = (
        line.encode(x=flagged, y=missed)
        + dots.encode(x=flagged, y=missed, shape=alt.Shape("what:N", legend=None))
        + words.encode(x=flagged, y=missed, text="what:N")
    )
    st.altair_chart(shown.properties(height=320), width="stretch")


def _show_growth(work: Workload, today: OperatingPoint) -> None:
    st.header("As the register grows", anchor=False)
    st.markdown(
        "The threshold stays the same. People must look at more photos, but no more people are "
        "missed."
    )
    # The look of all pages hides the heads of tables.
    lines = ["| | | |", "|:--|:--|:--|", "| **People** | **Flagged of 100** | **Missed of 100** |"]
    for grown in _GROWN:
        then = work.at(today.review_per_million, grown)
        missed = "not measured" if then.missed is None else f"{then.missed:.2g}"
        lines.append(f"| {work.count * grown:,} | {then.flagged:.2g} | {missed} |")
    st.markdown("\n".join(lines))


def show_faces(services: Services, actor: Actor) -> None:
    """Show what is done with faces, and let the director choose."""
    mode, changes = faces_chosen(services, actor)
    st.header("Faces", anchor=False)
    st.markdown(f"In use: **{mode.words.lower()}** ({mode.value}).")
    if changes:
        last = changes[-1]
        on = long_day(services.day(last.at))
        st.caption(literal(f"Chosen by {last.actor.id}, {on}: {last.reason}"))
    for sentence in st.session_state.pop(_FACES_SAID, ()):
        st.info(literal(sentence), icon=":material/info:")
    job = read_indexing_again(services, actor)
    if job is not None and not job.state.ended:
        _wait_for_reading(services, actor)
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
            _choose_faces(services, actor, mode)


@st.fragment(run_every=2.0)
def _wait_for_reading(services: Services, actor: Actor) -> None:
    job = read_indexing_again(services, actor)
    if job is None or job.state.ended:
        st.rerun()
    else:
        st.progress(
            job.done / max(1, job.total),
            f"All photos are being read again: {job.done:,} of {job.total:,} so far. Until this is "
            "done, not all of them are compared.",
        )


def _choose_faces(services: Services, actor: Actor, mode: Faces) -> None:
    with st.form("faces", border=False):
        chosen = st.radio(
            "What is done with faces",
            list(Faces),
            index=list(Faces).index(mode),
            format_func=lambda choice: choice.words,
        )
        reason = st.text_input(required("Why, for the log"))
        sure = st.checkbox(
            "The program erases right away what it should no longer keep. You can't restore it."
        )
        if not st.form_submit_button("Choose", icon=":material/check:"):
            return
    if chosen is None:
        return
    if chosen.keeps_less_than(mode) and not sure:
        st.error("Nothing was changed. First check the box that says what will be erased.")
        return
    with show_errors():
        said = choose_faces(services, chosen, reason, actor, read_again=False).sentences()
        if mode.keeps_less_than(chosen):
            start_indexing_again(services, actor)
        st.session_state[_FACES_SAID] = said
        st.rerun()
