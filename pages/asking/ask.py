"""Ask people at the event, on a phone: the event once, then photo by photo, face by face."""

from __future__ import annotations

from typing import TYPE_CHECKING

import streamlit as st

from consent.domain.channels import ChannelKind
from consent.review.photos import known_events
from pages.asking.faces import ask_faces
from pages.asking.occasion import choose_event
from pages.asking.photos import choose_photo
from pages.asking.room import offer_room
from pages.asking.session import asking_desk
from pages.ui import backend, guard
from pages.ui.errors import show_errors
from pages.ui.look import literal

if TYPE_CHECKING:
    from consent.services import Services
    from pages.asking.session import AskingDesk

_KINDS = (ChannelKind.PRINT, ChannelKind.ONLINE, ChannelKind.PRESS)


def page() -> None:
    """Show the page."""
    actor = guard.signed_in()
    services = backend.services()
    guard.heading("Ask people", actor)
    desk = asking_desk(actor)
    with st.container(width=760, key="asking"), show_errors():
        events = known_events(services)
        if desk.event is None:
            choose_event(services, desk, events, actor)
            return
        with st.container(horizontal=True, vertical_alignment="center"):
            st.markdown(f"**{literal(desk.event.name)}**", width="content")
            st.button("Change", type="tertiary", on_click=desk.leave_event, key="asking-change")
        _what_for(services, desk)
        if desk.said:
            st.success(literal(desk.said), icon=":material/task_alt:")
        if desk.photo is not None:
            ask_faces(services, desk, desk.photo, actor)
            return
        choose_photo(services, desk, actor)
        offer_room(services, desk, actor)


def _what_for(services: Services, desk: AskingDesk) -> None:
    """Ask for what does not change from photo to photo: who asks, and for which uses."""
    names = ", ".join([*(kind.words for kind in desk.kinds), *sorted(desk.channels)])
    with st.expander(f"Asked by {desk.asked_by} for: {names or 'nothing yet'}"):
        desk.asked_by = st.text_input("Who asks?", value=desk.asked_by, key="asking-by")
        desk.kinds = st.pills(
            "For which uses?",
            _KINDS,
            selection_mode="multi",
            default=desk.kinds,
            format_func=lambda kind: kind.words,
            key="asking-kinds",
        )
        channels = {one.id: one.label for one in services.policy.channels}
        desk.channels = st.multiselect(
            "Or for single channels",
            list(channels),
            default=desk.channels,
            format_func=channels.__getitem__,
            key="asking-channels",
        )
