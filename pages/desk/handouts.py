"""Papers for the patron: the blank form, and the receipt once it is recorded."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

import streamlit as st

from consent.cases.correspondence import blank_form_pdf, give_receipt

if TYPE_CHECKING:
    from consent.domain.actors import Actor
    from consent.services import Services

LANGUAGES = {"en": "English", "es": "Spanish"}


def offer_blank_forms(services: Services) -> None:
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


def offer_receipts(services: Services, label: str, actor: Actor) -> None:
    """Offer the receipt of a case; giving it is entered in the log."""
    if not services.policy.sees_names(actor):
        return
    with st.container(horizontal=True):
        for language, name in LANGUAGES.items():
            st.download_button(
                f"Receipt in {name}",
                partial(give_receipt, services, label, language, actor),
                file_name=f"{label}-receipt-{language}.pdf",
                mime="application/pdf",
                icon=":material/print:",
                key=f"receipt-{label}-{language}",
            )
