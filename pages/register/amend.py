"""A case amended: only what changes is asked for, and the writing where the policy wants one."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace

import streamlit as st

from consent.cases.change import amend
from consent.cases.view import CaseView
from consent.domain.actors import Actor
from consent.domain.limits import NAME, NOTE, PLACE
from consent.domain.terms import Amendment, Method, Scope, Submission
from consent.services import Services
from pages.desk.form import ask_evidence, ask_hint, ask_original_at
from pages.desk.references import ask_faces, handed_in
from pages.desk.scope import ask_events, ask_period, ask_uses, some_use
from pages.register.session import CaseDesk
from pages.ui.dates import DATE_FORMAT, EARLIEST
from pages.ui.errors import show_errors
from pages.ui.form import Form

_SCOPE, _TERM, _CONTACT, _SAFETY, _FACES, _HINT = CHANGES = (
    "What it covers",
    "Until when",
    "Contact",
    "Safety concern",
    "More reference photos",
    "Where to look",
)
_IN_WRITING = frozenset({_SCOPE, _TERM})


def offer_amendment(services: Services, view: CaseView, desk: CaseDesk, actor: Actor) -> None:
    """Ask what changes, and amend the case."""
    form = desk.form(view, "amend")
    changes = st.pills(
        "What changes?",
        CHANGES,
        selection_mode="multi",
        key=form.key("what"),
        persist_state=form.kept,
    )
    if not changes:
        st.caption("Choose what changes; all else stays as it is.")
        return
    change = _ask_changes(services, view, desk, changes, form)
    example, advice = "Asked for print only", "Kept in the history: name nobody."
    reason = form.text("Why?", "reason", NOTE, example, advice=advice)
    effective_on = form.day("From when (empty: today)", "effective-on")
    wanted = st.button(
        "Amend the case",
        type="primary",
        icon=":material/check:",
        disabled=change is None,
        key=form.key("save"),
    )
    if wanted and change is not None:
        with show_errors():
            full = replace(change, reason=reason, effective_on=effective_on)
            amend(services, view.label, full, actor)
            desk.said = f"{view.label} is amended. Give the confirmation: it is among Papers."
            st.rerun()


def _ask_changes(
    services: Services, view: CaseView, desk: CaseDesk, changes: Collection[str], form: Form
) -> Amendment | None:
    """Return what changes, without the reason; None while something must be chosen."""
    change, ready = Amendment(""), True
    terms = view.entry.terms
    if _SCOPE in changes:
        scope = _ask_scope(services, view, form)
        change, ready = replace(change, scope=scope), scope is not None
    if _TERM in changes:
        until = form.day("Last day (empty: it lasts)", "until", terms.until, earliest=None)
        change = replace(change, until=until, lasting=until is None)
    if _CONTACT in changes:
        known = terms.requester.contact
        # One that was entered before is not cut off.
        contact = form.text("Contact", "contact", max(PLACE, len(known)), value=known)
        change = replace(change, contact=contact)
    if _SAFETY in changes:
        safety = form.tick("There is a safety concern", "safety", value=terms.safety)
        change = replace(change, safety=safety)
    if _HINT in changes:
        hint = ask_hint(form, view.events, "Red coat, glasses", "A girl in a wheelchair")
        change = replace(change, locators=[] if hint is None else [hint])
    if _FACES in changes:
        draft = desk.reference_draft(view)
        picked = ask_faces(services, draft, handed_in(draft))
        change = replace(change, references=picked.references)
        ready = ready and not picked.waiting
    if _IN_WRITING.intersection(changes):
        st.caption("What is covered, and until when, changes only in writing.")
        if ready:
            change = replace(change, submission=ask_submission(services, form))
    return change if ready else None


def _ask_scope(services: Services, view: CaseView, form: Form) -> Scope | None:
    """Ask what is covered from now on, beginning from what is covered now."""
    scope = ask_uses(services, form, view.entry.case.terms.scope, labelled=True)
    label = "Only photos of these events (empty: all photos)"
    scope = ask_events(label, "All events", form, view.events, scope)
    if named := len(scope.photo_ids):
        count = "The one photo" if named == 1 else f"The {named} photos"
        if not st.checkbox(f"{count} named before", value=True, key=form.key("named")):
            scope = replace(scope, photo_ids=frozenset())
    return some_use(ask_period(form, scope))


def ask_submission(services: Services, form: Form) -> Submission:
    """Ask for a writing that came in for a case: when, how, and the writing itself."""
    left, right = st.columns(2)
    received_on = left.date_input(
        "Received on",
        services.today(),
        min_value=EARLIEST,
        key=form.key("received-on"),
        persist_state=form.kept,
        format=DATE_FORMAT,
        required=True,
    )
    writings = {method: words for method, words in Method.table().items() if method.in_writing}
    method = form.one_of("How it came", "method", writings, at=right)
    evidence = ask_evidence(form)
    left, right = st.columns(2)
    original_at = ask_original_at(form, left)
    branch = form.text("Branch", "branch", NAME, at=right)
    return Submission(received_on, method, evidence, original_at, branch=branch)
