"""Indexed photos that may show the person."""

from __future__ import annotations

from pathlib import PurePath
from typing import TYPE_CHECKING

import streamlit as st

from consent.photo_views import photo_views
from consent.wording import rarity
from media_index.types import Signal
from pages.ui.look import literal
from pages.ui.pictures import show_match

if TYPE_CHECKING:
    from consent.photo_views import PhotoView
    from consent.services import Services
    from consent.sweep import Hit, SweepReport

_SHOWN_AT_ONCE = 6


def show_preview(services: Services, report: SweepReport) -> None:
    """Say how many indexed photos may show the person, with the likeliest."""
    st.markdown(f"**{headline(report)}**")
    best = report.hits[:_SHOWN_AT_ONCE]
    views = photo_views(services, [hit.sha256 for hit in best])
    for column, hit in zip(st.columns(3) * 2, best, strict=False):
        with column:
            show_hit(hit, views.get(hit.sha256))
    if len(report.hits) > len(best):
        st.caption(f"And {len(report.hits) - len(best)} more, listed once it is recorded.")


def headline(report: SweepReport) -> str:
    """Say how many photos may show the person."""
    if not report.photos:
        return "No photo is indexed yet, so none could be searched."
    if not report.hits:
        return f"No match found in {report.photos:,} indexed photos."
    many = len(report.hits)
    return f"May appear in {many} of {report.photos:,} indexed photos."


def show_hit(hit: Hit, view: PhotoView | None) -> None:
    """Show a photo with the face that may be the person's."""
    name = file_name(hit)
    if view is None:
        st.caption(":material/broken_image: No picture of this photo is kept.")
    else:
        show_match(view, hit.match.box, f"{name}: {likeness(hit)}")
    st.caption(literal(name))


def file_name(hit: Hit) -> str:
    """Return the name of the photo's file."""
    return PurePath(hit.paths[0]).name


def likeness(hit: Hit) -> str:
    """Say why the photo is listed."""
    if hit.match.signal is Signal.FACE:
        return f"Possible match: {rarity(hit.match.false_matches_per_million)}."
    if hit.match.signal is Signal.NEAR_DUPLICATE:
        return "A copy, or nearly, of a photo that shows the person."
    return "The person was confirmed in this photo."
