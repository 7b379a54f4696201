"""What a revocation leaves out, and for how long it holds."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import streamlit as st

from consent.domain.terms import Period
from pages.ui.dates import DATE_FORMAT, EARLIEST

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date

    from consent.domain.terms import Scope
    from media_index.types import Event
    from pages.desk.draft import Draft

ONLY_THESE = "Only the photos on the right"
_WHICH = ("All photos", "Photos of an event", ONLY_THESE)


@dataclass(frozen=True, slots=True)
class Limits:
    """What was asked here.

    Attributes:
        scope: narrowed.
        only_these: it covers the reference photos and copies of them alone.
        effective_from: None for the day it was received.
        until: the last day, if temporary.
    """

    scope: Scope
    only_these: bool
    effective_from: date | None
    until: date | None


def ask_limits(draft: Draft, scope: Scope, events: Sequence[Event]) -> Limits:
    """Ask for limits; untouched, there are none."""
    with st.expander("Only some photos, or for some time", icon=":material/tune:"):
        which = st.radio(
            "Which photos", _WHICH, horizontal=True, key=draft.key("which"), persist_state="session"
        )
        if which == _WHICH[1]:
            chosen = st.multiselect(
                "Events",
                events,
                format_func=lambda event: event.name,
                placeholder="Choose events",
                key=draft.key("events"),
                persist_state="session",
            )
            scope = replace(scope, event_ids=frozenset(event.id for event in chosen))
        period = st.selectbox(
            "Photos of which time",
            [*Period],
            format_func=lambda period: period.words,
            key=draft.key("period"),
            persist_state="session",
        )
        caption = st.checkbox(
            "The name in captions too",
            value=True,
            key=draft.key("caption"),
            persist_state="session",
        )
        left, right = st.columns(2)
        since = left.date_input(
            "Holds from (empty: the day received)",
            None,
            min_value=EARLIEST,
            key=draft.key("since"),
            persist_state="session",
            format=DATE_FORMAT,
        )
        until = right.date_input(
            "Temporary until (empty: lasting)",
            None,
            key=draft.key("until"),
            persist_state="session",
            format=DATE_FORMAT,
        )
    scope = replace(scope, period=period, caption_too=caption)
    return Limits(scope, which == ONLY_THESE, since, until)
