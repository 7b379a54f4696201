"""The only place that turns errors into words on a page."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from contextlib import contextmanager

import streamlit as st

from consent.domain.errors import ConsentError
from media_index.errors import MediaIndexError
from pages.ui.look import literal

_log = logging.getLogger(__name__)


@contextmanager
def show_errors() -> Iterator[None]:
    """Say an error as its sentence, and go on after the block."""
    try:
        yield
    except (ConsentError, MediaIndexError) as error:
        st.error(literal(str(error)), icon=":material/error:")


@contextmanager
def keep_errors(kept: list[str], about: str) -> Iterator[None]:
    """Keep an error as its sentence, to be shown later; `about` is the name of what it is about."""
    try:
        yield
    except (ConsentError, MediaIndexError) as error:
        kept.append(f"{about}: {error}")


@contextmanager
def show_errors_last() -> Iterator[None]:
    """Say an error as its sentence, and end the page there."""
    try:
        yield
    except (ConsentError, MediaIndexError) as error:
        st.error(literal(str(error)), icon=":material/error:")
        st.stop()


@contextmanager
def show_unforeseen() -> Iterator[None]:
    """Say in plain words that something went wrong which nobody foresaw; the log has the rest."""
    try:
        with show_errors():
            yield
    except Exception:  # noqa: BLE001 - the last resort, and the log has it
        _log.exception("A page failed")
        st.error(
            "Something unexpected went wrong. Try again. If it happens again, ask your IT to look "
            "at the server's log.",
            icon=":material/error:",
        )
