"""Record that photos went out, or plan that they will."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import streamlit as st

from consent.domain.channels import ChannelKind
from consent.publishing.posts import schedule_posts
from consent.publishing.record import Posting, record_publications
from pages.ui.dates import DATE_FORMAT, EARLIEST
from pages.ui.errors import show_errors

if TYPE_CHECKING:
    from collections.abc import Sequence

    from consent.domain.actors import Actor
    from consent.domain.channels import Use
    from consent.services import Services


@st.dialog("Record where they went")
def record_post(services: Services, shas: Sequence[str], use: Use, actor: Actor) -> None:
    """Ask where and when photos were posted or printed, and record it."""
    url = source = ""
    count = "one photo" if len(shas) == 1 else f"{len(shas)} photos"
    if use.channel.kind is ChannelKind.PRINT:
        st.markdown(f"{use.channel.label}, {use.issue or 'issue not named'}: {count}.")
    else:
        st.markdown(f"{use.channel.label}: {count} of one post.")
        url = st.text_input("Address of the post", placeholder="https://", key="post-url")
        source = st.text_input(
            "A customer's post that is reused",
            placeholder="https://",
            help="Permission ends when they delete it: it is looked after from now on.",
            key="post-source",
        )
    day = st.date_input(
        "On", services.today(), min_value=EARLIEST, format=DATE_FORMAT, key="post-day"
    )
    if st.button("Record", type="primary", key="post-record"):
        with show_errors():
            posting = Posting(use, day, url, source)
            record_publications(services, shas, posting, actor)
            st.rerun()


@st.dialog("Schedule")
def schedule(services: Services, shas: Sequence[str], use: Use, actor: Actor) -> None:
    """Ask for which day photos are planned, and schedule them."""
    st.markdown("Checked again with one click, on the page Published, before it goes out.")
    tomorrow = services.today() + timedelta(days=1)
    day = st.date_input("Planned for", tomorrow, format=DATE_FORMAT, key="schedule-day")
    if st.button("Schedule", type="primary", key="schedule-record"):
        with show_errors():
            schedule_posts(services, shas, use, day, actor)
            st.rerun()
