"""Who may come in: accounts made, given roles, locked and reset by an administrator."""

from __future__ import annotations

import streamlit as st

from consent.access.accounts import (
    OneTimeCode,
    add_account,
    change_roles,
    list_accounts,
    lock_account,
    reset_account,
    unlock_account,
)
from consent.domain.access import Account, AccountKind
from consent.domain.actors import Actor, Role
from consent.domain.roles import Duty, table_of_roles
from consent.services import Services
from pages.ui import backend, guard
from pages.ui.errors import show_errors, show_errors_last
from pages.ui.form import button_after, required
from pages.ui.look import literal

_MADE = "accounts-code"


def page() -> None:
    """Show the accounts, and change them; to everybody, who may do what here."""
    actor = guard.signed_in()
    guard.heading("Accounts", actor)
    services = backend.services()
    keeps = guard.may_or_say_who(actor, Duty.KEEP_ACCOUNTS)
    if keeps:
        _keep(services, actor)
    with st.expander("Who may do what", icon=":material/table:", expanded=not keeps):
        st.markdown(_shown(table_of_roles(services.policy)))


def _shown(table: str) -> str:
    """Make the head of a table its first row: the look of all pages hides the heads."""
    head, line, *rows = table.split("\n")
    cells = [cell.strip() for cell in head.strip("|").split("|")]
    bold = "|".join(f" **{cell}** " for cell in cells)
    return "\n".join(["|" + " |" * len(cells), line, f"|{bold}|", *rows])


def _keep(services: Services, actor: Actor) -> None:
    with show_errors_last():
        accounts = list_accounts(services, actor)
    _show_code()
    for account in accounts:
        _show(services, account, actor)
    if not accounts:
        st.info("There are no accounts yet. Make the first one for an administrator.")
    st.header("New account", anchor=False)
    with st.form("new-account", clear_on_submit=True):
        name = st.text_input(
            required("Name"),
            max_chars=80,
            help="They sign in with this name, and the log shows it.",
        )
        roles = st.multiselect(required("Roles"), list(Role), format_func=lambda role: role.words)
        wanted = st.form_submit_button("Create the account", type="primary")
    if wanted:
        with show_errors():
            _tell(add_account(services, name, roles, actor))


def _show(services: Services, account: Account, actor: Actor) -> None:
    now = services.now()
    roles = ", ".join(role.words for role in sorted(account.roles))
    with st.container(border=True, horizontal=True, vertical_alignment="center"):
        remarks = ", ".join(account.remarks(now))
        state = f" ({remarks})" if remarks else ""
        st.markdown(f"**{literal(account.name)}**  \n{roles}{state}", width="stretch")
        with st.popover("Change", key=f"account-{account.id}"), show_errors():
            _change(services, account, actor, held=account.is_held(now))


def _change(services: Services, account: Account, actor: Actor, *, held: bool) -> None:
    chosen = st.multiselect(
        "Roles",
        list(Role),
        default=sorted(account.roles),
        format_func=lambda role: role.words,
        key=f"roles-{account.id}",
    )
    missing = ["choose other roles"] if set(chosen) == account.roles else []
    if button_after(missing, "Change the roles", key=f"change-{account.id}"):
        change_roles(services, account.name, chosen, actor)
        st.rerun()
    st.caption(
        "Locking an account, changing roles, or a new code signs them out everywhere at once."
    )
    if account.locked or held:
        if st.button("Unlock", key=f"unlock-{account.id}"):
            unlock_account(services, account.name, actor)
            st.rerun()
    elif st.button("Lock", key=f"lock-{account.id}"):
        lock_account(services, account.name, actor)
        st.rerun()
    by_password = account.kind is AccountKind.PERSON and not account.subject
    if by_password and st.button("Reset password and second step", key=f"reset-{account.id}"):
        _tell(reset_account(services, account.name, actor))


def _tell(made: OneTimeCode) -> None:
    st.session_state[_MADE] = made
    st.rerun()


def _show_code() -> None:
    """Show a code once, right after it was made."""
    made: OneTimeCode | None = st.session_state.pop(_MADE, None)
    if made is None:
        return
    st.success(
        f"Give this one-time code to {literal(made.name)}, in person or by phone. They open the "
        "program's address, press “I have a one-time code”, and choose a password. The code works "
        "for three days and is shown only now.",
        icon=":material/key:",
    )
    st.code(made.code, language=None)
