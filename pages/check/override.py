"""Override the verdict on a photo, with a reason and an end."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import streamlit as st

from consent.checking.overrides import propose_override
from pages.ui.dates import DATE_FORMAT
from pages.ui.errors import show_errors

if TYPE_CHECKING:
    from consent.domain.actors import Actor
    from consent.domain.channels import Use
    from consent.services import Services


@st.dialog("Override the verdict")
def ask_override(services: Services, sha256: str, use: Use, actor: Actor) -> None:
    """Ask for reason and end, and override."""
    most = services.policy.override_days
    st.markdown(
        "What speaks against the photo today no longer counts for this use. Whatever comes later "
        "still does. Your name and the reason are shown with the verdict."
    )
    reason = st.text_area("Why may it be used?", key="override-reason")
    last = services.today() + timedelta(days=min(30, most))
    until = st.date_input("Until", last, format=DATE_FORMAT, key="override-until")
    if st.button("Override", type="primary", key="override-record"):
        with show_errors():
            propose_override(services, sha256, use, reason, until, actor)
            st.rerun()
