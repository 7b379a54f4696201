"""Print: the pieces on their way to the printer, one of them, and what was signed over time."""

from __future__ import annotations

from collections.abc import Sequence

import altair as alt
import streamlit as st

from consent.domain.actors import Actor
from consent.domain.channels import ChannelKind
from consent.domain.errors import NotFoundError
from consent.domain.roles import Duty
from consent.domain.wording import counted, ended
from consent.printing.over_time import Selection, SignedPiece, signed_csv, signed_pieces
from consent.printing.pieces import (
    NewPiece,
    PieceFile,
    list_files,
    next_step,
    open_piece,
    show_piece,
)
from consent.services import Services
from consent.takedowns.board import TakedownCard, stops_of_pieces
from pages.print.piece import show, show_verdict, show_whereabouts
from pages.ui import backend, guard
from pages.ui.errors import show_errors
from pages.ui.form import required
from pages.ui.look import PIECE, choose_view, in_cards, literal
from pages.ui.words import DATE_FORMAT, short_day

_PIECES, _OVER_TIME = "Pieces", "Over time"
_YES, _NO, _NOT_ASKED = "Said yes", "Said no", "Not asked"


def page() -> None:
    """Show the page."""
    actor = guard.signed_in()
    services = backend.services()
    guard.heading("Print", actor)
    label = st.query_params.get(PIECE)
    if label is not None:
        try:
            file = show_piece(services, label, actor)
        except NotFoundError as error:
            st.info(literal(str(error)), icon=":material/search_off:")
            st.button("All pieces", on_click=_leave)
            return
        st.button("All pieces", icon=":material/arrow_back:", type="tertiary", on_click=_leave)
        show(services, file, actor)
        return
    shown = choose_view([_PIECES, _OVER_TIME], "print-shown")
    with show_errors():
        if shown == _OVER_TIME:
            _show_over_time(services, actor)
        else:
            _show_pieces(services, actor)


def _leave() -> None:
    st.query_params.pop(PIECE, None)


def _show_pieces(services: Services, actor: Actor) -> None:
    files = list_files(services, actor)
    if not files:
        st.info(
            "There are no pieces yet. Open one for each newsletter, poster or report. Then "
            "upload its photos or the PDF of the layout.",
            icon=":material/newspaper:",
        )
    if guard.may_or_say_who(actor, Duty.PRINT) and st.button(
        "Open a piece", icon=":material/add:", type="primary"
    ):
        _ask_for_piece(services, actor)
    stops = stops_of_pieces(services, actor)
    for card, file in in_cards(files, 3):
        with card:
            _show_card(services, file, stops.get(file.piece.id, []))


def _show_card(services: Services, file: PieceFile, stops: Sequence[TakedownCard]) -> None:
    piece = file.piece
    st.markdown(f"**{literal(piece.name)}**")
    if cases := ", ".join(dict.fromkeys(stop.case_label for stop in stops if stop.waits)):
        st.badge(f"Stop it: {cases}", icon=":material/print_disabled:", color="red")
    with st.container(horizontal=True, gap="xsmall"):
        show_whereabouts(piece, stops)
        show_verdict(file)
    if step := next_step(file, stops):
        st.markdown(f"Next: {literal(step)}")
    when = "" if piece.print_on is None else f", to be printed {short_day(piece.print_on)}"
    channel = services.policy.channel(piece.channel).label
    st.caption(literal(f"{piece.label}, {channel}{when}. Editor: {piece.editor}"))
    if st.button("Open", key=f"open-{piece.label}", icon=":material/arrow_forward:"):
        st.query_params[PIECE] = piece.label
        st.rerun()


