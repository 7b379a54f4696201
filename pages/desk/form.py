"""What was asked for: the person, how it came, what it covers."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import streamlit as st

from consent.intake import EvidenceFile, NewRevocation
from consent.terms import Method
from pages.desk.asking import ask_requester
from pages.desk.limits import ask_limits, ask_locator
from pages.desk.person import ask_minor
from pages.desk.scope import ask_scope
from pages.ui.dates import DATE_FORMAT

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date

    from consent.domain import Actor
    from consent.services import Services
    from media_index.types import Event
    from pages.desk.draft import Draft

_METHODS = {
    Method.FORM: "Form",
    Method.LETTER: "Letter",
    Method.EMAIL: "Email",
    Method.OTHER_WRITING: "Other writing",
    Method.ORAL: "By word of mouth: a hold",
}
_EVIDENCE = ["pdf", "jpg", "jpeg", "png", "heic", "tif", "tiff", "webp", "eml", "docx", "txt"]


@dataclass(frozen=True, slots=True)
class Asked:
    """What the form says.

    Attributes:
        new: without references.
        only_these: it covers the reference photos alone.
    """

    new: NewRevocation
    only_these: bool


@dataclass(frozen=True, slots=True)
class _Writing:
    """How it came."""

    on: date | None
    method: Method
    by: str
    branch: str
    original_at: str
    evidence: list[EvidenceFile]


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
        key=draft.key("name"),
        persist_state="session",
        autocomplete="off",
    )
    minor, guardian, birth_year = ask_minor(services, draft)
    st.subheader("Request", anchor=False)
    writing = _ask_writing(services, actor, draft)
    scope = ask_scope(services, draft)
    safety = st.checkbox(
        "There is a safety concern: handle it first",
        key=draft.key("safety"),
        persist_state="session",
    )
    requester = ask_requester(draft, name or "", minor=minor, guardian=guardian)
    limits = ask_limits(draft, scope, events) if scope is not None else None
    locators = ask_locator(draft, events)
    note = st.text_area("Note", height=68, key=draft.key("note"), persist_state="session")
    if limits is None or writing.on is None:
        return None
    new = NewRevocation(
        name=name or "",
        received_on=writing.on,
        method=writing.method,
        scope=limits.scope,
        evidence=writing.evidence,
        minor=minor,
        guardian=guardian,
        birth_year=birth_year,
        received_by=writing.by,
        note=note or "",
        branch=writing.branch,
        original_at=writing.original_at,
        requester=requester,
        effective_from=limits.effective_from,
        until=limits.until,
        safety=safety,
        locators=locators,
    )
    return Asked(new, limits.only_these)


def _ask_writing(services: Services, actor: Actor, draft: Draft) -> _Writing:
    left, middle, right = st.columns(3)
    on = left.date_input(
        "Received on",
        services.today(),
        max_value=services.today(),
        key=draft.key("received-on"),
        persist_state="session",
        format=DATE_FORMAT,
    )
    method = middle.selectbox(
        "How it came",
        list(_METHODS),
        format_func=_METHODS.__getitem__,
        key=draft.key("method"),
        persist_state="session",
    )
    by = right.text_input(
        "Received by", actor.id, key=draft.key("received-by"), persist_state="session"
    )
    left, right = st.columns([2, 1])
    branch = right.text_input("Branch", key=draft.key("branch"), persist_state="session")
    if method is Method.ORAL:
        days = services.policy.hold_days
        left.caption(
            f":material/front_hand: It stops publication for {days} days, until the writing comes."
        )
        return _Writing(on, method, by or "", (branch or "").strip(), "", [])
    original_at = left.text_input(
        "Where the paper lies",
        placeholder="Folder 2026, front desk",
        key=draft.key("original-at"),
        persist_state="session",
    )
    evidence = _ask_evidence(draft)
    return _Writing(
        on, method, by or "", (branch or "").strip(), (original_at or "").strip(), evidence
    )


def _ask_evidence(draft: Draft) -> list[EvidenceFile]:
    files = st.file_uploader(
        "The writing itself: PDF or pictures, one or several pages",
        type=_EVIDENCE,
        accept_multiple_files=True,
        key=draft.key("evidence"),
    )
    found = [EvidenceFile(file.name, file.getvalue()) for file in files]
    # The browser asks for the camera as soon as the widget is there: only when it is wanted.
    if st.toggle("Take a picture of the page", key=draft.key("page-camera-on")):
        shot = st.camera_input("Page", key=draft.key("page"), label_visibility="collapsed")
        if shot is not None:
            found.append(EvidenceFile("page-taken-here.jpg", shot.getvalue()))
    return found
