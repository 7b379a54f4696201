"""How the command line shows things: JSON, tables, progress, errors."""

from __future__ import annotations

import io
import json
import re
import sys
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from datetime import date
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from consent.domain.errors import BadInputError
from consent.domain.takedowns import Takedown
from media_index.types import Box

if TYPE_CHECKING:
    from rich.console import Console

# What moves the cursor or colours a terminal; a file name may hold any of it.
_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]")


@cache
def console(*, stderr: bool = False) -> Console:
    """Return the terminal. Loaded late: it takes as long as all else that --help needs."""
    from rich.console import Console

    # Emoji: a file may be called :cat:.jpg.
    return Console(stderr=stderr, highlight=False, soft_wrap=True, emoji=False)


def never_fail_on_letters() -> None:
    """Have letters that the terminal's encoding lacks printed as their numbers."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")


def escaped(text: str) -> str:
    """Return a text in one line, its control characters as in Python's source."""
    return _CONTROL.sub(lambda found: repr(found.group())[1:-1], text)


def _plain(text: str, *, stderr: bool) -> None:
    console(stderr=stderr).print(escaped(text), markup=False)


def _as_data(value: object) -> object:
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, Box):
        return value.as_list()
    raise TypeError(f"{value!r} is nothing that JSON has.")


def as_json(document: object) -> None:
    """Print one JSON document; days and boxes are written as 2026-05-14 and as their corners."""
    text = json.dumps(document, indent=2, ensure_ascii=False, default=_as_data)
    try:
        text.encode(sys.stdout.encoding or "utf-8")
    except UnicodeEncodeError:
        # Numbers as JSON writes them; those of Python are no JSON.
        text = json.dumps(document, indent=2, default=_as_data)
    sys.stdout.write(text + "\n")
    sys.stdout.flush()


def answer(document: object, text: str, *, json: bool) -> None:
    """Print an answer as text, or as one JSON document where that was asked for."""
    if json:
        as_json(document)
        return
    for part in text.split("\n"):
        line(part)


def error_line(sentence: str) -> None:
    """Print an error where errors belong."""
    console(stderr=True).print("likeness:", style="bold red", end=" ")
    _plain(sentence, stderr=True)


def aside(text: str) -> None:
    """Print plain text beside the answer, where it does not get into JSON."""
    _plain(text, stderr=True)


def line(text: str) -> None:
    """Print plain text in one line, whatever brackets and control characters it holds."""
    _plain(text, stderr=False)


def opened(takedowns: Iterable[Takedown]) -> None:
    """Print which takedowns a step has opened, and until when each must be done."""
    for takedown in takedowns:
        line(f"Opened takedown {takedown.label}, due {takedown.due_on}.")


def write_file(path: Path, content: bytes) -> None:
    """Write an answer that is a file.

    Raises:
        BadInputError: it cannot be written there.
    """
    try:
        path.write_bytes(content)
    except OSError as error:
        raise BadInputError(
            f"{path} cannot be written ({error.strerror}): choose another place."
        ) from error


@contextmanager
def progress(what: str) -> Iterator[Callable[[int, int], None]]:
    """Show count, rate and time left on a terminal; nothing where nobody looks."""
    from rich.progress import (
        BarColumn,
        MofNCompleteColumn,
        Progress,
        ProgressColumn,
        Task,
        TextColumn,
        TimeRemainingColumn,
    )
    from rich.text import Text

    class Rate(ProgressColumn):
        def render(self, task: Task) -> Text:
            return Text(f"{task.finished_speed or task.speed or 0:.1f}/s")

    columns = (
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        Rate(),
        TimeRemainingColumn(),
    )
    with Progress(*columns, console=console(stderr=True), transient=True) as bar:
        task = bar.add_task(what, total=None)

        def tell(done: int, total: int) -> None:
            bar.update(task, completed=done, total=total or None)

        yield tell
