"""Tap the faces, and enter what they answered."""

from __future__ import annotations

from typing import TYPE_CHECKING

import streamlit as st

from consent.domain.wording import counted
from consent.printing.answers import Answer, record_answers
from consent.printing.asking import photo_to_ask
from consent.review.photos import photo_views
from pages.asking.people import label_of, warn_of
from pages.ui.errors import show_errors
from pages.ui.look import literal
from pages.ui.pictures import show_faces

if TYPE_CHECKING:
    from consent.domain.actors import Actor
    from consent.printing.asking import PhotoToAsk
    from consent.services import Services
    from pages.asking.session import AskingDesk


def ask_faces(services: Services, desk: AskingDesk, sha256: str, actor: Actor) -> None:
    """Show the photo in hand, and take an answer.

    Raises:
        NotFoundError: the photo is no longer in the index.
    """
    photo = photo_to_ask(services, sha256)
    for person in photo.people:
        warn_of(person)
    picture = st.container()
    st.markdown(f"**{desk.place}: {literal(photo.coverage.words)}**")
    numbers = [one.number for one in photo.people]
    chosen: list[int] = []
    if numbers:
        chosen = st.pills(
            "Who was asked? Tap the faces.",
            numbers,
            selection_mode="multi",
            format_func=lambda number: label_of(photo.people[number - 1]),
            # Somebody alone in a photo is meant without a tap.
            default=numbers if len(numbers) == 1 and not photo.people[0].revoked else None,
            key=desk.key("faces"),
        )
        several = len(numbers) > 1
        if several and st.toggle(f"All {len(numbers)} were asked", key=desk.key("all")):
            chosen = numbers
    with picture:
        view = photo_views(services, [sha256]).get(sha256)
        if view is not None:
            boxes = [one.box for one in photo.people]
            show_faces(view, boxes, [number - 1 for number in chosen], "Photo with numbered faces")
    if numbers:
        _answer(services, desk, photo, chosen, actor)
    if photo.unclear:
        unclear = counted(photo.unclear, "face")
        st.caption(f"Not numbered, as nobody could recognise them: {unclear}.")
    # Keyed by the photo: a tap counts even while the answer before it is being shown.
    key = f"asking-next-{sha256[:16]}"
    words = "Next photo" if desk.waiting else "Another photo"
    if st.button(words, icon=":material/arrow_forward:", key=key, width="stretch"):
        desk.next_photo()
        st.rerun()


def _answer(
    services: Services, desk: AskingDesk, photo: PhotoToAsk, chosen: list[int], actor: Actor
) -> None:
    with st.container(horizontal=True, gap="small"):
        yes = st.button(
            "They said yes",
            type="primary",
            icon=":material/check:",
            disabled=not chosen,
            key=desk.key("yes"),
            width="stretch",
        )
        no = st.button(
            "They said no",
            icon=":material/close:",
            disabled=not chosen,
            key=desk.key("no"),
            width="stretch",
        )
    with st.expander("Name, child, note"):
        name = st.text_input("Name, if they said it", key=desk.key("name"))
        child = st.toggle("A child: a parent or guardian answered", key=desk.key("child"))
        guardian = st.text_input("Parent or guardian", key=desk.key("guardian")) if child else ""
        note = st.text_input("Note", key=desk.key("note"))
    if not (yes or no):
        return
    answer = Answer(
        given=yes,
        asked_on=services.today(),
        kinds=frozenset(desk.kinds),
        channels=frozenset(desk.channels),
        photo_sha256=photo.photo_sha256,
        boxes=photo.boxes(chosen),
        asked_by=desk.asked_by,
        name=name,
        minor=child,
        guardian=guardian,
        note=note,
    )
    with show_errors():
        record_answers(services, [answer], actor)
        faces = "Face" if len(chosen) == 1 else "Faces"
        listed = ", ".join(map(str, sorted(chosen)))
        desk.answered(f"{faces} {listed}: {'yes' if yes else 'no'}.")
        st.rerun()
