"""What faces are of: no person, or a picture of one; said wherever a face is judged."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import streamlit as st

from consent.domain.actors import Actor
from consent.domain.decisions import FaceDecision, FaceKind, same_face
from consent.review.decide import decide_faces, faces_seen
from consent.review.photos import photo_views
from consent.services import Services
from media_index.types import Box
from pages.ui.errors import show_errors
from pages.ui.form import button_after
from pages.ui.look import literal
from pages.ui.pictures import show_faces

Kept = Callable[[list[FaceDecision]], object]
NO_PERSON, NO_PERSON_ICON = "No person", ":material/smart_toy:"
_HELP = {
    FaceKind.NO_PERSON: "A doll, a statue, a dog, a pattern. It no longer blocks or asks anything, "
    "here and in copies of the photo.",
    FaceKind.PICTURE: "A painting, a poster, a screen. It counts as the person it shows: it is "
    "compared and asked about as before.",
    FaceKind.PERSON: "What was said before is undone.",
}


@st.dialog("No person?", width="medium")
def ask_what_faces_are(
    services: Services,
    sha256: str,
    boxes: Sequence[Box],
    chosen: Sequence[Box],
    actor: Actor,
    kept: Kept | None = None,
) -> None:
    """Ask which faces of a photo are of no person, or pictures of one, and keep it.

    `boxes` are numbered as where it is asked, `chosen` of them are meant at first; `kept` is told
    what was kept.
    """
    with show_errors():
        found = faces_seen(services, sha256, actor)
        # What somebody drew by hand is a person already.
        said = {
            number: seen.said
            for number, box in enumerate(boxes)
            for seen in found
            if same_face(seen.box, box)
        }
        picture = st.container(key="faces-photo")
        picked = st.pills(
            "Which face?",
            list(said),
            selection_mode="multi",
            default=[number for number in said if boxes[number] in chosen or len(said) == 1],
            format_func=lambda number: _label(number, said[number]),
            key=f"faces-{sha256[:16]}",
        )
        with picture:
            view = photo_views(services, [sha256], actor).get(sha256)
            if view is not None:
                show_faces(view, boxes, picked, "The photo with numbered faces")
        kinds = [FaceKind.NO_PERSON, FaceKind.PICTURE]
        if any(
            decision is not None and decision.kind is not FaceKind.PERSON
            for decision in said.values()
        ):
            kinds.append(FaceKind.PERSON)
        kind: FaceKind = st.segmented_control(
            "What is it?",
            kinds,
            default=FaceKind.NO_PERSON,
            required=True,
            format_func=lambda kind: kind.words,
            key=f"faces-kind-{sha256[:16]}",
        )
        st.caption(_HELP[kind])
        note = st.text_input(
            "Why? (needed only if it surely looks like someone in the register)",
            placeholder="A wax figure",
            help="Don't use names.",
            key=f"faces-note-{sha256[:16]}",
        )
        missing = [] if picked else ["choose a face"]
        if button_after(missing, "Save", type="primary", key="faces-save"):
            meant = [boxes[number] for number in sorted(picked)]
            decisions = decide_faces(services, sha256, meant, kind, actor, note)
            if kept is not None:
                kept(decisions)
            st.rerun()


def _label(number: int, said: FaceDecision | None) -> str:
    known = "" if said is None or said.kind is FaceKind.PERSON else f" ({said.kind.words.lower()})"
    return literal(f"Face {number + 1}{known}")
