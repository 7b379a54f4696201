"""What others do to a piece while somebody has it open: it is said, and the page drawn anew."""

from __future__ import annotations

from dataclasses import replace
from typing import Literal

import streamlit as st

from consent.domain.actors import Actor
from consent.printing.pieces import Glance, PieceFile, changes_since, glance_at
from consent.printing.seen import PieceChange, changes_words
from consent.services import Services
from pages.ui.errors import show_errors_last
from pages.ui.form import noted_press, take_press
from pages.ui.look import literal

_VOID, _SEEN, _ASKING = "piece-void", "piece-seen", "piece-asking"


def say_what_happened(services: Services, file: PieceFile, actor: Actor) -> None:
    """Say what was done to a piece since somebody saw it; a button pressed since does nothing."""
    st.session_state[_ASKING] = False
    press = take_press()
    label, version = st.session_state.get(_SEEN, ("", 0))
    st.session_state[_SEEN] = (file.piece.label, file.version)
    if press is not None and press.about == file.piece.label:
        label, version = press.about, press.version
    others: list[PieceChange] = []
    if label == file.piece.label and version != file.version:
        changes = changes_since(services, label, version, actor)
        # What they did themselves they know: who presses quickly presses on what is being redrawn.
        others = [change for change in changes if change.by != actor.id]
    st.session_state[_VOID] = bool(others)
    if not others:
        return
    said = changes_words(others)
    if press is None:
        st.info(literal(f"Meanwhile: {said}"), icon=":material/sync:")
        return
    st.warning(
        literal(
            f"“{press.words}” was not done, because {label} has changed since you saw it: {said} "
            "This page now shows the piece as it is."
        ),
        icon=":material/sync_problem:",
    )


def counts() -> bool:
    """Say whether what is pressed in this run was pressed on the piece as it is."""
    return not st.session_state.get(_VOID, False)


def pressed(
    file: PieceFile,
    words: str,
    key: str,
    kind: Literal["primary", "secondary"],
    icon: str | None = None,
) -> bool:
    """Offer a button; a press on a piece that has changed since it was drawn does nothing."""
    return (
        st.button(
            words,
            key=key,
            type=kind,
            icon=icon,
            **noted_press(file.piece.label, words, file.version),
        )
        and counts()
    )


def now_asking() -> None:
    """Keep a dialog from being closed by what others do meanwhile."""
    st.session_state[_ASKING] = True


def watch(services: Services, file: PieceFile, actor: Actor) -> None:
    """Draw the page anew once somebody else has changed the piece, or what is said of it."""
    seen = glance_at(services, file.piece.label, actor)
    _watch(services, file.piece.label, replace(seen, version=file.version), actor)


@st.fragment(run_every=4.0)
def _watch(services: Services, label: str, seen: Glance, actor: Actor) -> None:
    with show_errors_last():
        now = glance_at(services, label, actor)
    if now == seen or st.session_state.get(_ASKING):
        return
    st.rerun()
