"""Check photos: choose, wait, see which must not go out and why; the checks begun before."""

from __future__ import annotations

import time
from collections import Counter
from pathlib import Path
from typing import cast

import streamlit as st
from streamlit.runtime.uploaded_file_manager import UploadedFile

from consent.cases.sample_case import add_sample_case, remove_sample_case, sample_case
from consent.checking.result import CheckResult
from consent.domain.actors import Actor
from consent.domain.channels import Channel, ChannelKind, Use
from consent.domain.errors import NotFoundError
from consent.domain.events import Event
from consent.domain.jobs import JobState
from consent.domain.roles import Duty
from consent.domain.verdicts import Verdict
from consent.domain.wording import counted
from consent.jobs.check import (
    CheckState,
    EarlyVerdicts,
    StartedCheck,
    cancel_check,
    check_folder,
    check_uploads,
    keep_up,
    read_check,
    read_early,
    says_otherwise,
    started_checks,
)
from consent.review.photos import known_events
from consent.services import Services
from pages.check.photos import CHECK
from pages.check.results import show_result
from pages.ui import backend, guard
from pages.ui.errors import show_errors, show_errors_last
from pages.ui.form import button_after, required
from pages.ui.jobs import STARTING, show_progress
from pages.ui.look import from_files, literal
from pages.ui.pictures import let_go
from pages.ui.words import SERVER_FOLDER, Color, badge, event_name, shown_moment, verdict_words

# Counts the checks that were started: the next photos are others, perhaps of another event.
_ROUND = "check-round"
_PHOTOS, _FOLDER, _PATH = "Photos", "A folder", "A folder on the server"
_MANY = 50
# Of a check that is under way: what it has found, by its id; and how many of these are shown.
_EARLY = "check-early"
_SHOWN_EARLY = 12
_MINUTE = 60
_JOB_LOOKS: dict[JobState, tuple[str, str, Color]] = {
    JobState.WAITING: ("Waiting", ":material/hourglass_empty:", "gray"),
    JobState.RUNNING: ("Running", ":material/hourglass_top:", "blue"),
    JobState.DONE: ("Done", ":material/task_alt:", "gray"),
    JobState.FAILED: ("Failed", ":material/error:", "orange"),
    JobState.CANCELED: ("Canceled", ":material/cancel:", "gray"),
}
_notice = from_files(Path(__file__).with_name("notice.js"))


def page() -> None:
    """Show the page."""
    actor = guard.signed_in()
    services = backend.services()
    guard.heading("Check photos", actor)
    if not guard.may_or_say_who(actor, Duty.CHECK):
        return
    job_id = st.query_params.get(CHECK) or st.session_state.get(CHECK)
    if job_id is None:
        _offer_sample_case(services, actor)
        with show_errors():
            started = _choose_photos(services, actor)
            if started is not None:
                _go_to(started)
            _show_started(services, actor)
        return
    _show_check(services, job_id, actor)


def _show_check(services: Services, job_id: str, actor: Actor) -> None:
    try:
        state = read_check(services, job_id, actor)
    except NotFoundError as error:
        st.info(literal(str(error)), icon=":material/history:")
        st.button("Check other photos", on_click=_leave)
        return
    st.session_state[CHECK] = job_id
    if st.query_params.get(CHECK) != job_id:
        st.query_params[CHECK] = job_id
    if not state.finished:
        _wait_for(services, job_id, actor)
        return
    _give_notice(job_id, _ended(state))
    if state.state is JobState.CANCELED:
        st.info("This check was canceled.", icon=":material/cancel:")
        st.button("Choose photos", type="primary", on_click=_leave)
    elif state.state is JobState.FAILED or state.result is None:
        st.error(literal(state.message), icon=":material/error:")
        st.button("Choose photos", type="primary", on_click=_leave)
    else:
        if state.stale:
            with (
                show_errors_last(),
                st.spinner("The register has changed: judging the affected photos again"),
            ):
                keep_up(services, job_id, actor)
                state = read_check(services, job_id, actor)
        if state.result is not None:
            if state.result.nobody:
                _offer_sample_case(services, actor)
            _watch_register(services, job_id, state.result, actor)
            show_result(services, state, state.result, _leave, actor)


@st.fragment(run_every=8.0)
def _watch_register(services: Services, job_id: str, shown: CheckResult, actor: Actor) -> None:
    """While a result is open, judge again what the register says otherwise, and say so at once.

    Only then is the page shown anew: whoever types where it was posted is not disturbed.
    """
    with show_errors():
        if says_otherwise(services, job_id, shown, actor):
            st.rerun()


