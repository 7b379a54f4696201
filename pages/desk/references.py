"""Reference photos: find the faces, have the right one picked, show where they may appear."""

from __future__ import annotations

from typing import TYPE_CHECKING

import streamlit as st

from consent.photo_views import PhotoView
from consent.reference_offer import advice_on
from pages.desk.hits import show_preview
from pages.ui.errors import said
from pages.ui.look import literal
from pages.ui.pictures import show_faces

if TYPE_CHECKING:
    from consent.reference_offer import OfferedFaces
    from consent.references import Reference, ReferenceFace
    from consent.services import Services
    from pages.desk.draft import Draft

_TYPES = ["jpg", "jpeg", "png", "webp", "heic", "heif", "tif", "tiff", "avif"]
_NOBODY = -1


def ask_references(services: Services, draft: Draft) -> list[Reference] | None:
    """Ask for photos of the person and for the face in each.

    Returns:
        The faces picked; None while one has still to be picked.
    """
    st.subheader("Photos of the person", anchor=False)
    st.caption(
        "Ask whether they agree that their face is kept, only to find them in the library's "
        "photos. Without a photo the revocation holds too, but no photo can be matched with it.",
    )
    references: list[Reference] = []
    faces: list[ReferenceFace] = []
    waiting = False
    for content, name in _photos(draft):
        with said():
            offered = draft.offer(services, content, name)
            picked = _pick(draft, offered)
            if picked is None:
                waiting = True
            elif picked != _NOBODY:
                references.append(offered.reference(picked))
                faces.append(offered.picked(picked))
    if faces:
        with said():
            with st.spinner("Searching the index"):
                report = draft.preview(services, faces)
            show_preview(services, report)
    return None if waiting else references


def _photos(draft: Draft) -> list[tuple[bytes, str]]:
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
            elif picked != _NOBODY and (advice := advice_on(faces[picked])):
                st.caption(f":material/lightbulb: {advice}")
        with picture:
            show_faces(
                PhotoView(photo.thumbnail, photo.width, photo.height),
                [face.box for face in faces],
                picked,
                f"{offered.name} with its faces numbered from 1 to {len(faces)}",
            )
    return picked
