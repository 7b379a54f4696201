"""Two cases of one person: said, and taken back if that was wrong."""

from __future__ import annotations

from typing import TYPE_CHECKING

import streamlit as st

from consent.cases.people import merge_people, unmerge_person
from consent.domain.limits import NAME, NOTE
from pages.ui.errors import show_errors

if TYPE_CHECKING:
    from consent.cases.view import CaseView
    from consent.domain.actors import Actor
    from consent.services import Services
    from pages.register.session import CaseDesk


def offer_merger(services: Services, view: CaseView, desk: CaseDesk, actor: Actor) -> None:
    """Offer to say that the person is that of another case, or that this was wrong."""
    if view.entry.case.person.merged_into is None:
        _merge(services, view, desk, actor)
    else:
        _unmerge(services, view, desk, actor)


def _merge(services: Services, view: CaseView, desk: CaseDesk, actor: Actor) -> None:
    st.caption(
        "Two cases turned out to be of one person. Each keeps its own number and terms; they are "
        "shown together, and this can be taken back."
    )
    left, right = st.columns([1, 2])
    into = left.text_input(
        "The other case",
        max_chars=NAME,
        placeholder="R-0042",
        key=desk.key(view, "merge-into"),
        persist_state="page",
        autocomplete="off",
    )
    with right:
        reason = _reason("Why are they the same person?", desk.key(view, "merge-reason"))
    if st.button("Same person", type="primary", key=desk.key(view, "merge")):
        with show_errors():
            merge_people(services, view.label, into or "", reason, actor)
            desk.said = f"{view.label} and {(into or '').strip()} are shown as one person's now."
            st.rerun()


def _unmerge(services: Services, view: CaseView, desk: CaseDesk, actor: Actor) -> None:
    st.caption("The person of this case was found to be the person of another. Was that wrong?")
    reason = _reason("Why are they not the same person?", desk.key(view, "unmerge-reason"))
    if st.button("Not the same person", type="primary", key=desk.key(view, "unmerge")):
        with show_errors():
            unmerge_person(services, view.label, reason, actor)
            desk.said = "They are two people again."
            st.rerun()


def _reason(label: str, key: str) -> str:
    text = st.text_input(
        label,
        max_chars=NOTE,
        key=key,
        persist_state="page",
        help="Kept in the log: name nobody.",
    )
    return text or ""
