"""Photos of the person: hand in or take them, pick the face, see where they may appear."""

from __future__ import annotations

import base64
import binascii
import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from consent.cases.photo_advice import View, enrolment_of
from consent.cases.references import OfferedFaces, read_reference
from consent.domain.actors import Actor
from consent.domain.decisions import DecisionState
from consent.domain.errors import BadInputError
from consent.domain.events import Event
from consent.domain.intake import EarlyDecision, Reference, ReferenceFace
from consent.domain.typed_texts import NOTE
from consent.matching.sweep import Hit, SweepReport
from consent.review.photos import PhotoView, find_indexed, photo_views
from consent.services import Services
from pages.desk.form import offer_removal
from pages.desk.session import Draft
from pages.ui import backend
from pages.ui.decisions import headline, show_doubts
from pages.ui.errors import show_errors
from pages.ui.form import Form
from pages.ui.look import from_files, in_cards, in_columns, literal, wanted
from pages.ui.pictures import PHOTO_TYPES, show_faces, show_match
from pages.ui.words import DATE_FORMAT, EARLIEST, event_name

_AGREEMENT = "They agree that the library saves a measurement of their face"
_FOR_A_CHILD = (
    "The parent or guardian agrees that the library saves a measurement of the child's face"
)
AGREEMENT_FOR = (
    "Only to find the person in the library's photos, so that none is used. They can end this "
    "at any desk, without a reason. The revocation stays. The program records that you asked."
)
_camera = from_files(Path(__file__).with_name("poses.js"))
# Said by the page and read out by screen readers: the person stands there and follows it.
_POSES = {
    View.FRONT: "look straight into the camera",
    View.LEFT: "turn your head a little to your left",
    View.RIGHT: "turn your head a little to your right",
}
READING = "Reading the photo ..."
_JPEG = "data:image/jpeg;base64,"
NOBODY = -1
_INDEXED_AT_ONCE = 24
_HITS_AT_ONCE = 6
_ANSWERS = {DecisionState.CONFIRMED: "Yes", DecisionState.REJECTED: "No"}


@dataclass(frozen=True, slots=True)
class Picked:
    """The faces picked, and whether a template of them may be kept, and until when.

    Attributes:
        report: indexed photos that may show the person; None if none could be searched.
        waiting: a face has still to be picked, or a photo to be taken out.
    """

    references: list[Reference]
    keep_face: bool
    keep_face_until: date | None
    report: SweepReport | None
    waiting: bool


class SavePlace:
    """Where the button stands that records what is handed in; taken before that is read."""

    def __init__(self) -> None:
        """Take the place; what stood there before stays until something else does."""
        self._place = st.container()
        self._slot: DeltaGenerator | None = None

    def wait(self, draft: Draft) -> None:
        """Show a gray button there until something else is drawn in its stead."""
        self._slot = self._place.empty()
        self._slot.button(
            READING, icon=":material/hourglass_top:", disabled=True, key=draft.key("save-later")
        )

    def ready(self) -> DeltaGenerator:
        """Return the place for the button itself."""
        return (self._slot or self._place).container()


@dataclass(frozen=True, slots=True)
class Faces:
    """The faces picked so far, and whether one has still to be picked."""

    found: list[tuple[Reference, ReferenceFace]]
    waiting: bool

    @property
    def references(self) -> list[Reference]:
        """What is recorded of them."""
        return [reference for reference, _ in self.found]


