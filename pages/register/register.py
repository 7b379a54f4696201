"""Register: what wants attention, and every case; the list is filtered, and exported."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from consent.cases.export import export_register
from consent.cases.reminders import Reminder
from consent.cases.search import RegisterEntry, RegisterQuery
from consent.cases.view import RegisterOverview, list_entries, view_register
from consent.domain.actors import Actor
from consent.domain.cases import State
from consent.domain.channels import ChannelKind
from consent.domain.policy import Policy
from consent.domain.roles import Duty
from consent.domain.terms import Scope
from consent.domain.typed_texts import NAME, NOTE
from consent.domain.wording import counted
from consent.services import Services
from pages.ui import backend, guard
from pages.ui.errors import show_errors, show_errors_last
from pages.ui.form import Form, required, say_too_long
from pages.ui.look import literal, one_page, show_case_link
from pages.ui.words import safety_badge, short_day, state_badge, state_words

PER_PAGE = 25
_REMINDERS_AT_ONCE = 5
_REMINDERS_MORE = 50
# Which cases answered, so that a click does not search all names again.
_FOUND = "register-found"
_FILTERS = Form("register-{}".format, "session")
# What a filter holds when nothing is looked for.
_EMPTY: dict[str, object] = {
    "text": "",
    "states": [],
    "kind": None,
    "branch": None,
    "from": None,
    "to": None,
    "safety": False,
    "ending": None,
}
_ENDS = {State.HELD: "Ends", State.LAPSED: "Ended", State.ENDED: "Ended after"}


def page() -> None:
    """Show the page."""
    actor = guard.signed_in()
    services = backend.services()
    guard.heading("Register", actor)
    with show_errors_last():
        view = view_register(services, actor)
    _remind(view.reminders)
    if not len(view):
        st.info("The register is empty.", icon=":material/inbox:")
        return
    query = _ask_query(view, by_name=services.policy.sees_names(actor))
    found = view.answers(services, query, actor, st.session_state.get(_FOUND))
    st.session_state[_FOUND] = found
    count = len(found.ids)
    left, right = st.columns([3, 2], vertical_alignment="center")
    left.markdown(f"**{count:,} case{'' if count == 1 else 's'}**, newest first")
    with right.container(horizontal=True, horizontal_alignment="right"):
        if len(view) > count:
            st.button("Clear the filters", icon=":material/filter_list_off:", on_click=_clear_query)
        if guard.may(actor, Duty.EXPORT) and st.button(
            "Export as CSV", icon=":material/download:", key="register-export"
        ):
            _export(services, query, count, actor)
    if not found.ids:
        st.info("No matching cases.", icon=":material/search_off:")
        return
    rows = st.container(gap="xsmall")
    shown = one_page(found.ids, PER_PAGE, f"register-page-{hash(query)}")
    with rows:
        for entry in list_entries(services, shown, actor):
            _show_row(entry, services.policy)


def _remind(reminders: Sequence[Reminder]) -> None:
    if not reminders:
        return
    with st.container(border=True, key="reminders", gap="xsmall"):
        words = counted(len(reminders), "case needs attention", "cases need attention")
        st.markdown(f"**:material/notifications: {words}**")
        _show_reminders(reminders[:_REMINDERS_AT_ONCE])
        if rest := reminders[_REMINDERS_AT_ONCE:]:
            with st.expander(f"{len(rest):,} more"):
                _show_reminders(rest[:_REMINDERS_MORE])
                if (left := len(rest) - _REMINDERS_MORE) > 0:
                    st.caption(f"And {left:,} after these.")


def _show_reminders(reminders: Sequence[Reminder]) -> None:
    for reminder in reminders:
        with st.container(horizontal=True, vertical_alignment="center", gap="xsmall", wrap=False):
            show_case_link(reminder.label, f":primary[**{reminder.label}**]")
            st.markdown(literal(reminder.sentence))


def _ask_query(view: RegisterOverview, *, by_name: bool) -> RegisterQuery:
    """Ask what to look for; by name only for roles that may see names."""
    text = st.text_input(
        "Number or name" if by_name else "Number",
        max_chars=NAME,
        placeholder="R-0042 or a name" if by_name else "R-0042",
        icon=":material/search:",
        key=_FILTERS.key("text"),
        persist_state=_FILTERS.kept,
        autocomplete="off",
    )
    states = st.pills(
        "State",
        list(State),
        selection_mode="multi",
        format_func=state_words,
        key=_FILTERS.key("states"),
        persist_state=_FILTERS.kept,
        label_visibility="collapsed",
    )
    with st.expander("More filters", icon=":material/filter_list:"):
        left, middle, right = st.columns(3)
        kind = _FILTERS.any_of(
            "Covers", "kind", list(ChannelKind), "Any use", words=lambda kind: kind.words, at=left
        )
        branch = _FILTERS.any_of("Branch", "branch", view.branches(), "Any branch", at=middle)
        ending = _FILTERS.any_of(
            "Ends within",
            "ending",
            [7, 14, 30, 90],
            "Any time",
            words=lambda days: f"{days} days",
            at=right,
        )
        start = _FILTERS.day("Received from", "from", at=left)
        end = _FILTERS.day("Received to", "to", at=middle)
        with right.container(height="stretch", vertical_alignment="bottom"):
            safety = _FILTERS.tick("Safety concern only", "safety")
    text, chosen = text.strip(), frozenset(states)
    return RegisterQuery(text, chosen, kind, branch or "", start, end, safety, ending)


def _clear_query() -> None:
    for name, empty in _EMPTY.items():
        st.session_state.pop(_FILTERS.key(name), None)
        st.session_state[_FILTERS.key(name)] = empty


@st.dialog("Export the register")
def _export(services: Services, query: RegisterQuery, count: int, actor: Actor) -> None:
    """Make a CSV of the cases that are listed."""
    cases = counted(count, "case")
    st.markdown(f"{cases}, as listed. The reason is kept in the log, under your name.")
    reason = st.text_input(
        required("What is the export for?"),
        placeholder="Open-records request 2026-17",
        key="export-reason",
    )
    say_too_long(reason, NOTE)
    if not st.button("Make the file", type="primary", key="export-make"):
        return
    with show_errors():
        content = export_register(services, query, reason, actor)
        st.download_button(
            "Save the file",
            # With a byte-order mark: spreadsheets take a file without one for another encoding.
            content.encode("utf-8-sig"),
            file_name=f"register-{services.today():%Y-%m-%d}.csv",
            mime="text/csv",
            icon=":material/download:",
            on_click="ignore",
        )


def _show_row(entry: RegisterEntry, policy: Policy) -> None:
    label = entry.case.label
    with st.container(border=True, key=f"register-row-{label}"):
        number, who, state, covers, when = st.columns(
            [1.3, 2.4, 2, 3, 2.6], vertical_alignment="center", gap="small"
        )
        with number:
            show_case_link(label, f":primary[**{label}**]")
        who.markdown(literal(entry.name) if entry.name else ":gray[Name withheld]")
        with state.container(gap="xxsmall"):
            state_badge(entry.state)
            if entry.terms.safety:
                safety_badge()
        covers.markdown(literal(_short_scope(entry.terms.scope, policy)))
        when.caption("  \n".join(_when(entry)))


def _short_scope(scope: Scope, policy: Policy) -> str:
    """Say in a few words what a scope covers."""
    if scope.all_channels:
        uses = "All uses"
    else:
        named = [kind.whole.lower() for kind in ChannelKind if kind in scope.kinds]
        named += [channel.label for channel in policy.channels if channel.id in scope.channels]
        uses = ", ".join(named) or "No use"
    limits = []
    if events := len(scope.event_ids):
        limits.append(counted(events, "event"))
    if photos := len(scope.photo_ids):
        limits.append(counted(photos, "photo"))
    return f"{uses[:1].upper()}{uses[1:]}" + (f", {' and '.join(limits)} only" if limits else "")


def _when(entry: RegisterEntry) -> list[str]:
    submission = entry.case.submission
    at = f", {literal(submission.branch)}" if submission.branch else ""
    lines = [f"Received {short_day(submission.on)}{at}"]
    if entry.ends_on is not None:
        lines.append(f"{_ENDS.get(entry.state, 'Ends after')} {short_day(entry.ends_on)}")
    return lines
