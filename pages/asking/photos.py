"""Get a photo in hand: from the camera, from files, or from the event's photos in the index."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import streamlit as st

from consent.printing.asking import take_photo
from consent.review.photos import find_indexed, photo_views
from pages.ui.errors import show_errors

if TYPE_CHECKING:
    from consent.domain.actors import Actor
    from consent.services import Services
    from pages.asking.session import AskingDesk

_CAMERA, _FILES, _INDEXED = "Camera", "Files", "Event's photos"
_PER_PAGE = 12


def choose_photo(services: Services, desk: AskingDesk, actor: Actor) -> None:
    """Offer the three ways to a photo."""
    source = st.segmented_control(
        "Photo from",
        [_CAMERA, _FILES, _INDEXED],
        default=_INDEXED if desk.event and _photos(services, desk) else _FILES,
        required=True,
        key="asking-source",
        persist_state="session",
    )
    if source == _CAMERA:
        taken = st.camera_input("Take a photo", key=desk.key("camera"))
        if taken is not None:
            _take(services, desk, [(taken.name, taken.getvalue())], actor)
    elif source == _FILES:
        files = st.file_uploader("Photos", accept_multiple_files=True, key=desk.key("files"))
        if files and st.button("Ask the people in them", type="primary"):
            _take(services, desk, [(one.name, one.getvalue()) for one in files], actor)
    else:
        _indexed(services, desk)


def _take(
    services: Services, desk: AskingDesk, files: list[tuple[str, bytes]], actor: Actor
) -> None:
    if desk.event is None:
        return
    taken = []
    with st.spinner("Finding the faces"):
        for name, content in files:
            with show_errors():
                taken.append(take_photo(services, desk.event, name, content, actor))
    if taken:
        # The same file twice is one photo to ask about.
        desk.take([*dict.fromkeys(taken)])
        st.rerun()


def _photos(services: Services, desk: AskingDesk) -> list[str]:
    return [] if desk.event is None else find_indexed(services, event_id=desk.event.id)


def _indexed(services: Services, desk: AskingDesk) -> None:
    photos = _photos(services, desk)
    if not photos:
        st.caption("No photo of this event is indexed yet: take one, or hand one in.")
        return
    grid = st.container(key="asking-grid")
    number, pages = 1, math.ceil(len(photos) / _PER_PAGE)
    if pages > 1:
        number = st.pagination(pages, key="asking-page")
    shown = photos[(number - 1) * _PER_PAGE : number * _PER_PAGE]
    views = photo_views(services, shown)
    with grid:
        for place, (sha256, view) in enumerate(views.items(), start=1):
            with st.container(border=True):
                st.image(view.thumbnail, alt=f"Photo {place} of the event", width="stretch")
                if st.button("Ask the people in it", key=f"asking-photo-{sha256[:16]}"):
                    later = list(views)[place:]
                    desk.take([sha256, *later])
                    st.rerun()
