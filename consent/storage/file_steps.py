"""Files that a transaction writes and removes: the database decides which are there.

What was written is gone again where the transaction is rolled back, and what it removes goes after
its commit.
"""

from __future__ import annotations

import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from pathlib import Path


@dataclass(slots=True)
class FileSteps:
    """What a transaction has written, and will remove."""

    written: list[Path] = field(default_factory=list)
    removed: list[Path] = field(default_factory=list)


_steps: ContextVar[FileSteps | None] = ContextVar("file_steps", default=None)


def was_kept(path: Path, *, new: bool) -> None:
    """Note that a file is wanted; a new one lasts only if the transaction at work does."""
    if not new:
        # So that it is younger than a note that would still remove it. A file system's own clock
        # is some milliseconds behind.
        now = time.time()
        os.utime(path, (now, now))
    steps = _steps.get()
    if steps is None:
        return
    if new:
        steps.written.append(path)
    if path in steps.removed:
        steps.removed.remove(path)


def remove(path: Path) -> None:
    """Remove a file once the transaction at work is committed; at once where there is none."""
    steps = _steps.get()
    if steps is None:
        path.unlink(missing_ok=True)
    else:
        steps.removed.append(path)


@contextmanager
def noting(steps: FileSteps) -> Iterator[None]:
    """Note what this thread does with files."""
    before = _steps.set(steps)
    try:
        yield
    finally:
        _steps.reset(before)
