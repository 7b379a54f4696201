"""A checked photo: picture with numbered faces, verdict, and the reasons in words."""

from __future__ import annotations

from pathlib import PurePosixPath
from typing import TYPE_CHECKING

import streamlit as st

from pages.ui.badges import badge
from pages.ui.look import literal
from pages.ui.pictures import LEGEND, show_checked

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from consent.checking.result import CheckedPhoto
    from consent.review.photos import PhotoView


def show_cards(
    photos: Sequence[CheckedPhoto],
    views: dict[str, PhotoView],
    offer: Callable[[CheckedPhoto], None],
) -> None:
    """Show photos, two in a row.

    Args:
        photos: in the order shown.
        views: what shows them, by SHA-256.
        offer: shows what can be done with one.
    """
    if any(photo.boxes for photo in photos):
        st.caption(LEGEND)
    for start in range(0, len(photos), 2):
        for column, photo in zip(st.columns(2), photos[start : start + 2], strict=False):
            with column.container(border=True, height="stretch"):
                _card(photo, views.get(photo.sha256 or ""), offer)


def _card(
    photo: CheckedPhoto, view: PhotoView | None, offer: Callable[[CheckedPhoto], None]
) -> None:
    picture, words = st.columns([1, 1])
    with picture:
        show_checked(photo, view)
    with words:
        badge(photo.verdict)
        name = PurePosixPath(photo.name)
        st.markdown(f"**{literal(name.name)}**")
        if name.parent.name:
            st.caption(f":material/folder: {literal(str(name.parent))}")
        for reason in photo.reasons:
            st.markdown(literal(reason))
        for note in photo.notes:
            st.caption(f"Note: {literal(note)}")
        offer(photo)
