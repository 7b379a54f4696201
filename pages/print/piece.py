"""A print piece: its photos, its audit, and the steps up to the stock of printed copies."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from consent.domain.actors import Actor
from consent.domain.errors import NotFoundError
from consent.domain.jobs import JobState
from consent.domain.print import Audit, PieceState
from consent.domain.roles import Duty
from consent.domain.wording import counted
from consent.jobs.place import read_placing, start_placing
from consent.printing.audit import run_audit
from consent.printing.audit_pdf import audit_pdf
from consent.printing.audit_report import audit_csv
from consent.printing.pieces import (
    PieceFile,
    layout_unseen_words,
    move_piece,
    sign_off,
    verdict_of,
)
from consent.services import Services
from consent.takedowns.board import TakedownCard, takedowns_in
from pages.print.audited import show_audit
from pages.register import case
from pages.ui.badges import badge
from pages.ui.errors import show_errors, show_errors_last
from pages.ui.leave import may, may_or_say_who
from pages.ui.look import literal
from pages.ui.words import short_day

_CLOSED = {PieceState.AT_PRINTER, PieceState.PRINTED}
_JOBS, _ROUND = "placing-jobs", "placing-round"


def show(services: Services, file: PieceFile, actor: Actor) -> None:
    """Show a piece, and what is to be done next."""
    piece = file.piece
    st.subheader(literal(f"{piece.name} ({piece.label})"), anchor=False)
    when = "day of print not set" if piece.print_on is None else short_day(piece.print_on)
    run = "run not set" if piece.run is None else f"{piece.run:,} copies"
    channel = services.policy.channel(piece.channel).label
    with st.container(horizontal=True, vertical_alignment="center"):
        st.badge(piece.whereabouts, icon=":material/newspaper:", color="blue")
        if file.audit is not None and not file.stale:
            badge(verdict_of(file))
        st.caption(literal(f"{channel}, {when}, {run}, editor: {piece.editor}"), width="content")
    _show_stops(services, file, actor)
    _show_signature(services, file)
    may_print = may_or_say_who(actor, Duty.PRINT)
    if piece.state not in _CLOSED and may_print:
        _offer_placing(services, file, actor)
    if not file.placed:
        return
    if file.unseen and not file.piece.state.has_left:
        st.warning(literal(layout_unseen_words(file.unseen)), icon=":material/visibility_off:")
    _offer_audit(services, file, actor)
    with show_errors():
        _offer_steps(services, file, actor)
    if file.audit is not None:
        show_audit(services, file, actor)


def _show_stops(services: Services, file: PieceFile, actor: Actor) -> None:
    """Say what must not be printed, by takedown and case."""
    if file.piece.is_printed:
        return
    for stop in takedowns_in(services, file.piece, actor):
        takedown = stop.takedown
        where = ", ".join(
            placed.where
            for placed in file.placed
            if placed.photo_sha256 == stop.publication.photo_sha256
        )
        done = "" if stop.waits else f" {takedown.state.words}."
        with st.container(border=True, horizontal=True, vertical_alignment="center"):
            st.markdown(
                f":red[:material/print_disabled:] **{literal(where)}** must not be printed: "
                f"{takedown.label}, due {short_day(stop.due_on)}.{done}",
                width="content",
            )
            case.show_link(stop.case_label, f"Case {stop.case_label}")


def _show_signature(services: Services, file: PieceFile) -> None:
    signed = next((step for step in reversed(file.piece.history) if step.signed_as), None)
    if signed is None:
        return
    reason = f" Missing consent signed over: {signed.reason}" if signed.reason else ""
    day = short_day(services.day(signed.at))
    if signed.layout_unseen:
        reason += f" Layout not seen again: {signed.layout_unseen}"
    st.caption(f":material/draw: Signed off {day} by {literal(signed.signed_as)}.{literal(reason)}")


def _offer_placing(services: Services, file: PieceFile, actor: Actor) -> None:
    """Offer to hand in photos or a PDF, or show how far those handed in are."""
    label = file.piece.label
    jobs: dict[str, str] = st.session_state.setdefault(_JOBS, {})
    if label in jobs:
        _wait_for(services, jobs[label], label, actor)
        return
    failed = st.session_state.pop(f"placing-failed-{label}", "")
    if failed:
        st.error(literal(failed), icon=":material/error:")
    if without := st.session_state.pop(f"placing-without-{label}", []):
        names = literal(", ".join(without))
        st.warning(f"No picture was found in {names}.", icon=":material/hide_image:")
    with st.expander("Hand in photos or the laid-out PDF", expanded=not file.placed):
        files = st.file_uploader(
            "Drop the laid-out PDF, or photos. A PDF takes the place of what is there.",
            accept_multiple_files=True,
            key=f"placing-{label}-{st.session_state.get(_ROUND, 0)}",
        )
        if st.button("Hand in", type="primary", disabled=not files, key=f"hand-in-{label}"):
            with show_errors():
                uploads = [(upload.name, upload) for upload in files]
                jobs[label] = start_placing(services, label, uploads, actor)
                st.session_state[_ROUND] = st.session_state.get(_ROUND, 0) + 1
                st.rerun()


@st.fragment(run_every=1.0)
def _wait_for(services: Services, job_id: str, label: str, actor: Actor) -> None:
    """Show the progress until what was handed in is matched with its originals."""
    with show_errors_last():
        try:
            job = read_placing(services, job_id, actor)
        except NotFoundError:
            st.session_state[_JOBS].pop(label, None)
            st.rerun()
    if job.state.ended:
        st.session_state[_JOBS].pop(label, None)
        if job.state is JobState.FAILED:
            st.session_state[f"placing-failed-{label}"] = job.message
        elif without := (job.result or {}).get("without_pictures"):
            st.session_state[f"placing-without-{label}"] = without
        st.rerun()
    share = job.done / job.total if job.total else 0.0
    words = (
        f"{job.done} of {job.total} pictures looked at"
        if job.done < job.total
        else "Matching them with their originals"
        if job.total
        else "Taking the pictures out: this takes some seconds"
    )
    st.progress(share, text=words)


def _offer_audit(services: Services, file: PieceFile, actor: Actor) -> None:
    if file.audit is None:
        st.info(
            f"In the piece: {counted(len(file.placed), 'photo')}. Audit it to see who is in them, "
            "who was asked, and what is missing.",
            icon=":material/fact_check:",
        )
    elif file.stale:
        st.warning(
            "The register or the layout has changed since the audit: what stands below may be "
            "wrong now.",
            icon=":material/update:",
        )
    if may(actor, Duty.PRINT) and st.button(
        "Audit it" if file.audit is None else "Audit again",
        type="primary" if file.audit is None or file.stale else "secondary",
        icon=":material/fact_check:",
        key="run-audit",
    ):
        with show_errors(), st.spinner("Comparing with the register"):
            run_audit(services, file.piece.label, actor)
            st.rerun()


def _offer_steps(services: Services, file: PieceFile, actor: Actor) -> None:
    """Offer what may come next, and the audit as files."""
    piece, audit = file.piece, file.audit
    with st.container(horizontal=True, gap="small"):
        if audit is not None:
            _offer_files(services, file, audit, actor)
        if piece.state is PieceState.AUDITED and not file.stale and audit is not None:
            if audit.blocking:
                stop = len(audit.blocking)
                photos = "1 photo stops" if stop == 1 else f"{stop} photos stop"
                st.caption(f"{photos} the print: see below.", width="content")
            elif may_or_say_who(actor, Duty.SIGN_OFF) and st.button(
                "Sign off", type="primary", icon=":material/draw:"
            ):
                _sign(services, file, audit, actor)
        if piece.state is PieceState.APPROVED and not file.stale:
            _offer_move(services, file, PieceState.AT_PRINTER, "It is at the printer", actor)
        if piece.state is PieceState.AT_PRINTER:
            _offer_printed(services, file, actor)
            _offer_move(services, file, PieceState.DRAFT, "Call it back", actor)
    if piece.state is PieceState.PRINTED:
        _ask_stock(services, file, actor)


def _offer_files(services: Services, file: PieceFile, audit: Audit, actor: Actor) -> None:
    """Make the paper only when somebody asks: it takes a second."""
    label = file.piece.label
    key = f"audit-paper-{audit.id}-{file.stale}"
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
    if may(actor, Duty.PRINT) and st.button(
        words,
        type="secondary" if state is PieceState.DRAFT else "primary",
        key=f"move-{state}-{file.piece.label}",
    ):
        with show_errors():
            move_piece(services, file.piece.label, state, actor)
            st.rerun()


def _offer_printed(services: Services, file: PieceFile, actor: Actor) -> None:
    """Enter that it is printed; asked once more where something was to be stopped."""
    if may(actor, Duty.PRINT) and st.button(
        "It is printed", type="primary", key=f"move-printed-{file.piece.label}"
    ):
        stops = takedowns_in(services, file.piece, actor)
        if stops:
            _ask_whether_printed(services, file, stops, actor)
            return
        with show_errors():
            move_piece(services, file.piece.label, PieceState.PRINTED, actor)
            st.rerun()


@st.dialog("Was it printed all the same?")
def _ask_whether_printed(
    services: Services, file: PieceFile, stops: Sequence[TakedownCard], actor: Actor
) -> None:
    named = ", ".join(f"{stop.takedown.label} ({stop.case_label})" for stop in stops)
    st.markdown(
        literal(
            f"{file.piece.label} holds what was to be stopped: {named}. If it still can be, call "
            "the printer first."
        )
    )
    if st.button("It was printed with them", key=f"printed-all-the-same-{file.piece.label}"):
        with show_errors():
            printed = PieceState.PRINTED
            move_piece(services, file.piece.label, printed, actor, all_the_same=True)
            st.rerun()


@st.dialog("Sign off")
def _sign(services: Services, file: PieceFile, audit: Audit, actor: Actor) -> None:
    signed_as = st.text_input("Your name and role", value=f"{actor.id}, {actor.role}")
    reason = ""
    if audit.missing:
        where = ", ".join(photo.where for photo in audit.missing)
        st.markdown(
            literal(
                f"Consent is missing in: {where}. The policy calls asking a best practice, not a "
                "condition: the piece may go on with a reason."
            )
        )
        reason = st.text_area("Why without it?", placeholder="Could not be reached before print")
    layout_unseen = ""
    if file.unseen:
        st.markdown(literal(layout_unseen_words(file.unseen)))
        layout_unseen = st.text_area(
            "Who saw that it is out of the layout?",
            placeholder="Ed took it out in InDesign on June 4; the PDF is not exported yet",
        )
    if st.button("Sign", type="primary"):
        with show_errors():
            sign_off(services, file.piece.label, signed_as, actor, reason, layout_unseen)
            st.rerun()


def _ask_stock(services: Services, file: PieceFile, actor: Actor) -> None:
    if not may(actor, Duty.PRINT):
        return
    left, right = st.columns([1, 3], vertical_alignment="bottom")
    count = left.number_input("Copies left in stock", min_value=0, value=file.piece.stock, step=10)
    if right.button("Save the count", disabled=count is None or count == file.piece.stock):
        with show_errors():
            move_piece(services, file.piece.label, PieceState.PRINTED, actor, int(count or 0))
            st.rerun()
