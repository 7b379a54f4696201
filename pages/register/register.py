"""Register: what wants attention, and every case."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import streamlit as st

from consent.cases.view import view_register
from pages.register import case
from pages.register.export import offer_export
from pages.register.filters import ask_query, clear_query
from pages.register.rows import show_rows
from pages.ui import backend, guard
from pages.ui.errors import show_errors_last
from pages.ui.look import literal

if TYPE_CHECKING:
    from collections.abc import Sequence

    from consent.cases.reminders import Reminder

PER_PAGE = 25
_REMINDERS_AT_ONCE = 5
_REMINDERS_MORE = 50
# In the session, so that nobody else sees what this role may see, and it goes with the sign-in.
_VIEW = "register-view"


def page() -> None:
    """Show the page."""
    actor = guard.signed_in()
    services = backend.services()
    guard.heading("Register", actor)
    with show_errors_last():
        view = view_register(services, st.session_state.get(_VIEW))
    st.session_state[_VIEW] = view
    _remind(view.reminders)
    if not view.cases:
        st.info("Nothing is in the register yet.", icon=":material/inbox:")
        return
    query = ask_query(view, by_name=services.policy.sees_names(actor))
    entries = view.answers(services, query, actor)
    count = len(entries)
    left, right = st.columns([3, 2], vertical_alignment="center")
    left.markdown(f"**{count:,} case{'' if count == 1 else 's'}**, the newest first")
    with right.container(horizontal=True, horizontal_alignment="right"):
        if len(view.cases) > count:
            st.button("Clear the filters", icon=":material/filter_list_off:", on_click=clear_query)
        offer_export(services, query, count, actor)
    if not entries:
        st.info("No case answers to this.", icon=":material/search_off:")
        return
    # Filled once the number of the page is known from the widget below.
    rows = st.container(gap="xsmall")
    number, pages = 1, math.ceil(count / PER_PAGE)
    if pages > 1:
        with st.container(horizontal_alignment="center"):
            number = st.pagination(pages, key=f"register-page-{hash(query)}")
    with rows:
        shown = entries[(number - 1) * PER_PAGE : number * PER_PAGE]
        show_rows(shown, services.policy, case.as_page())


def _remind(reminders: Sequence[Reminder]) -> None:
    if not reminders:
        return
    with st.container(border=True, key="reminders", gap="xsmall"):
        count = len(reminders)
        st.markdown(f"**:material/notifications: {count:,} to look at**")
        _links(reminders[:_REMINDERS_AT_ONCE])
        if rest := reminders[_REMINDERS_AT_ONCE:]:
            with st.expander(f"{len(rest):,} more"):
                _links(rest[:_REMINDERS_MORE])
                if (left := len(rest) - _REMINDERS_MORE) > 0:
                    st.caption(f"And {left:,} after these.")


def _links(reminders: Sequence[Reminder]) -> None:
    for reminder in reminders:
        label = reminder.label
        with st.container(horizontal=True, vertical_alignment="center", gap="xsmall", wrap=False):
            st.page_link(
                case.as_page(), label=f":primary[**{label}**]", query_params={"case": label}
            )
            st.markdown(literal(reminder.sentence))
