"""What is known of a pair beside its pictures."""

from __future__ import annotations

from typing import TYPE_CHECKING

import streamlit as st

from consent.review.pairs import PairKind
from pages.register import case
from pages.ui.dates import short_day, shown_moment
from pages.ui.look import literal

if TYPE_CHECKING:
    from consent.review.pairs import Pair, PairView
    from consent.services import Services
    from pages.review.session import ReviewDesk

_WHY = {
    PairKind.UNCOMPARABLE: "A person can recognise the marked faces; the program cannot compare "
    "them, because they are turned away, blurred or small.",
    PairKind.PRIVATE_EVENT: "The event was not in a public space, so nobody in it has given "
    "permission by being there.",
}


def show_words(services: Services, desk: ReviewDesk, pair: Pair, view: PairView) -> None:
    """Show what is known of the photo, and offer the whole of it."""
    _whole(desk, pair)
    st.markdown(f"**{literal(view.name)}**")
    if pair.label is not None:
        st.page_link(
            case.as_page(),
            label=f":primary[Case {pair.label}]",
            icon=":material/folder_shared:",
            query_params={"case": pair.label},
        )
    if view.likeness:
        st.markdown(literal(view.likeness))
    if pair.kind in _WHY:
        st.markdown(_WHY[pair.kind])
    if pair.published_on is not None:
        st.badge(
            f"Published {short_day(pair.published_on)}", icon=":material/public:", color="orange"
        )
    elif pair.checked_at is not None:
        st.badge("Checked for a use", icon=":material/image_search:", color="blue")
    if pair.taken_at is not None:
        st.caption(f"Taken {shown_moment(services, pair.taken_at)}")
    for fact in view.facts:
        st.caption(literal(fact))


def _whole(desk: ReviewDesk, pair: Pair) -> None:
    if pair.box is not None and st.button(
        "The face" if desk.whole else "The whole photo",
        icon=":material/zoom_in:" if desk.whole else ":material/zoom_out_map:",
        shortcut="w",
        key="whole",
    ):
        desk.whole = not desk.whole
        st.rerun()
