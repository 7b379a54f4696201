"""Where a second person agrees: they show here who they are, and the first one stays signed in."""

from __future__ import annotations

from urllib.parse import quote, urlsplit

import streamlit as st

from consent.access.present import Present
from consent.access.second import by_fresh_session, by_password, in_demonstration, of_demonstration
from consent.domain import roles
from consent.domain.actors import Actor
from consent.domain.roles import Duty
from consent.services import Services
from pages.ui import guard
from pages.ui.look import literal

AGREE = "Agree as the second person"
# The provider is told to ask for the password again, and comes back to this page.
_PROVIDER = "/sign-in/provider?again&after="


def ask_second(services: Services, first: Actor, duty: Duty, key: str) -> Actor | None:
    """Ask for another person than the first; return them once they have shown who they are.

    Raises:
        RefusedError: name, password and code let nobody in.
    """
    here = guard.who_is_here()
    if here is None:
        return None
    with st.container(border=True, width=520):
        if here.is_demo:
            return _of_demonstration(services, first, duty, key)
        who = ", ".join(sorted(role.words.lower() for role in roles.who_may(duty, services.policy)))
        st.caption(
            literal(
                f"{first.id} entered this. Another person ({who}) agrees here with their own "
                "sign-in; you stay signed in."
            )
        )
        chosen = _is_here(services, here, first, key)
        return chosen or _signs_in(services, here, key)


def _is_here(services: Services, here: Present, first: Actor, key: str) -> Actor | None:
    """Offer it to whoever is signed in, if that is another person who has just come in."""
    fresh = here.session.is_fresh(services.now())
    if here.account.actor().is_same_person(first) or not fresh:
        return None
    if st.button(literal(f"Agree as {here.account.name}"), type="primary", key=f"{key}-here"):
        return by_fresh_session(here, services)
    st.caption("Or someone else agrees:")
    return None


def _signs_in(services: Services, here: Present, key: str) -> Actor | None:
    # Empty again at once: nobody at this computer reads what the other one typed.
    with st.form(f"{key}-second", border=False, clear_on_submit=True):
        name = st.text_input("Name", max_chars=80, autocomplete="off")
        password = st.text_input("Password", type="password", autocomplete="off", max_chars=200)
        code = st.text_input(
            "Code of the authenticator app",
            max_chars=12,
            autocomplete="one-time-code",
            help="Only for accounts that have one.",
        )
        pressed = st.form_submit_button(AGREE, type="primary")
    if here.account.subject:
        back = quote(urlsplit(st.context.url or "").path, safe="")
        st.html(
            "No password for this program? Sign in yourself with your library's account, and "
            f"agree within five minutes. {guard.link(_PROVIDER + back, 'Sign in again')}"
        )
    return by_password(services, name, password, code) if pressed else None


def _of_demonstration(services: Services, first: Actor, duty: Duty, key: str) -> Actor | None:
    st.caption(
        "In this demonstration nobody signs in: choose who you agree as. In your library the "
        "second person types their own name and password here."
    )
    names = of_demonstration(services, first, duty)
    name = st.selectbox("Second person", names, key=f"{key}-demo")
    if st.button(AGREE, type="primary", key=f"{key}-agree") and name:
        return in_demonstration(services, name)
    return None
