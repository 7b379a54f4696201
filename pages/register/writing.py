"""A writing that came in for a case: when, how, and the writing itself."""

from __future__ import annotations

from typing import TYPE_CHECKING

import streamlit as st

from consent.domain.intake import EvidenceFile, Writing
from consent.domain.limits import NAME, PLACE
from consent.domain.terms import Method
from pages.ui.dates import DATE_FORMAT, EARLIEST

if TYPE_CHECKING:
    from collections.abc import Callable

    from consent.services import Services

_EVIDENCE = ["pdf", "jpg", "jpeg", "png", "heic", "tif", "tiff", "webp", "eml", "docx", "txt"]


def ask_writing(services: Services, key: Callable[[str], str]) -> Writing:
    """Ask for a writing.

    Args:
        services: adapters; no writing is received tomorrow.
        key: makes a widget's key from its name.
    """
    left, right = st.columns(2)
    received_on = left.date_input(
        "Received on",
        services.today(),
        min_value=EARLIEST,
        key=key("received-on"),
        persist_state="page",
        format=DATE_FORMAT,
        required=True,
    )
    method = right.selectbox(
        "How it came",
        [method for method in Method if method.in_writing],
        format_func=lambda method: method.words,
        key=key("method"),
        persist_state="page",
    )
    files = st.file_uploader(
        "The writing itself: PDF or pictures, one or several pages",
        type=_EVIDENCE,
        accept_multiple_files=True,
        key=key("evidence"),
    )
    left, right = st.columns(2)
    original_at = left.text_input(
        "Where the paper lies",
        max_chars=PLACE,
        placeholder="Folder 2026, front desk",
        key=key("original-at"),
        persist_state="page",
    )
    branch = right.text_input("Branch", max_chars=NAME, key=key("branch"), persist_state="page")
    return Writing(
        on=received_on,
        method=method,
        evidence=[EvidenceFile(file.name, file.getvalue()) for file in files],
        original_at=(original_at or "").strip(),
        branch=(branch or "").strip(),
    )
