"""The event that the photos of a check are of."""

from __future__ import annotations

from typing import TYPE_CHECKING

import streamlit as st

from consent.review.photos import known_events
from pages.ui.dates import event_name

if TYPE_CHECKING:
    from consent.services import Services
    from media_index.types import Event


def ask_event(services: Services, turn: int) -> str:
    """Ask of which event the photos are; return its id, or nothing.

    A revocation may cover one event only, and an event may have been behind closed doors.

    Args:
        services: adapters.
        turn: how many checks were started before: the next photos may be of another event.
    """
    event: Event | None = st.selectbox(
        "Of which event are they? (if you know)",
        known_events(services),
        index=None,
        format_func=event_name,
        placeholder="Not one event, or not known",
        key=f"check-event-{turn}",
    )
    return "" if event is None else event.id
