"""Overrides that hold or wait for a second person."""

from __future__ import annotations

from typing import TYPE_CHECKING

import streamlit as st

from consent.checking.overrides import list_overrides, second_override, withdraw_override
from consent.review.photos import photo_views
from pages.ui.dates import shown_day
from pages.ui.errors import show_errors
from pages.ui.look import literal

if TYPE_CHECKING:
    from consent.domain.actors import Actor
    from consent.domain.decisions import Override
    from consent.review.photos import PhotoView
    from consent.services import Services


def show_overrides(services: Services, actor: Actor) -> None:
    """Show each override with who answers for it, and what can be done."""
    overrides = list_overrides(services)
    if not overrides:
        st.info(
            "No verdict is overridden. Whoever may override one does it on the result of a check.",
            icon=":material/gavel:",
        )
        return
    views = photo_views(services, [one.photo_sha256 for one in overrides])
    for override in overrides:
        with st.container(border=True):
            _card(services, override, views.get(override.photo_sha256), actor)


def _card(services: Services, override: Override, view: PhotoView | None, actor: Actor) -> None:
    picture, words = st.columns([1, 4])
    with picture:
        if view is not None:
            st.image(view.thumbnail, alt="The photo", width="stretch")
    with words:
        channel = next(
            (one.label for one in services.policy.channels if one.id == override.channel),
            override.channel,
        )
        use = f"{channel}, {override.issue}" if override.issue else channel
        st.markdown(f"**{literal(use)}**, until {shown_day(override.expires_on)}")
        by = override.granted_by
        st.markdown(literal(f"{by.id} ({by.role}): {override.reason}"))
        lifted = sorted({label for _, label in override.lifts if label})
        if lifted:
            st.caption(f"In spite of {', '.join(lifted)}")
        if override.needs_second and override.second is None:
            st.badge("Waits for a second person", icon=":material/group:", color="orange")
            if st.button("Agree as the second person", key=f"second-{override.id}"):
                with show_errors():
                    second_override(services, override.id, actor)
                    st.rerun()
        elif override.second is not None:
            st.caption(literal(f"Agreed: {override.second.id} ({override.second.role})"))
        if st.button("Take back", icon=":material/undo:", key=f"withdraw-{override.id}"):
            with show_errors():
                withdraw_override(services, override.id, "", actor)
                st.rerun()
