"""The published copies of a case, and the letter that closes them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import streamlit as st

from consent.cases.takedown_letter import close_out_letter
from consent.takedowns.board import list_takedowns
from pages.ui.dates import short_day
from pages.ui.errors import show_errors
from pages.ui.look import literal

if TYPE_CHECKING:
    from consent.cases.view import CaseView
    from consent.domain.actors import Actor
    from consent.services import Services
    from consent.takedowns.board import TakedownCard

_LANGUAGES = {"en": "English", "es": "Spanish"}


def show_takedowns(services: Services, view: CaseView, actor: Actor) -> None:
    """Show what was out and what became of it; the letter once all is done."""
    cards = list_takedowns(services, label=view.label)
    if not cards:
        st.caption("No published copy of this person is known.")
        return
    for card in cards:
        one = card.takedown
        where = card.publication.url or card.publication.issue or card.file_name
        with st.container(border=True, horizontal=True, vertical_alignment="center"):
            st.markdown(f"**{one.label}**", width="content")
            _badge(card)
            st.markdown(f"{literal(card.channel.label)}: {literal(where)}")
            if card.waits:
                st.caption(f"By {short_day(one.due_on)}", width="content")
    waiting, done = sum(card.waits for card in cards), sum(not card.moot for card in cards)
    if done < len(cards):
        st.caption("The revocation no longer stands: nothing more has to be removed for it.")
    if waiting:
        st.caption(f"The closing letter to the patron comes when the {waiting} open are done.")
    elif done and view.named:
        with st.container(horizontal=True):
            for language, words in _LANGUAGES.items():
                _letter(services, view, language, words, actor)


def _badge(card: TakedownCard) -> None:
    state = card.takedown.state
    if card.moot:
        st.badge("Nothing to remove", icon=":material/do_not_disturb_on:", color="gray")
    elif state.closed:
        st.badge(state.words, icon=":material/task_alt:", color="green")
    else:
        st.badge(state.words, icon=":material/pending:", color="orange")


def _letter(services: Services, view: CaseView, language: str, words: str, actor: Actor) -> None:
    """Make the letter when it is asked for: each one is logged."""
    key = f"letter-{view.label}-{language}"
    if key not in st.session_state:
        if st.button(f"Closing letter in {words}", icon=":material/mail:", key=f"make-{key}"):
            with show_errors():
                st.session_state[key] = close_out_letter(services, view.label, language, actor)
                st.rerun()
        return
    st.download_button(
        f"Save the letter in {words}",
        st.session_state[key],
        file_name=f"{view.label}-closing-{language}.pdf",
        mime="application/pdf",
        icon=":material/download:",
        on_click="ignore",
        key=f"save-{key}",
    )