def _offer_sample_case(services: Services, actor: Actor) -> None:
    """In the demonstration, offer somebody to be found, and to take them out again."""
    if not guard.is_demo() or not guard.may(actor, Duty.TAKE_LETTERS):
        return
    label = sample_case(services, actor)
    with st.container(horizontal=True, vertical_alignment="center", gap="small"), show_errors():
        if label:
            said = f"{label} is a sample case: the person in obama.jpg among the sample photos."
            st.caption(said, width="content")
            if st.button("Remove it", type="tertiary", key="sample-remove"):
                remove_sample_case(services, actor)
                st.rerun()
        else:
            st.caption("To see every verdict, add a sample case:", width="content")
            if st.button("Add a sample case", icon=":material/person_add:", key="sample-add"):
                with st.spinner("Looking at the face"):
                    add_sample_case(services, actor)
                st.rerun()


def _go_to(job_id: str) -> None:
    st.session_state[CHECK] = job_id
    st.query_params.from_dict({CHECK: job_id})
    st.rerun()


def _leave() -> None:
    st.session_state.pop(CHECK, None)
    st.query_params.clear()


def _choose_photos(services: Services, actor: Actor) -> str | None:
    """Ask for use, photos and event; start the check when asked to, and return the job's id."""
    turn = int(st.session_state.get(_ROUND, 0))
    with st.container(width=760):
        use = _ask_use(services)
        source = st.segmented_control(
            "Which photos?",
            [_PHOTOS, _FOLDER, _PATH],
            default=_PHOTOS,
            required=True,
            key="check-source",
            persist_state="session",
        )
        path, uploads = "", []
        if source == _PATH:
            path = st.text_input(
                SERVER_FOLDER,
                placeholder="/photos/2026-05-14 Author talk",
            )
        else:
            uploads = _ask_uploads(turn, folder=source == _FOLDER)
        event: Event | None = st.selectbox(
            # A revocation may cover one event only, and an event may have been behind closed doors.
            "Which event are they from? (if you know)",
            known_events(services, actor),
            index=None,
            format_func=event_name,
            placeholder="More than one event, or not sure",
            key=f"check-event-{turn}",
        )
        missing = [] if use is not None else ["choose where they will appear"]
        if not uploads and not path.strip():
            missing.append("name the folder" if source == _PATH else "drop photos")
        wanted = button_after(
            missing,
            f"Check {len(uploads)} photos" if len(uploads) > 1 else "Check",
            type="primary",
            icon=":material/image_search:",
        )
    if not wanted or use is None:
        return None
    event_id = "" if event is None else event.id
    if source == _PATH:
        return check_folder(services, path, use, actor, event_id)
    with st.spinner("Saving the photos for the check"):
        files = [(file.name, file) for file in uploads]
        started = check_uploads(services, files, use, actor, event_id)
    let_go(uploads)
    st.session_state[_ROUND] = turn + 1
    return started


def _ask_use(services: Services) -> Use | None:
    left, right = st.columns(2)
    channel: Channel | None = left.selectbox(
        required("Where will they appear?"),
        services.policy.channels,
        index=None,
        format_func=lambda channel: channel.label,
        placeholder="Choose a channel",
        key="check-channel",
        persist_state="session",
    )
    if channel is None:
        return None
    issue = ""
    if channel.kind is ChannelKind.PRINT:
        issue = right.text_input(
            "Which issue or piece?",
            placeholder="Spring 2027",
            key="check-publication",
            persist_state="session",
        )
    return Use(channel, issue.strip() or None)


def _ask_uploads(turn: int, *, folder: bool) -> list[UploadedFile]:
    # No filter by type: a file that is no photo is said to be none, rather than passed over.
    files = st.file_uploader(
        "Drop a folder here" if folder else "Drop photos here",
        accept_multiple_files="directory" if folder else True,
        key=f"check-{'folder' if folder else 'photos'}-{turn}",
        label_visibility="collapsed",
    )
    chosen = cast("list[UploadedFile]", files or [])
    if len(chosen) > _MANY:
        st.caption(
            "A few hundred photos take a few minutes. You can leave this page while you wait."
        )
    return chosen


