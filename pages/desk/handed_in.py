"""Photos of the person: uploaded, or taken at the desk before."""

from __future__ import annotations

from typing import TYPE_CHECKING

import streamlit as st

if TYPE_CHECKING:
    from pages.desk.draft import Draft

_TYPES = ["jpg", "jpeg", "png", "webp", "heic", "heif", "tif", "tiff", "avif"]


def handed_in(draft: Draft) -> list[tuple[bytes, str]]:
    """Ask for photos; return content and name of each, and of those taken here."""
    files = st.file_uploader(
        "Photos of the person",
        type=_TYPES,
        accept_multiple_files=True,
        key=draft.key("photos"),
        label_visibility="collapsed",
    )
    uploaded = [(file.getvalue(), file.name) for file in files]
    return [*uploaded, *draft.taken]
