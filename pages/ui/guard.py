"""Who acts: looked up anew at every run. Every page begins here, and shows nothing to nobody."""

from __future__ import annotations

from pathlib import Path

import streamlit as st

from consent.access import present
from consent.access.present import Present
from consent.domain.actors import Actor
from pages.ui import backend, help_panel
from pages.ui.in_browser import from_files

# Set by the gate before the program, which takes away whatever a browser sends under that name.
_SESSION_HEADER = "X-Likeness-Session"
# Out of the page, so that the browser forgets all that it shows.
_SIGN_OUT = '<form method="post" action="/sign-out"><button>Sign out</button></form>'
# Shown by shell.js, also where the keys are turned off.
_KEYS = '<button type="button" data-likeness="keys">Keyboard shortcuts (?)</button>'
# Notices that the sign-in has ended, and goes where one signs in again.
_watch = from_files(Path(__file__).with_name("signed_in.js"))


def who_is_here() -> Present | None:
    """Return whose session this page is open in; None if it has ended or never was."""
    session_id = st.context.headers.get(_SESSION_HEADER, "")
    return present.by_id(backend.services(), session_id) if session_id else None


def is_signed_in() -> bool:
    """Say whether anybody is known to act."""
    return who_is_here() is not None


def is_demo() -> bool:
    """Say whether this is the demonstration, where nobody signs in."""
    found = who_is_here()
    return found is not None and found.is_demo


def signed_in() -> Actor:
    """Return who acts; end the page there if nobody is known to."""
    found = who_is_here()
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
    found = who_is_here()
    if found is not None and found.is_demo:
        with st.container(border=True, horizontal=True):
            st.html(
                "<b>This is a demonstration with sample photos:</b> nobody signs in. Do not "
                f"record real people here. {link('/sign-in', 'Try it in another role')}"
            )
    st.set_page_config(page_title=f"{title} - Likeness")
    left, right = st.columns([3, 2], vertical_alignment="bottom")
    left.title(title, anchor=False)
    with right.container(horizontal=True, horizontal_alignment="right"):
        help_panel.offer(title)
        with st.popover(actor.id, icon=":material/person:"):
            _show_account(actor, found)


def _show_account(actor: Actor, found: Present | None) -> None:
    roles = ", ".join(role.words for role in sorted(actor.roles))
    st.markdown(f"{roles}. What you do here is logged under this name.")
    st.html(_KEYS)
    st.html(link("/accounts", "Who may do what here"))
    if found is not None and found.is_demo:
        st.html(link("/sign-in", "Try it in another role"))
    else:
        st.html(f"{link('/account/password', 'Change your password')}{_SIGN_OUT}")


def link(address: str, words: str) -> str:
    """Return a link that stays in the tab, unlike one of Markdown."""
    return f'<a href="{address}" target="_self">{words}</a>'
