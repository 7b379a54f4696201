"""What the writing says: the person, how it came, what it covers."""

from __future__ import annotations

from typing import TYPE_CHECKING

import streamlit as st

from consent.intake import EvidenceFile, NewRevocation
from consent.terms import Method
from pages.desk.person import ask_minor
from pages.desk.scope import ask_scope

if TYPE_CHECKING:
    from consent.domain import Actor
    from consent.services import Services
    from pages.desk.draft import Draft

_METHODS = {
    Method.FORM: "Form",
    Method.LETTER: "Letter",
    Method.EMAIL: "Email",
    Method.OTHER_WRITING: "Other writing",
}
_EVIDENCE = ["pdf", "jpg", "jpeg", "png", "heic", "tif", "tiff", "webp", "eml", "docx", "txt"]


def ask_terms(
    services: Services,
    actor: Actor,
    draft: Draft,
) -> NewRevocation | None:
    """Ask for everything but the reference photos.

    Args:
        services: adapters.
        actor: who takes it.
        draft: of this form.

    Returns:
        The revocation as taken, without references; None while something must be chosen.
    """
    st.subheader("Person", anchor=False)
    name = st.text_input(
        "Name of the person in the photos",
        key=draft.key("name"),
        persist_state="session",
        autocomplete="off",
    )
    minor, guardian, birth_year = ask_minor(services, draft)
    st.subheader("Writing", anchor=False)
    left, middle, right = st.columns(3)
    received_on = left.date_input(
        "Received on",
        services.today(),
        max_value=services.today(),
        key=draft.key("received-on"),
        persist_state="session",
        format="MM/DD/YYYY",
    )
    method = middle.selectbox(
        "How it came",
        list(_METHODS),
        format_func=_METHODS.__getitem__,
        key=draft.key("method"),
        persist_state="session",
    )
    received_by = right.text_input(
        "Received by",
        actor.id,
        key=draft.key("received-by"),
        persist_state="session",
    )
    evidence = st.file_uploader(
        "The writing itself: PDF or pictures, one or several pages",
        type=_EVIDENCE,
        accept_multiple_files=True,
        key=draft.key("evidence"),
    )
    original_at = st.text_input(
        "Where the paper lies",
        placeholder="Folder 2026, front desk",
        key=draft.key("original-at"),
        persist_state="session",
    )
    scope = ask_scope(services, draft)
    note = st.text_area(
        "Note",
        height=68,
        key=draft.key("note"),
        persist_state="session",
    )
    if scope is None or received_on is None:
        return None
    return NewRevocation(
        name=name or "",
        received_on=received_on,
        method=method,
        scope=scope,
        evidence=[EvidenceFile(file.name, file.getvalue()) for file in evidence],
        minor=minor,
        guardian=guardian,
        birth_year=birth_year,
        received_by=received_by or "",
        note=note or "",
        original_at=original_at or "",
    )
