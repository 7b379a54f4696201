"""The verdicts: pictures with numbered faces, and the reasons in words beside them."""

from __future__ import annotations

import math
from datetime import datetime
from typing import TYPE_CHECKING

import streamlit as st

from consent.domain.verdicts import Verdict
from consent.review.photos import photo_views
from pages.check.cards import show_cards
from pages.check.posting import fates, offer_all, offer_one
from pages.ui.badges import in_text
from pages.ui.look import literal

if TYPE_CHECKING:
    from collections.abc import Callable

    from consent.checking.result import CheckResult
    from consent.domain.actors import Actor
    from consent.services import Services

PER_PAGE = 24
_ALL = "ALL"


def show_result(
    services: Services,
    job_id: str,
    result: CheckResult,
    leave: Callable[[], None],
    actor: Actor,
) -> None:
    """Show what a check found, worst first, and offer what comes next.

    Args:
        services: adapters.
        job_id: of the check.
        result: what it found.
        leave: called to choose other photos.
        actor: who posts.
    """
    _head(job_id, result, leave)
    if result.without_face:
        st.info(
            f"No reference face, so no comparison can find them: {', '.join(result.without_face)}.",
            icon=":material/visibility:",
        )
    if not result.photos:
        st.info("No photo was found there: nothing was checked.", icon=":material/folder_off:")
        return
    chosen = _filter(job_id, result)
    photos = result.only(chosen)
    use = services.policy.use(result.named_use)
    done = fates(services, result.photos, use)
    offer_all(services, photos, use, actor, done)
    pages = math.ceil(len(photos) / PER_PAGE)
    # One slot above, filled once the number of the page is known from the widget below.
    gallery = st.container(key="gallery")
    number = 1
    if pages > 1:
        with st.container(horizontal_alignment="center"):
            number = st.pagination(pages, key=f"page-{job_id}-{chosen}")
    shown = photos[(number - 1) * PER_PAGE : number * PER_PAGE]
    views = photo_views(services, [photo.sha256 for photo in shown if photo.sha256])
    with gallery:
        show_cards(
            shown,
            views,
            lambda photo: offer_one(services, photo, use, actor, done.get(photo.sha256 or "")),
        )


def _head(job_id: str, result: CheckResult, leave: Callable[[], None]) -> None:
    count = len(result.photos)
    when = datetime.fromisoformat(result.checked_at)
    left, right = st.columns([3, 2], vertical_alignment="center")
    left.markdown(
        f"**{count} photo{'' if count == 1 else 's'} for {literal(result.use)}**, checked "
        f"{when:%B} {when.day}, {when.year}, {when:%H:%M}",
    )
    with right.container(horizontal=True, horizontal_alignment="right"):
        st.download_button(
            "Download report",
            # With a byte-order mark: spreadsheets take a file without one for another encoding.
            result.as_csv().encode("utf-8-sig"),
            file_name=f"photo-check-{when:%Y-%m-%d-%H%M}.csv",
            mime="text/csv",
            icon=":material/download:",
            on_click="ignore",
            disabled=not count,
            key=f"report-{job_id}",
        )
        st.button("Check other photos", icon=":material/add_photo_alternate:", on_click=leave)


def _filter(job_id: str, result: CheckResult) -> Verdict | None:
    counts = result.counts()

    def words(option: str) -> str:
        if option == _ALL:
            return f"All {len(result.photos)}"
        return f"{in_text(Verdict(option))} {counts[Verdict(option)]}"

    chosen = st.pills(
        "Show",
        [_ALL, *(verdict.value for verdict in counts)],
        default=_ALL,
        format_func=words,
        required=True,
        key=f"only-{job_id}",
        label_visibility="collapsed",
    )
    return None if chosen in {None, _ALL} else Verdict(chosen)
