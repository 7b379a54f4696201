"""Choose what the photos are wanted for, and the photos."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

import streamlit as st

from consent.domain.channels import Channel, ChannelKind, Use
from consent.jobs.check import check_folder, check_uploads
from pages.check.event import ask_event

if TYPE_CHECKING:
    from streamlit.runtime.uploaded_file_manager import UploadedFile

    from consent.domain.actors import Actor
    from consent.services import Services

_PHOTOS, _FOLDER, _PATH = "Photos", "A folder", "A folder on the server"
_MANY = 50


def choose_photos(services: Services, actor: Actor) -> str | None:
    """Ask for use and photos; start the check when asked to.

    Returns:
        The job's id once it has started.

    Raises:
        BadInputError: there is no photo.
        SetupError: the photos could not be kept.
    """
    with st.container(width=760):
        use = _use(services)
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
                "Folder, as the computer that runs this program knows it",
                placeholder="/photos/2026-05-14 Author talk",
            )
        else:
            uploads = _uploads(folder=source == _FOLDER)
        label = f"Check {len(uploads)} photos" if len(uploads) > 1 else "Check"
        event = ask_event(services, _round())
        wanted = st.button(
            label,
            type="primary",
            icon=":material/image_search:",
            disabled=use is None or not (uploads or path.strip()),
        )
    if not wanted or use is None:
        return None
    if source == _PATH:
        return check_folder(services, path, use, actor, event)
    with st.spinner("Keeping the photos while they are checked"):
        started = check_uploads(services, [(one.name, one) for one in uploads], use, actor, event)
    # Lets go of the files: Streamlit keeps uploads in memory for as long as their widget lives.
    st.session_state["check-round"] = _round() + 1
    return started


def _use(services: Services) -> Use | None:
    left, right = st.columns(2)
    channel: Channel | None = left.selectbox(
        "Where will they appear?",
        services.policy.channels,
        index=None,
        format_func=lambda one: one.label,
        placeholder="Choose a channel",
        key="check-channel",
        persist_state="session",
    )
    if channel is None:
        return None
    publication = None
    if channel.kind is ChannelKind.PRINT:
        publication = right.text_input(
            "Which issue or piece?",
            placeholder="Spring 2027",
            key="check-publication",
            persist_state="session",
        )
    return Use(channel, (publication or "").strip() or None)


def _uploads(*, folder: bool) -> list[UploadedFile]:
    # No filter by type: a file that is no photo is said to be none, rather than passed over.
    files = st.file_uploader(
        "Drop a folder here" if folder else "Drop photos here",
        accept_multiple_files="directory" if folder else True,
        key=f"check-{'folder' if folder else 'photos'}-{_round()}",
        label_visibility="collapsed",
    )
    chosen = cast("list[UploadedFile]", files or [])
    if len(chosen) > _MANY:
        st.caption("A few hundred photos take some minutes. You may leave this page meanwhile.")
    return chosen


def _round() -> int:
    return int(st.session_state.get("check-round", 0))
