"""Customers' posts that are reused: is each still there?"""

from __future__ import annotations

from typing import TYPE_CHECKING

import streamlit as st

from consent.publishing.reuse import check_source, list_sources
from pages.ui.dates import shown_day
from pages.ui.errors import show_errors
from pages.ui.look import literal

if TYPE_CHECKING:
    from consent.domain.actors import Actor
    from consent.publishing.reuse import Source
    from consent.services import Services


def show_sources(services: Services, actor: Actor) -> None:
    """Show what is reused: first what is gone, then what must be looked at soonest."""
    sources = list_sources(services)
    if not sources:
        st.info(
            "No customer's post is reused. When a photo is recorded as posted, name the post that "
            "it comes from.",
            icon=":material/repeat:",
        )
        return
    st.caption("The permission to reuse a customer's post ends when they delete it.")
    for source in sources:
        with st.container(border=True):
            _card(services, source, actor)


def _card(services: Services, source: Source, actor: Actor) -> None:
    made = source.publication
    st.markdown(literal(made.source_url))
    if source.gone:
        st.badge("Gone: take the copy down", icon=":material/delete:", color="orange")
        where = made.url or f"{made.channel} {made.issue}"
        st.caption(f"Reused at {literal(where)}, {shown_day(made.published_on)}")
        return
    due = source.due_on or services.today()
    words = "Look now" if source.overdue else f"Look on {shown_day(due)}"
    icon = ":material/notification_important:" if source.overdue else ":material/schedule:"
    st.badge(words, icon=icon, color="orange" if source.overdue else "gray")
    if source.last is not None:
        st.caption(f"Last seen {shown_day(source.last.checked_on)} by {literal(source.last.by)}")
    with st.container(horizontal=True):
        st.link_button("Open it", made.source_url, icon=":material/open_in_new:")
        for there, words in ((True, "Still there"), (False, "Gone")):
            if st.button(words, key=f"source-{there}-{made.id}"):
                with show_errors():
                    check_source(services, made.id, actor, there=there)
                    st.rerun()
