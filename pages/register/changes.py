"""What can be done with a case as it stands."""

from __future__ import annotations

from typing import TYPE_CHECKING

import streamlit as st

from consent.cases.change import record_writing
from consent.domain.cases import State
from pages.register.amend import offer_amendment
from pages.register.people import offer_merger
from pages.register.rescind import offer_rescission
from pages.register.writing import ask_writing
from pages.ui.errors import show_errors

if TYPE_CHECKING:
    from consent.cases.view import CaseView
    from consent.domain.actors import Actor
    from consent.services import Services
    from pages.register.session import CaseDesk

_CAME, _AMEND, _RESCIND, _SAME = (
    "The writing came",
    "Amend",
    "Rescind",
    "Same person",
)
_OPEN_TO = {
    State.HELD: (_CAME, _AMEND, _RESCIND, _SAME),
    State.LAPSED: (_CAME, _SAME),
    State.PENDING: (_AMEND, _RESCIND, _SAME),
    State.ACTIVE: (_AMEND, _RESCIND, _SAME),
}


def offer_changes(services: Services, view: CaseView, desk: CaseDesk, actor: Actor) -> None:
    """Offer what the state of the case allows."""
    state = view.entry.state
    options = _OPEN_TO.get(state, (_SAME,))
    if len(options) == 1:
        st.caption(
            f"{view.label} is over ({state.words.lower()}): record a new revocation if "
            "the person asks again."
        )
    chosen = st.segmented_control(
        "What is to be done?",
        options,
        default=options[0],
        required=True,
        key=desk.key(view, "action"),
        label_visibility="collapsed",
    )
    with st.container(width=820):
        if chosen == _CAME:
            _offer_writing(services, view, desk, actor)
        elif chosen == _AMEND:
            offer_amendment(services, view, desk, actor)
        elif chosen == _RESCIND:
            offer_rescission(services, view, desk, actor)
        else:
            offer_merger(services, view, desk, actor)


def _offer_writing(services: Services, view: CaseView, desk: CaseDesk, actor: Actor) -> None:
    st.caption(
        "The hold becomes a revocation. What it covers stays as it is: amend it afterwards if "
        "the writing says otherwise."
    )
    writing = ask_writing(services, lambda name: desk.key(view, f"came-{name}"))
    if st.button(
        "Record the writing", type="primary", icon=":material/check:", key=desk.key(view, "came")
    ):
        with show_errors():
            record_writing(services, view.label, writing, actor)
            desk.said = f"{view.label} is a revocation now. Give the receipt: it is among Papers."
            st.rerun()
