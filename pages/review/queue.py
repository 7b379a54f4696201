"""What needs a person, one pair at a time: by key or click, with undo."""

from __future__ import annotations

from typing import TYPE_CHECKING

import streamlit as st

from consent.review.pairs import view_pair
from pages.review.answers import offer_answers
from pages.review.next_pair import next_pair
from pages.review.overrides import show_overrides
from pages.review.pair import ask, beside_pictures
from pages.review.session import review_desk
from pages.review.tag import offer_tag
from pages.review.words import show_words
from pages.ui import backend, guard
from pages.ui.errors import show_errors
from pages.ui.look import literal

if TYPE_CHECKING:
    from consent.domain.actors import Actor
    from consent.services import Services
    from pages.review.session import ReviewDesk

_QUEUE, _OVERRIDES = "To decide", "Overrides"


def page() -> None:
    """Show the page."""
    actor = guard.signed_in()
    services = backend.services()
    guard.heading("Review", actor)
    shown = st.segmented_control(
        "Show",
        [_QUEUE, _OVERRIDES],
        default=_QUEUE,
        required=True,
        label_visibility="collapsed",
        key="review-shown",
    )
    with show_errors():
        if shown == _OVERRIDES:
            show_overrides(services, actor)
        else:
            _show_queue(services, review_desk(), actor)


def _show_queue(services: Services, desk: ReviewDesk, actor: Actor) -> None:
    with st.spinner("Comparing what is new", show_time=False):
        waiting = desk.waiting(services)
    pair = next_pair(services, desk, waiting)
    _head(services, desk, len(waiting), actor)
    if pair is None:
        st.success("Nothing waits for a decision.", icon=":material/task_alt:")
        if desk.skipped:
            count = len(desk.skipped)
            label = f"Show the {count} put aside" if count > 1 else "Show the one put aside"
            st.button(label, on_click=desk.skipped.clear)
        return
    view = view_pair(services, pair)
    with st.container(border=True, key="review-pair"):
        if desk.tagging:
            # A box is drawn on a photo as wide as the page.
            ask(pair)
            offer_tag(services, desk, pair, view, actor)
        with beside_pictures(desk, pair, view):
            if not desk.tagging:
                ask(pair)
                offer_answers(services, desk, pair, actor)
            show_words(services, desk, pair, view)


def _head(services: Services, desk: ReviewDesk, count: int, actor: Actor) -> None:
    """Say how much is left and what the last step did, and offer to take that back."""
    with st.container(horizontal=True, vertical_alignment="center", height=44, border=False):
        if count:
            st.markdown(f"**{count:,} to decide**", width="content")
        if desk.said:
            st.markdown(f":material/check: {literal(desk.said)}", width="content")
        if desk.done and st.button(
            "Undo", shortcut="z", icon=":material/undo:", type="tertiary", key="undo"
        ):
            with show_errors():
                desk.undo(services, actor)
                st.rerun()
