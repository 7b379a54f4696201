"""The people in a photo: who was asked, and who is not to be asked again."""

from __future__ import annotations

from typing import TYPE_CHECKING

import streamlit as st

if TYPE_CHECKING:
    from consent.printing.asking import PersonToAsk


def warn_of(person: PersonToAsk) -> None:
    """Say who has asked already, once and in writing, not to be shown: nobody asks them again."""
    if person.revoked:
        st.error(
            f"Face {person.number}: {' and '.join(person.revoked)} asked not to be shown. Do not "
            "ask again; leave this person out.",
            icon=":material/front_hand:",
        )
    elif person.perhaps:
        st.warning(
            f"Face {person.number} may be {' or '.join(person.perhaps)}, who asked not to be "
            "shown: look under Review before you ask.",
            icon=":material/visibility:",
        )


def label_of(person: PersonToAsk) -> str:
    """Return what stands on the button of a face."""
    if person.revoked:
        return f"{person.number} do not ask"
    if person.answer is None:
        return str(person.number)
    return f"{person.number} {'yes' if person.answer.given else 'no'}"
