"""Takedowns as cards: below one another, or in three columns."""

from __future__ import annotations

from typing import TYPE_CHECKING

import streamlit as st

from consent.review.photos import photo_views
from pages.takedowns.card import show_card

if TYPE_CHECKING:
    from collections.abc import Sequence

    from consent.domain.actors import Actor
    from consent.services import Services
    from consent.takedowns.board import TakedownCard

_AT_ONCE = 30


def side_by_side(
    services: Services, cards: Sequence[TakedownCard], actor: Actor, name: str
) -> None:
    """Show takedowns in three columns.

    Args:
        services: adapters.
        cards: the takedowns.
        actor: who works on them.
        name: of the place on the page, for the keys of the widgets.
    """
    for column, part in zip(st.columns(3), (cards[0::3], cards[1::3], cards[2::3]), strict=True):
        with column:
            show_cards(services, part, actor, name)


def show_cards(services: Services, cards: Sequence[TakedownCard], actor: Actor, name: str) -> None:
    """Show takedowns below one another, the first of many; see `side_by_side`."""
    shown = cards[:_AT_ONCE]
    views = photo_views(services, [card.publication.photo_sha256 for card in shown])
    for card in shown:
        with st.container(border=True):
            show_card(services, card, views.get(card.publication.photo_sha256), actor, name)
    if len(cards) > len(shown):
        st.caption(f"And {len(cards) - len(shown)} more after these.")
