"""Draw a box on a photo, with the mouse or a finger."""

from __future__ import annotations

import base64
from typing import TYPE_CHECKING, Any, cast

import altair as alt
import streamlit as st

from media_index.types import Box

if TYPE_CHECKING:
    from consent.review.photos import PhotoView

_MOST_WIDTH = 640
_MOST_HEIGHT = 520
_LEAST_PX = 8


def draw_box(view: PhotoView, key: str) -> Box | None:
    """Show a photo to draw on.

    Args:
        view: the photo.
        key: of the widget.

    Returns:
        The box in px of the full-size photo after EXIF rotation; None while there is none.
    """
    st.caption("Press in one corner, and pull to the other. Draw again to change it.")
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
    """Lay a selection over the picture, in px of the full-size photo, upwards as charts are."""
    picture = f"data:image/jpeg;base64,{base64.b64encode(view.thumbnail).decode()}"
    scale = min(_MOST_WIDTH / view.width, _MOST_HEIGHT / view.height)
    width, height = round(view.width * scale), round(view.height * scale)
    across = alt.X("x:Q", axis=None, scale=alt.Scale(domain=[0, view.width], nice=False))
    up = alt.Y("y:Q", axis=None, scale=alt.Scale(domain=[0, view.height], nice=False))
    middle = alt.InlineData([{"x": view.width / 2, "y": view.height / 2, "url": picture}])
    corners = alt.InlineData([{"x": 0, "y": 0}, {"x": view.width, "y": view.height}])
    photo = (
        alt.Chart(middle).mark_image(width=width, height=height).encode(x=across, y=up, url="url:N")
    )
    line = alt.BrushConfig(stroke="#145AAA", strokeWidth=3, fill="#FFFFFF", fillOpacity=0.1)
    selection = alt.selection_interval(name="box", encodings=["x", "y"], mark=line)
    surface = alt.Chart(corners).mark_point(opacity=0).encode(x=across, y=up)
    layered = alt.layer(photo, surface.add_params(selection))
    return cast(
        "alt.LayerChart",
        layered.properties(width=width, height=height).configure_view(stroke=None),
    )


def _inside(value: float, most: int) -> int:
    return min(max(round(value), 0), most)
