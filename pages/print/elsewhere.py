"""The same face in another photo of the event: both shown, for the editor to say."""

from __future__ import annotations

from typing import TYPE_CHECKING

import streamlit as st

from consent.review.photos import photo_views
from pages.ui.look import literal
from pages.ui.pictures import show_match

if TYPE_CHECKING:
    from consent.domain.print import AuditedFace, AuditedPhoto
    from consent.services import Services


def ask_same(services: Services, photo: AuditedPhoto, face: AuditedFace) -> bool:
    """Show a face beside the one that was asked; say whether the editor took it over just now."""
    other = face.elsewhere
    if other is None or photo.photo_sha256 is None:
        return False
    answer = "said yes" if other.given else "said no"
    with st.expander(
        f"Face {face.number}: somebody alike was asked in another photo, and {answer}"
    ):
        views = photo_views(services, [photo.photo_sha256, other.photo_sha256])
        left, right, words = st.columns([2, 2, 3])
        for column, sha256, box, alt in (
            (left, photo.photo_sha256, face.box, f"Face {face.number} of this photo"),
            (right, other.photo_sha256, other.box, "The face that was asked"),
        ):
            if sha256 in views:
                with column:
                    show_match(views[sha256], box, alt)
        with words:
            st.caption(literal(f"{other.likeness[:1].upper()}{other.likeness[1:]}."))
            return st.button(
                "It is the same person",
                icon=":material/done_all:",
                key=f"same-{photo.placed_id}-{face.number}",
            )
