"""After a revocation is recorded: its number, and the photos to look at."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import streamlit as st

from consent.domain.decisions import DecisionState
from consent.matching.sweep import sweep
from consent.review.decide import decide_sighting
from consent.review.photos import photo_views
from pages.desk.draft import next_draft
from pages.desk.handouts import offer_receipts
from pages.desk.hits import headline, likeness, show_hit
from pages.ui.decisions import CHOICES
from pages.ui.errors import show_errors
from pages.ui.look import literal

if TYPE_CHECKING:
    from consent.domain.actors import Actor
    from consent.matching.sweep import Hit, SweepReport
    from consent.review.photos import PhotoView
    from consent.services import Services
    from pages.desk.draft import Draft

_PER_PAGE = 12
_DECIDED = {
    DecisionState.CONFIRMED: ":red-badge[:material/person_check: Confirmed]",
    DecisionState.REJECTED: ":gray-badge[:material/person_off: Not this person]",
    DecisionState.CANNOT_TELL: ":orange-badge[:material/help: Can't tell]",
}
_OPEN = ":gray-badge[:material/pending: Not decided yet]"


def show_recorded(services: Services, actor: Actor, draft: Draft) -> None:
    """Show what was recorded, and the indexed photos that may show the person."""
    recorded = draft.recorded
    if recorded is None:
        return
    label = recorded.revocation.label
    st.success(f"## Recorded as {label}\nIt holds from now on.", icon=":material/task_alt:")
    answered = {question.sentence for question in draft.questions}
    for remark in recorded.remarks:
        if remark not in answered:
            st.info(literal(remark), icon=":material/info:")
    if recorded.takedowns:
        numbers = ", ".join(one.label for one in recorded.takedowns)
        st.warning(f"Published copies to take down: {numbers}.", icon=":material/delete_sweep:")
    offer_receipts(services, label, actor)
    st.button("Record another", icon=":material/add:", on_click=next_draft)
    if not recorded.templates:
        st.caption("No photo of the person was added, so no indexed photo can be matched.")
        return
    if draft.found is None:
        with show_errors(), st.spinner("Searching the index"):
            draft.found = sweep(services, label, actor)
    if draft.found is not None:
        _show_found(services, actor, draft, draft.found)


def _show_found(services: Services, actor: Actor, draft: Draft, report: SweepReport) -> None:
    st.subheader(headline(report), anchor=False)
    if not report.hits:
        return
    st.caption("Say for each photo whether it shows the person. You can change it at any time.")
    grid = st.container()
    number, pages = 1, math.ceil(len(report.hits) / _PER_PAGE)
    if pages > 1:
        with st.container(horizontal_alignment="center"):
            number = st.pagination(pages, key=draft.key("page"))
    hits = report.hits[(number - 1) * _PER_PAGE : number * _PER_PAGE]
    views = photo_views(services, [hit.sha256 for hit in hits])
    with grid:
        for start in range(0, len(hits), 3):
            for column, hit in zip(st.columns(3), hits[start : start + 3], strict=False):
                with column.container(border=True, height="stretch"):
                    _card(services, actor, draft, hit, views.get(hit.sha256))


def _card(
    services: Services,
    actor: Actor,
    draft: Draft,
    hit: Hit,
    view: PhotoView | None,
) -> None:
    show_hit(hit, view)
    st.markdown(literal(likeness(hit)))
    if hit.events:
        st.caption(literal(", ".join(event.name for event in hit.events)))
    # Filled after the buttons, which may change what it shows.
    slot = st.empty()
    with st.container(horizontal=True, gap="xsmall"):
        for state, words in CHOICES.items():
            if st.button(words, key=draft.key(f"{state}-{hit.sha256}")):
                _decide(services, actor, draft, hit, state)
    decided = draft.decided.get(hit.sha256, hit.state)
    slot.markdown(_OPEN if decided is None else _DECIDED.get(decided, _OPEN))


def _decide(services: Services, actor: Actor, draft: Draft, hit: Hit, state: DecisionState) -> None:
    if draft.recorded is None:
        return
    with show_errors():
        decide_sighting(
            services,
            draft.recorded.revocation.label,
            hit.sha256,
            hit.match.box,
            state,
            actor,
        )
        draft.decided[hit.sha256] = state
