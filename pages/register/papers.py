"""The papers of a case: the writings that came in, and receipts to give."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

import streamlit as st

from consent.cases.correspondence import give_receipt, list_writings, open_writing
from pages.ui.dates import shown_day
from pages.ui.errors import show_errors
from pages.ui.look import literal

if TYPE_CHECKING:
    from consent.cases.correspondence import KeptWriting
    from consent.cases.view import CaseView
    from consent.domain.actors import Actor
    from consent.services import Services

_LANGUAGES = {"en": "English", "es": "Spanish"}
_KIB = 1024


def show_papers(services: Services, view: CaseView, actor: Actor) -> None:
    """Show the writings, and offer the receipt."""
    st.subheader("Receipt", anchor=False)
    st.caption("One page for whoever asked: what is covered, from when, and what happens next.")
    with st.container(horizontal=True):
        for language, name in _LANGUAGES.items():
            st.download_button(
                f"Receipt in {name}",
                # Made when it is wanted: giving it is entered in the log.
                partial(give_receipt, services, view.label, language, actor),
                file_name=f"{view.label}-receipt-{language}.pdf",
                mime="application/pdf",
                icon=":material/print:",
                key=f"receipt-{view.label}-{language}",
            )
    st.subheader("Writings", anchor=False)
    with show_errors():
        writings = list_writings(services, view.label, actor)
        if not writings:
            st.caption(f"No file is kept. {_where(view)}")
        for kept in writings:
            _row(services, view, kept, actor)


def _where(view: CaseView) -> str:
    place = view.entry.terms.receipt.original_at
    return (
        f"The paper lies here: {literal(place)}" if place else "The note says where the paper is."
    )


def _row(services: Services, view: CaseView, kept: KeptWriting, actor: Actor) -> None:
    with st.container(border=True):
        name, button = st.columns([5, 1], vertical_alignment="center")
        name.markdown(f":material/draft: **{literal(kept.name)}**")
        size = f"{max(1, round(kept.size / _KIB)):,} KiB"
        name.caption(
            f"Added {shown_day(services.day(kept.added_at))}, {size}. SHA-256 {kept.sha256[:16]}..."
        )
        if button.button("Open", key=f"open-{view.label}-{kept.sha256}", width="stretch"):
            _open(services, view, kept, actor)


@st.dialog("Writing", width="large")
def _open(services: Services, view: CaseView, kept: KeptWriting, actor: Actor) -> None:
    with show_errors():
        opened = open_writing(services, view.label, kept.sha256, actor)
        st.markdown(f"**{literal(kept.name)}**")
        if opened.picture is not None:
            st.image(opened.picture, alt=f"{kept.name}, a writing of {view.label}", width="stretch")
        st.download_button(
            "Save the file",
            opened.content,
            file_name=kept.name,
            icon=":material/download:",
            on_click="ignore",
        )
        st.caption("That you opened it is in the log.")
