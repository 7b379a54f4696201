"""The papers of a case: receipts, writings that came in, published copies and their letter."""

from __future__ import annotations

import streamlit as st

from consent.cases.correspondence import KeptWriting, list_writings, open_writing
from consent.cases.takedown_letter import close_out_letter
from consent.cases.view import CaseView
from consent.domain.actors import Actor
from consent.services import Services
from consent.takedowns.board import TakedownCard, list_takedowns
from pages.desk.recorded import offer_receipts
from pages.ui.errors import show_errors
from pages.ui.look import literal
from pages.ui.words import LANGUAGES, short_day, shown_day

_KIB = 1024


def show_papers(services: Services, view: CaseView, actor: Actor) -> None:
    """Show the writings, and offer the receipt."""
    st.subheader("Receipt", anchor=False)
    st.caption("One page for whoever asked: what is covered, from when, and what happens next.")
    offer_receipts(services, view.entry.case, actor)
    st.subheader("Writings", anchor=False)
    with show_errors():
        writings = list_writings(services, view.label, actor)
        if not writings:
            original_at = view.entry.terms.submission.original_at
            where = (
                f"The paper lies here: {literal(original_at)}"
                if original_at
                else "The note says where the paper is."
            )
            st.caption(f"No file is kept. {where}")
        for kept in writings:
            _show_writing(services, view, kept, actor)


def _show_writing(services: Services, view: CaseView, kept: KeptWriting, actor: Actor) -> None:
    with st.container(border=True):
        name, button = st.columns([5, 1], vertical_alignment="center")
        name.markdown(f":material/draft: **{literal(kept.name)}**")
        size = f"{max(1, round(kept.size / _KIB)):,} KiB"
        name.caption(
            f"Added {shown_day(services.day(kept.added_at))}, {size}. SHA-256 {kept.sha256[:16]}..."
        )
        if button.button("Open", key=f"open-{view.label}-{kept.sha256}", width="stretch"):
            _open_writing(services, view, kept, actor)


@st.dialog("Writing", width="large")
def _open_writing(services: Services, view: CaseView, kept: KeptWriting, actor: Actor) -> None:
    with show_errors():
        opened = open_writing(services, view.label, kept.sha256, actor)
        st.markdown(f"**{literal(kept.name)}**")
        if opened.picture is not None:
            st.image(opened.picture, alt=f"{kept.name}, a writing of {view.label}", width="stretch")
        if opened.text is not None:
            # As it is: a letter is anybody's text.
            st.code(opened.text, language=None, wrap_lines=True)
        st.download_button(
            "Save the file",
            opened.content,
            file_name=kept.name,
            icon=":material/download:",
            on_click="ignore",
        )
        st.caption("That you opened it is in the log.")


def show_takedowns(services: Services, view: CaseView, actor: Actor) -> None:
    """Show what was out and what became of it; the letter that closes it once all is done."""
    cards = list_takedowns(services, actor, label=view.label)
    if not cards:
        st.caption("No published copy of this person is known.")
        return
    for card in cards:
        where = card.publication.url or card.publication.issue or card.file_name
        with st.container(border=True, horizontal=True, vertical_alignment="center"):
            st.markdown(f"**{card.takedown.label}**", width="content")
            _badge(card)
            st.markdown(f"{literal(card.channel.label)}: {literal(where)}")
            if card.waits:
                st.caption(f"By {short_day(card.due_on)}", width="content")
    waiting, done = sum(card.waits for card in cards), sum(not card.moot for card in cards)
    if done < len(cards):
        st.caption("The revocation no longer stands: nothing more has to be removed for it.")
    if waiting:
        st.caption(f"The closing letter to the patron comes when the {waiting} open are done.")
    elif done and view.named:
        with st.container(horizontal=True):
            for language, words in LANGUAGES.items():
                _offer_letter(services, view, language, words, actor)


def _badge(card: TakedownCard) -> None:
    state = card.takedown.state
    if card.moot:
        st.badge("Nothing to remove", icon=":material/do_not_disturb_on:", color="gray")
    elif state.closed:
        st.badge(state.words, icon=":material/task_alt:", color="green")
    else:
        st.badge(state.words, icon=":material/pending:", color="orange")


def _offer_letter(
    services: Services, view: CaseView, language: str, words: str, actor: Actor
) -> None:
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
