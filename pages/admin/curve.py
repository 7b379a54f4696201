"""What is missed over what is flagged, drawn."""

from __future__ import annotations

from typing import TYPE_CHECKING

import altair as alt
import streamlit as st

if TYPE_CHECKING:
    from consent.indexing.thresholds import OperatingPoint


def show_curve(points: list[OperatingPoint], today: OperatingPoint, chosen: OperatingPoint) -> None:
    """Draw the curve with today's point and the chosen one; nothing where it was not measured."""
    if today.missed is None:
        return
    rows = [
        {"flagged": one.flagged, "missed": one.missed, "rate": one.review_per_million}
        for one in points
    ]
    marks = [
        {"flagged": one.flagged, "missed": one.missed, "what": what}
        for one, what in ((today, "today"), (chosen, "chosen"))
    ][: 1 if chosen == today else 2]
    flagged = alt.X(
        "flagged:Q", title="Flagged, of 100 photos of strangers", scale=alt.Scale(type="log")
    )
    missed = alt.Y("missed:Q", title="Missed, of 100 photos of revoked people")
    line = alt.Chart(alt.InlineData(values=rows)).mark_line(color="#175d86")
    dots = alt.Chart(alt.InlineData(values=marks)).mark_point(size=120, filled=True)
    words = alt.Chart(alt.InlineData(values=marks)).mark_text(dx=10, dy=-10, align="left")
    shown = (
        line.encode(x=flagged, y=missed)
        + dots.encode(x=flagged, y=missed, shape=alt.Shape("what:N", legend=None))
        + words.encode(x=flagged, y=missed, text="what:N")
    )
    st.altair_chart(shown.properties(height=320), width="stretch")