@st.fragment(run_every=2.0)
def _wait_for(services: Services, job_id: str, actor: Actor) -> None:
    """Show the progress and what was found so far; once the check has ended, the page anew."""
    with show_errors_last():
        state = read_check(services, job_id, actor)
    if state.finished:
        st.session_state.pop(_EARLY, None)
        st.rerun()
    with st.container(width=760):
        if show_progress(state.done, state.total, _progress(state) + _time_left(state)):
            cancel_check(services, job_id, actor)
            _leave()
            st.rerun()
        with st.container(horizontal=True, vertical_alignment="center"):
            st.caption(
                "You can leave or close this page. The check continues, and you find it under "
                "Your checks.",
                width="content",
            )
            if st.button("Check other photos while you wait", type="tertiary", key="meanwhile"):
                _leave()
                st.rerun()
        _offer_notice(job_id)
        _show_early(services, job_id, actor)


def _show_early(services: Services, job_id: str, actor: Actor) -> None:
    """Show what the check has come to so far, the doubtful first."""
    known = st.session_state.get(_EARLY, ("", EarlyVerdicts()))
    early = read_early(services, job_id, known[1] if known[0] == job_id else EarlyVerdicts(), actor)
    st.session_state[_EARLY] = job_id, early
    if not early.photos:
        return
    counts = Counter(photo.verdict for photo in early.photos)
    words = {photo.verdict: photo.words for photo in early.photos}
    said = [
        f"{verdict_words(verdict, words[verdict])} {counts[verdict]}"
        for verdict in Verdict
        if counts[verdict]
    ]
    st.markdown(f"**So far:** {' · '.join(said)}")
    for photo in early.photos[:_SHOWN_EARLY]:
        if photo.verdict is Verdict.CLEAR:
            break
        with st.container(horizontal=True, vertical_alignment="center"):
            badge(photo.verdict)
            reason = f": {photo.reasons[0]}" if photo.reasons else ""
            st.markdown(literal(f"{photo.name}{reason}"))


def _progress(state: CheckState) -> str:
    if state.queued:
        return "Waiting: it starts when another check is done"
    if not state.total:
        return STARTING
    if state.done >= state.total:
        return "Comparing with the register"
    return f"{state.done:,} of {counted(state.total, 'photo')} looked at"


def _ended(state: CheckState) -> str:
    """Say in a line how a check has ended."""
    if state.result is None:
        return "It was canceled." if state.state is JobState.CANCELED else "It could not be done."
    # Worst first, as the photos are.
    counts = Counter(photo.words for photo in state.result.photos)
    said = ", ".join(f"{words} {count:,}" for words, count in counts.items())
    return f"{counted(len(state.result.photos), 'photo')} for {state.result.use}: {said}"


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


def _show_started(services: Services, actor: Actor) -> None:
    """Show the last checks of whoever is here: a tab that was closed loses nothing."""
    if started_checks(services, actor, 1):
        _show_checks(services, actor)


@st.fragment(run_every=5.0)
def _show_checks(services: Services, actor: Actor) -> None:
    st.header("Your checks", anchor=False)
    for check in started_checks(services, actor):
        with st.container(horizontal=True, vertical_alignment="center", gap="small"):
            if st.button("Open", key=f"open-{check.job_id}"):
                _go_to(check.job_id)
            _job_badge(check)
            st.markdown(literal(f"{_how_many(check)} for {check.use}"), width="content")
            st.caption(shown_moment(services, check.at), width="content")
            if not check.state.ended and st.button(
                "Cancel", type="tertiary", key=f"cancel-{check.job_id}"
            ):
                cancel_check(services, check.job_id, actor)
                st.rerun()


def _job_badge(check: StartedCheck) -> None:
    words, icon, color = _JOB_LOOKS[check.state]
    if check.interrupted:
        words, icon, color = "Interrupted: open it to continue", ":material/error:", "orange"
    st.badge(words, icon=icon, color=color)


def _how_many(check: StartedCheck) -> str:
    if not check.total:
        return "Photos"
    if check.state.ended or not check.done:
        return counted(check.total, "photo")
    return f"{check.done:,} of {counted(check.total, 'photo')}"


def _offer_notice(job_id: str) -> None:
    """Offer to tell by a notice when a check has ended, as long as the tab is open."""
    _notice(key=f"notice-{job_id}", data={"check": job_id, "ended": False, "words": ""})


def _give_notice(job_id: str, words: str) -> None:
    """Tell whoever asked for it in this tab that a check has ended; once."""
    _notice(key=f"notice-{job_id}", data={"check": job_id, "ended": True, "words": words})
