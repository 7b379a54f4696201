"""Indexed photos that may show the person."""

from __future__ import annotations

from typing import TYPE_CHECKING

import streamlit as st

from consent.domain.decisions import DecisionState
from consent.domain.intake import EarlyDecision
from consent.matching.sweep import STALE
from consent.review.photos import photo_views
from pages.ui.look import literal
from pages.ui.pictures import show_match

if TYPE_CHECKING:
    from consent.matching.sweep import Hit, SweepReport
    from consent.review.photos import PhotoView
    from consent.services import Services
    from pages.desk.draft import Draft

_SHOWN_AT_ONCE = 6
_ANSWERS = {DecisionState.CONFIRMED: "Yes", DecisionState.REJECTED: "No"}


def show_preview(services: Services, draft: Draft, report: SweepReport) -> None:
    """Say how many indexed photos may show the person, with the likeliest to decide on."""
    st.markdown(f"**{headline(report)}**")
    best = report.hits[:_SHOWN_AT_ONCE]
    views = photo_views(services, [hit.sha256 for hit in best])
    for start in range(0, len(best), 3):
        for column, hit in zip(st.columns(3), best[start : start + 3], strict=False):
            with column.container(border=True, height="stretch"):
                show_hit(hit, views.get(hit.sha256))
                _ask(draft, hit)
    if len(report.hits) > len(best):
        st.caption(f"And {len(report.hits) - len(best)} more, listed once it is recorded.")


def _ask(draft: Draft, hit: Hit) -> None:
    """Ask whether it is the person; kept with the revocation when that is recorded."""
    state = st.segmented_control(
        "Is it the person?",
        list(_ANSWERS),
        format_func=_ANSWERS.__getitem__,
        label_visibility="collapsed",
        key=draft.key(f"seen-{hit.sha256}"),
    )
    if state is None:
        draft.seen.pop(hit.sha256, None)
    else:
        draft.seen[hit.sha256] = EarlyDecision(hit.sha256, hit.match.box, state)


def headline(report: SweepReport) -> str:
    """Say how many photos may show the person."""
    if not report.photos:
        return "No photo is indexed yet, so none could be searched."
    stale = f" {STALE.format(count=report.stale)}" if report.stale else ""
    if not report.hits:
        return f"No match found in {report.photos:,} indexed photos.{stale}"
    many = len(report.hits)
    published = f", {report.published} of them published" if report.published else ""
    return f"May appear in {many} of {report.photos:,} indexed photos{published}.{stale}"


def show_hit(hit: Hit, view: PhotoView | None) -> None:
    """Show a photo with the face that may be the person's."""
    name = file_name(hit)
    if view is None:
        st.caption(":material/broken_image: No picture of this photo is kept.")
    else:
        show_match(view, hit.match.box, f"{name}: {likeness(hit)}")
    st.caption(literal(name))


def file_name(hit: Hit) -> str:
    """Return the name of the photo's file."""
    return hit.name


def likeness(hit: Hit) -> str:
    """Say why the photo is listed."""
    said = hit.match.signal.likeness(hit.match)
    return said or "The person was confirmed in this photo."
