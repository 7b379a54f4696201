"""Say by hand where somebody is: a face, a box drawn on the photo, or no face to be seen."""

from __future__ import annotations

from typing import TYPE_CHECKING

import streamlit as st

from consent.cases.search import standing_labels
from consent.domain.decisions import DecisionState
from consent.review.decide import NewDecision
from pages.ui.box_drawing import draw_box
from pages.ui.errors import show_errors

if TYPE_CHECKING:
    from consent.domain.actors import Actor
    from consent.review.pairs import Pair, PairView
    from consent.services import Services
    from media_index.types import Box
    from pages.review.session import ReviewDesk

_FACE, _DRAWN, _NO_FACE = "A face", "A box that I draw", "No face to be seen"


def offer_tag(
    services: Services, desk: ReviewDesk, pair: Pair, view: PairView, actor: Actor
) -> None:
    """Ask who it is and where, and keep it as confirmed."""
    label = pair.label
    if label is None:
        label = st.selectbox(
            "Which case?", standing_labels(services), index=None, placeholder="R-0042"
        )
    where = st.segmented_control(
        "Where in the photo?",
        ([_FACE] if view.boxes else []) + [_DRAWN, _NO_FACE],
        default=_FACE if view.boxes else _DRAWN,
        required=True,
        key="tag-where",
    )
    box, ready = _box(pair, view, where)
    wearing = st.text_input(
        "What do they wear?",
        placeholder="A green coat",
        help="So that they are found in photos taken minutes before and after. Name nobody.",
        key="tag-wearing",
    )
    with st.container(horizontal=True):
        keep = st.button(
            "Confirm",
            type="primary",
            shortcut="y",
            disabled=label is None or not ready,
            key="tag-keep",
        )
        if st.button("Back", shortcut="Esc", key="tag-back"):
            desk.tagging = False
            st.rerun()
    if keep and label is not None:
        with show_errors():
            state = DecisionState.CONFIRMED
            ruling = NewDecision(label, pair.photo_sha256, box, state, "By hand.", wearing)
            desk.rule(services, [ruling], [pair], actor)
            st.rerun()


def _box(pair: Pair, view: PairView, where: str) -> tuple[Box | None, bool]:
    """Return the box, and whether the place is known."""
    if where == _NO_FACE:
        st.caption("Seen from behind, in a mask or a costume: the photo as a whole is marked.")
        return None, True
    if where == _FACE:
        first = next((place for place, box in enumerate(view.boxes) if box in pair.boxes), None)
        chosen = st.pills(
            "Which face?",
            range(len(view.boxes)),
            default=first if first is not None or len(view.boxes) > 1 else 0,
            format_func=lambda place: f"Face {place + 1}",
            key=f"tag-face-{pair.photo_sha256}",
        )
        return (None, False) if chosen is None else (view.boxes[chosen], True)
    if view.photo is None:
        st.caption("No picture of this photo is kept, so none can be drawn on.")
        return None, False
    drawn = draw_box(view.photo, key=f"tag-box-{pair.photo_sha256}")
    return drawn, drawn is not None
