"""The steps of a piece: sign off, to the printer, printed, stock; and the audit on paper."""

from __future__ import annotations

from typing import TYPE_CHECKING

import streamlit as st

from consent.domain.print import PieceState
from consent.printing.audit_pdf import audit_pdf
from consent.printing.audit_report import audit_csv
from consent.printing.pieces import move_piece, sign_off
from pages.ui.errors import show_errors
from pages.ui.look import literal

if TYPE_CHECKING:
    from consent.domain.actors import Actor
    from consent.printing.pieces import PieceFile
    from consent.services import Services


def offer_steps(services: Services, file: PieceFile, actor: Actor) -> None:
    """Offer what may come next, and the audit as files."""
    piece = file.piece
    with st.container(horizontal=True, gap="small"):
        if file.audit is not None:
            _offer_files(services, file)
        if piece.state is PieceState.AUDITED and not file.stale and file.audit is not None:
            if file.audit.blocking:
                stop = len(file.audit.blocking)
                photos = "1 photo stops" if stop == 1 else f"{stop} photos stop"
                st.caption(f"{photos} the print: see below.", width="content")
            elif st.button("Sign off", type="primary", icon=":material/draw:"):
                _sign(services, file, actor)
        if piece.state is PieceState.APPROVED and not file.stale:
            _offer_move(services, file, PieceState.AT_PRINTER, "It is at the printer", actor)
        if piece.state is PieceState.AT_PRINTER:
            _offer_move(services, file, PieceState.PRINTED, "It is printed", actor)
            _offer_move(services, file, PieceState.DRAFT, "Call it back", actor)
    if piece.state is PieceState.PRINTED:
        _stock(services, file, actor)


def _offer_files(services: Services, file: PieceFile) -> None:
    """Make the paper only when somebody asks: it takes a second."""
    label = file.piece.label
    if file.audit is None:
        return
    key = f"audit-paper-{file.audit.id}-{file.stale}"
    if key not in st.session_state:
        if st.button("Make the PDF", icon=":material/print:", key=f"make-{key}"):
            with st.spinner("Printing"):
                st.session_state[key] = audit_pdf(services, label, "letter")
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
        "CSV", audit_csv(file.audit), f"audit-{label}.csv", "text/csv", icon=":material/table:"
    )


def _offer_move(
    services: Services, file: PieceFile, state: PieceState, words: str, actor: Actor
) -> None:
    kind = "secondary" if state is PieceState.DRAFT else "primary"
    if st.button(words, type=kind, key=f"move-{state}-{file.piece.label}"):  # type: ignore[arg-type]
        with show_errors():
            move_piece(services, file.piece.label, state, actor)
            st.rerun()


@st.dialog("Sign off")
def _sign(services: Services, file: PieceFile, actor: Actor) -> None:
    missing = file.audit.missing if file.audit is not None else []
    signed_as = st.text_input("Your name and role", value=f"{actor.id}, {actor.role}")
    reason = ""
    if missing:
        where = ", ".join(photo.where for photo in missing)
        st.markdown(
            literal(
                f"Consent is missing in: {where}. The policy calls asking a best practice, not a "
                "condition: the piece may go on with a reason."
            )
        )
        reason = st.text_area("Why without it?", placeholder="Could not be reached before print")
    if st.button("Sign", type="primary"):
        with show_errors():
            sign_off(services, file.piece.label, signed_as, actor, reason)
            st.rerun()


def _stock(services: Services, file: PieceFile, actor: Actor) -> None:
    left, right = st.columns([1, 3], vertical_alignment="bottom")
    count = left.number_input("Copies left in stock", min_value=0, value=file.piece.stock, step=10)
    if right.button("Save the count", disabled=count is None or count == file.piece.stock):
        with show_errors():
            move_piece(services, file.piece.label, PieceState.PRINTED, actor, int(count or 0))
            st.rerun()
