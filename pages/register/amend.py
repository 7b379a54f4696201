"""A case changed in what it says: amended by a writing, or a slip put right."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import replace
from datetime import date
from typing import Any

import streamlit as st

from consent.cases.change import amend
from consent.cases.correct import correct, correctable
from consent.cases.view import CaseView
from consent.domain.actors import Actor
from consent.domain.fields import BY_NAME, Door, Field, Part, fields_at
from consent.domain.intake import NO_PHOTOS, Pictured
from consent.domain.terms import (
    Amendment,
    Correction,
    Method,
    Relationship,
    Scope,
    Submission,
    TemplateAgreement,
)
from consent.domain.typed_texts import NOTE
from consent.services import Services
from pages.desk.form import (
    ask_events,
    ask_evidence,
    ask_hint,
    ask_original_at,
    ask_period,
    ask_uses,
    some_use,
)
from pages.desk.references import ask_agreement, ask_faces, handed_in
from pages.desk.session import Draft
from pages.register.session import CaseDesk
from pages.ui.form import AskingBack, Form, button_after, key_of, required
from pages.ui.look import in_columns, literal
from pages.ui.words import DATE_FORMAT, EARLIEST, LANGUAGES, shown_day

_SCOPE, _TERM, _CONTACT, _SAFETY, _FACES, _HINT = CHANGES = (
    "What it covers",
    "Until when",
    "Contact",
    "Safety concern",
    "More photos of the person",
    "How to spot them",
)
_IN_WRITING = frozenset({_SCOPE, _TERM})
_NEEDED = frozenset({"name", "guardian"})


def offer_amendment(services: Services, view: CaseView, desk: CaseDesk, actor: Actor) -> None:
    """Ask what changes, and amend the case."""
    form = desk.form(view, "amend")
    changes = st.pills(
        "What changes?",
        CHANGES,
        selection_mode="multi",
        key=form.key("what"),
        persist_state=form.kept,
        wrap=True,
    )
    if not changes:
        st.caption("Choose what changes. Everything else stays the same.")
        return
    change = _ask_changes(services, view, desk, changes, form)
    advice = "Kept in the history: don't use names."
    why, example = required("Why?"), "New phone number"
    if _IN_WRITING.intersection(changes):
        why, example = "Note (nobody has to give a reason)", "Asked for print only"
    reason = form.text(why, "reason", NOTE, example, advice=advice)
    effective_on = form.day("From when (leave blank for today)", "effective-on")
    asking = AskingBack(form.key("save"), *_photos_of(change))
    missing = ["answer the open questions above"] if change is None else []
    wanted = button_after(
        missing,
        "Change the case",
        type="primary",
        icon=":material/check:",
        key=form.key("save"),
    )
    if wanted and change is not None:
        with asking.saving():
            full = replace(change, reason=reason, effective_on=effective_on)
            amend(services, view.label, full, actor, confirmed=asking.confirmed)
            desk.said = (
                f"{view.label} is changed. Print the confirmation from Papers and hand it over."
            )
            st.rerun()
    asking.show()


def _photos_of(change: Amendment | None) -> list[str | bytes]:
    """Return what is asked about: the photos, and the face in each."""
    references = () if change is None else change.references
    return [part for reference in references for part in (reference.content, str(reference.face))]


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
        until = form.day("End date (leave blank for no end)", "until", terms.until, earliest=None)
        change = replace(change, until=until, lasting=until is None)
    if _CONTACT in changes:
        contact = form.ask("contact", value=terms.requester.contact)
        change = replace(change, contact=contact)
    if _SAFETY in changes:
        safety = form.tick("There is a safety concern", "safety", value=terms.safety)
        change = replace(change, safety=safety)
    if _HINT in changes:
        hint = ask_hint(form, view.events, "Red coat, glasses", "A girl in a wheelchair")
        change = replace(change, locators=[] if hint is None else [hint])
    if _FACES in changes:
        draft = desk.reference_draft(view)
        pictured = ask_pictured(services, view, draft, form)
        ready = ready and pictured is not None
        if pictured is not None:
            change = replace(
                change,
                references=pictured.references,
                keep_face=pictured.keep_face,
                keep_face_until=pictured.keep_face_until,
            )
    if _IN_WRITING.intersection(changes):
        st.caption("To change what is covered, or until when, you need a signed request.")
        if ready:
            submission = ask_submission(services, form)
            change, ready = replace(change, submission=submission), submission is not None
    return change if ready else None


def ask_pictured(services: Services, view: CaseView, draft: Draft, form: Form) -> Pictured | None:
    """Ask for photos of the person of a case, and whether a face may be kept of them.

    Returns:
        What was handed in, perhaps nothing; None while a face has still to be picked.
    """
    picked = ask_faces(services, draft, handed_in(draft))
    if not picked.references:
        return None if picked.waiting else NO_PHOTOS
    agreed = view.entry.case.terms.agreement_on(services.today())
    if agreed is not None:
        st.caption(
            ":material/info: A saved face measurement of them is on file: "
            f"{literal(said_of(agreed))}"
        )
    keep_face, until = ask_agreement(
        form, minor=view.entry.case.person.minor, again=agreed is not None
    )
    return None if picked.waiting else Pictured(picked.references, keep_face, until)


def said_of(agreed: TemplateAgreement) -> str:
    """Say when the agreement to a face template was given, and who took it down."""
    by = f", recorded by {agreed.recorded_by}" if agreed.recorded_by else ""
    until = f", until {shown_day(agreed.until)}" if agreed.until else ""
    return f"they agreed on {shown_day(agreed.agreed_on)}{until}{by}."


def _ask_scope(services: Services, view: CaseView, form: Form) -> Scope | None:
    """Ask what is covered from now on, beginning from what is covered now."""
    scope = ask_uses(services, form, view.entry.case.terms.scope, labelled=True)
    label = "Only photos of these events (leave blank for all photos)"
    scope = ask_events(label, "All events", form, view.events, scope)
    if named := len(scope.photo_ids):
        count = "The one photo" if named == 1 else f"The {named} photos"
        if not st.checkbox(f"{count} named before", value=True, key=form.key("named")):
            scope = replace(scope, photo_ids=frozenset())
    return some_use(ask_period(form, scope))


def ask_submission(services: Services, form: Form) -> Submission | None:
    """Ask for a writing that came in for a case: when, how, and the writing itself.

    Returns:
        None while nobody has said how it came.
    """
    left, right = st.columns(2)
    received_on = left.date_input(
        # Streamlit says itself that it is required.
        BY_NAME["received"].label,
        services.today(),
        min_value=EARLIEST,
        key=form.key("received-on"),
        persist_state=form.kept,
        format=DATE_FORMAT,
        required=True,
    )
    writings = {method: words for method, words in Method.table().items() if method.in_writing}
    method = form.tapped(required(BY_NAME["method"].label), "method", writings, at=right)
    evidence = ask_evidence(form)
    left, right = st.columns(2)
    original_at = ask_original_at(form, left)
    branch = form.ask("branch", at=right)
    if method is None:
        st.caption(":material/touch_app: Choose how the request came.")
        return None
    return Submission(received_on, method, evidence, original_at, branch=branch)


def offer_correction(services: Services, view: CaseView, desk: CaseDesk, actor: Actor) -> None:
    """Show what was entered; what is typed over it is corrected."""
    form = desk.form(view, "correct")
    was = correctable(view.entry.case)
    st.caption(
        "Use this if something is different from the letter: type over it. To change what is "
        "covered or the end date, use Change the terms. To correct a wrong face, use the button"
        " at its picture."
    )
    said = _ask_of(Part.PERSON, form, was, 2) | _ask_of(Part.SUBMISSION, form, was, 3)
    with st.expander("Requester and how to reach them", icon=":material/contact_mail:"):
        said |= _ask_of(Part.REQUESTER, form, was, 2)
    said |= _ask_of(Part.TERMS, form, was, 1)
    with st.expander("A page was forgotten", icon=":material/note_add:"):
        evidence = ask_evidence(form)
    example, advice = "Misheard at the desk", "Kept in the history: don't use names."
    reason = form.text(required("What happened?"), "reason", NOTE, example, advice=advice)
    asking = AskingBack(form.key("save"), str(said["name"]))
    if st.button("Correct it", type="primary", icon=":material/check:", key=form.key("save")):
        with asking.saving():
            slip = Correction(reason, said, evidence)
            correct(services, view.label, slip, actor, confirmed=asking.confirmed)
            desk.said = (
                f"{view.label} is corrected. Print the corrected receipt from Papers and hand it "
                "over."
            )
            st.rerun()
    asking.show()


def _ask_of(part: Part, form: Form, was: Mapping[str, Any], columns: int) -> dict[str, Any]:
    """Ask for the fields of a part of the case, so many in a row."""
    left_out = {"evidence"}
    if not st.session_state.get(form.key("minor"), was["minor"]):
        left_out |= {"guardian", "birth_year"}
    if not was["method"].in_writing:
        left_out |= {"method"}
    fields = [field for field in fields_at(Door.CORRECTION) if field.part is part]
    asked = [field for field in fields if field.name not in left_out]
    said = {}
    for column, field in in_columns(asked, columns):
        with column:
            said[field.name] = _ask_field(field, form, was[field.name])
    return said


def _ask_field(field: Field, form: Form, was: Any) -> object:  # noqa: ANN401 - of the field's kind
    """Ask for a field by its kind."""
    key, label = key_of(field.name), field.label
    if field.kind is bool:
        return form.tick(label, key, value=was)
    if field.kind is date:
        return form.day(label, key, was) or was
    if field.kind is int:
        return st.number_input(label, value=was, step=1, key=form.key(key), persist_state=form.kept)
    if words := _choices(field, was):
        return form.one_of(label, key, words, was)
    return form.ask(field.name, value=was, needed=field.name in _NEEDED)


def _choices(field: Field, was: Any) -> Mapping[Any, str]:  # noqa: ANN401 - of the field's kind
    """Return what may be chosen, with its words; nothing for what is typed."""
    if field.kind is Method:
        return {method: words for method, words in Method.table().items() if method.in_writing}
    if field.kind is Relationship:
        return Relationship.table()
    return LANGUAGES | {was: LANGUAGES.get(was, was)} if field.name == "language" else {}
