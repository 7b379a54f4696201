"""Copies of checked photos to take away: clean ones, and ones in which people are covered."""

from __future__ import annotations

import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import streamlit as st

from consent.checking.result import CheckedPhoto
from consent.domain.actors import Actor
from consent.domain.channels import Use
from consent.domain.verdicts import Verdict
from consent.domain.wording import counted
from consent.exporting.cover import CAN_BE_UNDONE, CoveredCopy, cover_people
from consent.exporting.export import Export
from consent.jobs.export import export_of_check
from consent.review.photos import PhotoView, photo_views
from consent.services import Services
from media_index.types import Box, Fill
from pages.ui.canvas import DRAWN, draw_box
from pages.ui.errors import show_errors
from pages.ui.form import button_after
from pages.ui.look import literal
from pages.ui.pictures import inline, show_faces
from pages.ui.words import badge

_EXPORTED, _COVERED = "check-exported", "check-covered"
_MOST_NAMED = 8
_FILLS = {Fill.SOLID: "Solid", Fill.MOSAIC: "Mosaic", Fill.BLUR: "Blur"}


@dataclass(frozen=True, slots=True)
class _Made:
    """What was made, as long as the dialog is open."""

    content: bytes
    export: Export


def ask_export(
    services: Services, job_id: str, photos: Sequence[CheckedPhoto], use: Use, actor: Actor
) -> None:
    """Open the dialog that makes clean copies; what another one has made is forgotten."""
    st.session_state.pop(_EXPORTED, None)
    _ask_export(services, job_id, [photo.name for photo in photos], use, actor)


@st.dialog("Export clean copies")
def _ask_export(
    services: Services, job_id: str, names: Sequence[str], use: Use, actor: Actor
) -> None:
    st.markdown(
        f"{counted(len(names), 'photo')} for {literal(use.label)}. Each photo is checked once "
        "more, and what is cleared at that moment is copied: upright, in the size for this "
        "channel, without GPS, names or other data about the photo."
    )
    made: _Made | None = st.session_state.get(_EXPORTED)
    place = st.empty()
    if made is None and place.button("Make the copies", type="primary", key="export-make"):
        with show_errors(), st.spinner("Making the copies"), tempfile.TemporaryDirectory() as room:
            to = Path(room) / "photos.zip"
            export = export_of_check(services, job_id, to, actor, names=set(names))
            made = _Made(to.read_bytes(), export)
            st.session_state[_EXPORTED] = made
            place.empty()
    if made is not None:
        _hand_over(made)


def _hand_over(made: _Made) -> None:
    export = made.export
    st.download_button(
        f"Download {counted(len(export.copies), 'copy', 'copies')}",
        made.content,
        file_name=f"photos-{export.on:%Y-%m-%d}-{export.use.channel.id}.zip",
        mime="application/zip",
        type="primary",
        icon=":material/download:",
        on_click="ignore",
        disabled=not export.copies,
        key="export-download",
    )
    for left in export.left_out[:_MOST_NAMED]:
        why = " ".join(left.reasons)
        st.caption(literal(f"Left out: {left.name}, {left.words.lower()}. {why}"))
    if len(export.left_out) > _MOST_NAMED:
        st.caption(f"And {len(export.left_out) - _MOST_NAMED:,} more: see the list in the zip.")


def ask_cover(services: Services, photo: CheckedPhoto, use: Use, actor: Actor) -> None:
    """Open the dialog that covers a person; what another one has made is forgotten."""
    st.session_state.pop(_COVERED, None)
    _ask_cover(services, photo, use, actor)


@st.dialog("Cover people in a copy", width="large")
def _ask_cover(services: Services, photo: CheckedPhoto, use: Use, actor: Actor) -> None:
    copy: CoveredCopy | None = st.session_state.get(_COVERED)
    place = st.empty()
    if copy is None:
        with place.container():
            copy = _cover(services, photo, use, actor)
        st.session_state[_COVERED] = copy
    if copy is not None:
        place.empty()
        _hand_over_covered(copy)


def _cover(services: Services, photo: CheckedPhoto, use: Use, actor: Actor) -> CoveredCopy | None:
    """Ask whom to cover and how, and make the copy; None until it is asked for, or if it fails."""
    sha256 = str(photo.sha256)
    st.markdown(
        "The photo does not change. The program checks the copy like any photo. You get it only"
        " if nobody is found where it is covered."
    )
    view = photo_views(services, [sha256], actor).get(sha256)
    picture = st.container(key="faces-photo")
    where = _ask_where(photo, view)
    faces = [one for one in where if isinstance(one, int)]
    if view is not None and len(faces) == len(where):
        with picture:
            show_faces(view, photo.boxes, faces, "The photo with numbered faces")
    fill: Fill = st.segmented_control(
        "How?",
        list(Fill),
        default=Fill.SOLID,
        required=True,
        format_func=lambda one: _FILLS[one],
        key="cover-fill",
    )
    if fill is not Fill.SOLID:
        st.warning(CAN_BE_UNDONE, icon=":material/warning:")
    missing = [] if where else ["choose a face, or draw a box"]
    if button_after(missing, "Make the copy", type="primary", key="cover-make"):
        with show_errors(), st.spinner("Covering, and checking the copy"):
            return cover_people(services, sha256, where, use, actor, fill=fill, path=photo.path)
    return None


def _ask_where(photo: CheckedPhoto, view: PhotoView | None) -> list[Box | int]:
    """Ask which faces, whose whole heads are covered, and for a box; nothing while that is open."""
    worst = photo.worst_by_face
    faces = sorted(range(len(photo.boxes)), key=lambda face: (face not in worst, face))
    surely = [face for face in faces if worst.get(face) is Verdict.BLOCKED]
    options: list[int | str] = [*faces, DRAWN]
    chosen = st.pills(
        "Who? One or more",
        options,
        default=surely or options[:1],
        selection_mode="multi",
        format_func=lambda one: one if isinstance(one, str) else f"Face {one + 1}",
        key=f"cover-whom-{photo.id}",
    )
    where: list[Box | int] = [one for one in chosen if isinstance(one, int)]
    if DRAWN not in chosen:
        return where
    box = draw_box(view, key=f"cover-box-{photo.id}")
    # Without the box, somebody who was to be covered would not be.
    return [] if box is None else [*where, box]


def _hand_over_covered(copy: CoveredCopy) -> None:
    decision = copy.clearance.decision
    badge(decision.verdict, decision.words)
    with st.container(key="faces-photo-covered"):
        st.image(inline(copy.content), alt="The copy, with the people covered", width=480)
    if copy.warning:
        st.warning(literal(copy.warning), icon=":material/warning:")
    if copy.caution:
        st.warning(copy.caution, icon=":material/warning:")
    if not copy.may_go_out:
        return
    st.download_button(
        "Download the copy",
        copy.content,
        file_name=copy.name,
        type="secondary" if copy.warning else "primary",
        icon=":material/download:",
        on_click="ignore",
        key="cover-download",
    )
    st.caption("If it turns up again, the program recognizes it as a copy of this photo.")
