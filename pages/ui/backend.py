"""What all sessions share: the services, and what each day begins with."""

from __future__ import annotations

from datetime import date

import streamlit as st

from consent.bootstrap import services_from_environment
from consent.jobs import day as day_job
from consent.services import Services
from pages.ui.errors import show_errors_last


def services() -> Services:
    """Return the services; where they cannot be built, say why and end the page."""
    with show_errors_last():
        return _services()
    # Not reached: show_errors_last ends the page.
    raise AssertionError


@st.cache_resource(show_spinner="Opening the register")
def _services() -> Services:
    return services_from_environment()


def library() -> tuple[str, bytes]:
    """Return the name and the logo of the library."""
    policy = services().policy
    return policy.library, policy.logo


def begin_day() -> None:
    """Start what each day begins with, in the first session that works on it."""
    with show_errors_last():
        _begun(services().today())


@st.cache_resource(max_entries=1, show_spinner=False)
def _begun(day: date) -> date:
    day_job.begin_day(services())
    return day
