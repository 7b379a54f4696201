"""Print: the pieces on their way to the printer, one of them, and what was signed over time."""

from __future__ import annotations

from typing import TYPE_CHECKING

import streamlit as st

from consent.domain.channels import ChannelKind
from consent.domain.errors import NotFoundError
from consent.domain.print import PieceState
from consent.printing.pieces import NewPiece, list_pieces, open_piece, show_piece
from pages.print.over_time import show_over_time
from pages.print.piece import show
from pages.ui import backend, guard
from pages.ui.dates import DATE_FORMAT, short_day
from pages.ui.errors import show_errors
from pages.ui.look import literal

if TYPE_CHECKING:
    from consent.domain.actors import Actor
    from consent.domain.print import PrintPiece
    from consent.services import Services

_PIECE = "piece"
_PIECES, _OVER_TIME = "Pieces", "Over time"


def page() -> None:
    """Show the page."""
    actor = guard.signed_in()
    services = backend.services()
    label = st.query_params.get(_PIECE)
    if label is not None:
        try:
            file = show_piece(services, label)
        except NotFoundError as error:
            guard.heading("Print", actor)
            st.info(literal(str(error)), icon=":material/search_off:")
            st.button("All pieces", on_click=_leave)
            return
        guard.heading("Print", actor)
        st.button("All pieces", icon=":material/arrow_back:", type="tertiary", on_click=_leave)
        show(services, file, actor)
        return
    guard.heading("Print", actor)
    shown = st.segmented_control(
        "Show",
        [_PIECES, _OVER_TIME],
        default=_PIECES,
        required=True,
        label_visibility="collapsed",
        key="print-shown",
    )
    with show_errors():
        if shown == _OVER_TIME:
            show_over_time(services)
        else:
            _show_pieces(services, actor)


def _leave() -> None:
    st.query_params.pop(_PIECE, None)


def _show_pieces(services: Services, actor: Actor) -> None:
    pieces = list_pieces(services)
    if not pieces:
        st.info(
            "No piece is open. Open one for each newsletter, poster or report, then hand in its "
            "photos or the laid-out PDF.",
            icon=":material/newspaper:",
        )
    if st.button("Open a piece", icon=":material/add:", type="primary"):
        _ask_for_piece(services, actor)
    for start in range(0, len(pieces), 3):
        for column, piece in zip(st.columns(3), pieces[start : start + 3], strict=False):
            with column.container(border=True, height="stretch"):
                _card(services, piece)


def _card(services: Services, piece: PrintPiece) -> None:
    st.markdown(f"**{literal(piece.name)}**")
    done = piece.state in {PieceState.APPROVED, PieceState.PRINTED}
    st.badge(piece.whereabouts, icon=":material/newspaper:", color="green" if done else "blue")
    when = "" if piece.print_on is None else f", to be printed {short_day(piece.print_on)}"
    channel = services.policy.channel(piece.channel).label
    st.caption(literal(f"{piece.label}, {channel}{when}. Editor: {piece.editor}"))
    if st.button("Open", key=f"open-{piece.label}", icon=":material/arrow_forward:"):
        st.query_params[_PIECE] = piece.label
        st.rerun()


@st.dialog("Open a piece")
def _ask_for_piece(services: Services, actor: Actor) -> None:
    # What is printed stands before what is sent to the press.
    kinds = (ChannelKind.PRINT, ChannelKind.PRESS)
    channels = [one for kind in kinds for one in services.policy.channels if one.kind is kind]
    channel = st.selectbox("What is it?", channels, format_func=lambda one: one.label)
    title = st.text_input("Title", placeholder="Newsletter")
    issue = st.text_input("Issue, if it has one", placeholder="Spring 2027")
    editor = st.text_input("Editor", value=actor.id)
    left, right = st.columns(2)
    on = left.date_input("To be printed on", value=None, format=DATE_FORMAT)
    run = right.number_input("Copies", min_value=1, value=None, step=100, placeholder="2000")
    if st.button("Open it", type="primary", disabled=channel is None):
        with show_errors():
            copies = None if run is None else int(run)
            new = NewPiece(channel.id, title, issue, on, copies, editor)
            st.query_params[_PIECE] = open_piece(services, new, actor).label
            st.rerun()
