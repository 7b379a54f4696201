"""How the request came: when, to whom, by which way, and the writing itself."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import streamlit as st

from consent.domain.intake import EvidenceFile
from consent.domain.limits import NAME, PLACE
from consent.domain.terms import Method
from pages.ui.dates import DATE_FORMAT, EARLIEST

if TYPE_CHECKING:
    from datetime import date

    from consent.domain.actors import Actor
    from consent.services import Services
    from pages.desk.draft import Draft

_EVIDENCE = ["pdf", "jpg", "jpeg", "png", "heic", "tif", "tiff", "webp", "eml", "docx", "txt"]


@dataclass(frozen=True, slots=True)
class Request:
    """How it came; `on` is None while no day is chosen."""

    on: date | None
    method: Method
    by: str
    branch: str
    original_at: str
    evidence: list[EvidenceFile]


def ask_request(services: Services, actor: Actor, draft: Draft) -> Request:
    """Ask how it came."""
    left, middle, right = st.columns(3)
    on = left.date_input(
        "Received on",
        services.today(),
        min_value=EARLIEST,
        key=draft.key("received-on"),
        persist_state="session",
        format=DATE_FORMAT,
    )
    method = middle.selectbox(
        "How it came",
        [*Method],
        format_func=_way,
        key=draft.key("method"),
        persist_state="session",
    )
    by = right.text_input(
        "Received by",
        actor.id,
        max_chars=NAME,
        key=draft.key("received-by"),
        persist_state="session",
    )
    left, right = st.columns([2, 1])
    branch = right.text_input(
        "Branch", max_chars=NAME, key=draft.key("branch"), persist_state="session"
    )
    if method is Method.ORAL:
        days = services.policy.hold_days
        left.caption(
            f":material/front_hand: It stops publication for {days} days, until the writing comes."
        )
        return Request(on, method, by or "", (branch or "").strip(), "", [])
    original_at = left.text_input(
        "Where the paper lies",
        max_chars=PLACE,
        placeholder="Folder 2026, front desk",
        key=draft.key("original-at"),
        persist_state="session",
    )
    evidence = _ask_evidence(draft)
    return Request(
        on, method, by or "", (branch or "").strip(), (original_at or "").strip(), evidence
    )


def _way(method: Method) -> str:
    return method.words if method.in_writing else f"{method.words}: a hold"


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
