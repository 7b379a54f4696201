"""Who acts. Every page begins here; without an answer it shows nothing else."""

from __future__ import annotations

import streamlit as st

from consent.domain.actors import Actor, Role

_ACTOR = "actor"
_DOES = {
    Role.COMMUNICATIONS: "Communications: I publish photos",
    Role.DESK: "Desk: I take revocations from patrons",
    Role.PRINT_EDITOR: "Print editor: I make printed pieces",
    Role.PHOTOGRAPHER: "Photographer: I take photos and ask people",
    Role.DIRECTOR: "Director: I decide doubtful cases",
    Role.RECORDS: "Records officer: I answer for the records",
    Role.ADMIN: "Administrator: I keep the program running",
}


def is_signed_in() -> bool:
    """Say whether this session knows who acts."""
    return _ACTOR in st.session_state


def signed_in() -> Actor:
    """Return who acts; ask, and end the page there, if nobody has said so yet."""
    if not is_signed_in():
        _ask()
    if not is_signed_in():
        st.stop()
    actor: Actor = st.session_state[_ACTOR]
    return actor


def heading(title: str, actor: Actor) -> None:
    """Head a page with its title and who acts."""
    left, right = st.columns([4, 1], vertical_alignment="bottom")
    left.title(title, anchor=False)
    role = _DOES[actor.role].partition(":")[0]
    with (
        right.container(horizontal_alignment="right"),
        st.popover(actor.id, icon=":material/person:", help=f"You act as {actor.id}"),
    ):
        st.markdown(f"{role}. What you do here is logged under this name.")
        st.button("Somebody else works here now", on_click=st.session_state.clear)


def _ask() -> None:
    with st.container(horizontal_alignment="center"), st.container(width=460):
        st.title("Likeness", anchor=False)
        st.markdown(
            "Check whether somebody in a photo has asked not to be shown, "
            "and record it when they ask.",
        )
        with st.form("who"):
            name = st.text_input("Your name", autocomplete="name", max_chars=80)
            role = st.selectbox("You work as", list(_DOES), format_func=_DOES.__getitem__)
            begin = st.form_submit_button("Begin", type="primary", width="stretch")
        if begin and not name.strip():
            st.error("Your name is missing: the log keeps who checked and who recorded.")
        elif begin:
            st.session_state[_ACTOR] = Actor(name.strip(), role)
            st.rerun()
        st.caption("Nothing leaves this computer: photos are compared here.")
