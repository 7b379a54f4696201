"""Record a revocation: take the writing, pick the face, see at once where they may appear."""

from __future__ import annotations

from dataclasses import replace
from functools import partial

import streamlit as st

from consent.cases.change import place_hold
from consent.cases.correspondence import blank_form_pdf
from consent.cases.intake import UnansweredError
from consent.cases.open import record_revocation
from consent.cases.references import sha256_of
from consent.domain.actors import Actor
from consent.domain.terms import NewRevocation
from consent.review.photos import known_events
from consent.services import Services
from pages.desk.form import Asked, ask_terms
from pages.desk.recorded import show_recorded
from pages.desk.references import Picked, ask_references
from pages.desk.session import Draft, current_draft
from pages.ui import backend, guard
from pages.ui.errors import show_errors
from pages.ui.look import literal
from pages.ui.words import LANGUAGES


def page() -> None:
    """Show the page."""
    actor = guard.signed_in()
    services = backend.services()
    guard.heading("Record a revocation", actor)
    draft = current_draft()
    if draft.recorded is not None:
        show_recorded(services, actor, draft, draft.recorded)
        return
    events = known_events(services)
    left, right = st.columns([11, 9], gap="large")
    with left:
        asked = ask_terms(services, actor, draft, events)
    with right:
        picked = ask_references(services, draft, events)
    with left:
        if picked is None:
            st.caption("Pick the person's face in each photo first.")
        new = None if asked is None or picked is None else _whole(draft, asked, picked)
        _save(services, actor, draft, new)
        _offer_blank_forms(services)


def _whole(draft: Draft, asked: Asked, picked: Picked) -> NewRevocation:
    scope = asked.new.scope
    if asked.only_these:
        digests = [sha256_of(reference) for reference in picked.references]
        scope = replace(scope, photo_ids=frozenset(digests))
    return replace(
        asked.new,
        scope=scope,
        references=picked.references,
        keep_face=picked.keep_face,
        keep_face_until=picked.keep_face_until,
        seen=tuple(draft.seen.values()),
    )


def _save(services: Services, actor: Actor, draft: Draft, new: NewRevocation | None) -> None:
    confirmed = frozenset(question.kind for question in draft.questions)
    if draft.questions:
        st.warning(
            "\n\n".join(literal(question.sentence) for question in draft.questions),
            icon=":material/content_copy:",
        )
        if not st.checkbox("I have looked at this: record it all the same"):
            confirmed = frozenset()
    in_writing = new is not None and new.submission.method.in_writing
    wanted = st.button(
        "Record the revocation" if new is None or in_writing else "Record the hold",
        type="primary",
        icon=":material/check:",
        disabled=new is None,
        key=draft.key("save"),
    )
    if not wanted or new is None:
        return
    with show_errors():
        try:
            # Kept in the draft at once, and not by way of the session state: a second click
            # stops this run at its next call of Streamlit, and must find it recorded.
            record = record_revocation if in_writing else place_hold
            draft.recorded = record(services, new, actor, confirmed=confirmed)
        except UnansweredError as error:
            draft.questions = error.questions
        st.rerun()


def _offer_blank_forms(services: Services) -> None:
    """Offer the form that a patron fills in by hand."""
    with st.container(horizontal=True):
        for language, name in LANGUAGES.items():
            st.download_button(
                f"Blank form in {name}",
                partial(blank_form_pdf, services, language),
                file_name=f"revocation-form-{language}.pdf",
                mime="application/pdf",
                icon=":material/description:",
                type="tertiary",
                key=f"blank-{language}",
            )
