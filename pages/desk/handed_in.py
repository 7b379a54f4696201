"""Photos of the person: uploaded, or taken at the desk."""

from __future__ import annotations

from typing import TYPE_CHECKING

import streamlit as st

if TYPE_CHECKING:
    from pages.desk.draft import Draft

_TYPES = ["jpg", "jpeg", "png", "webp", "heic", "heif", "tif", "tiff", "avif"]


def handed_in(draft: Draft) -> list[tuple[bytes, str]]:
    """Ask for photos, uploaded or taken here; return content and name of each."""
    files = st.file_uploader(
        "Photos of the person",
        type=_TYPES,
        accept_multiple_files=True,
        key=draft.key("photos"),
        label_visibility="collapsed",
    )
    found = [(file.getvalue(), file.name) for file in files]
    # The browser asks for the camera as soon as the widget is there: only when it is wanted.
    if st.toggle("Take a picture here", key=draft.key("camera-on")):
        shot = st.camera_input("Picture", key=draft.key("camera"), label_visibility="collapsed")
        if shot is not None:
            found.append((shot.getvalue(), "Picture taken here"))
    return found
