"""What a case covers from now on, beginning from what it covers now."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import streamlit as st

from consent.domain.channels import ChannelKind
from consent.domain.terms import Period

if TYPE_CHECKING:
    from collections.abc import Callable

    from consent.cases.view import CaseView
    from consent.domain.terms import Scope
    from consent.services import Services


def ask_new_scope(services: Services, view: CaseView, key: Callable[[str], str]) -> Scope | None:
    """Ask what is covered; return None while nothing is chosen."""
    scope = view.entry.case.terms.scope
    everything = st.radio(
        "Uses",
        [True, False],
        index=0 if scope.all_channels else 1,
        format_func=lambda every: "All uses" if every else "Only some",
        horizontal=True,
        key=key("everything"),
        persist_state="page",
    )
    if everything:
        uses = replace(scope, all_channels=True, kinds=frozenset(), channels=frozenset())
        return _photos(view, uses, key)
    kinds = st.pills(
        "Kinds of use",
        list(ChannelKind),
        selection_mode="multi",
        default=[kind for kind in ChannelKind if kind in scope.kinds],
        format_func=lambda kind: kind.whole,
        key=key("kinds"),
        persist_state="page",
    )
    channels = st.multiselect(
        "Single channels",
        services.policy.channels,
        default=[one for one in services.policy.channels if one.id in scope.channels],
        format_func=lambda channel: channel.label,
        placeholder="Choose channels",
        key=key("channels"),
        persist_state="page",
    )
    ids = frozenset(channel.id for channel in channels)
    uses = replace(scope, all_channels=False, kinds=frozenset(kinds), channels=ids)
    whole = _photos(view, uses, key)
    if not kinds and not ids:
        st.caption("Choose what it covers, or all uses.")
        return None
    return whole


def _photos(view: CaseView, scope: Scope, key: Callable[[str], str]) -> Scope:
    """Ask which photos; the single photos that are named stay named, or all are covered."""
    events = st.multiselect(
        "Only photos of these events (empty: all photos)",
        view.events,
        default=[event for event in view.events if event.id in scope.event_ids],
        format_func=lambda event: event.name,
        placeholder="All events",
        key=key("events"),
        persist_state="page",
    )
    named = scope.photo_ids
    if named:
        count = "The one photo" if len(named) == 1 else f"The {len(named)} photos"
        keep = st.checkbox(f"{count} named before", value=True, key=key("named"))
        named = named if keep else frozenset()
    period = st.selectbox(
        "Photos of which time",
        [*Period],
        index=list(Period).index(scope.period),
        format_func=lambda period: period.words,
        key=key("period"),
        persist_state="page",
    )
    caption = st.checkbox(
        "The name in captions too", scope.caption_too, key=key("caption"), persist_state="page"
    )
    ids = frozenset(event.id for event in events)
    return replace(scope, event_ids=ids, photo_ids=named, period=period, caption_too=caption)
