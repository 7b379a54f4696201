"""A pair: the face in its photo beside the reference, and what else is known of the scene."""

from __future__ import annotations

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from consent.domain.review import Pair, PairKind
from consent.review.pairs import LIKELY, PairView
from consent.services import Services
from pages.review.session import ReviewDesk
from pages.ui import backend
from pages.ui.look import in_columns, literal, show_case_link
from pages.ui.pictures import inline, say_no_picture, show_faces, show_match
from pages.ui.words import short_day, shown_moment

_QUESTIONS = {
    PairKind.FACE: "Is this the person in {label}?",
    PairKind.COPY: "Does this copy show the person in {label}?",
    PairKind.SCENE: "Does this photo show the person in {label}?",
    PairKind.NAMED: "Does this photo show the person in {label}?",
    PairKind.UNCOMPARABLE: "Is this anyone in the register?",
    PairKind.PRIVATE_EVENT: "Was everybody in this photo asked?",
}
_WHY = {
    PairKind.UNCOMPARABLE: "The program can't compare the marked faces because they are turned "
    "away, blurred or small. Check them yourself.",
    PairKind.PRIVATE_EVENT: "The event was not in a public space, so being there gave no "
    "permission.",
}


_FACES_OFF = "This library has the program compare no faces. Check the marked ones yourself."


def ask(pair: Pair) -> None:
    """Show what is to be decided."""
    st.header(_QUESTIONS[pair.kind].format(label=pair.label), anchor=False)


def beside_pictures(desk: ReviewDesk, pair: Pair, view: PairView) -> DeltaGenerator:
    """Show the photo and the reference, and return the room beside them.

    The answers stand there: above the pictures they would push the faces off a laptop's screen,
    and below them they would move with each picture's height.
    """
    if pair.label is None and not view.likely:
        photo, beside = st.columns([7, 4], gap="medium")
    else:
        photo, reference, beside = st.columns([4, 3, 4], gap="medium")
        with reference:
            if pair.label is None:
                _show_likely(desk, view)
            else:
                _show_references(pair, view)
    with photo:
        _show_photo(desk, pair, view)
    return beside


def _show_photo(desk: ReviewDesk, pair: Pair, view: PairView) -> None:
    alt = f"{view.name}: {_QUESTIONS[pair.kind].format(label=pair.label)}"
    if view.photo is None:
        say_no_picture()
    elif desk.whole or len(pair.boxes) != 1:
        chosen = [face for face, box in enumerate(view.boxes) if box in pair.boxes]
        show_faces(view.photo, view.boxes, chosen, alt, all_numbers=False, with_words=True)
    elif view.zoom is not None:
        st.image(inline(view.zoom), alt=alt, width="stretch")
    else:
        show_match(view.photo, pair.box, alt, with_words=True)


def _show_likely(desk: ReviewDesk, view: PairView) -> None:
    """Show whom the face may be, to be compared by eye."""
    for column, likely in in_columns(view.likely, 3):
        with column:
            face = likely.reference
            if face is not None and face.picture is not None:
                picture = inline(face.picture)
                alt = f"Photo of the person in case {likely.label}"
                st.image(picture, alt=alt, width="stretch")
            else:
                st.caption(":material/no_photography: No face kept")
            st.caption(likely.label)
            if likely.looks:
                told = "Said to be here" if likely.fits else "Look for"
                st.caption(literal(f"{told}: {likely.looks}"))
    if len(view.likely) < view.people:
        st.caption(f"{len(view.likely)} of {view.people} people, the likeliest first.")
        if st.button("Show more faces", shortcut="m", key="likely-more"):
            desk.likely += LIKELY
            st.rerun()


def _show_references(pair: Pair, view: PairView) -> None:
    if not view.references:
        st.caption("No photo of this person is on file.")
    for index, reference in enumerate(view.references):
        kind = "Close match with" if reference.close else "Photo of the person in"
        if reference.picture is not None:
            # The likest large, the others small below it.
            st.image(
                inline(reference.picture),
                alt=f"{kind} {pair.label}",
                width="stretch" if index == 0 else 110,
            )
        if index == 0 or reference.close:
            st.caption(literal(reference.words))


def show_words(services: Services, desk: ReviewDesk, pair: Pair, view: PairView) -> None:
    """Show what is known of the photo, and offer the whole of it."""
    if pair.box is not None and st.button(
        "The face" if desk.whole else "The whole photo",
        icon=":material/zoom_in:" if desk.whole else ":material/zoom_out_map:",
        shortcut="w",
        key="whole",
    ):
        desk.whole = not desk.whole
        st.rerun()
    st.markdown(f"**{literal(view.name)}**")
    if pair.label is not None:
        words = f":primary[Case {pair.label}]"
        show_case_link(pair.label, words, icon=":material/folder_shared:")
    if view.likeness:
        st.markdown(literal(view.likeness))
    if pair.kind in _WHY:
        compared = pair.kind is not PairKind.UNCOMPARABLE or backend.services().compares_faces
        st.markdown(_WHY[pair.kind] if compared else _FACES_OFF)
    if pair.published_on is not None:
        day = short_day(pair.published_on)
        st.badge(f"Published {day}", icon=":material/public:", color="orange")
    elif pair.checked_at is not None:
        st.badge("Checked for a use", icon=":material/image_search:", color="blue")
    if pair.taken_at is not None:
        st.caption(f"Taken {shown_moment(services, pair.taken_at)}")
    for fact in view.facts:
        st.caption(literal(fact))
