"""The next step of a takedown, and the mail that asks for removal."""

from __future__ import annotations

from typing import TYPE_CHECKING

import streamlit as st

from consent.cases.takedown_letter import removal_mail
from consent.domain.channels import ChannelKind
from consent.domain.intake import EvidenceFile
from consent.domain.takedowns import FOLLOWS, TakedownState
from consent.takedowns.board import Move, move_takedown
from pages.ui.errors import show_errors
from pages.ui.look import literal

if TYPE_CHECKING:
    from consent.domain.actors import Actor
    from consent.services import Services
    from consent.takedowns.board import TakedownCard


@st.dialog("Next step")
def ask_next(services: Services, card: TakedownCard, actor: Actor) -> None:
    """Ask how far it has come, with a note or a proof."""
    one = card.takedown
    printed = card.channel.kind is ChannelKind.PRINT
    senseless = TakedownState.HIDDEN if printed else TakedownState.IN_CIRCULATION
    offered = [
        state for state in TakedownState if state in FOLLOWS[one.state] and state is not senseless
    ]
    state = st.radio(
        f"{one.label} is: {one.state.words.lower()}. Now it is:",
        offered,
        format_func=lambda one: "Found again" if one is TakedownState.FOUND else one.words,
        key=f"to-{one.label}",
    )
    stop, stock = None, ""
    if state is TakedownState.IN_CIRCULATION:
        stop = st.toggle("It is not printed again", key=f"stop-{one.label}")
        stock = st.text_input("What happens with the copies that are left?", key=f"s-{one.label}")
    note = st.text_area("Note", placeholder="Gone when I looked", key=f"note-{one.label}")
    shot = st.file_uploader("Screenshot, if you have one", key=f"proof-{one.label}")
    if st.button("Save", type="primary", key=f"save-{one.label}"):
        with show_errors():
            proof = None if shot is None else EvidenceFile(shot.name, shot.getvalue())
            move_takedown(services, one.label, Move(state, note, proof, stop, stock), actor)
            st.rerun()


@st.dialog("Mail", width="large")
def show_mail(services: Services, card: TakedownCard) -> None:
    """Show the mail, ready to copy."""
    with show_errors():
        text = removal_mail(services, card)
        st.markdown(f"**{literal(text.subject)}**")
        st.code(text.body, language=None, wrap_lines=True)
        st.caption("It names the photo and its address, and nobody.")
