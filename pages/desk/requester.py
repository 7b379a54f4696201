"""Who asked, how it was checked that they may, and how to reach them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import streamlit as st

from consent.domain.limits import NAME, NOTE, PLACE
from consent.domain.terms import Relationship, Requester

if TYPE_CHECKING:
    from pages.desk.draft import Draft

_LANGUAGES = {"en": "English", "es": "Spanish"}
_WAYS = ("Email", "Telephone", "Letter")


def ask_requester(draft: Draft, name: str, *, minor: bool, guardian: str) -> Requester:
    """Ask who asked; by default the person, or a minor's guardian.

    Args:
        draft: of this form.
        name: of the person.
        minor: whether a guardian acts.
        guardian: their name.
    """
    with st.expander("Who asked, and how to reach them", icon=":material/contact_mail:"):
        left, right = st.columns(2)
        relationship = left.selectbox(
            "Who asked",
            [*Relationship],
            index=1 if minor else 0,
            format_func=lambda relationship: relationship.words,
            key=draft.key(f"relationship-{minor}"),
            persist_state="session",
        )
        language = right.selectbox(
            "Language",
            list(_LANGUAGES),
            format_func=_LANGUAGES.__getitem__,
            key=draft.key("language"),
            persist_state="session",
        )
        other = ""
        if relationship is Relationship.OTHER:
            other = _words(draft, "Their name", "requester", NAME)
        authority = _words(
            draft,
            "How it was checked that they may ask",
            "authority",
            NOTE,
            "Known at the desk; a note only, never a copy of an ID",
        )
        left, right = st.columns([3, 2])
        with left:
            contact = _words(draft, "Contact", "contact", PLACE, "Email, telephone or address")
        way = right.selectbox(
            "Preferred way",
            _WAYS,
            index=None,
            placeholder="Any",
            key=draft.key("way"),
            persist_state="session",
        )
    return Requester(
        name=other or (guardian if minor else "") or name,
        relationship=relationship,
        authority_note=authority,
        contact=contact,
        preferred_contact=way or "",
        language=language,
    )


def _words(draft: Draft, label: str, key: str, most: int, example: str = "") -> str:
    text = st.text_input(
        label,
        max_chars=most,
        placeholder=example,
        key=draft.key(key),
        persist_state="session",
        autocomplete="off",
    )
    return (text or "").strip()
