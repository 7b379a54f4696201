"""Say by hand where somebody is: a face, a box drawn on the photo, or no face to be seen."""

from __future__ import annotations

from typing import Any, cast

import altair as alt
import streamlit as st

from consent.cases.search import standing_labels
from consent.domain.actors import Actor
from consent.domain.decisions import DecisionState
from consent.domain.review import Pair
from consent.review.decide import NewDecision
from consent.review.pairs import PairView
from consent.review.photos import PhotoView
from consent.services import Services
from media_index.types import Box
from pages.review.session import ReviewDesk
from pages.ui.errors import show_errors
from pages.ui.form import required, say_first
from pages.ui.pictures import Canvas

WEARING = "This helps find them in photos taken minutes before and after. Don't use names."
DRAWN = "A box that I draw"
_FACE, _NO_FACE = "A face", "No face to be seen"
# px: the largest that a photo is shown to draw on, and the smallest box that counts.
_MOST_WIDTH = 640
_MOST_HEIGHT = 520
_LEAST_PX = 8


def offer_tag(
    services: Services, desk: ReviewDesk, pair: Pair, view: PairView, actor: Actor
) -> None:
    """Ask who it is and where, and keep it as confirmed."""
    label = pair.label
    if label is None:
        label = st.selectbox(
            required("Which case?"),
            standing_labels(services, actor),
            index=None,
            placeholder="R-0042",
        )
    where = st.segmented_control(
        "Where in the photo?",
        ([_FACE] if view.boxes else []) + [DRAWN, _NO_FACE],
        default=_FACE if view.boxes else DRAWN,
        required=True,
        key="tag-where",
    )
    box, ready = _ask_box(pair, view, where)
    wearing = st.text_input(
        "What do they wear?", placeholder="A green coat", help=WEARING, key="tag-wearing"
    )
    missing = [] if label is not None else ["choose the case"]
    if not ready:
        missing.append("choose a face, or draw a box")
    with st.container(horizontal=True):
        keep = st.button(
            "Confirm",
            type="primary",
            shortcut="y",
            disabled=bool(missing),
            key="tag-keep",
        )
        if st.button("Back", shortcut="Esc", key="tag-back"):
            desk.tagging = False
            st.rerun()
    say_first(missing)
    if keep and label is not None:
        with show_errors():
            confirmed = DecisionState.CONFIRMED
            decision = NewDecision(label, pair.photo_sha256, box, confirmed, "By hand.", wearing)
            desk.keep(services, [decision], [pair], actor)
            st.rerun()


def _ask_box(pair: Pair, view: PairView, where: str) -> tuple[Box | None, bool]:
    """Return the box, None for the photo as a whole, and whether it is known."""
    if where == _NO_FACE:
        st.caption(
            "Use this if they are seen from behind, in a mask or in a costume: the whole "
            "photo is marked."
        )
        return None, True
    if where == _FACE:
        first = next((face for face, box in enumerate(view.boxes) if box in pair.boxes), None)
        chosen = st.pills(
            "Which face?",
            range(len(view.boxes)),
            default=first if first is not None or len(view.boxes) > 1 else 0,
            format_func=lambda face: f"Face {face + 1}",
            key=f"tag-face-{pair.photo_sha256}",
        )
        return (None, False) if chosen is None else (view.boxes[chosen], True)
    drawn = draw_box(view.photo, key=f"tag-box-{pair.photo_sha256}")
    return drawn, drawn is not None


def draw_box(view: PhotoView | None, key: str) -> Box | None:
    """Show a photo to draw on, with the mouse or a finger.

    Returns:
        The box in px of the full-size photo after EXIF rotation; None while there is none.
    """
    if view is None:
        st.caption("The program has no picture of this photo to draw on.")
        return None
    st.caption("Press at one corner and drag to the other. Draw again to change it.")
    shown = st.altair_chart(
        _chart(view),
        width="content",
        theme=None,
        on_select="rerun",
        selection_mode="box",
        key=key,
        alt="The photo; draw a box around the person",
    )
    drawn = cast("Any", shown)["selection"].get("box") or {}
    if not drawn.get("x") or not drawn.get("y"):
        return None
    x1, x2 = sorted(_inside(value, view.width) for value in drawn["x"])
    y1, y2 = sorted(_inside(view.height - value, view.height) for value in drawn["y"])
    box = Box(x1, y1, x2, y2)
    return box if min(box.width, box.height) >= _LEAST_PX else None


def _chart(view: PhotoView) -> alt.LayerChart:
    canvas = Canvas(view, _MOST_WIDTH, _MOST_HEIGHT)
    corners = alt.InlineData([{"x": 0, "y": 0}, {"x": view.width, "y": view.height}])
    line = alt.BrushConfig(stroke="#145AAA", strokeWidth=3, fill="#FFFFFF", fillOpacity=0.1)
    selection = alt.selection_interval(name="box", encodings=["x", "y"], mark=line)
    surface = alt.Chart(corners).mark_point(opacity=0).encode(x=canvas.across, y=canvas.up)
    return canvas.under(surface.add_params(selection))


def _inside(value: float, most: int) -> int:
    return min(max(round(value), 0), most)