@st.dialog("Open a piece")
def _ask_for_piece(services: Services, actor: Actor) -> None:
    # What is printed stands before what is sent to the press.
    kinds = (ChannelKind.PRINT, ChannelKind.PRESS)
    every = services.policy.channels
    channels = [channel for kind in kinds for channel in every if channel.kind is kind]
    channel = st.selectbox("What is it?", channels, format_func=lambda channel: channel.label)
    title = st.text_input(required("Title"), placeholder="Newsletter")
    issue = st.text_input("Issue, if it has one", placeholder="Spring 2027")
    editor = st.text_input("Editor", value=actor.id)
    left, right = st.columns(2)
    on = left.date_input("To be printed on", value=None, format=DATE_FORMAT)
    run = right.number_input("Copies", min_value=1, value=None, step=100, placeholder="2000")
    if st.button("Open the piece", type="primary"):
        with show_errors():
            copies = None if run is None else int(run)
            new = NewPiece(channel.id, title, issue, on, copies, editor)
            st.query_params[PIECE] = open_piece(services, new, actor).label
            st.rerun()


def _show_over_time(services: Services, actor: Actor) -> None:
    """Show how many people were asked in what was signed off, and who signed over the rest."""
    first, second, third, fourth = st.columns(4)
    since = first.date_input("From", value=None, key="signed-since", format=DATE_FORMAT)
    until = second.date_input("To", value=None, key="signed-until", format=DATE_FORMAT)
    event = third.text_input("Event", placeholder="Any", key="signed-event")
    branch = fourth.text_input("Branch", placeholder="Any", key="signed-branch")
    pieces = signed_pieces(services, actor, Selection(since, until, event, branch))
    if not pieces:
        st.info("Nothing was signed off in this period.", icon=":material/query_stats:")
        return
    people = sum(piece.coverage.people for piece in pieces)
    said_yes = sum(piece.coverage.said_yes for piece in pieces)
    figures = {
        "Pieces signed off": str(len(pieces)),
        "Photos": str(sum(piece.photos for piece in pieces)),
        "People who said yes": f"{said_yes / people:.0%}" if people else "None to ask",
        "Photos signed off without consent": str(sum(piece.signed_over for piece in pieces)),
    }
    for column, (name, value) in zip(st.columns(4), figures.items(), strict=True):
        column.metric(name, value, border=True)
    _show_chart(pieces)
    for piece in pieces:
        photos = counted(piece.signed_over, "photo")
        over = (
            f" {photos} signed off without consent: {ended(piece.reason)}"
            if piece.signed_over
            else ""
        )
        st.markdown(
            literal(
                f"{short_day(piece.signed_on)}, {piece.label} {piece.name}: {piece.coverage.words} "
                f"Signed by {piece.signed_as}.{over}"
            )
        )
    st.download_button(
        "Export", signed_csv(pieces), "signed.csv", "text/csv", icon=":material/download:"
    )


def _show_chart(pieces: list[SignedPiece]) -> None:
    rows = [
        {"piece": f"{piece.label} {piece.name}", "people": count, "answer": answer, "order": order}
        for piece in pieces
        for order, (answer, count) in enumerate(
            [
                (_YES, piece.coverage.said_yes),
                (_NO, piece.coverage.said_no),
                (_NOT_ASKED, piece.coverage.people - piece.coverage.asked),
            ]
        )
    ]
    colours = alt.Scale(domain=[_YES, _NO, _NOT_ASKED], range=["#175d86", "#8c3b2e", "#d9a441"])
    chart = (
        alt.Chart(alt.InlineData(values=rows))
        .mark_bar()
        .encode(
            # People are whole: no tick may stand between two of them.
            x=alt.X(
                "people:Q", title="Recognizable people", axis=alt.Axis(tickMinStep=1, format="d")
            ),
            y=alt.Y("piece:N", title=None, sort=None, axis=alt.Axis(labelLimit=260)),
            color=alt.Color("answer:N", title=None, scale=colours, legend={"orient": "top"}),
            order="order:O",
            tooltip=["piece:N", "answer:N", "people:Q"],
        )
        .properties(height=150 + 34 * len(pieces))
    )
    st.altair_chart(chart, width="stretch")
