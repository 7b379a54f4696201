"""A hint for the eye, where no face helps."""

from __future__ import annotations

from typing import TYPE_CHECKING

import streamlit as st

from consent.domain.limits import NOTE, PLACE
from consent.domain.terms import Locator
from pages.ui.dates import DATE_FORMAT, EARLIEST, shown_day

if TYPE_CHECKING:
    from collections.abc import Callable

    from consent.cases.view import CaseView


def ask_hint(view: CaseView, key: Callable[[str], str]) -> Locator | None:
    """Ask for one hint where the person may be; return None while it is empty."""
    left, right = st.columns(2)
    event = left.selectbox(
        "Event",
        view.events,
        index=None,
        format_func=lambda one: one.name,
        placeholder="Any event",
        key=key("hint-event"),
        persist_state="page",
    )
    on = right.date_input(
        "Day",
        None,
        min_value=EARLIEST,
        key=key("hint-day"),
        persist_state="page",
        format=DATE_FORMAT,
    )

    def words(column: int, label: str, name: str, example: str, most: int = PLACE) -> str:
        place = (left, right)[column]
        text = place.text_input(
            label,
            max_chars=most,
            placeholder=example,
            key=key(f"hint-{name}"),
            persist_state="page",
        )
        return (text or "").strip()

    clothing = words(0, "Clothing", "clothing", "Red coat, glasses")
    companions = words(1, "With whom", "companions", "A girl in a wheelchair")
    position = words(0, "Where in the photo", "position", "Third from left")
    url = words(1, "Address of a posted photo", "url", "https://", NOTE)
    hint = Locator(event.id if event else None, on, clothing, companions, url, position)
    return None if hint == Locator() else hint


def hint_words(view: CaseView, hint: Locator) -> str:
    """Say a hint in words."""
    events = {event.id: event.name for event in view.events}
    parts = [
        events.get(hint.event_id or "", ""),
        shown_day(hint.on) if hint.on else "",
        hint.clothing,
        f"with {hint.companions}" if hint.companions else "",
        hint.position,
        hint.url,
    ]
    return ", ".join(part for part in parts if part)
