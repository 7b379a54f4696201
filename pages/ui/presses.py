"""Buttons pressed on what has changed since it was drawn: they do nothing, and it is said."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import streamlit as st

_PRESSED = "pressed"


@dataclass(frozen=True, slots=True)
class Press:
    """A button as it was pressed, and which version was drawn then of what it is about."""

    about: str
    words: str
    version: int


def noted_press(about: str, words: str, version: int) -> dict[str, Any]:
    """Return what a button is given for its press to be known in the next run.

    There it may no longer be drawn, so that the press would be lost without a word.
    """
    return {"on_click": _note, "args": (Press(about, words, version),)}


def take_press() -> Press | None:
    """Return what was pressed before this run."""
    press: Press | None = st.session_state.pop(_PRESSED, None)
    return press


def _note(press: Press) -> None:
    st.session_state[_PRESSED] = press
