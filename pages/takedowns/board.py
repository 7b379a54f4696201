"""What must be taken down: a board by state, a list by channel, and appeals."""

from __future__ import annotations

from typing import TYPE_CHECKING

import streamlit as st

from consent.domain.takedowns import TakedownState
from consent.review.photos import photo_views
from consent.takedowns.board import list_takedowns
from pages.takedowns.appeals import show_appeals
from pages.takedowns.card import show_card
from pages.ui import backend, guard
from pages.ui.errors import show_errors
from pages.ui.layout import choose_view

if TYPE_CHECKING:
    from collections.abc import Sequence

    from consent.domain.actors import Actor
    from consent.services import Services
    from consent.takedowns.board import TakedownCard

_STATES, _CHANNELS, _APPEALS = "By state", "By channel", "Appeals"
_AT_ONCE = 30


def page() -> None:
    """Show the page."""
    actor = guard.signed_in()
    services = backend.services()
    guard.heading("Takedowns", actor)
    shown = choose_view([_STATES, _CHANNELS, _APPEALS], "takedowns-shown")
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
        _show_counts(cards)
        if shown == _STATES:
            _show_by_state(services, cards, actor)
        else:
            _show_by_channel(services, cards, actor)
        # Those of revocations that no longer stand, apart from what is to be done.
        if moot := [card for card in cards if card.moot]:
            st.markdown(f"**Nothing to remove any more** ({len(moot)})")
            _show_side_by_side(services, moot, actor, "moot")


def _show_counts(cards: Sequence[TakedownCard]) -> None:
    waiting = [card for card in cards if card.waits]
    late = sum(card.overdue for card in waiting)
    safety = sum(card.takedown.safety for card in waiting)
    with st.container(horizontal=True):
        st.badge(f"{len(waiting)} open", icon=":material/pending_actions:", color="blue")
        if late:
            st.badge(f"{late} overdue", icon=":material/alarm:", color="orange")
        if safety:
            st.badge(f"{safety} of safety", icon=":material/priority_high:", color="orange")


def _show_by_state(services: Services, cards: Sequence[TakedownCard], actor: Actor) -> None:
    states = [
        ("Found", [TakedownState.FOUND]),
        ("Removal requested", [TakedownState.REQUESTED]),
        ("Done", [state for state in TakedownState if state.closed]),
    ]
    columns = zip(st.columns(3), states, strict=True)
    for index, (column, (title, together)) in enumerate(columns):
        inside = [card for card in cards if card.takedown.state in together and not card.moot]
        with column:
            st.markdown(f"**{title}** ({len(inside)})")
            _show_cards(services, inside, actor, f"state-{index}")


def _show_by_channel(services: Services, cards: Sequence[TakedownCard], actor: Actor) -> None:
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
    _show_side_by_side(services, inside, actor, "channel")


def _show_side_by_side(
    services: Services, cards: Sequence[TakedownCard], actor: Actor, name: str
) -> None:
    """Show takedowns in three columns."""
    for index, column in enumerate(st.columns(3)):
        with column:
            _show_cards(services, cards[index::3], actor, name)


def _show_cards(services: Services, cards: Sequence[TakedownCard], actor: Actor, name: str) -> None:
    """Show takedowns below one another, the first of many.

    `name` is that of the place on the page, for the keys of the widgets.
    """
    shown = cards[:_AT_ONCE]
    views = photo_views(services, [card.publication.photo_sha256 for card in shown])
    for card in shown:
        with st.container(border=True):
            show_card(services, card, views.get(card.publication.photo_sha256), actor, name)
    if len(cards) > len(shown):
        st.caption(f"And {len(cards) - len(shown)} more after these.")
