"""What happened to a case: who, when, what, why."""

from __future__ import annotations

from typing import TYPE_CHECKING

import streamlit as st

from consent.domain.cases import CaseStep
from consent.domain.log import Action
from pages.ui.dates import shown_moment
from pages.ui.look import literal

if TYPE_CHECKING:
    from consent.cases.timeline import Moment
    from consent.cases.view import CaseView
    from consent.services import Services

_ICONS: dict[CaseStep | Action, str] = {
    CaseStep.HOLD_PLACED: ":material/back_hand:",
    CaseStep.RECORDED: ":material/shield:",
    CaseStep.AMENDED: ":material/edit:",
    CaseStep.RESCINDED: ":material/undo:",
    Action.TEMPLATE_ADDED: ":material/face:",
    Action.SIGHTING_DECIDED: ":material/person_search:",
    Action.SWEEP_RUN: ":material/image_search:",
    Action.RECEIPT_GIVEN: ":material/print:",
    Action.TEMPLATE_REMOVED: ":material/face:",
    Action.TAKEDOWN_OPENED: ":material/delete_sweep:",
    Action.TAKEDOWN_MOVED: ":material/delete_sweep:",
    Action.TAKEDOWN_ASSIGNED: ":material/delete_sweep:",
    Action.CLOSE_OUT_LETTER_GIVEN: ":material/mail:",
    Action.EVIDENCE_OPENED: ":material/draft:",
    Action.PERSON_MERGED: ":material/merge:",
    Action.PERSON_UNMERGED: ":material/call_split:",
}


def show_history(services: Services, view: CaseView) -> None:
    """Show the timeline, the latest first."""
    with st.container(key="timeline", gap="xsmall"):
        for moment in view.moments:
            with st.container(border=True):
                _show(services, moment, named=view.named)


def _show(services: Services, moment: Moment, *, named: bool) -> None:
    when, what = st.columns([2, 5], gap="xsmall")
    with when.container(gap="xxsmall"):
        st.markdown(shown_moment(services, moment.at))
        st.caption(literal(f"{moment.who}, {moment.role}"))
    with what.container(gap="xxsmall"):
        icon = _ICONS.get(moment.kind, ":material/history:")
        st.markdown(f"{icon} **{literal(moment.title)}**")
        for fact in moment.facts:
            st.markdown(literal(fact))
        if moment.why and named:
            st.markdown(f":gray[Why:] {literal(moment.why)}")
        elif moment.why:
            # Reasons are anybody's words, and may name people.
            st.caption("The reason is shown to the desk and the director.")
