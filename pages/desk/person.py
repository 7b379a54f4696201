"""A minor: the guardian who signed, and the year of birth."""

from __future__ import annotations

from typing import TYPE_CHECKING

import streamlit as st

from consent.domain.limits import NAME

if TYPE_CHECKING:
    from pages.desk.draft import Draft


def ask_minor(draft: Draft) -> tuple[bool, str, int | None]:
    """Ask whether the person is a minor; return that, the guardian and the year of birth."""
    minor = st.checkbox(
        "The person is a minor",
        key=draft.key("minor"),
        persist_state="session",
    )
    if not minor:
        return False, "", None
    left, right = st.columns([2, 1])
    guardian = left.text_input(
        "Parent or guardian who signed",
        max_chars=NAME,
        key=draft.key("guardian"),
        persist_state="session",
        autocomplete="off",
    )
    birth_year = right.number_input(
        "Year of birth",
        value=None,
        step=1,
        key=draft.key("birth-year"),
        persist_state="session",
    )
    return True, guardian or "", birth_year
