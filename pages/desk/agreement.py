"""The separate agreement to keep a face template."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import streamlit as st

from pages.ui.dates import DATE_FORMAT

if TYPE_CHECKING:
    from datetime import date

    from pages.desk.draft import Draft


@dataclass(frozen=True, slots=True)
class Agreement:
    """What was agreed.

    Attributes:
        given: a face template may be kept.
        until: its last day, if it has one.
    """

    given: bool
    until: date | None


def ask_agreement(draft: Draft) -> Agreement:
    """Ask whether a face template may be kept; the revocation holds either way."""
    given = st.checkbox(
        "They agree that the library keeps a face template",
        key=draft.key("agree"),
        persist_state="session",
        help="Only to find the person in the library's photos, so that none is used. It can be "
        "ended at any desk, without a reason; the revocation stays.",
    )
    until = None
    if given:
        until = st.date_input(
            "Agreed until (empty: as long as the revocation holds)",
            None,
            key=draft.key("agree-until"),
            persist_state="session",
            format=DATE_FORMAT,
        )
    else:
        st.caption(
            ":material/info: Without it these photos and copies of them are found, and other "
            "photos only by hints and by eye."
        )
    return Agreement(given, until)
