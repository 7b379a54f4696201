"""A revocation taken back in writing."""

from __future__ import annotations

from typing import TYPE_CHECKING

import streamlit as st

from consent.cases.change import Rescission, rescind
from consent.domain.limits import NAME, NOTE
from consent.domain.terms import Relationship
from pages.register.writing import ask_writing
from pages.ui.dates import DATE_FORMAT, EARLIEST
from pages.ui.errors import show_errors

if TYPE_CHECKING:
    from consent.cases.view import CaseView
    from consent.domain.actors import Actor
    from consent.services import Services
    from pages.register.session import CaseDesk


def offer_rescission(services: Services, view: CaseView, desk: CaseDesk, actor: Actor) -> None:
    """Ask for the writing in which the case is taken back."""

    def key(name: str) -> str:
        return desk.key(view, f"rescind-{name}")

    st.caption(
        "Only the person, or the parent or guardian, takes it back, and in writing. From the day "
        "it takes effect the library may use photos of the person again; the face templates are "
        "then erased."
    )
    left, right = st.columns(2)
    by_name = left.text_input(
        "Who signed", max_chars=NAME, key=key("by"), persist_state="page", autocomplete="off"
    )
    relationship = right.selectbox(
        "Their relation to the person",
        [*Relationship],
        index=list(Relationship).index(view.entry.terms.requester.relationship),
        format_func=lambda relationship: relationship.words,
        key=key("relationship"),
        persist_state="page",
    )
    authority = st.text_input(
        "How it was checked that they may",
        max_chars=NOTE,
        placeholder="Known at the desk; or: showed a library card in this name",
        help="A note, never a copy of an ID. Needed where another name signed than before.",
        key=key("authority"),
        persist_state="page",
    )
    writing = ask_writing(services, key)
    effective_on = st.date_input(
        "From when (empty: the day it was received)",
        None,
        min_value=EARLIEST,
        key=key("effective-on"),
        persist_state="page",
        format=DATE_FORMAT,
    )
    if st.button("Rescind the revocation", type="primary", key=key("save")):
        with show_errors():
            taken_back = Rescission(
                writing, by_name or "", relationship, (authority or "").strip(), effective_on
            )
            rescind(services, view.label, taken_back, actor)
            desk.said = f"{view.label} is taken back. Give the confirmation: it is among Papers."
            desk.found = None
            st.rerun()
