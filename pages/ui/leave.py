"""What somebody may do, so that no page offers what would end in a refusal."""

from __future__ import annotations

import streamlit as st

from consent.domain import roles
from consent.domain.actors import Actor
from consent.domain.roles import Duty
from pages.ui import backend
from pages.ui.look import literal


def may(actor: Actor, duty: Duty) -> bool:
    """Say whether somebody may do something, in any role of theirs."""
    return roles.may(actor, duty, backend.services().policy)


def may_or_say_who(actor: Actor, duty: Duty) -> bool:
    """Say whether somebody may do something; where not, show who may."""
    if may(actor, duty):
        return True
    st.caption(literal(roles.who_may_words(duty, backend.services().policy)))
    return False
