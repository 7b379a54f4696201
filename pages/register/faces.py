"""The reference faces of a case, and their erasure."""

from __future__ import annotations

from typing import TYPE_CHECKING

import streamlit as st

from consent.cases.added_references import remove_reference
from consent.cases.change import end_template_agreement
from consent.cases.photo_advice import OLD_YEARS, Shot, advise, what_helps
from consent.domain.cases import State
from consent.domain.errors import NotFoundError
from consent.domain.limits import NOTE
from pages.ui.dates import short_day
from pages.ui.errors import show_errors

if TYPE_CHECKING:
    from consent.cases.view import CaseView
    from consent.domain.actors import Actor
    from consent.domain.cases import Template
    from consent.services import Services
    from media_index.types import Face
    from pages.register.session import CaseDesk

_NONE = (
    "None is kept, so no photo can be matched with this person. The case holds for photos that "
    "somebody confirms by eye."
)


def show_faces(services: Services, view: CaseView, desk: CaseDesk, actor: Actor) -> None:
    """Show the faces that photos are compared with."""
    templates = view.file.templates
    with st.container(border=True):
        st.markdown("**Reference faces**")
        if not templates:
            over = view.entry.state in {State.RESCINDED, State.ENDED}
            st.caption("None is kept." if over else _NONE)
            return
        for start in range(0, len(templates), 2):
            for column, template in zip(st.columns(2), templates[start : start + 2], strict=False):
                with column:
                    _face(services, view, template)
                    if view.named and len(templates) > 1:
                        _offer_removal(services, view, desk, template, actor)
        if view.entry.state not in {State.RESCINDED, State.ENDED}:
            _show_what_helps(services, view)
        if view.named and st.button(
            "Erase face templates", icon=":material/delete:", key=desk.key(view, "erase-open")
        ):
            _erase(services, view, desk, actor)


def _face(services: Services, view: CaseView, template: Template) -> None:
    try:
        crop = services.vault.get(template.crop)
    except NotFoundError:
        st.caption(":material/broken_image: The picture is not in the vault.")
    else:
        st.image(crop, alt=f"Reference face of {view.label}", width=150)
    face = view.reference_faces.get(template.id)
    remark = "" if face is None else _remark(face)
    st.caption(f"Added {short_day(services.day(template.added_at))}. {remark}")


def _remark(face: Face) -> str:
    poor = advise([Shot("", face.quality, compared=bool(face.encodings))]).poor
    return f"{poor[0].reasons.capitalize()}." if poor else "Good for comparing."


def _show_what_helps(services: Services, view: CaseView) -> None:
    templates, matching = view.file.templates, services.policy.matching
    minor = view.entry.case.person.minor
    said = what_helps(
        len(templates),
        services.day(max(one.added_at for one in templates)),
        services.today(),
        matching.minor_years if minor else OLD_YEARS,
    )
    if said:
        st.caption(
            f":material/lightbulb: {said} A photo in which somebody confirmed them can be one, "
            "too: see Photos."
        )


def _offer_removal(
    services: Services, view: CaseView, desk: CaseDesk, template: Template, actor: Actor
) -> None:
    """Offer to erase one face of several; erasing the last is ending the agreement."""
    if st.button(
        "Remove", icon=":material/close:", type="tertiary", key=desk.key(view, template.id)
    ):
        with show_errors():
            remove_reference(services, view.label, template.id, actor)
            desk.said = "The face is erased; photos are compared with the others."
            desk.found = None
            st.rerun()


@st.dialog("Erase face templates")
def _erase(services: Services, view: CaseView, desk: CaseDesk, actor: Actor) -> None:
    st.markdown(
        f"The reference faces of {view.label} and their pictures are erased for good. The "
        "revocation itself goes on: confirmed photos stay confirmed, but new photos are no "
        "longer matched with this person."
    )
    reason = st.text_input(
        "Why?",
        max_chars=NOTE,
        placeholder="The person ended the agreement",
        key=desk.key(view, "erase-reason"),
        help="Kept in the log: name nobody.",
    )
    if st.button("Erase them", type="primary", key=desk.key(view, "erase")):
        with show_errors():
            end_template_agreement(services, view.label, reason, actor)
            desk.said = "The face templates are erased. The revocation goes on without them."
            desk.found = None
            st.rerun()
