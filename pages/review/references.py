"""Reference pictures that match more photos than a person is in: take another, or confirm it."""

from __future__ import annotations

import streamlit as st

from consent.domain.actors import Actor
from consent.domain.errors import NotFoundError
from consent.matching.trials import WithheldReference, confirm_reference, withheld_references
from consent.services import Services
from pages.register import case
from pages.ui.errors import show_errors
from pages.ui.look import literal


def show_withheld(services: Services, actor: Actor) -> None:
    """Show the references that photos are not compared with before somebody has looked at them."""
    with services.reading() as unit:
        withheld = withheld_references(services, unit, actor)
    for reference in withheld:
        with st.container(border=True):
            _show(services, reference, actor)


def _show(services: Services, reference: WithheldReference, actor: Actor) -> None:
    picture, words = st.columns([1, 6], gap="medium")
    with picture:
        try:
            crop = services.vault.get(reference.crop)
        except NotFoundError:
            st.caption(":material/broken_image: The picture is not in the vault.")
        else:
            st.image(crop, alt=f"Reference face of {reference.label}", width=110)
    with words:
        st.markdown(f":material/person_alert: **{literal(reference.trial.sentence)}**")
        if reference.only:
            st.markdown("It is the only one of this case: until then, nobody is found by it.")
        with st.container(horizontal=True, vertical_alignment="center"):
            case.show_link(reference.label, f"Case {reference.label}")
            if st.button(
                "It shows the person well: compare with it",
                icon=":material/check:",
                key=f"confirm-{reference.trial.template_id}",
            ):
                with show_errors():
                    confirm_reference(services, reference.trial.template_id, actor)
                    st.rerun()
