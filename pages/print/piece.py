"""A print piece: its photos, its audit face by face, and the steps up to the printed copies."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal, cast

import streamlit as st

from consent.domain.actors import Actor
from consent.domain.jobs import Job, JobState
from consent.domain.print import (
    Audit,
    AuditedFace,
    AuditedPhoto,
    FaceStatus,
    PieceState,
    PlacedPhoto,
    PrintPiece,
    alike_faces,
    totals,
)
from consent.domain.roles import Duty
from consent.domain.wording import NOBODY, counted, ended, numbers_in_short
from consent.jobs.audit import cancel_audit, last_audit, start_audit
from consent.jobs.place import cancel_placing, last_placing, start_placing
from consent.jobs.runner import is_queued
from consent.printing.asking import accept_elsewhere
from consent.printing.audit_pdf import audit_pdf, audited_picture
from consent.printing.audit_report import audit_csv, changes
from consent.printing.layouts import take_out
from consent.printing.pieces import (
    PieceFile,
    layout_unseen_words,
    move_piece,
    sign_off,
    sign_off_words,
    still_to_stop,
    stopped_places,
    verdict_of,
)
from consent.printing.put_back import put_back
from consent.review.photos import PhotoView, photo_views
from consent.services import Services
from consent.takedowns.board import TakedownCard, takedowns_in, takedowns_of, whereabouts
from pages.print.meanwhile import counts, now_asking, say_what_happened, watch
from pages.ui.decisions import NO_PERSON, NO_PERSON_ICON, ask_what_faces_are
from pages.ui.errors import show_errors, show_errors_last
from pages.ui.form import button_after, noted_press, required
from pages.ui.guard import may, may_or_say_who
from pages.ui.look import (
    STARTING,
    WAITING,
    in_cards,
    literal,
    show_case_link,
    show_link,
    show_progress,
    show_takedown_link,
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
_ROUND = "placing-round"
# Pixels.
_PICTURE = 240


def show(services: Services, file: PieceFile, actor: Actor) -> None:
    """Show a piece, and what is to be done next."""
    piece = file.piece
    st.header(literal(f"{piece.name} ({piece.label})"), anchor=False)
    when = "day of print not set" if piece.print_on is None else short_day(piece.print_on)
    run = "run not set" if piece.run is None else counted(piece.run, "copy", "copies")
    channel = services.policy.channel(piece.channel).label
    takedowns = takedowns_of(services, piece, actor)
    stops = [card for card in takedowns if card.must_not_be_printed]
    with st.container(horizontal=True, vertical_alignment="center"):
        show_whereabouts(piece, stops)
        show_verdict(file)
        st.caption(literal(f"{channel}, {when}, {run}, editor: {piece.editor}"), width="content")
    say_what_happened(services, file, actor)
    _show_takedowns(file, takedowns)
    _show_signature(services, file)
    may_print = may_or_say_who(actor, Duty.PRINT)
    # What is on its way into the piece is audited with the rest, or not signed.
    if not piece.state.has_left and may_print and _offer_placing(services, file, actor):
        return
    if not file.placed:
        _show_taken_out(services, file, actor)
        watch(services, file, actor)
        return
    signed = piece.signature
    said_who = piece.is_signed and not file.stale and signed is not None and signed.layout_unseen
    if file.unseen and not said_who and not file.piece.state.has_left:
        st.warning(literal(layout_unseen_words(file.unseen)), icon=":material/visibility_off:")
    if may_print and _wait_for_audit(services, file, actor):
        if file.audit is not None:
            _show_audit(services, file, actor, waits=True)
        return
    _offer_audit(services, file, actor)
    with show_errors():
        _offer_steps(services, file, stops, actor)
    if file.audit is not None:
        _show_audit(services, file, actor, waits=False)
    _show_taken_out(services, file, actor)
    watch(services, file, actor)


def show_verdict(file: PieceFile) -> None:
    """Show the verdict on a piece: not checked, where no audit holds; none once it is printed."""
    if not file.piece.is_printed:
        held = None if file.stale else file.audit
        badge(verdict_of(file), "" if held is None else held.words)


def show_whereabouts(piece: PrintPiece, stops: Sequence[TakedownCard]) -> None:
    """Show how far a piece has come; what was stopped does not pass for approved."""
    words = whereabouts(piece, stops)
    if words != piece.whereabouts:
        st.badge(words, icon=":material/print_disabled:", color="red")
        return
    done = piece.state in {PieceState.APPROVED, PieceState.PRINTED}
    st.badge(words, icon=":material/newspaper:", color="green" if done else "blue")


def _show_takedowns(file: PieceFile, takedowns: Sequence[TakedownCard]) -> None:
    """Say what of it has to come down, what must not be printed first, with takedown and case."""
    for card in takedowns:
        takedown = card.takedown
        where = stopped_places(file, card) or "A photo that was taken out"
        state = f"{takedown.state.words}, due {short_day(card.due_on)}"
        if card.can_be_stopped:
            state = f"stop it by {short_day(card.due_on)}"
        elif not card.waits:
            state = "nothing has to be removed any longer" if card.moot else takedown.state.words
        if card.must_not_be_printed:
            said = f":red[:material/print_disabled:] **{literal(where)}** must not be printed: "
        else:
            said = f":material/delete_sweep: **{literal(where)}**: "
        with st.container(border=True, horizontal=True, vertical_alignment="center"):
            st.markdown(f"{said}{state[:1].lower()}{literal(state[1:])}", width="content")
            show_takedown_link(takedown.label, f"Takedown {takedown.label}")
            show_case_link(card.case_label, f"Case {card.case_label}")


def _show_signature(services: Services, file: PieceFile) -> None:
    signed = file.piece.signature
    if signed is None:
        return
    day = short_day(services.day(signed.at))
    if not file.piece.is_signed:
        who = literal(signed.signed_as)
        st.caption(f":material/draw: Was signed off {day} by {who}, and has changed since.")
        return
    reason = f" Signed off without consent: {ended(signed.reason)}" if signed.reason else ""
    if signed.layout_unseen:
        reason += f" Layout not seen again: {ended(signed.layout_unseen)}"
    st.caption(f":material/draw: Signed off {day} by {literal(signed.signed_as)}.{literal(reason)}")
    if file.confirmed is not None and not file.stale:
        st.caption(f":material/task_alt: {literal(sign_off_words(file))}")


def _offer_placing(services: Services, file: PieceFile, actor: Actor) -> bool:
    """Offer to hand in photos or a PDF, or show how far those are; return whether some are."""
    label = file.piece.label
    with show_errors_last():
        job = last_placing(services, label, actor)
    if job is not None and not job.state.ended:
        _wait_for(services, label, actor)
        return True
    if job is not None and (file.audit is None or file.audit.at < job.updated_at):
        _say_what_came_of(job)
    with st.expander("Upload photos or the laid-out PDF", expanded=not file.placed):
        files = st.file_uploader(
            "Drop the laid-out PDF, or photos. A PDF takes the place of what is there.",
            accept_multiple_files=True,
            key=f"placing-{label}-{st.session_state.get(_ROUND, 0)}",
        )
        missing = [] if files else ["drop the PDF or photos"]
        if button_after(missing, "Add to the piece", type="primary", key=f"hand-in-{label}"):
            with show_errors():
                uploads = [(upload.name, upload) for upload in files]
                start_placing(services, label, uploads, actor)
                st.session_state[_ROUND] = st.session_state.get(_ROUND, 0) + 1
                st.rerun()
    return False


def _say_what_came_of(job: Job) -> None:
    """Say what went wrong with the files that were handed in last."""
    if job.state is JobState.FAILED:
        st.error(literal(job.message), icon=":material/error:")
    elif job.state is JobState.CANCELED:
        st.info(
            "The upload was canceled; nothing was added to the piece.", icon=":material/cancel:"
        )
    elif without := (job.result or {}).get("without_pictures"):
        names = literal(", ".join(map(str, cast("list[str]", without))))
        st.warning(f"No picture was found in {names}.", icon=":material/hide_image:")
    for said in cast("list[str]", (job.result or {}).get("named", [])):
        st.warning(literal(said), icon=":material/format_quote:")


@st.fragment(run_every=1.0)
def _wait_for(services: Services, label: str, actor: Actor) -> None:
    """Show the progress until what was handed in is matched with its originals.

    Whoever opens the piece sees it, whichever session handed in the files.
    """
    with show_errors_last():
        job = last_placing(services, label, actor)
    if job is None or job.state.ended:
        st.rerun()
    if show_progress(job.done, job.total, _how_far(job)):
        cancel_placing(services, job.id, actor)
        st.rerun()
    st.caption("You may leave this page, or load it again: the upload goes on.")


def _how_far(job: Job) -> str:
    if is_queued(job.id):
        return WAITING
    if job.total:
        if job.done < job.total:
            return f"Looking at pictures and pages: {job.done} of {job.total}"
        return "Matching them with their originals"
    if job.done:
        return f"{counted(job.done, 'picture')} taken out of the layout"
    return STARTING


def _wait_for_audit(services: Services, file: PieceFile, actor: Actor) -> bool:
    """Show how far the audit is that somebody has started; return whether one is being made."""
    with show_errors_last():
        job = last_audit(services, file.piece.label, actor)
    if job is None:
        return False
    if not job.state.ended:
        _show_audit_progress(services, file.piece.label, actor)
        return True
    if file.audit is None or file.audit.at < job.updated_at:
        if job.state is JobState.FAILED:
            st.error(literal(job.message), icon=":material/error:")
        elif job.state is JobState.CANCELED:
            st.info(
                "The audit was canceled; the piece is as it was before.", icon=":material/cancel:"
            )
    return False


@st.fragment(run_every=1.0)
def _show_audit_progress(services: Services, label: str, actor: Actor) -> None:
    with show_errors_last():
        job = last_audit(services, label, actor)
    if job is None or job.state.ended:
        st.rerun()
    if is_queued(job.id):
        words = WAITING
    elif job.total:
        pictures = counted(job.total, "picture")
        words = f"Comparing with the register: {job.done} of {pictures}"
    else:
        words = STARTING
    if show_progress(job.done, job.total, words):
        cancel_audit(services, job.id, actor)
        st.rerun()
    st.caption("You may leave this page, or load it again: the audit goes on.")


def _offer_audit(services: Services, file: PieceFile, actor: Actor) -> None:
    if file.audit is None:
        pictures = sum(photo.counted for photo in file.placed)
        st.info(
            f"In the piece: {counted(pictures, 'picture')}. Audit it to see who is in them, "
            "who was asked, and what is missing.",
            icon=":material/fact_check:",
        )
    elif file.outdated:
        st.warning("Audited by an older version: audit it again.", icon=":material/update:")
    elif file.stale:
        st.warning(
            "The register or the layout has changed since the audit, so the list below may be "
            "wrong.",
            icon=":material/update:",
        )
    elif file.old_layout and not file.piece.state.has_left:
        st.warning(
            "Its layout was uploaded to an older version, which read less of it. Pictures may say "
            "“Ask first” although people were asked: upload the PDF again.",
            icon=":material/update:",
        )
    if may(actor, Duty.PRINT) and _pressed(
        file,
        "Audit it" if file.audit is None else "Audit again",
        "run-audit",
        "primary" if file.audit is None or file.stale else "secondary",
        ":material/fact_check:",
    ):
        with show_errors():
            start_audit(services, file.piece.label, actor)
            st.rerun()


def _pressed(
    file: PieceFile,
    words: str,
    key: str,
    kind: Literal["primary", "secondary"],
    icon: str | None = None,
) -> bool:
    """Offer a button; a press on a piece that has changed since it was drawn does nothing."""
    return (
        st.button(
            words,
            key=key,
            type=kind,
            icon=icon,
            **noted_press(file.piece.label, words, file.version),
        )
        and counts()
    )


def _offer_steps(
    services: Services, file: PieceFile, stops: Sequence[TakedownCard], actor: Actor
) -> None:
    """Offer what may come next, and the audit as files."""
    piece, audit = file.piece, file.audit
    with st.container(horizontal=True, gap="small", vertical_alignment="center"):
        if audit is not None:
            _offer_files(services, file, audit, stops, actor)
        if piece.state is PieceState.AUDITED and not file.stale and audit is not None:
            if audit.blocking:
                stopping = counted(len(audit.blocking), "picture stops", "pictures stop")
                st.caption(f"{stopping} the print: see below.", width="content")
            elif may_or_say_who(actor, Duty.SIGN_OFF) and _pressed(
                file, "Sign off", f"sign-{piece.label}", "primary", ":material/draw:"
            ):
                _sign(services, file, audit, actor)
        if piece.state is PieceState.APPROVED and not file.stale:
            _offer_move(services, file, PieceState.AT_PRINTER, "It is at the printer", actor)
        if piece.state is PieceState.AT_PRINTER:
            _offer_printed(services, file, stops, actor)
            _offer_move(services, file, PieceState.DRAFT, "Call it back", actor)
    if piece.state is PieceState.PRINTED:
        _ask_stock(services, file, actor)


def _offer_files(
    services: Services,
    file: PieceFile,
    audit: Audit,
    stops: Sequence[TakedownCard],
    actor: Actor,
) -> None:
    """Make the paper only when somebody asks: it takes a second."""
    label = file.piece.label
    # Whatever has happened since it was made is not on it.
    stopped = [(stop.takedown.label, stop.takedown.state.value) for stop in stops]
    taken_out = [photo.id for photo in file.unseen]
    so_far = (file.stale, len(file.piece.history), stopped, taken_out)
    key = f"audit-paper-{audit.id}-{so_far}"
    if key not in st.session_state:
        if st.button("Make the PDF", icon=":material/print:", key=f"make-{key}"):
            with st.spinner("Printing"):
                st.session_state[key] = audit_pdf(services, label, actor, "letter")
            st.rerun()
    else:
        st.download_button(
            "Save the PDF",
            st.session_state[key],
            f"audit-{label}.pdf",
            "application/pdf",
            icon=":material/download:",
        )
    st.download_button(
        "CSV", audit_csv(audit), f"audit-{label}.csv", "text/csv", icon=":material/table:"
    )


def _offer_move(
    services: Services, file: PieceFile, state: PieceState, words: str, actor: Actor
) -> None:
    kind: Literal["primary", "secondary"] = "primary"
    if state is PieceState.DRAFT:
        kind = "secondary"
    if may(actor, Duty.PRINT) and _pressed(file, words, f"move-{state}-{file.piece.label}", kind):
        with show_errors():
            move_piece(services, file.piece.label, state, actor, seen=file.version)
            st.rerun()


def _offer_printed(
    services: Services, file: PieceFile, stops: Sequence[TakedownCard], actor: Actor
) -> None:
    """Enter that it is printed; asked once more where something was to be stopped."""
    kind: Literal["primary", "secondary"] = "secondary" if stops else "primary"
    if may(actor, Duty.PRINT) and _pressed(
        file, "It is printed", f"move-printed-{file.piece.label}", kind
    ):
        stops = takedowns_in(services, file.piece, actor)
        if stops:
            _ask_whether_printed(services, file, stops, actor)
            return
        with show_errors():
            move_piece(services, file.piece.label, PieceState.PRINTED, actor, seen=file.version)
            st.rerun()


@st.dialog("Was it printed anyway?", on_dismiss="rerun")
def _ask_whether_printed(
    services: Services, file: PieceFile, stops: Sequence[TakedownCard], actor: Actor
) -> None:
    now_asking()
    st.markdown(
        literal(
            f"{still_to_stop(file.piece.label, stops)} If it still can be, call the printer first."
        )
    )
    if st.button("It was printed with them", key=f"printed-all-the-same-{file.piece.label}"):
        with show_errors():
            label, seen = file.piece.label, file.version
            move_piece(services, label, PieceState.PRINTED, actor, all_the_same=True, seen=seen)
            st.rerun()


@st.dialog("Sign off", on_dismiss="rerun")
def _sign(services: Services, file: PieceFile, audit: Audit, actor: Actor) -> None:
    now_asking()
    signed_as = st.text_input(required("Your name and role"), value=f"{actor.id}, {actor.role}")
    reason = ""
    if audit.missing:
        st.markdown("**Consent is missing:**")
        st.markdown("\n".join(f"- {literal(said)}" for said in audit.lacking))
        st.markdown(
            "The policy calls asking a best practice, not a rule: you can go on with a reason."
        )
        reason = st.text_area(
            "Why print without it?", placeholder="Could not be reached before print"
        )
    layout_unseen = ""
    if file.unseen:
        st.markdown(literal(layout_unseen_words(file.unseen)))
        layout_unseen = st.text_area(
            "Who checked that it is out of the layout?",
            placeholder="Ed took it out in InDesign on June 4; the PDF is not exported yet",
        )
    if st.button("Sign", type="primary"):
        with show_errors():
            label, seen = file.piece.label, file.version
            sign_off(services, label, signed_as, actor, reason, layout_unseen, seen=seen)
            st.rerun()


def _ask_stock(services: Services, file: PieceFile, actor: Actor) -> None:
    if not may(actor, Duty.PRINT):
        return
    left, right = st.columns([1, 3], vertical_alignment="bottom")
    count = left.number_input("Copies left in stock", min_value=0, value=file.piece.stock, step=10)
    same = count is None or count == file.piece.stock
    with right:
        words = "Save the count"
        missing = ["change the number"] if same else []
        wanted = button_after(missing, words, **noted_press(file.piece.label, words, file.version))
    if wanted and counts():
        with show_errors():
            label, printed = file.piece.label, PieceState.PRINTED
            move_piece(services, label, printed, actor, int(count or 0), seen=file.version)
            st.rerun()


def _show_audit(services: Services, file: PieceFile, actor: Actor, *, waits: bool) -> None:
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
    if may(actor, Duty.PRINT) and _pressed(
        file, "Take it out", f"out-{photo.placed_id}", "secondary", ":material/close:"
    ):
        with show_errors():
            take_out(services, file.piece.label, photo.placed_id, actor, seen=file.version)
            st.rerun()


def _show_taken_out(services: Services, file: PieceFile, actor: Actor) -> None:
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
            if may(actor, Duty.PRINT) and _pressed(
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
    reason = st.text_area(required("Why is it put back?"), key=f"why-back-{photo.id}")
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
