"""The only place that turns errors into words on a page."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from contextlib import contextmanager

import streamlit as st

from consent.domain.errors import ConsentError, SetupError
from media_index.errors import InstallationError, MediaIndexError
from pages.ui.look import literal

_log = logging.getLogger(__name__)


@contextmanager
def show_errors() -> Iterator[None]:
    """Say an error as its sentence, and go on after the block."""
    try:
        yield
    except (ConsentError, MediaIndexError) as error:
        _show(error)


def _show(error: Exception) -> None:
    """Say an error; what only the library's IT can mend is folded away beneath."""
    if not isinstance(error, (SetupError, InstallationError)):
        st.error(literal(str(error)), icon=":material/error:")
        return
    st.error(
        "The program can't do this until your IT fixes its setup. You did nothing wrong: show "
        "them this page.",
        icon=":material/error:",
    )
    with st.expander("For your IT", icon=":material/build:"):
        st.markdown(literal(str(error)))


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
        _show(error)
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