def ask_references(
    services: Services,
    draft: Draft,
    events: Sequence[Event],
    actor: Actor,
    save: SavePlace | None = None,
) -> Picked:
    """Ask for photos of the person, the face in each, and what may be kept.

    `save` is the place of the button that records them; see `ask_faces`.
    """
    st.header("Photos of the person", anchor=False)
    st.caption(
        "Three photos find far more than one: one from the front, and one turned a little to each "
        "side. You can record the revocation without a photo. Then staff must look for the "
        "person themselves: fill in “How to spot the person without seeing the face”."
        if services.compares_faces
        else "The program finds copies of these. You can record the revocation without a photo."
    )
    draft.asked.clear()
    handed = handed_in(draft)
    camera = st.container()
    given = [*handed, *_ask_indexed(services, draft, events, actor)]
    # The same file twice is one reference.
    picked = ask_faces(
        services, draft, [*{content: (content, name) for content, name in given}.values()], save
    )
    enrolment = enrolment_of(
        services,
        [face for _, face in picked.found],
        [reference.name for reference in picked.references],
    )
    if not services.compares_faces:
        # Nothing more is asked of photos that no face is compared by.
        if picked.found:
            ask_agreement(draft.form, minor=_minor(draft))
        return Picked(picked.references, False, None, None, picked.waiting)  # noqa: FBT003 - as below
    with camera:
        _take_poses(draft, enrolment.more)
    keep_face, until, report = False, None, None
    if picked.found:
        icon = ":material/task_alt:" if enrolment.complete else ":material/lightbulb:"
        st.info("\n\n".join(map(literal, enrolment.sentences)), icon=icon)
        keep_face, until = ask_agreement(draft.form, minor=_minor(draft))
        with show_errors():
            with st.spinner("Searching all photos"):
                report = draft.preview(services, [face for _, face in picked.found], actor)
            st.markdown(f"**{headline(report)}**")
            show_doubts(report)
            draft.asked = {hit.sha256 for hit in report.hits[:_HITS_AT_ONCE]}
            _take_answers(draft, report.hits[:_HITS_AT_ONCE])
    return Picked(picked.references, keep_face, until, report, picked.waiting)


def handed_in(draft: Draft) -> list[tuple[bytes, str]]:
    """Ask for photos; return content and name of each, and of those taken here."""
    st.file_uploader(
        "Photos of the person",
        type=PHOTO_TYPES,
        accept_multiple_files=True,
        key=draft.key("photos"),
        label_visibility="collapsed",
    )
    for photo in list(draft.kept_photos):
        content, name = photo
        if offer_removal(draft.form, name, content):
            draft.kept_photos.remove(photo)
            st.rerun()
    draft.photos = draft.handed_photos()
    return draft.photos


def _ask_indexed(
    services: Services, draft: Draft, events: Sequence[Event], actor: Actor
) -> list[tuple[bytes, str]]:
    """Offer the photos of an event, a day or an address; return those pointed at, with names."""
    with st.expander("Point to them in a photo the library has", icon=":material/photo_library:"):
        left, right = st.columns(2)
        event = left.selectbox(
            "Event",
            events,
            index=None,
            format_func=event_name,
            placeholder="Any event",
            key=draft.key("find-event"),
        )
        day = right.date_input(
            "Taken on",
            None,
            min_value=EARLIEST,
            key=draft.key("find-day"),
            format=DATE_FORMAT,
        )
        url = st.text_input(
            "Web address of the post",
            max_chars=NOTE,
            placeholder="https://",
            key=draft.key("find-url"),
        )
        photos = find_indexed(
            services, actor, event_id=event.id if event else None, day=day, url=url
        )
        if not (event or day or url):
            st.caption("Choose an event or a day, or enter an address: the photos appear here.")
        if not photos and (event or day or url):
            st.caption("No matching photos.")
        _offer_indexed(services, draft, photos, actor)
    found = []
    for sha256 in draft.pointed_at:
        with show_errors():
            reference = read_reference(services, sha256)
            found.append((reference.content, reference.name))
    return found


def _offer_indexed(services: Services, draft: Draft, photos: Sequence[str], actor: Actor) -> None:
    shown = [sha256 for sha256 in photos if sha256 not in draft.pointed_at][:_INDEXED_AT_ONCE]
    views = photo_views(services, shown, actor)
    for column, (sha256, view) in in_columns(list(views.items()), 3):
        with column:
            st.image(view.thumbnail, alt="Photo the library has", width="stretch")
            if st.button("This photo", key=draft.key(f"use-{sha256}"), width="stretch"):
                draft.pointed_at.append(sha256)
                st.rerun()
    if len(photos) > _INDEXED_AT_ONCE:
        st.caption(
            f"The first {_INDEXED_AT_ONCE} of {len(photos)}: name the day or the event to see "
            "fewer."
        )


