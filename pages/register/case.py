"""A case: what is covered, whom it is about, where they appear, what happened, what can be done."""

from __future__ import annotations

from typing import TYPE_CHECKING

import streamlit as st
from streamlit.navigation.page import Page

from consent.cases.view import view_case
from consent.domain.errors import NotFoundError
from consent.domain.limits import NAME
from pages.register.changes import offer_changes
from pages.register.faces import show_faces
from pages.register.facts import show_facts, show_heading
from pages.register.history import show_history
from pages.register.papers import show_papers
from pages.register.photos import show_photos
from pages.register.session import desk_of
from pages.register.takedowns import show_takedowns
from pages.ui import backend, guard
from pages.ui.errors import show_errors_last
from pages.ui.look import literal

if TYPE_CHECKING:
    from consent.cases.view import CaseView
    from consent.domain.actors import Actor
    from consent.services import Services

# In the address, so that a link to a case works, and a reload finds it again.
_CASE = "case"


def as_page() -> Page:
    """Return the page for the navigation and for links; it is reached from the register."""
    return Page(page, title="Case", url_path="case", visibility="hidden")


def page() -> None:
    """Show the page."""
    actor = guard.signed_in()
    services = backend.services()
    label = st.query_params.get(_CASE, "")
    with show_errors_last():
        view = _view(services, label, actor)
    if view is None:
        guard.heading("Case", actor)
        _ask(label)
        return
    guard.heading(f"Case {view.label}", actor)
    desk = desk_of(view.label)
    desk.show_said()
    show_heading(view)
    left, right = st.columns([3, 2], gap="large")
    with left:
        show_facts(services, view, as_page())
    with right:
        show_faces(services, view, desk, actor)
    _tabs(services, view, actor)


def _view(services: Services, label: str, actor: Actor) -> CaseView | None:
    try:
        return view_case(services, label, actor) if label else None
    except NotFoundError:
        # A mistyped number: asked for again.
        return None


def _tabs(services: Services, view: CaseView, actor: Actor) -> None:
    desk = desk_of(view.label)
    names = ["Photos", "Published copies", "History"]
    if view.named:
        names[2:2] = ["Papers"]
        names.append("Change")
    # Only the open one is built: photos and writings take their time.
    for name, tab in zip(
        names, st.tabs(names, key=f"tabs-{view.label}", on_change="rerun"), strict=True
    ):
        if not tab.open:
            continue
        with tab:
            if name == "Photos":
                show_photos(services, view, desk, actor)
            elif name == "Published copies":
                show_takedowns(services, view, actor)
            elif name == "Papers":
                show_papers(services, view, actor)
            elif name == "History":
                show_history(services, view)
            else:
                offer_changes(services, view, desk, actor)


def _ask(label: str) -> None:
    if label:
        st.warning(
            literal(f"There is no case {label}: look its number up in the register."),
            icon=":material/search_off:",
        )
    with st.form("case-number", width=420):
        wanted = st.text_input(
            "Case number", max_chars=NAME, placeholder="R-0042", autocomplete="off"
        )
        if st.form_submit_button("Open") and wanted.strip():
            st.query_params[_CASE] = wanted.strip()
            st.rerun()
