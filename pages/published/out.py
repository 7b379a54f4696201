"""What is out, the newest first."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import streamlit as st

from consent.publishing.record import list_publications
from consent.review.photos import photo_views
from pages.ui.dates import shown_day
from pages.ui.look import literal

if TYPE_CHECKING:
    from consent.domain.publications import Publication
    from consent.review.photos import PhotoView
    from consent.services import Services

_PER_PAGE = 24
_ALL = "All channels"


def show_published(services: Services) -> None:
    """Show publications with their photos, by channel if wanted."""
    every = list_publications(services)
    labels = {one.id: one.label for one in services.policy.channels}
    if not every:
        st.info(
            "Nothing is recorded as published. After a check, a click on Posted records it; what "
            "was posted before can be imported.",
            icon=":material/public:",
        )
        return
    used = [name for name in labels if any(one.channel == name for one in every)]
    chosen = st.selectbox(
        "Channel",
        [_ALL, *used],
        format_func=lambda name: labels.get(name, name),
        width=280,
        key="published-channel",
    )
    wanted = [one for one in every if chosen in {_ALL, one.channel}]
    st.markdown(f"**{len(wanted):,} published**, the newest first")
    grid = st.container()
    number, pages = 1, math.ceil(len(wanted) / _PER_PAGE)
    if pages > 1:
        with st.container(horizontal_alignment="center"):
            number = st.pagination(pages, key=f"published-page-{chosen}")
    shown = wanted[(number - 1) * _PER_PAGE : number * _PER_PAGE]
    views = photo_views(services, [one.photo_sha256 for one in shown])
    with grid:
        for start in range(0, len(shown), 4):
            for column, one in zip(st.columns(4), shown[start : start + 4], strict=False):
                with column.container(border=True, height="stretch"):
                    _card(one, labels.get(one.channel, one.channel), views.get(one.photo_sha256))


def _card(made: Publication, channel: str, view: PhotoView | None) -> None:
    if view is None:
        st.caption(":material/broken_image: No picture of this photo is kept.")
    else:
        st.image(view.thumbnail, alt=f"Published on {channel}", width="stretch")
    piece = f", {made.issue}" if made.issue else ""
    st.markdown(f"**{literal(channel + piece)}**")
    st.caption(f"{shown_day(made.published_on)}, by {literal(made.by)}")
    if made.found_how:
        st.caption(f"Found by: {literal(made.found_how)}")
    if made.url:
        st.link_button("Open the post", made.url, icon=":material/open_in_new:")
