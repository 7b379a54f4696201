"""A photo to tap or draw on: a chart in px of the full-size photo, upwards as charts are."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, cast

import altair as alt
import streamlit as st

from consent.review.photos import PhotoView
from media_index.types import Box
from pages.ui.pictures import inline

DRAWN = "A box that I draw"
_CHOSEN, _OTHER = "#145AAA", "#FFFFFF"
# px: the largest that a photo is shown to tap or draw on, and the smallest box that counts.
_TAPPED_HEIGHT = 620
_DRAWN_WIDTH, _DRAWN_HEIGHT = 640, 520
_LEAST_PX = 8


class Canvas:
    """A photo with room for layers over it.

    Attributes:
        across: the axis on which layers encode their x.
        up: the axis on which layers encode their y.
    """

    def __init__(self, view: PhotoView, most_width: int, most_height: int) -> None:
        """Make it as large as fits into so many px of the screen."""
        self._view = view
        scale = min(most_width / view.width, most_height / view.height)
        self._width, self._height = round(view.width * scale), round(view.height * scale)
        self.across = alt.X("x:Q", axis=None, scale=alt.Scale(domain=[0, view.width], nice=False))
        self.up = alt.Y("y:Q", axis=None, scale=alt.Scale(domain=[0, view.height], nice=False))

    def under(self, *layers: alt.Chart) -> alt.LayerChart:
        """Return the photo with layers over it, the last on top."""
        middle = {"x": self._view.width / 2, "y": self._view.height / 2}
        picture = alt.InlineData([{**middle, "url": inline(self._view.thumbnail)}])
        photo = (
            alt.Chart(picture)
            .mark_image(width=self._width, height=self._height)
            .encode(x=self.across, y=self.up, url="url:N")
        )
        # Room for margins or labels would be taken from the axes, not from the picture: what is
        # drawn over it would then lie beside what it marks.
        layered = alt.layer(photo, *layers).properties(
            width=self._width,
            height=self._height,
            autosize=alt.AutoSizeParams(type="none", contains="padding"),
            padding={"left": 0, "top": 0, "right": 0, "bottom": 0},
        )
        return cast("alt.LayerChart", layered.configure_view(stroke=None))


def tap_faces(
    view: PhotoView, boxes: Mapping[int, Box], chosen: Sequence[int], width: int, key: str
) -> list[int]:
    """Show a photo with numbered faces, and return the numbers of those that were tapped.

    It is at most `width` px wide.
    A second tap takes the first back. Those chosen otherwise are marked as well.
    """
    chart = _faces_to_tap(view, boxes, chosen, width)
    alt_text = "Photo with numbered faces; tap those who were asked"
    return tapped_in(_show(chart, "faces", key, alt_text))


def _show(chart: alt.LayerChart, selection: str, key: str, alt_text: str) -> object:
    return st.altair_chart(
        chart,
        width="content",
        theme=None,
        on_select="rerun",
        selection_mode=selection,
        key=key,
        alt=alt_text,
    )


def tapped_in(shown: object) -> list[int]:
    """Return the numbers of the faces that were tapped on a picture; none where it is not shown."""
    if not shown:
        return []
    picked = cast("Any", shown)["selection"].get("faces") or []
    return sorted({int(point["number"]) for point in picked if "number" in point})


def _faces_to_tap(
    view: PhotoView, boxes: Mapping[int, Box], chosen: Sequence[int], width: int
) -> alt.LayerChart:
    canvas = Canvas(view, width, _TAPPED_HEIGHT)
    faces = alt.InlineData(
        [
            {
                "number": number,
                "x": box.x1,
                "y": view.height - box.y1,
                "right": box.x2,
                "below": view.height - box.y2,
                "chosen": number in chosen,
            }
            for number, box in boxes.items()
        ]
    )
    # Every tap adds to those before: fingers hold no shift key.
    tapped = alt.selection_point(name="faces", fields=["number"], toggle="true", empty=False)
    line = (
        alt.when(tapped)
        .then(alt.value(_CHOSEN))
        .when("datum.chosen")
        .then(alt.value(_CHOSEN))
        .otherwise(alt.value(_OTHER))
    )
    wide = alt.when(tapped).then(alt.value(5)).otherwise(alt.value(2))
    # Filled, though it is not seen: only what is filled can be tapped.
    square = (
        alt.Chart(faces)
        .mark_rect(fill="#FFFFFF", fillOpacity=0.01, cursor="pointer", tooltip=None)
        .encode(
            x=canvas.across, y=canvas.up, x2="right:Q", y2="below:Q", stroke=line, strokeWidth=wide
        )
        .add_params(tapped)
    )
    letters: dict[str, Any] = {
        "align": "left",
        "baseline": "bottom",
        "dx": 2,
        "dy": -2,
        "fontSize": 16,
        "fontWeight": "bold",
        "fill": "#FFFFFF",
    }
    edge: dict[str, Any] = {"stroke": "#10202E", "strokeWidth": 3, "strokeJoin": "round"}
    numbers = (
        alt.Chart(faces)
        .mark_text(**letters, **edge)
        .encode(x=canvas.across, y=canvas.up, text="number:N")
    )
    over = numbers.mark_text(**letters)
    return canvas.under(square, numbers, over)


def draw_box(view: PhotoView | None, key: str) -> Box | None:
    """Show a photo to draw on, with the mouse or a finger.

    Returns:
        The box in px of the full-size photo after EXIF rotation; None while there is none.
    """
    if view is None:
        st.caption("The program has no picture of this photo to draw on.")
        return None
    st.caption("Press at one corner and drag to the other. Draw again to change it.")
    alt_text = "The photo; draw a box around the person"
    shown = _show(_surface_to_draw(view), "box", key, alt_text)
    drawn = cast("Any", shown)["selection"].get("box") or {}
    if not drawn.get("x") or not drawn.get("y"):
        return None
    x1, x2 = sorted(_inside(value, view.width) for value in drawn["x"])
    y1, y2 = sorted(_inside(view.height - value, view.height) for value in drawn["y"])
    box = Box(x1, y1, x2, y2)
    return box if min(box.width, box.height) >= _LEAST_PX else None


def _surface_to_draw(view: PhotoView) -> alt.LayerChart:
    canvas = Canvas(view, _DRAWN_WIDTH, _DRAWN_HEIGHT)
    corners = alt.InlineData([{"x": 0, "y": 0}, {"x": view.width, "y": view.height}])
    line = alt.BrushConfig(stroke=_CHOSEN, strokeWidth=3, fill=_OTHER, fillOpacity=0.1)
    selection = alt.selection_interval(name="box", encodings=["x", "y"], mark=line)
    surface = alt.Chart(corners).mark_point(opacity=0).encode(x=canvas.across, y=canvas.up)
    return canvas.under(surface.add_params(selection))


def _inside(value: float, most: int) -> int:
    return min(max(round(value), 0), most)
