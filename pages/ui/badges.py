"""Verdicts and states as badges: an icon and the words, so that color never stands alone."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import streamlit as st

from consent.domain.cases import State
from consent.domain.decisions import DecisionState
from consent.domain.verdicts import NOTHING_TO_COMPARE, Verdict
from media_index.images.marks import Line

Color = Literal["red", "violet", "orange", "blue", "green", "gray"]


@dataclass(frozen=True, slots=True)
class Look:
    """How a verdict looks: its badge, and the line and RGB color of a face's box."""

    icon: str
    color: Color
    line: Line
    rgb: tuple[int, int, int]


@dataclass(frozen=True, slots=True)
class StateLook:
    """How a state looks. Never red, which is for "Do not use" alone."""

    icon: str
    color: Color


LOOKS = {
    Verdict.BLOCKED: Look(":material/block:", "red", Line.SOLID, (200, 30, 40)),
    Verdict.NOT_CHECKED: Look(":material/help:", "violet", Line.THIN, (110, 60, 160)),
    Verdict.REVIEW: Look(":material/visibility:", "orange", Line.DASHED, (190, 90, 0)),
    Verdict.CONSENT_MISSING: Look(":material/forum:", "blue", Line.DASHED, (20, 90, 170)),
    Verdict.CLEAR: Look(":material/search_off:", "green", Line.THIN, (70, 80, 90)),
}
_WITH_NOTHING = StateLook(":material/group_off:", "gray")
STATES = {
    State.HELD: StateLook(":material/back_hand:", "orange"),
    State.ACTIVE: StateLook(":material/shield:", "blue"),
    State.PENDING: StateLook(":material/schedule:", "violet"),
    State.LAPSED: StateLook(":material/hourglass_disabled:", "gray"),
    State.ENDED: StateLook(":material/event_busy:", "gray"),
    State.RESCINDED: StateLook(":material/undo:", "gray"),
    State.MISTAKEN: StateLook(":material/backspace:", "gray"),
}
_SIGHTINGS = {
    DecisionState.CONFIRMED: StateLook(":material/person_check:", "blue"),
    DecisionState.REJECTED: StateLook(":material/person_off:", "gray"),
    DecisionState.CANNOT_TELL: StateLook(":material/help:", "orange"),
    DecisionState.SUGGESTED: StateLook(":material/pending:", "gray"),
    None: StateLook(":material/pending:", "gray"),
}


def badge(verdict: Verdict, words: str = "") -> None:
    """Show a verdict, in its own words by default."""
    look = _look(verdict, words)
    st.badge(words or verdict.words, icon=look.icon, color=look.color)


def in_text(verdict: Verdict, words: str = "") -> str:
    """Return a verdict as icon and words for a label."""
    look = _look(verdict, words)
    return f":{look.color}[{look.icon}] {words or verdict.words}"


def _look(verdict: Verdict, words: str) -> Look | StateLook:
    # Green is for what was compared.
    return _WITH_NOTHING if words == NOTHING_TO_COMPARE else LOOKS[verdict]


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


def _badge(words: str, look: StateLook) -> None:
    st.badge(words, icon=look.icon, color=look.color)
