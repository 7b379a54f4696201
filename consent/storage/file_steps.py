"""Files that a transaction writes: gone again where it is rolled back, so the database decides."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from pathlib import Path

_written: ContextVar[list[Path] | None] = ContextVar("written", default=None)


def was_written(path: Path) -> None:
    """Note that a file was made that is to last only if the transaction at work does."""
    paths = _written.get()
    if paths is not None:
        paths.append(path)


@contextmanager
def noting_written(paths: list[Path]) -> Iterator[None]:
    """Note the files that this thread makes."""
    before = _written.set(paths)
    try:
        yield
    finally:
        _written.reset(before)
