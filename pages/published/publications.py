"""What is planned, what is out, what is reused, and what was posted before."""

from __future__ import annotations

import streamlit as st

from pages.published.importing import offer_import
from pages.published.out import show_published
from pages.published.scheduled import show_scheduled
from pages.published.sources import show_sources
from pages.ui import backend, guard
from pages.ui.errors import show_errors

_SCHEDULED, _OUT, _SOURCES, _IMPORT = "Scheduled", "Out", "Customers' posts", "Import"


def page() -> None:
    """Show the page."""
    actor = guard.signed_in()
    services = backend.services()
    guard.heading("Published", actor)
    shown = st.segmented_control(
        "Show",
        [_SCHEDULED, _OUT, _SOURCES, _IMPORT],
        default=_OUT,
        required=True,
        label_visibility="collapsed",
        key="published-shown",
    )
    with show_errors():
        if shown == _SCHEDULED:
            show_scheduled(services, actor)
        elif shown == _SOURCES:
            show_sources(services, actor)
        elif shown == _IMPORT:
            offer_import(services, actor)
        else:
            show_published(services)
