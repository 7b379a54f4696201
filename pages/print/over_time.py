"""Consent audits over time: coverage of what was signed off, and who signed over the rest."""

from __future__ import annotations

from typing import TYPE_CHECKING

import altair as alt
import streamlit as st

from consent.domain.wording import counted
from consent.printing.over_time import Selection, signed_csv, signed_pieces
from pages.ui.dates import DATE_FORMAT, short_day
from pages.ui.look import literal

if TYPE_CHECKING:
    from consent.printing.over_time import SignedPiece
    from consent.services import Services


def show_over_time(services: Services) -> None:
    """Show charts and a table of the pieces that were signed off."""
    first, second, third, fourth = st.columns(4)
    since = first.date_input("From", value=None, key="signed-since", format=DATE_FORMAT)
    until = second.date_input("To", value=None, key="signed-until", format=DATE_FORMAT)
    event = third.text_input("Event", placeholder="Any", key="signed-event")
    branch = fourth.text_input("Branch", placeholder="Any", key="signed-branch")
    pieces = signed_pieces(services, Selection(since, until, event, branch))
    if not pieces:
        st.info("Nothing was signed off in this selection.", icon=":material/query_stats:")
        return
    people, asked = sum(one.people for one in pieces), sum(one.asked for one in pieces)
    shown = {
        "Pieces signed off": str(len(pieces)),
        "Photos": str(sum(one.photos for one in pieces)),
        "People asked": f"{asked / people:.0%}" if people else "None to ask",
        "Photos signed over": str(sum(one.signed_over for one in pieces)),
    }
    for column, (name, value) in zip(st.columns(4), shown.items(), strict=True):
        column.metric(name, value, border=True)
    _chart(pieces)
    for one in pieces:
        photos = counted(one.signed_over, "photo")
        over = f" {photos} signed over: {one.reason}" if one.signed_over else ""
        st.markdown(
            literal(
                f"{short_day(one.signed_on)}, {one.label} {one.name}: {one.asked} of "
                f"{counted(one.people, 'person', 'people')} asked. Signed by {one.signed_as}.{over}"
            )
        )
    st.download_button(
        "Export", signed_csv(pieces), "signed.csv", "text/csv", icon=":material/download:"
    )


def _chart(pieces: list[SignedPiece]) -> None:
    rows = [
        {"piece": f"{one.label} {one.name}", "people": count, "answer": answer, "order": order}
        for one in pieces
        for order, (answer, count) in enumerate(
            [("Asked, said yes", one.asked), ("Not asked, or said no", one.people - one.asked)]
        )
    ]
    colours = alt.Scale(
        domain=["Asked, said yes", "Not asked, or said no"], range=["#175d86", "#d9a441"]
    )
    chart = (
        alt.Chart(alt.InlineData(values=rows))
        .mark_bar()
        .encode(
            # People are whole: no tick may stand between two of them.
            x=alt.X(
                "people:Q", title="Recognisable people", axis=alt.Axis(tickMinStep=1, format="d")
            ),
            y=alt.Y("piece:N", title=None, sort=None, axis=alt.Axis(labelLimit=260)),
            color=alt.Color("answer:N", title=None, scale=colours, legend={"orient": "top"}),
            order="order:O",
            tooltip=["piece:N", "answer:N", "people:Q"],
        )
        .properties(height=150 + 34 * len(pieces))
    )
    st.altair_chart(chart, width="stretch")
