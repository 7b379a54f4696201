"""Hints for the eye, where no face helps."""

from __future__ import annotations

from typing import TYPE_CHECKING

import streamlit as st

from consent.domain.limits import NOTE, PLACE
from consent.domain.terms import Locator
from pages.ui.dates import DATE_FORMAT, EARLIEST

if TYPE_CHECKING:
    from collections.abc import Sequence

    from media_index.types import Event
    from pages.desk.draft import Draft


def ask_locator(draft: Draft, events: Sequence[Event]) -> list[Locator]:
    """Ask for a hint; return it if anything was said."""
    with st.expander("How to find the person without a face", icon=":material/search:"):
        left, right = st.columns(2)
        event = left.selectbox(
            "Event",
            events,
            index=None,
            format_func=lambda one: one.name,
            placeholder="Any event",
            key=draft.key("hint-event"),
            persist_state="session",
        )
        on = right.date_input(
            "Day",
            None,
            min_value=EARLIEST,
            key=draft.key("hint-day"),
            persist_state="session",
            format=DATE_FORMAT,
        )
        with left:
            clothing = _words(draft, "Clothing", "Green coat, glasses")
            position = _words(draft, "Where in the photo", "Third from left")
        with right:
            companions = _words(draft, "With whom", "A boy in a wheelchair")
            url = _words(draft, "Address of a posted photo", "https://", NOTE)
    hint = Locator(event.id if event else None, on, clothing, companions, url, position)
    return [] if hint == Locator() else [hint]


def _words(draft: Draft, label: str, example: str, most: int = PLACE) -> str:
    text = st.text_input(
        label,
        max_chars=most,
        placeholder=example,
        key=draft.key(f"hint-{label}"),
        persist_state="session",
    )
    return (text or "").strip()
