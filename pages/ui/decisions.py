"""Photos that may show a person, each with what somebody decided, and buttons to decide."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import streamlit as st

from consent.domain.decisions import DecisionState
from consent.review.decide import decide_sighting
from consent.review.photos import photo_views
from pages.ui.dates import short_day
from pages.ui.errors import show_errors
from pages.ui.look import literal
from pages.ui.pictures import show_match
from pages.ui.states import sighting_badge

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from consent.domain.actors import Actor
    from consent.matching.sweep import Hit
    from consent.review.photos import PhotoView
    from consent.services import Services

_PER_PAGE = 12
_CHOICES = {
    DecisionState.CONFIRMED: "Confirm",
    DecisionState.REJECTED: "Not this person",
    DecisionState.CANNOT_TELL: "Can't tell",
}


def show_decisions(
    services: Services,
    label: str,
    hits: Sequence[Hit],
    actor: Actor,
    further: Callable[[Hit], None],
) -> None:
    """Show photos, a page of them at a time, each with its buttons.

    Args:
        services: adapters.
        label: of the case.
        hits: photos, in the order shown.
        actor: who decides.
        further: shows what else can be done with a photo, beside the decisions.
    """
    grid = st.container()
    number, pages = 1, math.ceil(len(hits) / _PER_PAGE)
    if pages > 1:
        with st.container(horizontal_alignment="center"):
            number = st.pagination(pages, key=f"photos-page-{label}-{len(hits)}")
    shown = hits[(number - 1) * _PER_PAGE : number * _PER_PAGE]
    views = photo_views(services, [hit.sha256 for hit in shown])
    with grid:
        for start in range(0, len(shown), 3):
            for column, hit in zip(st.columns(3), shown[start : start + 3], strict=False):
                with column.container(border=True, height="stretch"):
                    _card(services, hit, views.get(hit.sha256))
                    with st.container(horizontal=True, gap="xsmall"):
                        _offer(services, label, hit, actor)
                        further(hit)


def _card(services: Services, hit: Hit, view: PhotoView | None) -> None:
    name = hit.name
    if view is None:
        st.caption(":material/broken_image: No picture of this photo is kept.")
    else:
        show_match(view, hit.match.box, f"{name}: {_why(hit)}")
    st.markdown(f"**{literal(name)}**")
    st.caption(literal(_why(hit)))
    for made in hit.published:
        channel = next(
            (one.label for one in services.policy.channels if one.id == made.channel), made.channel
        )
        where = f"{channel} {made.issue}".strip()
        st.caption(
            f":material/public: Published {short_day(made.published_on)}: {literal(where)}"
            + (f", {literal(made.url)}" if made.url else "")
        )
    sighting_badge(hit.state)


def _offer(services: Services, label: str, hit: Hit, actor: Actor) -> None:
    for state, words in _CHOICES.items():
        # Not offered again: a second click of the same button has nothing left to do.
        if state is not hit.state and st.button(words, key=_key(label, hit, state)):
            with show_errors():
                decide_sighting(services, label, hit.sha256, hit.match.box, state, actor)
                st.rerun()


def _why(hit: Hit) -> str:
    events = ", ".join(event.name for event in hit.events)
    decided = "Decided by a person."
    if not hit.paths and not hit.published:
        decided = "Handed in with the case."
    return f"{hit.match.signal.likeness(hit.match) or decided} {events}".strip()


def _key(label: str, hit: Hit, state: DecisionState) -> str:
    box = hit.match.box
    place = "photo" if box is None else f"{box.x1}-{box.y1}"
    return f"decide-{label}-{hit.sha256[:16]}-{place}-{state}"
