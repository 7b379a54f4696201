"""The photos of a print piece: what its audit found, face by face; those taken out."""

from __future__ import annotations

import streamlit as st

from consent.domain.actors import Actor
from consent.domain.print import (
    AuditedFace,
    AuditedPhoto,
    FaceStatus,
    PlacedPhoto,
    alike_faces,
    totals,
)
from consent.domain.roles import Duty
from consent.domain.wording import NOBODY, numbers_in_short
from consent.printing.asking import accept_elsewhere
from consent.printing.audit_pdf import audited_picture
from consent.printing.audit_report import changes
from consent.printing.layouts import take_out
from consent.printing.pieces import (
    PieceFile,
    sign_off_words,
)
from consent.printing.put_back import put_back
from consent.review.photos import PhotoView, photo_views
from consent.services import Services
from pages.print.meanwhile import now_asking, pressed
from pages.ui.decisions import NO_PERSON, NO_PERSON_ICON, ask_what_faces_are
from pages.ui.errors import show_errors
from pages.ui.form import required
from pages.ui.guard import may
from pages.ui.look import (
    in_cards,
    literal,
    show_link,
)
from pages.ui.pictures import say_unreadable, show_match
from pages.ui.words import badge, short_day

_STATUS_ICONS = {
    FaceStatus.REVOKED: ":red[:material/block:]",
    FaceStatus.HELD: ":orange[:material/pan_tool:]",
    FaceStatus.POSSIBLE: ":orange[:material/visibility:]",
    FaceStatus.UNCOMPARABLE: ":orange[:material/visibility:]",
    FaceStatus.REFUSED: ":blue[:material/do_not_disturb_on:]",
    FaceStatus.PERHAPS_REFUSED: ":orange[:material/do_not_disturb_on:]",
    FaceStatus.MISSING: ":blue[:material/forum:]",
    FaceStatus.AS_A_ROOM: ":green[:material/groups:]",
    FaceStatus.ASKED: ":green[:material/check:]",
    FaceStatus.NOT_NEEDED: ":gray[:material/remove:]",
    FaceStatus.NO_PERSON: ":gray[:material/smart_toy:]",
}
# Pixels.
_PICTURE = 240


def show_audit(services: Services, file: PieceFile, actor: Actor, *, waits: bool) -> None:
    """Show the last audit, what changed since the one before on top.

    `waits` is while another one is being made: then nothing of it is changed.
    """
    audit = file.audits[-1]
    changed = changes(file.audit_before, audit)
    if changed and (said := sign_off_words(file)):
        st.markdown(f"**{literal(said)}** Since then:")
    # Whoever signed has seen what had changed by then.
    for change in [] if file.piece.is_signed else changed:
        st.markdown(f":material/change_history: {literal(change)}")
    st.markdown(f"**{literal(totals(audit.photos).words)}**")
    for sentence in audit.by_eye:
        if sentence == NOBODY:
            st.warning(sentence, icon=":material/group_off:")
        elif sentence in file.named:
            st.warning(literal(sentence), icon=":material/format_quote:")
        else:
            st.info(literal(sentence), icon=":material/visibility:")
    views = photo_views(
        services, [photo.photo_sha256 for photo in audit.photos if photo.photo_sha256], actor
    )
    placed = {photo.id for photo in file.placed}
    taken_out = {out.photo.id for out in file.taken_out}
    for photo in audit.photos:
        # What was taken out since is shown below, to be put back.
        if photo.placed_id in taken_out:
            continue
        with st.container(border=True, key=f"gallery-audited-{photo.placed_id}"):
            picture, words = st.columns([2, 3], gap="medium")
            with picture:
                _show_picture(photo, views.get(photo.photo_sha256 or ""))
            with words:
                _show_photo(services, photo, actor)
                if photo.placed_id in placed and not (waits or file.piece.state.has_left):
                    with st.container(horizontal=True, gap="small"):
                        _offer_removal(services, file, photo, actor)
                        _offer_faces(services, photo, actor)


def _show_picture(photo: AuditedPhoto, view: PhotoView | None) -> None:
    if view is None:
        say_unreadable()
    else:
        st.image(audited_picture(photo, view), alt=f"{photo.where}, faces numbered")


def _show_photo(services: Services, photo: AuditedPhoto, actor: Actor) -> None:
    badge(photo.verdict, photo.words)
    again = "" if photo.counted else " (shown again, for people seen only here)"
    st.markdown(f"**{literal(photo.where)}**{again}")
    found = f" Picture: {photo.source}." if photo.source else ""
    name = "" if photo.name == photo.where else f"{photo.name}. "
    st.caption(literal(f"{name}{photo.occasion}.{found}"))
    st.markdown(literal(f"{photo.coverage} {photo.next_step}"))
    for alike in alike_faces(photo.faces):
        _show_faces(services, photo, alike, actor)
    for sentence in photo.said_of_photo:
        st.caption(literal(sentence))


