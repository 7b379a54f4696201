"""Photos that may show a person, each with what somebody decided, and buttons to decide."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import streamlit as st

from consent.domain.actors import Actor
from consent.domain.decisions import DecisionState
from consent.domain.roles import Duty
from consent.domain.wording import counted
from consent.matching.sweep import Hit, SweepReport, stale_words
from consent.review.decide import decide_sighting
from consent.review.photos import PhotoView, photo_views
from consent.services import Services
from pages.ui.badges import decision_badge
from pages.ui.errors import show_errors
from pages.ui.leave import may
from pages.ui.look import in_cards, literal, one_page
from pages.ui.pictures import show_match
from pages.ui.words import CHOICES, channel_name, short_day

PER_PAGE = 12


def headline(report: SweepReport) -> str:
    """Say how many photos may show the person."""
    if not report.photos and not report.doubts:
        return "The library has no photos in the program yet, so none could be searched."
    stale = f" {stale_words(report.stale)}" if report.stale else ""
    if report.doubts:
        stale += f" **Not checked:** {' '.join(report.doubts)}"
    among = counted(report.photos, "indexed photo")
    if not report.hits:
        found = "Nothing found" if report.doubts else "No match found"
        return f"{found} in {among}.{stale}"
    many = len(report.hits)
    remark = f" {report.remark}" if report.remark else ""
    published = f", {report.published} of them published" if report.published else ""
    return f"May appear in {many} of {among}{published}.{remark}{stale}"


def likeness(hit: Hit, decided: str = "The person was confirmed in this photo.") -> str:
    """Say why a photo is listed: a match, or what is said of one that somebody decided on."""
    return hit.match.signal.likeness(hit.match) or decided


def show_decisions(
    services: Services,
    label: str,
    hits: Sequence[Hit],
    actor: Actor,
    further: Callable[[Hit], None],
) -> None:
    """Show photos of a case in this order, a page of them at a time, each with its buttons.

    `further` shows what else can be done with a photo, beside the decisions.
    """
    grid = st.container()
    shown = one_page(hits, PER_PAGE, f"photos-page-{label}-{len(hits)}")
    views = photo_views(services, [hit.sha256 for hit in shown], actor)
    with grid:
        for card, hit in in_cards(shown, 3):
            with card:
                _show(services, hit, views.get(hit.sha256))
                with st.container(horizontal=True, gap="xsmall"):
                    _offer(services, label, hit, actor)
                    further(hit)


def _show(services: Services, hit: Hit, view: PhotoView | None) -> None:
    why = _why(hit)
    show_match(view, hit.match.box, f"{hit.name}: {why}")
    st.markdown(f"**{literal(hit.name)}**")
    st.caption(literal(why))
    for made in hit.published:
        where = f"{channel_name(services.policy, made.channel)} {made.issue}".strip()
        st.caption(
            f":material/public: Published {short_day(made.published_on)}: {literal(where)}"
            + (f", {literal(made.url)}" if made.url else "")
        )
    decision_badge(hit.state)


def _offer(services: Services, label: str, hit: Hit, actor: Actor) -> None:
    if not may(actor, Duty.DECIDE_LIKENESS):
        return
    for state, words in CHOICES.items():
        # Not offered again: a second click of the same button has nothing left to do.
        if state is not hit.state and st.button(words, key=_key(label, hit, state)):
            with show_errors():
                decide_sighting(services, label, hit.sha256, hit.match.box, state, actor)
                st.rerun()


def _why(hit: Hit) -> str:
    events = ", ".join(event.name for event in hit.events)
    seen = hit.paths or hit.published
    why = likeness(hit, "Decided by a person." if seen else "Uploaded with the case.")
    return f"{why} {events}".strip()


def _key(label: str, hit: Hit, state: DecisionState) -> str:
    box = hit.match.box
    where = "photo" if box is None else f"{box.x1}-{box.y1}"
    return f"decide-{label}-{hit.sha256[:16]}-{where}-{state}"
