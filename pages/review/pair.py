"""A pair: the face in its photo beside the reference, and what else is known of the scene."""

from __future__ import annotations

from typing import TYPE_CHECKING

import streamlit as st

from consent.review.pairs import PairKind
from pages.ui.look import literal
from pages.ui.pictures import show_faces, show_match

if TYPE_CHECKING:
    from streamlit.delta_generator import DeltaGenerator

    from consent.review.pairs import Pair, PairView
    from pages.review.session import ReviewDesk

_QUESTIONS = {
    PairKind.FACE: "Is this the person of {label}?",
    PairKind.COPY: "Is the person of {label} in this copy?",
    PairKind.SCENE: "Is the person of {label} in this photo?",
    PairKind.UNCOMPARABLE: "Is this anybody of the register?",
    PairKind.PRIVATE_EVENT: "Was everybody in this photo asked?",
}


def ask(pair: Pair) -> None:
    """Show what is to be decided."""
    st.subheader(_QUESTIONS[pair.kind].format(label=pair.label), anchor=False)


def beside_pictures(desk: ReviewDesk, pair: Pair, view: PairView) -> DeltaGenerator:
    """Show the photo and the reference, and return the room beside them.

    The answers stand there: above the pictures they would push the faces off a laptop's screen,
    and below them they would move with each picture's height.
    """
    if pair.label is None:
        photo, beside = st.columns([7, 4], gap="medium")
    else:
        photo, reference, beside = st.columns([4, 3, 4], gap="medium")
        with reference:
            _references(pair, view)
    with photo:
        _photo(desk, pair, view)
    return beside


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


def _references(pair: Pair, view: PairView) -> None:
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
