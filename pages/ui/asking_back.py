"""What a use case asks back before it saves, shown where the answer is given."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from contextlib import contextmanager

import streamlit as st

from consent.cases.intake import Question, QuestionKind, UnansweredError
from pages.ui.badges import show_link
from pages.ui.errors import show_errors
from pages.ui.look import literal


class AskingBack:
    """Questions about one thing that is to be saved, and whether somebody confirmed them."""

    def __init__(self, key: str, *about: bytes | str) -> None:
        """Take the place above the button; with something else to be saved it is asked anew."""
        digests = [
            hashlib.sha256(part.encode() if isinstance(part, str) else part).hexdigest()
            for part in about
        ]
        self._key = f"{key}-asked-{hashlib.sha256(''.join(digests).encode()).hexdigest()[:16]}"
        self._place = st.container()

    @property
    def _tick(self) -> str:
        said = "\n".join(question.sentence for question in self._questions)
        return f"{self._key}-{hashlib.sha256(said.encode()).hexdigest()[:16]}"

    @property
    def _questions(self) -> tuple[Question, ...]:
        kept: tuple[Question, ...] = st.session_state.get(self._key, ())
        return kept

    @property
    def confirmed(self) -> frozenset[QuestionKind]:
        """What was asked, if somebody has looked at it."""
        if not st.session_state.get(self._tick, False):
            return frozenset()
        return frozenset(question.kind for question in self._questions)

    @contextmanager
    def saving(self) -> Iterator[None]:
        """Save, say errors, and keep what is asked back."""
        with show_errors():
            try:
                yield
            except UnansweredError as error:
                self.keep(error.questions)

    def keep(self, questions: tuple[Question, ...]) -> None:
        """Keep what was asked back."""
        if questions:
            st.session_state[self._key] = questions

    def show(self) -> None:
        """Show what was asked back; called when saving was tried, so that it shows at once."""
        if not self._questions:
            return
        with self._place, st.container(border=True):
            for question in self._questions:
                st.warning(literal(question.sentence), icon=":material/content_copy:")
                if question.label:
                    show_link(question.label, f"Look at {question.label}", ":material/folder_open:")
            st.checkbox("I have looked at this: it is right all the same", key=self._tick)
            st.caption("Then press again.")
