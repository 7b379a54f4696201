"""Choose the event once; or enter one that is not in the index yet."""

from __future__ import annotations

from typing import TYPE_CHECKING

import streamlit as st

from consent.indexing.events import NewEvent, create_event
from pages.ui.dates import DATE_FORMAT, EARLIEST, event_name

if TYPE_CHECKING:
    from collections.abc import Sequence

    from consent.domain.actors import Actor
    from consent.services import Services
    from media_index.types import Event
    from pages.asking.session import AskingDesk


def choose_event(
    services: Services, desk: AskingDesk, events: Sequence[Event], actor: Actor
) -> None:
    """Offer the known events, the newest first, and a new one.

    Raises:
        ConsentError: the new event is known as another kind of occasion.
    """
    event = st.selectbox(
        "At which event?",
        events,
        index=None,
        format_func=event_name,
        placeholder="Choose the event",
        key="asking-event",
    )
    if event is not None:
        desk.event = event
        st.rerun()
    with st.expander("It is not in the list", expanded=not events):
        name = st.text_input("Name of the event", placeholder="Summer reading kick-off")
        day = st.date_input("Day", value=services.today(), min_value=EARLIEST, format=DATE_FORMAT)
        place = st.text_input("Branch or room", placeholder="Main library")
        public = st.toggle("It is in a public space", value=True)
        if st.button("Begin with it", type="primary", disabled=not name.strip()):
            new = NewEvent(name.strip(), day, place.strip() or None, public_space=public)
            desk.event = create_event(services, new, actor)
            st.rerun()
