"""Fields and buttons of a form, what was typed kept until it is done; what is asked back."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass
from datetime import date
from typing import Any, Literal, TypeVar

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from consent.cases.intake import Question, QuestionKind, UnansweredError
from consent.domain.fields import BY_NAME, Part
from pages.ui.errors import show_errors
from pages.ui.look import literal, show_case_link
from pages.ui.words import DATE_FORMAT, EARLIEST

_T = TypeVar("_T")


REQUIRED = " (required)"
_PRESSED = "pressed"


def required(label: str) -> str:
    """Return the label of a field without which nothing is saved, marked alike everywhere."""
    return f"{label}{REQUIRED}"


def button_after(missing: Sequence[str], label: str, **given: Any) -> bool:  # noqa: ANN401 - Streamlit's
    """Offer a button; while something is missing, it is gray, and what to do first stands below.

    `missing` says that as in "choose a channel"; `given` goes to the button. One that was pressed
    just before something came to be missing does nothing, and it is said so.
    """
    # Of a gray button, Streamlit does not say that it was pressed when it was not gray yet.
    noted = f"{_PRESSED}-{given.get('key', label)}"
    if "on_click" not in given:
        given |= {"on_click": st.session_state.__setitem__, "args": (noted, True)}
    wanted = st.button(label, disabled=bool(missing), **given)
    if st.session_state.pop(noted, False) and missing:
        st.warning("Nothing is saved yet.", icon=":material/front_hand:")
    say_first(missing)
    return wanted and not missing


def say_first(missing: Sequence[str]) -> None:
    """Say what must be done before something can be saved."""
    if missing:
        st.caption(f":material/touch_app: First {', and '.join(missing)}.")


def say_too_long(text: str, most: int, instead: str = "Shorten it.") -> None:
    """Say that a text has more than so many characters, and what to do about it.

    The browser's own limit would drop a longer one that is pasted, without a word.
    """
    if (count := len(text.strip())) > most:
        st.error(
            f"At most {most:,} characters; this has {count:,}. {instead}",
            icon=":material/text_fields:",
        )


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

    def begun(self, name: str, value: object) -> str:
        """Return the key of a field that begins with a value.

        It is not passed to the widget as its default: of a value that was brought back, Streamlit
        warns that there are two.
        """
        key = self.key(name)
        if value is not None:
            st.session_state.setdefault(key, value)
        return key

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
        """Ask for a line of at most so many letters; the browser never suggests a private one.

        A longer one stays as it was typed, and it is said; what saves it refuses it.
        """
        with at or nullcontext():
            text = st.text_input(
                label,
                placeholder=example,
                help=advice,
                autocomplete="off" if private else None,
                key=self.begun(name, value),
                persist_state=self.kept,
            )
            say_too_long(text, most)
        return text.strip()

    def ask(
        self,
        field: str,
        example: str = "",
        *,
        key: str = "",
        value: str = "",
        at: DeltaGenerator | None = None,
        advice: str | None = None,
        needed: bool = False,
    ) -> str:
        """Ask for a text of a revocation, as the table of its fields has it.

        One that was entered before the table was shortened is not cut off.
        """
        asked = BY_NAME[field]
        return self.text(
            required(asked.label) if needed else asked.label,
            key or key_of(field),
            max(asked.most, len(value)),
            example,
            value=value,
            at=at,
            advice=advice,
            private=asked.part in {Part.PERSON, Part.REQUESTER},
        )

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
                None,
                min_value=earliest,
                key=self.begun(name, value),
                persist_state=self.kept,
                format=DATE_FORMAT,
            )

    def tick(
        self, label: str, name: str, *, value: bool = False, advice: str | None = None
    ) -> bool:
        """Ask for yes or no."""
        key = self.begun(name, value)
        return st.checkbox(label, key=key, persist_state=self.kept, help=advice)

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
                format_func=words.__getitem__,
                key=self.begun(name, value),
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


def key_of(field: str) -> str:
    """Return what a field of a revocation is called in a widget's key."""
    return field.replace("_", "-")


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
                    show_case_link(
                        question.label, f"Look at {question.label}", ":material/folder_open:"
                    )
            st.checkbox("I have checked this: it is right", key=self._tick)
            st.caption("Then press the button again.")


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
