"""An address that is of another network than the post: asked back once, then recorded."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import streamlit as st

from consent.publishing.record import OtherNetworkError
from pages.ui.errors import show_errors
from pages.ui.look import literal


@contextmanager
def asking_about_address(url: str, button: str, key: str) -> Iterator[bool]:
    """Yield whether somebody has been asked about this very address, and pressed once more.

    Errors are said as sentences; `button` is what the one is called that records it.
    """
    with show_errors():
        try:
            yield st.session_state.get(key) == url
        except OtherNetworkError as error:
            st.session_state[key] = url
            said = f"{error.question} If it is right, press {button} once more."
            st.warning(literal(said), icon=":material/link:")
