"""A pair: the face in its photo beside the reference, and what else is known of the scene."""

from __future__ import annotations

from typing import TYPE_CHECKING

import streamlit as st

from consent.review import PairKind
from pages.register import case
from pages.ui.dates import short_day, shown_moment
from pages.ui.look import literal
from pages.ui.pictures import show_faces, show_match

if TYPE_CHECKING:
    from consent.review import Pair
    from consent.reviewing.pair import PairView
    from consent.services import Services
    from pages.review.desk import ReviewDesk

_QUESTIONS = {
    PairKind.FACE: "Is this the person of {label}?",
    PairKind.COPY: "Is the person of {label} in this copy?",
    PairKind.SCENE: "Is the person of {label} in this photo?",
    PairKind.UNCOMPARABLE: "Is this anybody of the register?",
    PairKind.PRIVATE_EVENT: "Was everybody in this photo asked?",
}
_WHY = {
    PairKind.UNCOMPARABLE: "A person can recognise the marked faces; the program cannot compare "
    "them, because they are turned away, blurred or small.",
    PairKind.PRIVATE_EVENT: "The event was not in a public space, so nobody in it has given "
    "permission by being there.",
}


def ask(pair: Pair) -> None:
    """Show what is to be decided."""
    st.subheader(_QUESTIONS[pair.kind].format(label=pair.label), anchor=False)


def show_pair(services: Services, desk: ReviewDesk, pair: Pair, view: PairView) -> None:
    """Show the photo, the reference, and what is known."""
    photo, reference, words = st.columns([5, 3, 4], gap="medium")
    with photo:
        _photo(desk, pair, view)
    with reference:
        _references(pair, view)
    with words:
        _words(services, pair, view)


def _photo(desk: ReviewDesk, pair: Pair, view: PairView) -> None:
    alt = f"{view.name}: {_QUESTIONS[pair.kind].format(label=pair.label)}"
    if view.photo is None:
        st.caption(":material/broken_image: No picture of this photo is kept.")
    elif desk.whole or len(pair.boxes) != 1:
        chosen = [place for place, box in enumerate(view.boxes) if box in pair.boxes]
        show_faces(view.photo, view.boxes, chosen, alt, all_numbers=False)
    elif view.zoom is not None:
        st.image(view.zoom, alt=alt, width="stretch")
    else:
        show_match(view.photo, pair.box, alt)
    if pair.box is not None and st.button(
        "The face" if desk.whole else "The whole photo",
        icon=":material/zoom_in:" if desk.whole else ":material/zoom_out_map:",
        shortcut="w",
        key="whole",
    ):
        desk.whole = not desk.whole
        st.rerun()


def _references(pair: Pair, view: PairView) -> None:
    if pair.label is None:
        return
    if not view.references:
        st.caption("No reference face is kept for this case.")
    for place, reference in enumerate(view.references):
        kind = "Close match with" if reference.close else "Reference face of"
        if reference.picture is not None:
            # The likest large, the others small below it.
            st.image(
                reference.picture,
                alt=f"{kind} {pair.label}",
                width="stretch" if place == 0 else 110,
            )
        if place == 0 or reference.close:
            st.caption(literal(reference.words))


def _words(services: Services, pair: Pair, view: PairView) -> None:
    st.markdown(f"**{literal(view.name)}**")
    if pair.label is not None:
        st.page_link(
            case.as_page(),
            label=f":primary[Case {pair.label}]",
            icon=":material/folder_shared:",
            query_params={"case": pair.label},
        )
    if view.likeness:
        st.markdown(literal(view.likeness))
    if pair.kind in _WHY:
        st.markdown(_WHY[pair.kind])
    if pair.published_on is not None:
        st.badge(
            f"Published {short_day(pair.published_on)}", icon=":material/public:", color="orange"
        )
    elif pair.checked_at is not None:
        st.badge("Checked for a use", icon=":material/image_search:", color="blue")
    if pair.taken_at is not None:
        st.caption(f"Taken {shown_moment(services, pair.taken_at)}")
    for fact in view.facts:
        st.caption(literal(fact))
