"""Which pair is shown next, and what is said when another person decided meanwhile."""

from __future__ import annotations

from typing import TYPE_CHECKING

import streamlit as st

from consent.review.decide import decided_meanwhile
from pages.ui.look import literal

if TYPE_CHECKING:
    from collections.abc import Sequence

    from consent.review.pairs import Pair
    from consent.services import Services
    from pages.review.session import ReviewDesk


def next_pair(services: Services, desk: ReviewDesk, waiting: Sequence[Pair]) -> Pair | None:
    """Return the pair to show: the one shown before until it is answered, whatever else waits.

    An answer to a pair that another person decided meanwhile is none, and it is said so.
    """
    before, desk.shown = desk.shown, next(iter(waiting), None)
    if before is None:
        return desk.shown
    same = next((pair for pair in waiting if pair.key == before.key), None)
    if same is not None:
        desk.shown = same
        return same
    desk.said, desk.tagging, desk.whole = "", False, False
    told = decided_meanwhile(services, before)
    st.toast(literal(told), icon=":material/group:", duration="long")
    return desk.shown
