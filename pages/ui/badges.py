"""Verdicts and states as badges: an icon and the words, so that color never stands alone."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import streamlit as st

from consent.domain.cases import State
from consent.domain.decisions import DecisionState
from consent.domain.verdicts import NOTHING_TO_COMPARE, Verdict

Color = Literal["red", "violet", "orange", "blue", "green", "gray"]


@dataclass(frozen=True, slots=True)
class Look:
    """How a verdict or a state looks. Red is for "Do not use" alone."""

    icon: str
    color: Color


_VERDICTS = {
    Verdict.BLOCKED: Look(":material/block:", "red"),
    Verdict.NOT_CHECKED: Look(":material/help:", "violet"),
    Verdict.REVIEW: Look(":material/visibility:", "orange"),
    Verdict.CONSENT_MISSING: Look(":material/forum:", "blue"),
    Verdict.CLEAR: Look(":material/search_off:", "green"),
}
_WITH_NOTHING = Look(":material/group_off:", "gray")
STATES = {
    State.HELD: Look(":material/back_hand:", "orange"),
    State.ACTIVE: Look(":material/shield:", "blue"),
    State.PENDING: Look(":material/schedule:", "violet"),
    State.LAPSED: Look(":material/hourglass_disabled:", "gray"),
    State.ENDED: Look(":material/event_busy:", "gray"),
    State.RESCINDED: Look(":material/undo:", "gray"),
    State.MISTAKEN: Look(":material/backspace:", "gray"),
}
_SIGHTINGS = {
    DecisionState.CONFIRMED: Look(":material/person_check:", "blue"),
    DecisionState.REJECTED: Look(":material/person_off:", "gray"),
    DecisionState.CANNOT_TELL: Look(":material/help:", "orange"),
    DecisionState.SUGGESTED: Look(":material/pending:", "gray"),
    None: Look(":material/pending:", "gray"),
}


def badge(verdict: Verdict, words: str = "") -> None:
    """Show a verdict, in its own words by default."""
    look = _look(verdict, words)
    st.badge(words or verdict.words, icon=look.icon, color=look.color)


def in_text(verdict: Verdict, words: str = "") -> str:
    """Return a verdict as icon and words for a label."""
    look = _look(verdict, words)
    return f":{look.color}[{look.icon}] {words or verdict.words}"


def _look(verdict: Verdict, words: str) -> Look:
    # Green is for what was compared.
    return _WITH_NOTHING if words == NOTHING_TO_COMPARE else _VERDICTS[verdict]


def state_badge(state: State) -> None:
    """Show where a case stands."""
    _badge(state.words, STATES[state])


def state_words(state: State) -> str:
    """Return a state as icon and words for a label."""
    look = STATES[state]
    return f":{look.color}[{look.icon}] {state.words}"


def decision_badge(state: DecisionState | None) -> None:
    """Show what was decided on a photo; None while nobody has."""
    _badge("Not decided yet" if state is None else state.words, _SIGHTINGS[state])


def safety_badge() -> None:
    """Show that there is a safety concern."""
    st.badge("Safety concern", icon=":material/priority_high:", color="orange")


def _badge(words: str, look: Look) -> None:
    st.badge(words, icon=look.icon, color=look.color)
