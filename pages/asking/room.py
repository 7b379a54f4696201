"""The whole room was asked at the start: weaker than asking each, and shown as such."""

from __future__ import annotations

from typing import TYPE_CHECKING

import streamlit as st

from consent.printing.answers import Answer, record_answers
from pages.ui.errors import show_errors
from pages.ui.look import literal

if TYPE_CHECKING:
    from consent.domain.actors import Actor
    from consent.services import Services
    from pages.asking.session import AskingDesk


def offer_room(services: Services, desk: AskingDesk, actor: Actor) -> None:
    """Offer to record that everybody at the event was asked together."""
    if desk.event is None:
        return
    with st.expander("The whole room was asked at the start"):
        st.markdown(
            literal(
                "It counts for every photo of the event, and is shown as weaker than an answer "
                "of one's own. Whoever said no is recorded by their face."
            )
        )
        note = st.text_input("How was it asked?", placeholder="From the stage, before the talk")
        if st.button("Record it", key=desk.key("room")):
            answer = Answer(
                given=True,
                asked_on=services.today(),
                kinds=frozenset(desk.kinds),
                channels=frozenset(desk.channels),
                event_id=desk.event.id,
                asked_by=desk.asked_by,
                note=note,
            )
            with show_errors():
                record_answers(services, [answer], actor)
                desk.answered("The whole room was asked.")
                st.rerun()
