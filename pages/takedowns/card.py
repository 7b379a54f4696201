"""A takedown: the copy, where it is, the mail that asks for removal, and the next step."""

from __future__ import annotations

from typing import TYPE_CHECKING

import streamlit as st

from consent.cases.takedown_letter import removal_mail
from consent.domain.channels import ChannelKind
from consent.domain.intake import EvidenceFile
from consent.domain.takedowns import FOLLOWS, TakedownState
from consent.takedowns.board import Move, assign_takedown, move_takedown
from pages.register import case
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
    """Show a takedown; `name` is that of the place on the page, for the keys of its widgets."""
    takedown = card.takedown
    # What was removed and is only retained is not shown.
    if view is None or takedown.state.closed:
        facts = st.container(gap="small")
    else:
        # Beside the facts, and no wider on a phone: a portrait would be taller than the screen.
        picture, facts = st.columns([2, 3], gap="small")
        picture.image(view.thumbnail, alt=f"Photo of {takedown.label}", width=_PICTURE)
    with facts:
        _show_facts(card)
    if not card.moot:
        _offer_actions(services, card, actor, f"{name}-{takedown.label}")


def _show_facts(card: TakedownCard) -> None:
    takedown, made = card.takedown, card.publication
    st.markdown(f"**{takedown.label}**, {literal(card.channel.label)}")
    _show_badges(card)
    if card.moot:
        st.caption("The revocation no longer stands: nothing has to be removed for it.")
        if takedown.state is TakedownState.REQUESTED:
            st.caption("Tell those who were asked that the copy may stay.")
    st.caption(literal(made.issue or made.url or card.file_name))
    for icon, text in (
        (":material/newspaper:", card.whereabouts),
        (":material/person:", takedown.owner),
        (":material/notes:", takedown.last.note),
    ):
        if text:
            st.caption(f"{icon} {literal(text)}")
    with st.container(horizontal=True, gap="xsmall", vertical_alignment="center"):
        case.show_link(card.case_label, card.case_label)
        if made.url:
            st.link_button("Open", made.url, icon=":material/open_in_new:")


def _show_badges(card: TakedownCard) -> None:
    takedown = card.takedown
    with st.container(horizontal=True, gap="xsmall"):
        if takedown.safety:
            safety_badge()
        if takedown.state.closed:
            st.badge(takedown.state.words, icon=":material/task_alt:", color="green")
        elif card.moot:
            st.badge("Nothing to remove", icon=":material/do_not_disturb_on:", color="gray")
        elif card.overdue:
            due = short_day(takedown.due_on)
            st.badge(f"Overdue since {due}", icon=":material/alarm:", color="orange")
        else:
            st.badge(f"By {short_day(takedown.due_on)}", icon=":material/event:", color="gray")


def _offer_actions(services: Services, card: TakedownCard, actor: Actor, key: str) -> None:
    takedown = card.takedown
    with st.container(horizontal=True, gap="xsmall"):
        if st.button("Next step", type="primary", icon=":material/arrow_forward:", key=f"n-{key}"):
            _ask_next(services, card, actor)
        if takedown.state.closed:
            return
        mine = takedown.owner == actor.id
        if not mine and st.button("Mine", icon=":material/person:", key=f"o-{key}"):
            with show_errors():
                assign_takedown(services, takedown.label, actor.id, actor)
                st.rerun()
        if st.button("Mail", icon=":material/mail:", key=f"m-{key}"):
            _show_mail(services, card)


@st.dialog("Next step")
def _ask_next(services: Services, card: TakedownCard, actor: Actor) -> None:
    """Ask how far it has come, with a note or a proof."""
    label, now = card.takedown.label, card.takedown.state
    printed = card.channel.kind is ChannelKind.PRINT
    senseless = TakedownState.HIDDEN if printed else TakedownState.IN_CIRCULATION
    state = st.radio(
        f"{label} is: {now.words.lower()}. Now it is:",
        [state for state in TakedownState if state in FOLLOWS[now] and state is not senseless],
        format_func=lambda state: "Found again" if state is TakedownState.FOUND else state.words,
        key=f"to-{label}",
    )
    stop, stock = None, ""
    if state is TakedownState.IN_CIRCULATION:
        stop = st.toggle("It is not printed again", key=f"stop-{label}")
        stock = st.text_input("What happens with the copies that are left?", key=f"s-{label}")
    note = st.text_area("Note", placeholder="Gone when I looked", key=f"note-{label}")
    shot = st.file_uploader("Screenshot, if you have one", key=f"proof-{label}")
    if st.button("Save", type="primary", key=f"save-{label}"):
        with show_errors():
            proof = None if shot is None else EvidenceFile(shot.name, shot.getvalue())
            move_takedown(services, label, Move(state, note, proof, stop, stock), actor)
            st.rerun()


@st.dialog("Mail", width="large")
def _show_mail(services: Services, card: TakedownCard) -> None:
    """Show the mail that asks for removal, ready to copy."""
    with show_errors():
        text = removal_mail(services, card)
        st.markdown(f"**{literal(text.subject)}**")
        st.code(text.body, language=None, wrap_lines=True)
        st.caption("It names the photo and its address, and nobody.")
