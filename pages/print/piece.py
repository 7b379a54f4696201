"""A print piece: its photos, its audit, and what is to be done next."""

from __future__ import annotations

from typing import TYPE_CHECKING

import streamlit as st

from consent.domain.print import PieceState
from consent.domain.wording import counted
from consent.printing.audit import run_audit
from consent.printing.pieces import verdict_of
from pages.print.audited import show_audit
from pages.print.placing import offer_placing
from pages.print.signing import offer_steps
from pages.ui.badges import badge
from pages.ui.dates import short_day
from pages.ui.errors import show_errors
from pages.ui.look import literal

if TYPE_CHECKING:
    from consent.domain.actors import Actor
    from consent.printing.pieces import PieceFile
    from consent.services import Services

_CLOSED = {PieceState.AT_PRINTER, PieceState.PRINTED}


def show(services: Services, file: PieceFile, actor: Actor) -> None:
    """Show a piece."""
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
    _history(services, file)
    if piece.state not in _CLOSED:
        offer_placing(services, file, actor)
    if not file.placed:
        return
    _offer_audit(services, file, actor)
    with show_errors():
        offer_steps(services, file, actor)
    if file.audit is not None:
        show_audit(services, file, actor)


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
    words = "Audit it" if file.audit is None else "Audit again"
    kind = "primary" if file.audit is None or file.stale else "secondary"
    if st.button(words, type=kind, icon=":material/fact_check:", key="run-audit"):  # type: ignore[arg-type]
        with show_errors(), st.spinner("Comparing with the register"):
            run_audit(services, file.piece.label, actor)
            st.rerun()


def _history(services: Services, file: PieceFile) -> None:
    signed = next((one for one in reversed(file.piece.history) if one.signed_as), None)
    if signed is None:
        return
    reason = f" Missing consent signed over: {signed.reason}" if signed.reason else ""
    day = short_day(services.day(signed.at))
    st.caption(f":material/draw: Signed off {day} by {literal(signed.signed_as)}.{literal(reason)}")
