"""Reference photos: find the faces, have the right one picked, show where they may appear."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import streamlit as st

from consent.cases.photo_advice import enrolment_of
from pages.desk.agreement import Agreement, ask_agreement
from pages.desk.faces import ask_faces
from pages.desk.handed_in import handed_in
from pages.desk.hits import show_preview
from pages.desk.indexed import ask_indexed
from pages.desk.poses import take_poses
from pages.ui.errors import show_errors
from pages.ui.look import literal

if TYPE_CHECKING:
    from collections.abc import Sequence

    from consent.domain.intake import Reference
    from consent.services import Services
    from media_index.types import Event
    from pages.desk.draft import Draft


@dataclass(frozen=True, slots=True)
class Picked:
    """The faces picked, and what may be kept of them."""

    references: list[Reference]
    agreement: Agreement


def ask_references(services: Services, draft: Draft, events: Sequence[Event]) -> Picked | None:
    """Ask for photos of the person, the face in each, and what may be kept.

    Returns:
        The faces picked; None while one has still to be picked.
    """
    st.subheader("Photos of the person", anchor=False)
    st.caption(
        "Three find far more than one: from the front, and turned a little to each side. Without "
        "any the revocation holds too, but photos are found by hints and by eye only."
    )
    handed = handed_in(draft)
    camera = st.container()
    given = [*handed, *ask_indexed(services, draft, events)]
    # The same file twice is one reference.
    picked = ask_faces(
        services, draft, [*{content: (content, name) for content, name in given}.values()]
    )
    enrolment = enrolment_of(
        services,
        [face for _, face in picked.found],
        [reference.name for reference in picked.references],
    )
    with camera:
        take_poses(draft, enrolment.more)
    if picked.found:
        icon = ":material/task_alt:" if enrolment.complete else ":material/lightbulb:"
        st.info("\n\n".join(map(literal, enrolment.sentences)), icon=icon)
    agreement = Agreement(given=False, until=None)
    if picked.found:
        agreement = ask_agreement(draft)
        with show_errors():
            with st.spinner("Searching the index"):
                report = draft.preview(services, [face for _, face in picked.found])
            show_preview(services, draft, report)
    return None if picked.waiting else Picked(picked.references, agreement)