def ask_faces(
    services: Services,
    draft: Draft,
    photos: Sequence[tuple[bytes, str]],
    save: SavePlace | None = None,
) -> Faces:
    """Show the faces of photos, given by content and name, and ask which is the person.

    A photo that cannot be read, or shows no face, is waited for: it is taken out, or nothing is
    recorded. While one is read for the first time, a gray button stands at the place `save`: one
    from before would still look as if it could be pressed, and record what nobody has seen.
    """
    found: list[tuple[Reference, ReferenceFace]] = []
    waiting = False
    if save is not None and not all(draft.has_read(content) for content, _ in photos):
        save.wait(draft)
    for content, name in photos:
        refused = True
        with show_errors():
            with st.spinner(f"Reading the photo {literal(name)}"):
                offered = draft.offer(services, content, name)
            refused = False
            picked = _pick(draft, offered)
            if picked is None:
                waiting = True
            elif picked != NOBODY:
                found.append((offered.reference(picked), offered.picked(picked)))
        if refused:
            # Passed by in silence, nobody would know that the person is not looked for by it.
            waiting = True
            _offer_without(draft, content, name)
    return Faces(found, waiting)


def _offer_without(draft: Draft, content: bytes, name: str) -> None:
    """Say what to do with a photo that was refused; take out what the browser cannot."""
    here = [photo for photo in draft.taken if photo[0] == content]
    indexed = [
        sha256 for sha256 in draft.pointed_at if sha256 == hashlib.sha256(content).hexdigest()
    ]
    if not here and not indexed:
        st.caption(
            f":material/front_hand: Nothing is recorded while {literal(name)} is there: take it "
            "out of the list above, or upload another instead."
        )
    elif st.button(f"Leave {name} out", key=draft.key(f"out-{content[:8].hex()}-{len(content)}")):
        draft.taken = [photo for photo in draft.taken if photo not in here]
        draft.pointed_at = [sha256 for sha256 in draft.pointed_at if sha256 not in indexed]
        st.rerun()


def face_words(face: int) -> str:
    """Say which face of a photo is meant, as they are numbered in the picture."""
    return "None of them" if face == NOBODY else f"Face {face + 1}"


def _pick(draft: Draft, offered: OfferedFaces) -> int | None:
    """Show the faces of a photo and return the one picked."""
    photo = offered.photo
    faces = photo.faces
    with st.container(border=True):
        picture, words = st.columns(2)
        with words:
            st.markdown(f"**{literal(offered.name)}**")
            picked = st.radio(
                "Which face is the person?",
                [*offered.offered, NOBODY],
                index=None if offered.plain is None else offered.offered.index(offered.plain),
                format_func=lambda face: (
                    f"{face_words(face)} (may not be a face)"
                    if face in offered.unlikely
                    else face_words(face)
                ),
                horizontal=True,
                key=draft.key(f"face-{photo.sha256}"),
            )
            if picked is None:
                st.caption(":material/touch_app: Several faces: pick the person's.")
        with picture:
            show_faces(
                PhotoView(photo.thumbnail, photo.width, photo.height),
                [face.box for face in faces],
                () if picked is None else (picked,),
                f"{offered.name} with its faces numbered from 1 to {len(faces)}",
            )
    return picked


def agreement_of(*, minor: bool) -> str:
    """Return what is agreed to; for a child, somebody else does."""
    return _FOR_A_CHILD if minor else _AGREEMENT


def _minor(draft: Draft) -> bool:
    """Say whether the form, which is drawn before, says that the person is a child."""
    return bool(st.session_state.get(draft.form.key("minor"), False))


