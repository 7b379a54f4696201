"""Who acts, looked up anew at every run, and what they may do. Every page begins here.

Nobody is shown anything; no page offers what would end in a refusal.
"""

from __future__ import annotations

import tomllib
from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlsplit

import streamlit as st

from consent.access import present
from consent.access.menu import GROUPS as GROUPS  # noqa: PLC0414 - for the app
from consent.access.menu import HOME as HOME  # noqa: PLC0414 - for the app
from consent.access.menu import open_to
from consent.access.present import Present
from consent.access.second import by_fresh_session, by_password, in_demonstration, of_demonstration
from consent.domain import roles
from consent.domain.actors import Actor
from consent.domain.roles import Duty
from consent.services import Services
from consent.settings import ROOT
from pages.ui import backend
from pages.ui.look import from_files, literal

# Who acts, as `signed_in` found it in this run of the page.
_HERE = "likeness-here"
# Set by the gate before the program, which takes away whatever a browser sends under that name.
_SESSION_HEADER = "X-Likeness-Session"
# Out of the page, so that the browser forgets all that it shows.
_SIGN_OUT = '<form method="post" action="/sign-out"><button>Sign out</button></form>'
# Shown by shell.js, also where the keys are turned off.
_KEYS = '<button type="button" data-likeness="keys">Keyboard shortcuts (?)</button>'
# Notices that the sign-in has ended, and goes where one signs in again.
_watch = from_files(Path(__file__).with_name("signed_in.js"))
_TEXTS = ROOT / "data" / "texts" / "help.toml"
AGREE = "Agree as the second person"
# The provider is told to ask for the password again, and comes back to this page.
_PROVIDER = "/sign-in/provider?again&after="


def who_is_here() -> Present | None:
    """Return whose session this page is open in; None if it has ended or never was."""
    session_id = st.context.headers.get(_SESSION_HEADER, "")
    return present.by_id(backend.services(), session_id) if session_id else None


def is_demo() -> bool:
    """Say whether this is the demonstration, where nobody signs in."""
    here: Present = st.session_state[_HERE]
    return here.is_demo


def signed_in() -> Actor:
    """Return who acts; end the page there if nobody is known to."""
    found = st.session_state[_HERE] = who_is_here()
    if found is None:
        st.title("Likeness", anchor=False)
        if _SESSION_HEADER in st.context.headers:
            st.html(f"The sign-in has ended. {link('/sign-in', 'Sign in again')}")
            _watch(key="signed-in", data={"ended": True})
        else:
            # Streamlit was started without the gate: there is no sign-in to go to.
            st.html("The program can't be used this way: start it with likeness serve.")
        st.stop()
    return found.actor


def watch() -> None:
    """Have the browser go to the sign-in when this session ends."""
    _watch(key="signed-in", data={"ended": False})


def heading(title: str, actor: Actor) -> None:
    """Head a page with its title and who acts."""
    if is_demo():
        with st.container(border=True, horizontal=True):
            st.html(
                "<b>This is a demonstration with sample photos:</b> nobody signs in. Do not "
                f"record real people here. {link('/sign-in', 'Try it in another role')}"
            )
    st.set_page_config(page_title=f"{title} - Likeness")
    left, right = st.columns([3, 2], vertical_alignment="bottom")
    left.title(title, anchor=False)
    with right.container(horizontal=True, horizontal_alignment="right"):
        _offer_help(title)
        with st.popover(actor.id, icon=":material/person:"):
            _show_account(actor)


def _show_account(actor: Actor) -> None:
    held = ", ".join(role.words for role in sorted(actor.roles))
    st.markdown(f"{held}. What you do here is logged under this name.")
    st.html(_KEYS)
    st.html(link("/accounts", "Who may do what here"))
    if is_demo():
        st.html(link("/sign-in", "Try it in another role"))
    else:
        st.html(f"{link('/account/password', 'Change your password')}{_SIGN_OUT}")


def link(address: str, words: str) -> str:
    """Return a link that stays in the tab, unlike one of Markdown."""
    return f'<a href="{address}" target="_self">{words}</a>'


def _offer_help(title: str) -> None:
    """Offer the help of a page, by its title."""
    said = _help_texts().get(title.partition(" R-")[0])
    if said is None:
        return
    with st.popover("Help", icon=":material/help:"):
        st.markdown(f"**{literal(said['for'])}**")
        st.markdown("\n".join(f"1. {literal(step)}" for step in said["steps"]))


@cache
def _help_texts() -> dict[str, Any]:
    return tomllib.loads(_TEXTS.read_text(encoding="utf-8"))


def may(actor: Actor, duty: Duty) -> bool:
    """Say whether somebody may do something, in any role of theirs."""
    return roles.may(actor, duty, backend.services().policy)


def may_or_say_who(actor: Actor, duty: Duty) -> bool:
    """Say whether somebody may do something; where not, show who may."""
    if may(actor, duty):
        return True
    st.caption(literal(roles.who_may_words(duty, backend.services().policy)))
    return False


def in_menu(here: Present | None) -> list[str]:
    """Return the addresses of the pages that whoever is here can use; none for nobody."""
    return [] if here is None else open_to(here.actor, backend.services().policy)


def ask_second(services: Services, first: Actor, duty: Duty, key: str) -> Actor | None:
    """Ask for another person than the first; return them once they have shown who they are.

    Raises:
        RefusedError: name, password and code let nobody in.
    """
    here = who_is_here()
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
            "Code from the authenticator app",
            max_chars=12,
            autocomplete="one-time-code",
            help="Only for accounts that have one.",
        )
        pressed = st.form_submit_button(AGREE, type="primary")
    if here.account.subject:
        back = quote(urlsplit(st.context.url or "").path, safe="")
        st.html(
            "No password for this program? Sign in yourself with your library's account, and "
            f"agree within five minutes. {link(_PROVIDER + back, 'Sign in again')}"
        )
    return by_password(services, name, password, code) if pressed else None


def _of_demonstration(services: Services, first: Actor, duty: Duty, key: str) -> Actor | None:
    st.caption(
        "In this demonstration nobody signs in, so choose who agrees. In your library, the "
        "second person types their own name and password here."
    )
    names = of_demonstration(services, first, duty)
    name = st.selectbox("Second person", names, key=f"{key}-demo")
    if st.button(AGREE, type="primary", key=f"{key}-agree") and name:
        return in_demonstration(services, name)
    return None