def _offer_removal(services: Services, file: PieceFile, photo: AuditedPhoto, actor: Actor) -> None:
    if may(actor, Duty.PRINT) and pressed(
        file, "Take it out", f"out-{photo.placed_id}", "secondary", ":material/close:"
    ):
        with show_errors():
            take_out(services, file.piece.label, photo.placed_id, actor, seen=file.version)
            st.rerun()


def show_taken_out(services: Services, file: PieceFile, actor: Actor) -> None:
    """Show what was taken out, with what was last said of it, to be put back."""
    if not file.taken_out or file.piece.state.has_left:
        return
    photos = [out.photo for out in file.taken_out]
    shas = [photo.photo_sha256 for photo in photos if photo.photo_sha256]
    views = photo_views(services, shas, actor)
    audited = {photo.placed_id: photo for audit in file.audits for photo in audit.photos}
    st.markdown(f"**Taken out** ({len(photos)})")
    for card, out in in_cards(file.taken_out, 3):
        with card:
            photo = out.photo
            if (view := views.get(photo.photo_sha256 or "")) is not None:
                st.image(view.thumbnail, alt=f"{photo.where}, taken out", width=_PICTURE)
            st.markdown(f"**{literal(photo.where_among([*file.placed, *photos]))}**")
            if (was := audited.get(photo.id)) is not None:
                badge(was.verdict, was.words)
            day = short_day(services.day(out.at))
            st.caption(literal(f"Taken out {day} by {out.by}."))
            if may(actor, Duty.PRINT) and pressed(
                file, "Put it back", f"back-{photo.id}", "secondary", ":material/undo:"
            ):
                _ask_why_back(services, file, photo, actor)


@st.dialog("Put it back", on_dismiss="rerun")
def _ask_why_back(services: Services, file: PieceFile, photo: PlacedPhoto, actor: Actor) -> None:
    now_asking()
    st.markdown(
        literal(
            f"{photo.where}: it is compared with the register first, and stays out where it must "
            "not be printed. Then audit the piece again."
        )
    )
    reason = st.text_area(required("Why do you put it back?"), key=f"why-back-{photo.id}")
    if st.button("Put it back", type="primary", key=f"put-back-{photo.id}"):
        with show_errors(), st.spinner("Comparing with the register"):
            put_back(services, file.piece.label, photo.id, reason, actor, seen=file.version)
            st.rerun()


def _offer_faces(services: Services, photo: AuditedPhoto, actor: Actor) -> None:
    """Offer to say that a face is none of a person's: a doll's, a statue's."""
    if photo.photo_sha256 is None or not photo.faces or not may(actor, Duty.REVIEW):
        return
    key = f"faces-{photo.placed_id}"
    if st.button(NO_PERSON, icon=NO_PERSON_ICON, type="tertiary", key=key):
        boxes = [face.box for face in photo.faces]
        now_asking()
        ask_what_faces_are(services, photo.photo_sha256, boxes, [], actor)


def _show_faces(
    services: Services, photo: AuditedPhoto, alike: list[AuditedFace], actor: Actor
) -> None:
    """Show in one line the people of whom the same is to be said."""
    face = alike[0]
    numbers = numbers_in_short([person.number for person in alike])
    cases = f" {', '.join(face.revocations)}" if face.revocations else ""
    said_by = ""
    # Who may have said no is told below, and not that the whole room was asked.
    answer = None if face.standing is FaceStatus.PERHAPS_REFUSED else face.answer
    if answer is not None:
        named = f"{answer.name}, " if answer.name else ""
        said_by = (
            f": {named}asked by {answer.asked_by} on {short_day(answer.asked_on)} ({answer.how})"
        )
    with st.container(horizontal=True, gap="small", vertical_alignment="center"):
        st.markdown(
            f"**{numbers}** {_STATUS_ICONS[face.standing]} {literal(face.standing.words + cases)}"
            f"{literal(said_by)}",
            width="content",
        )
        sha256 = photo.photo_sha256
        if face.standing.lacks_consent and sha256 and may(actor, Duty.ASK):
            words = "See the answer" if face.standing is FaceStatus.REFUSED else "Ask people"
            show_link("ask", words, ":material/forum:", {"photo": sha256})
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
        f"Face {face.number}: someone who looks alike was asked in another photo, and {answer}"
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
