"""What was asked for: the person, how it came, what it covers."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import streamlit as st

from consent.domain.intake import NewRevocation
from consent.domain.limits import NAME, NOTE
from pages.desk.hints import ask_locator
from pages.desk.limits import ask_limits
from pages.desk.person import ask_minor
from pages.desk.request import ask_request
from pages.desk.requester import ask_requester
from pages.desk.scope import ask_scope

if TYPE_CHECKING:
    from collections.abc import Sequence

    from consent.domain.actors import Actor
    from consent.services import Services
    from media_index.types import Event
    from pages.desk.draft import Draft


@dataclass(frozen=True, slots=True)
class Asked:
    """What the form says.

    Attributes:
        new: without references.
        only_these: it covers the reference photos alone.
    """

    new: NewRevocation
    only_these: bool


def ask_terms(
    services: Services, actor: Actor, draft: Draft, events: Sequence[Event]
) -> Asked | None:
    """Ask for everything but the reference photos.

    Args:
        services: adapters.
        actor: who takes it.
        draft: of this form.
        events: of the index, for limits and hints.

    Returns:
        What was asked for; None while something must be chosen.
    """
    st.subheader("Person", anchor=False)
    name = st.text_input(
        "Name of the person in the photos",
        max_chars=NAME,
        key=draft.key("name"),
        persist_state="session",
        autocomplete="off",
    )
    minor, guardian, birth_year = ask_minor(draft)
    st.subheader("Request", anchor=False)
    request = ask_request(services, actor, draft)
    scope = ask_scope(services, draft)
    safety = st.checkbox(
        "There is a safety concern: handle it first",
        key=draft.key("safety"),
        persist_state="session",
    )
    requester = ask_requester(draft, name or "", minor=minor, guardian=guardian)
    limits = ask_limits(draft, scope, events) if scope is not None else None
    locators = ask_locator(draft, events)
    note = st.text_area(
        "Note", height=68, max_chars=NOTE, key=draft.key("note"), persist_state="session"
    )
    if limits is None or request.on is None:
        return None
    new = NewRevocation(
        name=name or "",
        received_on=request.on,
        method=request.method,
        scope=limits.scope,
        evidence=request.evidence,
        minor=minor,
        guardian=guardian,
        birth_year=birth_year,
        received_by=request.by,
        note=note or "",
        branch=request.branch,
        original_at=request.original_at,
        requester=requester,
        effective_from=limits.effective_from,
        until=limits.until,
        safety=safety,
        locators=locators,
    )
    return Asked(new, limits.only_these)
