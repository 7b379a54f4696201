"""What days, languages, decisions, verdicts and states are called on a page.

As a badge each has its icon beside the words, so that color never stands alone.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal
from zoneinfo import ZoneInfo

import streamlit as st

from consent.domain.cases import State
from consent.domain.decisions import DecisionState
from consent.domain.events import Event
from consent.domain.policy import Policy
from consent.domain.verdicts import ALLOWED, NOTHING_TO_COMPARE, Verdict
from consent.domain.wording import clock_time
from consent.services import Services

SERVER_FOLDER = "Folder on the server (its full path)"
LANGUAGES = {"en": "English", "es": "Spanish"}
# On buttons; what was decided is said by the state itself.
CHOICES = {
    DecisionState.CONFIRMED: "Confirm",
    DecisionState.REJECTED: "Not this person",
    DecisionState.CANNOT_TELL: "Can't tell",
}
_KIB = 1024
DATE_FORMAT = "MM/DD/YYYY"
# Given to every date_input that may be of the past. Streamlit's own bound is ten years ago, and it
# keeps the former value of a field, without a word, where a date outside its bounds is typed.
EARLIEST = date(1900, 1, 1)


def channel_name(policy: Policy, channel_id: str) -> str:
    """Return what a channel is called; one that the policy no longer has, by its id."""
    return next((known.label for known in policy.channels if known.id == channel_id), channel_id)


def shown_day(day: date) -> str:
    """Return a day, as in May 4, 2026."""
    return f"{day:%B} {day.day}, {day.year}"


def short_day(day: date) -> str:
    """Return a day where there is little room, as in Sep 4, 2026."""
    return f"{day:%b} {day.day}, {day.year}"


def shown_size(size: int) -> str:
    """Return the size of a file, in KiB."""
    return f"{max(1, round(size / _KIB)):,} KiB"


def event_name(event: Event) -> str:
    """Return an event's name with its day, if that is known."""
    return event.name if event.held_on is None else f"{event.name}, {short_day(event.held_on)}"


def shown_moment(services: Services, moment: datetime) -> str:
    """Return a moment on the library's own clock, as in May 4, 2026, 2:05 PM."""
    local = moment.astimezone(ZoneInfo(services.settings.time_zone))
    return f"{shown_day(local.date())}, {clock_time(local)}"


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
# By the words of a verdict that is not what its color would say.
_OTHERWISE = {
    NOTHING_TO_COMPARE: Look(":material/group_off:", "gray"),
    ALLOWED: Look(":material/lock_open:", "orange"),
}
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


def verdict_words(verdict: Verdict, words: str = "") -> str:
    """Return a verdict as icon and words for a label."""
    look = _look(verdict, words)
    return f":{look.color}[{look.icon}] {words or verdict.words}"


def _look(verdict: Verdict, words: str) -> Look:
    # Green is for what was compared, and speaks against nobody.
    return _OTHERWISE.get(words, _VERDICTS[verdict])


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
