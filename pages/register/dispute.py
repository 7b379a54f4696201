"""An objection to a case: filed with its paper, then decided by a director."""

from __future__ import annotations

import streamlit as st

from consent.cases.dispute import object_to, settle
from consent.cases.view import CaseView
from consent.domain.actors import Actor
from consent.domain.limits import NAME, NOTE
from consent.domain.terms import Objection, Relationship
from consent.services import Services
from pages.register.amend import ask_submission
from pages.register.session import CaseDesk
from pages.ui.errors import show_errors


def offer_objection(services: Services, view: CaseView, desk: CaseDesk, actor: Actor) -> None:
    """Take an objection down; once there is one, let a director decide it."""
    if view.entry.case.dispute is None:
        _file(services, view, desk, actor)
    else:
        _decide(services, view, desk, actor)


def _file(services: Services, view: CaseView, desk: CaseDesk, actor: Actor) -> None:
    form = desk.form(view, "object")
    st.caption(
        "Another parent or guardian does not agree. The paper is kept with the case, which holds "
        "on as it is until a director decides; tell who signed it."
    )
    left, right = st.columns(2)
    name = form.text("Who objects", "by", NAME, at=left, private=True)
    relationship = form.one_of(
        "Their relation to the person",
        "relationship",
        Relationship.table(),
        Relationship.PARENT,
        at=right,
    )
    note = form.text(
        "How it was checked who they are",
        "note",
        NOTE,
        "Known at the desk; showed a court order of May 2026",
        advice="A note, never a copy of an ID.",
        private=True,
    )
    letter = ask_submission(services, form)
    wanted = st.button(
        "File the objection", type="primary", disabled=letter is None, key=form.key("save")
    )
    if wanted and letter is not None:
        with show_errors():
            object_to(services, view.label, Objection(letter, name, relationship, note), actor)
            desk.said = (
                f"The objection to {view.label} is filed; it holds until a director decides. Tell "
                "who signed it: the notice is among Papers."
            )
            st.rerun()


def _decide(services: Services, view: CaseView, desk: CaseDesk, actor: Actor) -> None:
    form = desk.form(view, "settle")
    if actor.role not in services.policy.may_override:
        st.caption(f"{view.label} is disputed, and holds until a director decides.")
        return
    st.caption("Who objected, and in which paper, is under History and Papers.")
    outcome = form.tapped("What is decided?", "outcome", {True: "It stands", False: "It ends"})
    reason = form.text("Why?", "reason", NOTE, advice="Kept in the history.")
    wanted = st.button(
        "Decide the objection", type="primary", disabled=outcome is None, key=form.key("save")
    )
    if wanted and outcome is not None:
        with show_errors():
            settle(services, view.label, reason, actor, stands=outcome)
            desk.said = "The objection is decided. Tell both: the notice is among Papers."
            desk.found = None
            st.rerun()
