"""The only place that turns errors into words on a page."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING

import streamlit as st

from consent.errors import ConsentError
from media_index.errors import MediaIndexError
from pages.ui.look import literal

if TYPE_CHECKING:
    from collections.abc import Iterator


@contextmanager
def said() -> Iterator[None]:
    """Say an error as its sentence, and go on after the block."""
    try:
        yield
    except (ConsentError, MediaIndexError) as error:
        st.error(literal(str(error)), icon=":material/error:")


@contextmanager
def said_last() -> Iterator[None]:
    """Say an error as its sentence, and end the page there."""
    try:
        yield
    except (ConsentError, MediaIndexError) as error:
        st.error(literal(str(error)), icon=":material/error:")
        st.stop()
