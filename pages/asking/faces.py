"""A photo whose faces are tapped, with a finger or the mouse."""

from __future__ import annotations

import base64
from collections.abc import Sequence
from typing import Any, cast

import altair as alt
import streamlit as st

from consent.review.photos import PhotoView
from media_index.types import Box

# px: as wide as the page, and no higher than its screen; what is drawn cannot be shrunk afterwards.
_MOST_WIDTH, _MOST_HEIGHT, _PHONE_WIDTH = 720, 620, 358
_CHOSEN, _OTHER = "#145AAA", "#FFFFFF"


def tap_faces(view: PhotoView, boxes: Sequence[Box], chosen: Sequence[int], key: str) -> list[int]:
    """Show a photo with numbered faces, and return the numbers of those that were tapped.

    A second tap takes the first back. Those chosen otherwise are marked as well.
    """
    shown = st.altair_chart(
        _chart(view, boxes, chosen),
        width="content",
        theme=None,
        on_select="rerun",
        selection_mode="faces",
        key=key,
        alt="Photo with numbered faces; tap those who were asked",
    )
    picked = cast("Any", shown)["selection"].get("faces") or []
    return sorted({int(point["number"]) for point in picked if "number" in point})


def _chart(view: PhotoView, boxes: Sequence[Box], chosen: Sequence[int]) -> alt.LayerChart:
    """Lay the boxes over the picture, in px of the full-size photo, upwards as charts are."""
    picture = f"data:image/jpeg;base64,{base64.b64encode(view.thumbnail).decode()}"
    on_phone = "Mobi" in (st.context.headers.get("User-Agent") or "")
    most = _PHONE_WIDTH if on_phone else _MOST_WIDTH
    scale = min(most / view.width, _MOST_HEIGHT / view.height)
    width, height = round(view.width * scale), round(view.height * scale)
    across = alt.X("x:Q", axis=None, scale=alt.Scale(domain=[0, view.width], nice=False))
    up = alt.Y("y:Q", axis=None, scale=alt.Scale(domain=[0, view.height], nice=False))
    middle = alt.InlineData([{"x": view.width / 2, "y": view.height / 2, "url": picture}])
    photo = (
        alt.Chart(middle).mark_image(width=width, height=height).encode(x=across, y=up, url="url:N")
    )
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
            for number, box in enumerate(boxes, start=1)
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
        .encode(x=across, y=up, x2="right:Q", y2="below:Q", stroke=line, strokeWidth=wide)
        .add_params(tapped)
    )
    numbers = (
        alt.Chart(faces)
        .mark_text(
            align="left",
            baseline="bottom",
            dx=2,
            dy=-2,
            fontSize=16,
            fontWeight="bold",
            fill="#FFFFFF",
            stroke="#10202E",
            strokeWidth=3,
            strokeJoin="round",
        )
        .encode(x=across, y=up, text="number:N")
    )
    over = numbers.mark_text(
        align="left",
        baseline="bottom",
        dx=2,
        dy=-2,
        fontSize=16,
        fontWeight="bold",
        fill="#FFFFFF",
    )
    layered = alt.layer(photo, square, numbers, over)
    return cast(
        "alt.LayerChart",
        layered.properties(width=width, height=height).configure_view(stroke=None),
    )
