"""A print piece: its audit, and the steps up to the printed copies."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal, cast

import streamlit as st

from consent.domain.actors import Actor
from consent.domain.jobs import Job, JobState
from consent.domain.print import (
    Audit,
    PieceState,
    PrintPiece,
)
from consent.domain.roles import Duty
from consent.domain.wording import counted, ended
from consent.jobs.audit import cancel_audit, last_audit, start_audit
from consent.jobs.place import cancel_placing, last_placing, start_placing
from consent.printing.audit_pdf import audit_pdf
from consent.printing.audit_report import audit_csv
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
from consent.services import Services
from consent.takedowns.board import TakedownCard, takedowns_in, takedowns_of, whereabouts
from pages.print.meanwhile import counts, now_asking, pressed, say_what_happened, watch
from pages.print.photos import show_audit, show_taken_out
from pages.ui.errors import show_errors, show_errors_last
from pages.ui.form import button_after, noted_press, required
from pages.ui.guard import may, may_or_say_who
from pages.ui.jobs import STARTING, watch_job
from pages.ui.look import (
    literal,
    show_case_link,
    show_takedown_link,
)
from pages.ui.pictures import let_go
from pages.ui.words import badge, short_day

_ROUND = "placing-round"


def show(services: Services, file: PieceFile, actor: Actor) -> None:
    """Show a piece, and what is to be done next."""
    piece = file.piece
    st.header(literal(f"{piece.name} ({piece.label})"), anchor=False)
    when = "print day not set" if piece.print_on is None else short_day(piece.print_on)
    run = "number of copies not set" if piece.run is None else counted(piece.run, "copy", "copies")
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
        show_taken_out(services, file, actor)
        watch(services, file, actor)
        return
    signed = piece.signature
    said_who = piece.is_signed and not file.stale and signed is not None and signed.layout_unseen
    if file.unseen and not said_who and not file.piece.state.has_left:
        st.warning(literal(layout_unseen_words(file.unseen)), icon=":material/visibility_off:")
    if may_print and _wait_for_audit(services, file, actor):
        if file.audit is not None:
            show_audit(services, file, actor, waits=True)
        return
    _offer_audit(services, file, actor)
    with show_errors():
        _offer_steps(services, file, stops, actor)
    if file.audit is not None:
        show_audit(services, file, actor, waits=False)
    show_taken_out(services, file, actor)
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
            state = "nothing has to be removed now" if card.moot else takedown.state.words
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
    reason = f" Signed off all the same: {ended(signed.reason)}" if signed.reason else ""
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
        watch_job(
            lambda: last_placing(services, label, actor),
            lambda job_id: cancel_placing(services, job_id, actor),
            _how_far,
            "The upload",
        )
        return True
    if job is not None and (file.audit is None or file.audit.at < job.updated_at):
        _say_what_came_of(job)
    with st.expander("Upload photos or the PDF of the layout", expanded=not file.placed):
        files = st.file_uploader(
            "Drop one or more PDFs of the layout, or photos. With a PDF, these files replace all "
            "that is in the piece. Photos alone are added to it.",
            accept_multiple_files=True,
            key=f"placing-{label}-{st.session_state.get(_ROUND, 0)}",
        )
        missing = [] if files else ["drop PDFs or photos"]
        if button_after(missing, "Add to the piece", type="primary", key=f"hand-in-{label}"):
            with show_errors():
                uploads = [(upload.name, upload) for upload in files]
                start_placing(services, label, uploads, actor)
                let_go(files)
                st.session_state[_ROUND] = st.session_state.get(_ROUND, 0) + 1
                st.rerun()
    return False


def _say_what_came_of(job: Job) -> None:
    """Say what went wrong with the files that were handed in last."""
    if job.state is JobState.FAILED:
        st.error(literal(job.message), icon=":material/error:")
    elif job.state is JobState.CANCELED:
        st.info(
            "The upload was canceled. Nothing was added to the piece.", icon=":material/cancel:"
        )
    elif without := (job.result or {}).get("without_pictures"):
        names = literal(", ".join(map(str, cast("list[str]", without))))
        said = f"No picture was found in {names}, and nobody is to be seen there."
        st.warning(said, icon=":material/hide_image:")
    for said in cast("list[str]", (job.result or {}).get("named", [])):
        st.warning(literal(said), icon=":material/format_quote:")


def _how_far(job: Job) -> str:
    if job.total:
        if job.done < job.total:
            return f"Looking at pictures and pages: {job.done} of {job.total}"
        return "Matching them with their originals"
    if job.done:
        return f"{counted(job.done, 'picture')} found in the layout"
    return STARTING


def _wait_for_audit(services: Services, file: PieceFile, actor: Actor) -> bool:
    """Show how far the audit is that somebody has started; return whether one is being made."""
    with show_errors_last():
        job = last_audit(services, file.piece.label, actor)
    if job is None:
        return False
    if not job.state.ended:
        watch_job(
            lambda: last_audit(services, file.piece.label, actor),
            lambda job_id: cancel_audit(services, job_id, actor),
            lambda job: (
                f"Comparing with the register: {job.done} of {counted(job.total, 'picture')}"
                if job.total
                else STARTING
            ),
            "The audit",
        )
        return True
    if file.audit is None or file.audit.at < job.updated_at:
        if job.state is JobState.FAILED:
            st.error(literal(job.message), icon=":material/error:")
        elif job.state is JobState.CANCELED:
            st.info("The audit was canceled. The piece has not changed.", icon=":material/cancel:")
    return False


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
            "The layout was uploaded with an older version of the program, which read less of "
            "it. Some pictures may say “Ask first” even if people were asked. Upload the PDF "
            "again.",
            icon=":material/update:",
        )
    if may(actor, Duty.PRINT) and pressed(
        file,
        "Audit it" if file.audit is None else "Audit again",
        "run-audit",
        "primary" if file.audit is None or file.stale else "secondary",
        ":material/fact_check:",
    ):
        with show_errors():
            start_audit(services, file.piece.label, actor)
            st.rerun()


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
                stopping = counted(len(audit.blocking), "picture", "pictures")
                st.caption(f"{stopping} can't be printed yet: see below.", width="content")
            elif may_or_say_who(actor, Duty.SIGN_OFF) and pressed(
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
    if may(actor, Duty.PRINT) and pressed(file, words, f"move-{state}-{file.piece.label}", kind):
        with show_errors():
            move_piece(services, file.piece.label, state, actor, seen=file.version)
            st.rerun()


def _offer_printed(
    services: Services, file: PieceFile, stops: Sequence[TakedownCard], actor: Actor
) -> None:
    """Enter that it is printed; asked once more where something was to be stopped."""
    kind: Literal["primary", "secondary"] = "secondary" if stops else "primary"
    if may(actor, Duty.PRINT) and pressed(
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
            "The policy calls asking a best practice, not a rule. You can continue with a reason."
        )
    if file.named:
        st.markdown("**A name is still there of someone who asked not to be named:**")
        st.markdown("\n".join(f"- {literal(said)}" for said in file.named))
        st.markdown("Have it taken out and upload the PDF again. Or say who took it out.")
    if audit.missing or file.named:
        about_name = ("Why print it all the same?", "Ed took the name out on June 4")
        unasked = ("Why print without it?", "Could not be reached before print")
        question, example = about_name if file.named else unasked
        reason = st.text_area(question, placeholder=example)
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
