"""Fields of a form: what was typed stays until the form is done, whatever else is pressed."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from contextlib import nullcontext
from dataclasses import dataclass
from datetime import date
from typing import Literal, TypeVar

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from pages.ui.words import DATE_FORMAT, EARLIEST

_T = TypeVar("_T")


@dataclass(frozen=True, slots=True)
class Form:
    """How the widgets of a form are named, and for how long they keep what was typed.

    Each field has a label, a name that makes its key, and `at`, the column it stands in.

    Attributes:
        key: makes a widget's key from a field's name.
        kept: until another page is opened, or until the session ends.
    """

    key: Callable[[str], str]
    kept: Literal["page", "session"]

    def text(
        self,
        label: str,
        name: str,
        most: int,
        example: str = "",
        *,
        value: str = "",
        at: DeltaGenerator | None = None,
        advice: str | None = None,
        private: bool = False,
    ) -> str:
        """Ask for a line of at most so many letters; the browser never suggests a private one."""
        with at or nullcontext():
            text = st.text_input(
                label,
                value,
                max_chars=most,
                placeholder=example,
                help=advice,
                autocomplete="off" if private else None,
                key=self.key(name),
                persist_state=self.kept,
            )
        return text.strip()

    def day(
        self,
        label: str,
        name: str,
        value: date | None = None,
        *,
        at: DeltaGenerator | None = None,
        earliest: date | None = EARLIEST,
    ) -> date | None:
        """Ask for a day, which may be left empty."""
        with at or nullcontext():
            return st.date_input(
                label,
                value,
                min_value=earliest,
                key=self.key(name),
                persist_state=self.kept,
                format=DATE_FORMAT,
            )

    def tick(
        self, label: str, name: str, *, value: bool = False, advice: str | None = None
    ) -> bool:
        """Ask for yes or no."""
        return st.checkbox(label, value, key=self.key(name), persist_state=self.kept, help=advice)

    def one_of(
        self,
        label: str,
        name: str,
        words: Mapping[_T, str],
        value: _T | None = None,
        *,
        at: DeltaGenerator | None = None,
    ) -> _T:
        """Ask for one of some things, beginning with a value or with the first."""
        options = list(words)
        with at or nullcontext():
            return st.selectbox(
                label,
                options,
                index=0 if value is None else options.index(value),
                format_func=words.__getitem__,
                key=self.key(name),
                persist_state=self.kept,
            )

    def tapped(
        self,
        label: str,
        name: str,
        words: Mapping[_T, str],
        *,
        at: DeltaGenerator | None = None,
    ) -> _T | None:
        """Ask for one of a few things, all in sight, by one tap; at first none is chosen."""
        with at or nullcontext():
            return st.pills(
                label,
                list(words),
                format_func=words.__getitem__,
                key=self.key(name),
                persist_state=self.kept,
                # On a phone the last one would stand beyond the edge.
                wrap=True,
            )

    def any_of(
        self,
        label: str,
        name: str,
        options: Sequence[_T],
        empty: str,
        *,
        words: Callable[[_T], str] = str,
        at: DeltaGenerator | None = None,
    ) -> _T | None:
        """Ask for one of some things or none, which is said in the words of `empty`."""
        with at or nullcontext():
            return st.selectbox(
                label,
                options,
                index=None,
                format_func=words,
                placeholder=empty,
                key=self.key(name),
                persist_state=self.kept,
            )
