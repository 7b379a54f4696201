"""What a revocation covers: which uses, which photos, and for how long."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date

import streamlit as st

from consent.domain.channels import ChannelKind
from consent.domain.events import Event
from consent.domain.terms import EVERYTHING, Period, Scope
from consent.services import Services
from pages.ui.form import Form

_ALL, _BY_EVENT, _ONLY_THESE = "All photos", "Photos of an event", "Only the photos on the right"


@dataclass(frozen=True, slots=True)
class Limits:
    """What a revocation leaves out.

    Attributes:
        only_these: it covers the reference photos and copies of them alone.
        effective_from: None for the day it was received.
        until: the last day, if temporary.
    """

    scope: Scope
    only_these: bool
    effective_from: date | None
    until: date | None


def ask_scope(services: Services, form: Form) -> Scope | None:
    """Ask which uses are covered; return None while none is chosen."""
    st.subheader("What it covers", anchor=False)
    return some_use(ask_uses(services, form, EVERYTHING, labelled=False))


def ask_uses(services: Services, form: Form, scope: Scope, *, labelled: bool) -> Scope:
    """Ask which uses are covered, beginning with those of a scope; perhaps none is chosen yet."""
    everything = st.radio(
        "Uses",
        [True, False],
        index=0 if scope.all_channels else 1,
        format_func=lambda every: "All uses" if every else "Only some",
        horizontal=True,
        label_visibility="visible" if labelled else "collapsed",
        key=form.key("everything"),
        persist_state=form.kept,
    )
    if everything:
        return replace(scope, all_channels=True, kinds=frozenset(), channels=frozenset())
    kinds = st.pills(
        "Kinds of use",
        list(ChannelKind),
        selection_mode="multi",
        default=[kind for kind in ChannelKind if kind in scope.kinds],
        format_func=lambda kind: kind.whole,
        key=form.key("kinds"),
        persist_state=form.kept,
    )
    channels = st.multiselect(
        "Single channels",
        services.policy.channels,
        default=[channel for channel in services.policy.channels if channel.id in scope.channels],
        format_func=lambda channel: channel.label,
        placeholder="Choose channels",
        key=form.key("channels"),
        persist_state=form.kept,
    )
    ids = frozenset(channel.id for channel in channels)
    return replace(scope, all_channels=False, kinds=frozenset(kinds), channels=ids)


def some_use(scope: Scope) -> Scope | None:
    """Return the scope; None, and ask for more, while it covers no use."""
    if scope.all_channels or scope.kinds or scope.channels:
        return scope
    st.caption("Choose what it covers, or all uses.")
    return None


def ask_events(label: str, empty: str, form: Form, events: Sequence[Event], scope: Scope) -> Scope:
    """Ask of which events photos are covered, beginning with those of a scope."""
    chosen = st.multiselect(
        label,
        events,
        default=[event for event in events if event.id in scope.event_ids],
        format_func=lambda event: event.name,
        placeholder=empty,
        key=form.key("events"),
        persist_state=form.kept,
    )
    return replace(scope, event_ids=frozenset(event.id for event in chosen))


def ask_period(form: Form, scope: Scope) -> Scope:
    """Ask for photos of which time, and whether for the name too, beginning with a scope's."""
    period = form.one_of("Photos of which time", "period", Period.table(), scope.period)
    caption = form.tick("The name in captions too", "caption", value=scope.caption_too)
    return replace(scope, period=period, caption_too=caption)


def ask_limits(form: Form, scope: Scope, events: Sequence[Event]) -> Limits:
    """Ask for limits; untouched, there are none."""
    with st.expander("Only some photos, or for some time", icon=":material/tune:"):
        which = st.radio(
            "Which photos",
            [_ALL, _BY_EVENT, _ONLY_THESE],
            horizontal=True,
            key=form.key("which"),
            persist_state=form.kept,
        )
        if which == _BY_EVENT:
            scope = ask_events("Events", "Choose events", form, events, scope)
        scope = ask_period(form, scope)
        left, right = st.columns(2)
        since = form.day("Holds from (empty: the day received)", "since", at=left)
        # The last day is not past.
        until = form.day("Temporary until (empty: lasting)", "until", at=right, earliest=None)
    return Limits(scope, which == _ONLY_THESE, since, until)
