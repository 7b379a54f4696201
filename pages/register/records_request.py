"""A records request: choose days and topic, look at a draft, then hand out the same."""

from __future__ import annotations

import tempfile
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import streamlit as st

from consent.domain.actors import Actor
from consent.domain.records import GROUNDS, Ground, RecordsPeriod
from consent.domain.roles import Duty
from consent.domain.wording import counted
from consent.retention.records import RecordsExport, export_records
from consent.services import Services
from pages.ui import backend, guard
from pages.ui.errors import show_errors
from pages.ui.look import literal
from pages.ui.words import DATE_FORMAT, EARLIEST

_MADE = "records-made"
_USUAL = timedelta(days=90)


def page() -> None:
    """Show the page."""
    actor = guard.signed_in()
    services = backend.services()
    guard.heading("Records request", actor)
    if not guard.may_or_say_who(actor, Duty.RECORDS_REQUEST):
        return
    st.markdown(
        "This makes tables for a person who asks for records. They have no names, letters or "
        "faces. A list shows what is withheld, and on what grounds. Make a draft first, and read"
        " all of it."
    )
    with st.expander("Reasons for withholding", icon=":material/gavel:"):
        for ground in Ground:
            said = services.policy.records.of(ground) or "There are none, so you can't make the"
            " tables. Ask your IT to add them."
            st.markdown(f"**{GROUNDS[ground]}**  \n{literal(said)}")
    today = services.today()
    with st.form("records"):
        first, last = st.columns(2)
        # Without a last day of their own: the browser would keep the day before, without a word.
        begins = first.date_input(
            "From", today - _USUAL, min_value=EARLIEST, max_value=None, format=DATE_FORMAT
        )
        ends = last.date_input("To", today, min_value=EARLIEST, max_value=None, format=DATE_FORMAT)
        about = st.text_input(
            "About one event or print piece (leave blank for everything)", max_chars=200
        )
        draft = st.form_submit_button("Make a draft", icon=":material/draft:", type="primary")
        final = st.form_submit_button("Make the final copy", icon=":material/outbox:")
    if draft or final:
        # What was made of other days is not what was asked for now.
        st.session_state.pop(_MADE, None)
        with show_errors(), st.spinner("Collecting"):
            st.session_state[_MADE] = _export(
                services, RecordsPeriod(begins, ends), about, actor, draft=draft
            )
    if _MADE in st.session_state:
        _show(*st.session_state[_MADE])


def _export(
    services: Services, period: RecordsPeriod, about: str, actor: Actor, *, draft: bool
) -> tuple[RecordsExport, bytes]:
    what = "draft" if draft else "records"
    name = f"{what}-{period.first}-to-{period.last}.zip"
    with tempfile.TemporaryDirectory() as made:
        path = Path(made) / name
        export = export_records(services, period, path, actor, about=about, draft=draft)
        return replace(export, path=Path(name)), path.read_bytes()


def _show(export: RecordsExport, content: bytes) -> None:
    if export.draft:
        st.warning("This is a draft. Read all of it before you make the final copy.")
    else:
        st.success("This is the final copy. The log keeps what was in it and what was withheld.")
    st.markdown(
        "\n".join(f"- {name}: {counted(count, 'row')}" for name, count in export.rows.items())
    )
    left = [
        f"- {GROUNDS[ground]}: {counted(count, 'cell')}"
        for ground, count in export.withheld.items()
    ]
    st.markdown("\n".join(["Withheld:", "", *left]) if left else "Nothing was withheld.")
    st.download_button(
        f"Download {export.path.name}",
        content,
        export.path.name,
        "application/zip",
        icon=":material/download:",
        on_click="ignore",
    )
