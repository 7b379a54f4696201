"""Where a case stands, as a badge: an icon and the words, so that colour never stands alone."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import streamlit as st

from consent.domain.cases import State
from consent.domain.decisions import DecisionState

Colour = Literal["orange", "blue", "violet", "gray", "green"]


@dataclass(frozen=True, slots=True)
class StateLook:
    """How a state looks. Never red, which is for "Do not use" alone.

    Attributes:
        icon: Streamlit's name.
        colour: of the badge.
    """

    icon: str
    colour: Colour


STATES = {
    State.HELD: StateLook(":material/back_hand:", "orange"),
    State.ACTIVE: StateLook(":material/shield:", "blue"),
    State.PENDING: StateLook(":material/schedule:", "violet"),
    State.LAPSED: StateLook(":material/hourglass_disabled:", "gray"),
    State.ENDED: StateLook(":material/event_busy:", "gray"),
    State.RESCINDED: StateLook(":material/undo:", "gray"),
}
SIGHTINGS = {
    DecisionState.CONFIRMED: StateLook(":material/person_check:", "blue"),
    DecisionState.REJECTED: StateLook(":material/person_off:", "gray"),
    DecisionState.CANNOT_TELL: StateLook(":material/help:", "orange"),
    DecisionState.SUGGESTED: StateLook(":material/pending:", "gray"),
}
_OPEN = StateLook(":material/pending:", "gray")


def state_badge(state: State) -> None:
    """Show where a case stands."""
    _badge(state.words, STATES[state])


def sighting_badge(state: DecisionState | None) -> None:
    """Show what was decided on a photo; None while nobody has."""
    if state is None:
        _badge("Not decided yet", _OPEN)
    else:
        _badge(state.words, SIGHTINGS[state])


def safety_badge() -> None:
    """Show that there is a safety concern."""
    st.badge("Safety concern", icon=":material/priority_high:", color="orange")


def state_words(state: State) -> str:
    """Return a state as icon and words for a label."""
    look = STATES[state]
    return f":{look.colour}[{look.icon}] {state.words}"


def _badge(words: str, look: StateLook) -> None:
    st.badge(words, icon=look.icon, color=look.colour)
