"""The photos of a case: those decided on, and those that the index holds."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

import streamlit as st

from consent.cases.added_references import use_as_reference
from consent.domain.decisions import DecisionState, same_face
from consent.matching.sweep import sweep
from pages.desk.hits import headline
from pages.ui.decisions import show_decisions
from pages.ui.errors import show_errors

if TYPE_CHECKING:
    from consent.cases.view import CaseView
    from consent.domain.actors import Actor
    from consent.matching.sweep import Hit
    from consent.services import Services
    from pages.register.session import CaseDesk


def show_photos(services: Services, view: CaseView, desk: CaseDesk, actor: Actor) -> None:
    """Show the photos with their faces, states and published copies, and offer to search."""
    left, right = st.columns([3, 2], vertical_alignment="center")
    wanted = right.container(horizontal_alignment="right").button(
        "Sweep the index",
        icon=":material/image_search:",
        help="Search all indexed photos for this person.",
        key=f"sweep-{view.label}",
    )
    if wanted:
        with show_errors(), st.spinner("Searching the index"):
            desk.found = sweep(services, view.label, actor)
    photos = view.photos_with(desk.found)
    with left:
        st.markdown(f"**{_headline(view, desk)}**")
        published = sum(bool(photo.published) for photo in photos)
        if published:
            copies = "1 photo was" if published == 1 else f"{published} photos were"
            st.caption(f":material/public: {copies} published; see below where.")
    if photos:
        further = partial(_offer_reference, services, view, desk, actor)
        show_decisions(services, view.label, photos, actor, further)


def _offer_reference(
    services: Services, view: CaseView, desk: CaseDesk, actor: Actor, hit: Hit
) -> None:
    """Offer to compare with a confirmed face from now on: nothing does that by itself."""
    box = hit.match.box
    if hit.state is not DecisionState.CONFIRMED or box is None or not view.file.templates:
        return
    known = any(
        one.photo_sha256 == hit.sha256 and same_face(one.box, box) for one in view.file.templates
    )
    key = desk.key(view, f"reference-{hit.sha256[:16]}-{box.x1}-{box.y1}")
    if not known and st.button(
        "Use as reference",
        icon=":material/add_a_photo:",
        help="Photos are compared with this face, too. It can be removed again.",
        key=key,
    ):
        with show_errors():
            use_as_reference(services, view.label, hit.sha256, box, actor)
            desk.said = "Photos are compared with this face, too, from now on."
            desk.found = None
            st.rerun()


def _headline(view: CaseView, desk: CaseDesk) -> str:
    if desk.found is not None:
        return headline(desk.found)
    count = len({photo.sha256 for photo in view.photos})
    if not count:
        return "Nobody has decided on a photo yet."
    return "1 photo was decided on." if count == 1 else f"{count} photos were decided on."
