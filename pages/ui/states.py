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
        words: for people.
        icon: Streamlit's name.
        colour: of the badge.
    """

    words: str
    icon: str
    colour: Colour


STATES = {
    State.HELD: StateLook("Hold", ":material/back_hand:", "orange"),
    State.ACTIVE: StateLook("In effect", ":material/shield:", "blue"),
    State.PENDING: StateLook("Not yet in effect", ":material/schedule:", "violet"),
    State.LAPSED: StateLook("Hold lapsed", ":material/hourglass_disabled:", "gray"),
    State.ENDED: StateLook("Ended", ":material/event_busy:", "gray"),
    State.RESCINDED: StateLook("Rescinded", ":material/undo:", "gray"),
}
SIGHTINGS = {
    DecisionState.CONFIRMED: StateLook("Confirmed", ":material/person_check:", "blue"),
    DecisionState.REJECTED: StateLook("Not this person", ":material/person_off:", "gray"),
    DecisionState.CANNOT_TELL: StateLook("Can't tell", ":material/help:", "orange"),
    DecisionState.SUGGESTED: StateLook("Suggested", ":material/pending:", "gray"),
}
_OPEN = StateLook("Not decided yet", ":material/pending:", "gray")


def state_badge(state: State) -> None:
    """Show where a case stands."""
    _badge(STATES[state])


def sighting_badge(state: DecisionState | None) -> None:
    """Show what was decided on a photo; None while nobody has."""
    _badge(_OPEN if state is None else SIGHTINGS[state])


def safety_badge() -> None:
    """Show that there is a safety concern."""
    st.badge("Safety concern", icon=":material/priority_high:", color="orange")


def state_words(state: State) -> str:
    """Return a state as icon and words for a label."""
    look = STATES[state]
    return f":{look.colour}[{look.icon}] {look.words}"


def _badge(look: StateLook) -> None:
    st.badge(look.words, icon=look.icon, color=look.colour)
