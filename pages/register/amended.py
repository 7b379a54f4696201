"""What an amendment changes, each thing with its own questions."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import streamlit as st

from consent.cases.change import Amendment
from consent.domain.limits import PLACE
from pages.desk.faces import ask_faces
from pages.desk.handed_in import handed_in
from pages.register.hints import ask_hint
from pages.register.scope import ask_new_scope
from pages.register.writing import ask_writing
from pages.ui.dates import DATE_FORMAT

if TYPE_CHECKING:
    from collections.abc import Callable

    from consent.cases.view import CaseView
    from consent.services import Services
    from pages.register.session import CaseDesk

_SCOPE, _TERM, _CONTACT, _SAFETY, _FACES, _HINT = (
    "What it covers",
    "Until when",
    "Contact",
    "Safety concern",
    "More reference photos",
    "Where to look",
)
_IN_WRITING = frozenset({_SCOPE, _TERM})
CHANGES = (_SCOPE, _TERM, _CONTACT, _SAFETY, _FACES, _HINT)


def ask_changes(
    services: Services,
    view: CaseView,
    desk: CaseDesk,
    changes: frozenset[str],
    key: Callable[[str], str],
) -> Amendment | None:
    """Return what changes, without the reason; None while something must be chosen.

    Args:
        services: adapters.
        view: the case.
        desk: of the case.
        changes: which of `CHANGES`.
        key: makes a widget's key from its name.
    """
    change: Amendment | None = Amendment("")
    terms = view.entry.terms
    if _SCOPE in changes:
        scope = ask_new_scope(services, view, key)
        change = None if scope is None or change is None else replace(change, scope=scope)
    if _TERM in changes:
        until = st.date_input(
            "Last day (empty: it lasts)",
            terms.until,
            key=key("until"),
            persist_state="page",
            format=DATE_FORMAT,
        )
        change = change and replace(change, until=until, lasting=until is None)
    if _CONTACT in changes:
        contact = st.text_input(
            "Contact",
            terms.requester.contact,
            # One that was entered before is not cut off.
            max_chars=max(PLACE, len(terms.requester.contact)),
            key=key("contact"),
            persist_state="page",
        )
        change = change and replace(change, contact=contact or "")
    if _SAFETY in changes:
        safety = st.checkbox(
            "There is a safety concern", terms.safety, key=key("safety"), persist_state="page"
        )
        change = change and replace(change, safety=safety)
    if _HINT in changes:
        hint = ask_hint(view, key)
        change = change and replace(change, locators=[] if hint is None else [hint])
    if _FACES in changes:
        draft = desk.reference_draft(view)
        picked = ask_faces(services, draft, handed_in(draft))
        change = (
            None if picked.waiting else change and replace(change, references=picked.references)
        )
    if changes & _IN_WRITING:
        st.caption("What is covered, and until when, changes only in writing.")
        change = change and replace(change, writing=ask_writing(services, key))
    return change
