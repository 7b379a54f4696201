"""The faces of reference photos, and which of them is the person."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import streamlit as st

from consent.review.photos import PhotoView
from pages.ui.errors import show_errors
from pages.ui.look import literal
from pages.ui.pictures import show_faces

if TYPE_CHECKING:
    from collections.abc import Sequence

    from consent.cases.references import OfferedFaces
    from consent.domain.intake import Reference, ReferenceFace
    from consent.services import Services
    from pages.desk.draft import Draft

_NOBODY = -1


@dataclass(frozen=True, slots=True)
class Faces:
    """The faces picked so far, and whether one has still to be picked."""

    found: list[tuple[Reference, ReferenceFace]]
    waiting: bool

    @property
    def references(self) -> list[Reference]:
        """What is recorded of them."""
        return [reference for reference, _ in self.found]


def ask_faces(services: Services, draft: Draft, photos: Sequence[tuple[bytes, str]]) -> Faces:
    """Show the faces of photos, and ask which of them is the person.

    Args:
        services: adapters.
        draft: of this form.
        photos: content and name of each.
    """
    found: list[tuple[Reference, ReferenceFace]] = []
    waiting = False
    for content, name in photos:
        with show_errors():
            offered = draft.offer(services, content, name)
            picked = _pick(draft, offered)
            if picked is None:
                waiting = True
            elif picked != _NOBODY:
                found.append((offered.reference(picked), offered.picked(picked)))
    return Faces(found, waiting)


def _pick(draft: Draft, offered: OfferedFaces) -> int | None:
    """Show the faces of a photo and return the one picked."""
    photo = offered.photo
    faces = photo.faces
    key = draft.key(f"face-{photo.sha256}")
    with st.container(border=True):
        picture, words = st.columns(2)
        with words:
            st.markdown(f"**{literal(offered.name)}**")
            picked = st.radio(
                "Which face is the person?",
                [*range(len(faces)), _NOBODY],
                index=offered.plain,
                format_func=lambda face: "None of them" if face == _NOBODY else f"Face {face + 1}",
                horizontal=True,
                key=key,
            )
            if picked is None:
                st.caption(":material/touch_app: Several faces: pick the person's.")
        with picture:
            show_faces(
                PhotoView(photo.thumbnail, photo.width, photo.height),
                [face.box for face in faces],
                () if picked is None else (picked,),
                f"{offered.name} with its faces numbered from 1 to {len(faces)}",
            )
    return picked
