"""An audit on the screen: every photo with its people, who was asked, and what to do."""

from __future__ import annotations

import streamlit as st

from consent.domain.actors import Actor
from consent.domain.print import (
    AuditedFace,
    AuditedPhoto,
    FaceStatus,
    PieceState,
    alike_faces,
    totals,
)
from consent.domain.roles import Duty
from consent.domain.wording import numbers_in_short
from consent.printing.asking import accept_elsewhere
from consent.printing.audit_pdf import audited_picture
from consent.printing.audit_report import changes, totals_in_words
from consent.printing.layouts import take_out
from consent.printing.pieces import PieceFile
from consent.review.photos import PhotoView, photo_views
from consent.services import Services
from pages.ui.badges import badge
from pages.ui.errors import show_errors
from pages.ui.faces import NO_PERSON, NO_PERSON_ICON, ask_what_faces_are
from pages.ui.leave import may
from pages.ui.look import literal
from pages.ui.pictures import show_match

_ICONS = {
    FaceStatus.REVOKED: ":red[:material/block:]",
    FaceStatus.HELD: ":orange[:material/pan_tool:]",
    FaceStatus.POSSIBLE: ":orange[:material/visibility:]",
    FaceStatus.UNCOMPARABLE: ":orange[:material/visibility:]",
    FaceStatus.REFUSED: ":blue[:material/do_not_disturb_on:]",
    FaceStatus.MISSING: ":blue[:material/forum:]",
    FaceStatus.AS_A_ROOM: ":green[:material/groups:]",
    FaceStatus.ASKED: ":green[:material/check:]",
    FaceStatus.NOT_NEEDED: ":gray[:material/remove:]",
    FaceStatus.NO_PERSON: ":gray[:material/smart_toy:]",
}
_OPEN = {PieceState.DRAFT, PieceState.AUDITED, PieceState.APPROVED}


def show_audit(services: Services, file: PieceFile, actor: Actor) -> None:
    """Show the last audit, what changed since the one before on top."""
    audits = file.audits
    audit = audits[-1]
    for change in changes(audits[-2] if len(audits) > 1 else None, audit):
        st.markdown(f":material/change_history: {literal(change)}")
    st.markdown(f"**{literal(totals_in_words(totals(audit.photos)))}**")
    for sentence in audit.by_eye:
        st.info(literal(sentence), icon=":material/visibility:")
    views = photo_views(
        services, [photo.photo_sha256 for photo in audit.photos if photo.photo_sha256], actor
    )
    placed = {photo.id for photo in file.placed}
    for photo in audit.photos:
        with st.container(border=True, key=f"gallery-audited-{photo.placed_id}"):
            picture, words = st.columns([2, 3], gap="medium")
            with picture:
                _show_picture(photo, views.get(photo.photo_sha256 or ""))
            with words:
                _show_photo(services, photo, actor)
                if photo.placed_id in placed and file.piece.state in _OPEN:
                    with st.container(horizontal=True, gap="small"):
                        _offer_removal(services, file, photo, actor)
                        _offer_faces(services, photo, actor)


def _show_picture(photo: AuditedPhoto, view: PhotoView | None) -> None:
    if view is None:
        st.caption(":material/broken_image: No picture: the file could not be read.")
    else:
        st.image(audited_picture(photo, view), alt=f"{photo.where}, faces numbered")


def _show_photo(services: Services, photo: AuditedPhoto, actor: Actor) -> None:
    badge(photo.verdict)
    again = "" if photo.counted else " (once more, for who is only seen here)"
    st.markdown(f"**{literal(photo.where)}**{again}")
    space = {True: ", in a public space", False: ", not in a public space", None: ""}
    event = f"{photo.event}{space[photo.public_space]}" if photo.event else "No event known"
    found = f" Picture: {photo.source}." if photo.source else ""
    st.caption(literal(f"{photo.name}. {event}.{found}"))
    st.markdown(literal(f"{photo.coverage} {photo.next_step}"))
    for alike in alike_faces(photo.faces):
        _show_faces(services, photo, alike, actor)
    for sentence in photo.said_of_photo:
        st.caption(literal(sentence))


def _offer_removal(services: Services, file: PieceFile, photo: AuditedPhoto, actor: Actor) -> None:
    if may(actor, Duty.PRINT) and st.button(
        "Take it out", icon=":material/close:", key=f"out-{photo.placed_id}"
    ):
        with show_errors():
            take_out(services, file.piece.label, photo.placed_id, actor)
            st.rerun()


def _offer_faces(services: Services, photo: AuditedPhoto, actor: Actor) -> None:
    """Offer to say that a face is none of a person's: a doll's, a statue's."""
    if photo.photo_sha256 is None or not photo.faces or not may(actor, Duty.REVIEW):
        return
    key = f"faces-{photo.placed_id}"
    if st.button(NO_PERSON, icon=NO_PERSON_ICON, type="tertiary", key=key):
        boxes = [face.box for face in photo.faces]
        ask_what_faces_are(services, photo.photo_sha256, boxes, [], actor)


def _show_faces(
    services: Services, photo: AuditedPhoto, alike: list[AuditedFace], actor: Actor
) -> None:
    """Show in one line the people of whom the same is to be said."""
    face = alike[0]
    numbers = numbers_in_short([one.number for one in alike])
    cases = f" {', '.join(face.revocations)}" if face.revocations else ""
    said_by = ""
    if (answer := face.answer) is not None:
        named = f"{answer.name}, " if answer.name else ""
        said_by = f": {named}asked by {answer.asked_by} on {answer.asked_on} ({answer.how})"
    st.markdown(
        f"**{numbers}** {_ICONS[face.standing]} {literal(face.standing.words + cases)}"
        f"{literal(said_by)}"
    )
    _offer_answer_elsewhere(services, photo, face, actor)


def _offer_answer_elsewhere(
    services: Services, photo: AuditedPhoto, face: AuditedFace, actor: Actor
) -> None:
    """Show the face beside one that was asked in another photo, for the editor to take it over."""
    other = face.elsewhere
    if other is None or photo.photo_sha256 is None or not may(actor, Duty.ASK):
        return
    answer = "said yes" if other.given else "said no"
    with st.expander(
        f"Face {face.number}: somebody alike was asked in another photo, and {answer}"
    ):
        views = photo_views(services, [photo.photo_sha256, other.photo_sha256], actor)
        left, right, words = st.columns([2, 2, 3])
        for column, sha256, box, alt in (
            (left, photo.photo_sha256, face.box, f"Face {face.number} of this photo"),
            (right, other.photo_sha256, other.box, "The face that was asked"),
        ):
            if sha256 in views:
                with column:
                    show_match(views[sha256], box, alt)
        with words:
            st.caption(literal(f"{other.likeness[:1].upper()}{other.likeness[1:]}."))
            same = st.button(
                "It is the same person",
                icon=":material/done_all:",
                key=f"same-{photo.placed_id}-{face.number}",
            )
    if same:
        with show_errors():
            accept_elsewhere(services, photo.photo_sha256, face.box, other.consent_id, actor)
            st.rerun()
