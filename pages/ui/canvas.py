"""A photo to tap or draw on: a chart in px of the full-size photo, upwards as charts are."""

from __future__ import annotations

from typing import cast

import altair as alt

from consent.review.photos import PhotoView
from pages.ui.pictures import inline


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
