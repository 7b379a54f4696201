"""Point at the person in a photo that is indexed already."""

from __future__ import annotations

from typing import TYPE_CHECKING

import streamlit as st

from consent.cases.references import read_reference
from consent.domain.limits import NOTE
from consent.review.photos import find_indexed, photo_views
from pages.ui.dates import DATE_FORMAT, EARLIEST
from pages.ui.errors import show_errors

if TYPE_CHECKING:
    from collections.abc import Sequence

    from consent.services import Services
    from media_index.types import Event
    from pages.desk.draft import Draft

_SHOWN = 24
_COLUMNS = 3


def ask_indexed(
    services: Services, draft: Draft, events: Sequence[Event]
) -> list[tuple[bytes, str]]:
    """Offer the photos of an event, a day or an address; return those pointed at, with names."""
    with st.expander("Point at them in an indexed photo", icon=":material/photo_library:"):
        left, right = st.columns(2)
        event = left.selectbox(
            "Event",
            events,
            index=None,
            format_func=lambda one: one.name,
            placeholder="Any event",
            key=draft.key("find-event"),
        )
        day = right.date_input(
            "Taken on",
            None,
            min_value=EARLIEST,
            key=draft.key("find-day"),
            format=DATE_FORMAT,
        )
        url = st.text_input(
            "Posted at", max_chars=NOTE, placeholder="https://", key=draft.key("find-url")
        )
        photos = find_indexed(
            services, event_id=event.id if event else None, day=day, url=url or ""
        )
        _offer(services, draft, photos, asked=bool(event or day or url))
    return _read(services, draft)


def _offer(services: Services, draft: Draft, photos: Sequence[str], *, asked: bool) -> None:
    if asked and not photos:
        st.caption("No indexed photo answers that.")
    shown = [sha256 for sha256 in photos if sha256 not in draft.pointed_at][:_SHOWN]
    views = photo_views(services, shown)
    offered = list(views.items())
    for start in range(0, len(offered), _COLUMNS):
        for column, (sha256, view) in zip(
            st.columns(_COLUMNS), offered[start : start + _COLUMNS], strict=False
        ):
            with column:
                st.image(view.thumbnail, alt="Indexed photo", width="stretch")
                if st.button("This photo", key=draft.key(f"use-{sha256}"), width="stretch"):
                    draft.pointed_at.append(sha256)
                    st.rerun()
    if len(photos) > _SHOWN:
        st.caption(f"The first {_SHOWN} of {len(photos)}: name the day or the event to see fewer.")


def _read(services: Services, draft: Draft) -> list[tuple[bytes, str]]:
    found = []
    for sha256 in draft.pointed_at:
        with show_errors():
            reference = read_reference(services, sha256)
            found.append((reference.content, reference.name))
    return found
