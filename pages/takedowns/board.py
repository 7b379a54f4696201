"""What must be taken down: a board by state, a list by channel, and appeals."""

from __future__ import annotations

from typing import TYPE_CHECKING

import streamlit as st

from consent.domain.takedowns import TakedownState
from consent.takedowns.board import list_takedowns
from pages.takedowns.appeals import show_appeals
from pages.takedowns.cards import show_cards, side_by_side
from pages.ui import backend, guard
from pages.ui.errors import show_errors

if TYPE_CHECKING:
    from collections.abc import Sequence

    from consent.domain.actors import Actor
    from consent.services import Services
    from consent.takedowns.board import TakedownCard

_STATES, _CHANNELS, _APPEALS = "By state", "By channel", "Appeals"


def page() -> None:
    """Show the page."""
    actor = guard.signed_in()
    services = backend.services()
    guard.heading("Takedowns", actor)
    shown = st.segmented_control(
        "Show",
        [_STATES, _CHANNELS, _APPEALS],
        default=_STATES,
        required=True,
        label_visibility="collapsed",
        key="takedowns-shown",
    )
    with show_errors():
        if shown == _APPEALS:
            show_appeals(services, actor)
            return
        cards = list_takedowns(services)
        if not cards:
            st.info(
                "Nothing that is out has to come down. When somebody revokes, every published "
                "copy that is known gets a case here.",
                icon=":material/task_alt:",
            )
            return
        _counts(cards)
        if shown == _STATES:
            _by_state(services, cards, actor)
        else:
            _by_channel(services, cards, actor)
        _moot(services, [card for card in cards if card.moot], actor)


def _counts(cards: Sequence[TakedownCard]) -> None:
    waiting = [card for card in cards if card.waits]
    late = sum(card.overdue for card in waiting)
    safety = sum(card.takedown.safety for card in waiting)
    with st.container(horizontal=True):
        st.badge(f"{len(waiting)} open", icon=":material/pending_actions:", color="blue")
        if late:
            st.badge(f"{late} overdue", icon=":material/alarm:", color="orange")
        if safety:
            st.badge(f"{safety} of safety", icon=":material/priority_high:", color="orange")


def _by_state(services: Services, cards: Sequence[TakedownCard], actor: Actor) -> None:
    columns = [
        ("Found", [TakedownState.FOUND]),
        ("Removal requested", [TakedownState.REQUESTED]),
        ("Done", [state for state in TakedownState if state.closed]),
    ]
    for place, (column, (title, states)) in enumerate(zip(st.columns(3), columns, strict=True)):
        inside = [card for card in cards if card.takedown.state in states and not card.moot]
        with column:
            st.markdown(f"**{title}** ({len(inside)})")
            show_cards(services, inside, actor, f"state-{place}")


def _by_channel(services: Services, cards: Sequence[TakedownCard], actor: Actor) -> None:
    waiting = [card for card in cards if card.waits]
    channels = {card.channel.id: card.channel.label for card in waiting}
    if not channels:
        st.success("Every copy that was found is dealt with.", icon=":material/task_alt:")
        return
    chosen = st.pills(
        "Channel",
        list(channels),
        default=next(iter(channels)),
        format_func=channels.__getitem__,
        required=True,
        label_visibility="collapsed",
        key=f"takedowns-channel-{'-'.join(channels)}",
    )
    inside = [card for card in waiting if card.channel.id == chosen]
    side_by_side(services, inside, actor, "channel")


def _moot(services: Services, cards: Sequence[TakedownCard], actor: Actor) -> None:
    """Show those of revocations that no longer stand apart from what is to be done."""
    if cards:
        st.markdown(f"**Nothing to remove any more** ({len(cards)})")
        side_by_side(services, cards, actor, "moot")
