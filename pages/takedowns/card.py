"""A takedown: the copy, where it is, and what can be done."""

from __future__ import annotations

from typing import TYPE_CHECKING

import streamlit as st

from consent.domain.takedowns import TakedownState
from consent.takedowns.board import assign_takedown
from pages.register import case
from pages.takedowns.steps import ask_next, show_mail
from pages.ui.badges import safety_badge
from pages.ui.dates import short_day
from pages.ui.errors import show_errors
from pages.ui.look import literal

if TYPE_CHECKING:
    from consent.domain.actors import Actor
    from consent.review.photos import PhotoView
    from consent.services import Services
    from consent.takedowns.board import TakedownCard

# Pixels; less in a narrow column.
_PICTURE = 240


def show_card(
    services: Services, card: TakedownCard, view: PhotoView | None, actor: Actor, name: str
) -> None:
    """Show a takedown.

    Args:
        services: adapters.
        card: the takedown.
        view: of its photo; what was removed and is only retained is not shown.
        actor: who works on it.
        name: of the place on the page, for the keys of its widgets.
    """
    one = card.takedown
    if view is None or one.state.closed:
        facts = st.container(gap="small")
    else:
        # Beside the facts, and no wider on a phone: a portrait would be taller than the screen.
        picture, facts = st.columns([2, 3], gap="small")
        picture.image(view.thumbnail, alt=f"Photo of {one.label}", width=_PICTURE)
    with facts:
        _facts(card)
    if not card.moot:
        _actions(services, card, actor, f"{name}-{one.label}")


def _facts(card: TakedownCard) -> None:
    one, made = card.takedown, card.publication
    st.markdown(f"**{one.label}**, {literal(card.channel.label)}")
    _badges(card)
    if card.moot:
        st.caption("The revocation no longer stands: nothing has to be removed for it.")
        if one.state is TakedownState.REQUESTED:
            st.caption("Tell those who were asked that the copy may stay.")
    st.caption(literal(made.issue or made.url or card.file_name))
    where = (":material/newspaper:", card.whereabouts)
    for icon, text in (
        where,
        (":material/person:", one.owner),
        (":material/notes:", one.last.note),
    ):
        if text:
            st.caption(f"{icon} {literal(text)}")
    with st.container(horizontal=True, gap="xsmall", vertical_alignment="center"):
        st.page_link(case.as_page(), label=card.case_label, query_params={"case": card.case_label})
        if made.url:
            st.link_button("Open", made.url, icon=":material/open_in_new:")


def _badges(card: TakedownCard) -> None:
    one = card.takedown
    with st.container(horizontal=True, gap="xsmall"):
        if one.safety:
            safety_badge()
        if one.state.closed:
            st.badge(one.state.words, icon=":material/task_alt:", color="green")
        elif card.moot:
            st.badge("Nothing to remove", icon=":material/do_not_disturb_on:", color="gray")
        elif card.overdue:
            due = short_day(one.due_on)
            st.badge(f"Overdue since {due}", icon=":material/alarm:", color="orange")
        else:
            st.badge(f"By {short_day(one.due_on)}", icon=":material/event:", color="gray")


def _actions(services: Services, card: TakedownCard, actor: Actor, key: str) -> None:
    one = card.takedown
    with st.container(horizontal=True, gap="xsmall"):
        if st.button("Next step", type="primary", icon=":material/arrow_forward:", key=f"n-{key}"):
            ask_next(services, card, actor)
        if one.state.closed:
            return
        mine = one.owner == actor.id
        if not mine and st.button("Mine", icon=":material/person:", key=f"o-{key}"):
            with show_errors():
                assign_takedown(services, one.label, actor.id, actor)
                st.rerun()
        if st.button("Mail", icon=":material/mail:", key=f"m-{key}"):
            show_mail(services, card)