def ask_agreement(form: Form, *, minor: bool, again: bool = False) -> tuple[bool, date | None]:
    """Ask whether a face template may be kept, and until when; the revocation holds either way.

    `again` is where an agreement holds already.
    """
    if not backend.services().compares_faces:
        st.caption(
            ":material/info: This library compares no faces, and keeps none. These photos and "
            "copies of them are found."
        )
        return False, None
    who = "The parent or guardian agrees" if minor else "They agree"
    question = f"{who} to it again, starting today" if again else agreement_of(minor=minor)
    agreed = form.tick(question, "agree", advice=AGREEMENT_FOR)
    if agreed:
        label = "Agreed until (leave blank for as long as the revocation is in effect)"
        return True, form.day(label, "agree-until", earliest=None)
    if again:
        return False, None
    st.caption(
        ":material/info: Without it, the program finds only these photos and copies of them. In "
        "all other photos, staff must look for the person themselves."
    )
    return False, None


def show_preview(services: Services, draft: Draft, report: SweepReport, actor: Actor) -> None:
    """Show the indexed photos that may likeliest show the person, to decide on."""
    best = report.hits[:_HITS_AT_ONCE]
    if not best:
        return
    st.header("Photos that may show the person", anchor=False)
    views = photo_views(services, [hit.sha256 for hit in best], actor)
    for card, hit in in_cards(best, _HITS_AT_ONCE):
        with card:
            show_hit(hit, views.get(hit.sha256))
            _ask_early(draft, hit)
    if len(report.hits) > len(best):
        st.caption(f"And {len(report.hits) - len(best)} more, shown after you record it.")


def show_hit(hit: Hit, view: PhotoView | None) -> None:
    """Show a photo with the face that may be the person's."""
    show_match(view, hit.match.box, f"{hit.name}: {hit.likeness()}")
    st.caption(literal(hit.name))


def _take_answers(draft: Draft, hits: Sequence[Hit]) -> None:
    """Take what was answered of photos that are shown below what records it.

    A click on that ends the run before the answers are reached, and what stands on the screen is
    what is recorded.
    """
    for hit in hits:
        state = st.session_state.get(draft.key(f"seen-{hit.sha256}"))
        if state is not None:
            draft.seen[hit.sha256] = EarlyDecision(hit.sha256, hit.match.box, state)


def _ask_early(draft: Draft, hit: Hit) -> None:
    """Ask whether it is the person; kept with the revocation when that is recorded."""
    state = st.segmented_control(
        "Is this the person?",
        list(_ANSWERS),
        format_func=_ANSWERS.__getitem__,
        label_visibility="collapsed",
        key=draft.key(f"seen-{hit.sha256}"),
    )
    if state is None:
        draft.seen.pop(hit.sha256, None)
    else:
        draft.seen[hit.sha256] = EarlyDecision(hit.sha256, hit.match.box, state)


def _take_poses(draft: Draft, views: Sequence[View]) -> None:
    """Offer to take these views, or else all of them, and keep what was taken in the draft."""
    poses = list(views or View)
    many = len(poses)
    start = "Take one more picture here" if many == 1 else f"Take {many} pictures here"
    result = _camera(
        key=draft.key("poses"),
        data={
            "start": start,
            "poses": [{"view": view.value, "say": _POSES[view]} for view in poses],
        },
        on_taken_change=wanted,
    )
    if result.taken:
        with show_errors():
            for content in pictures_in(result.taken):
                if content not in [known for known, _ in draft.taken]:
                    draft.taken.append((content, f"Picture {len(draft.taken) + 1}"))
            st.rerun()


def pictures_in(taken: object) -> list[bytes]:
    """Return the JPEG files that the browser took.

    Raises:
        BadInputError: it sent something else.
    """
    found = []
    for picture in taken if isinstance(taken, list) else [None]:
        text = picture.get("jpeg") if isinstance(picture, dict) else None
        if not isinstance(text, str) or not text.startswith(_JPEG):
            raise BadInputError("The camera took no picture: try again, or upload photos.")
        try:
            found.append(base64.b64decode(text.removeprefix(_JPEG), validate=True))
        except binascii.Error as error:
            raise BadInputError("The picture was damaged: take it again.") from error
    return found
