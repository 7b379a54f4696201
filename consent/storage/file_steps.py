"""Files that a transaction writes and removes: the database decides which are there.

What was written is gone again where the transaction is rolled back, and what it removes goes after
its commit. What a process was writing when it was killed stands in a note beside it, until the next
start removes what nothing names.
"""

from __future__ import annotations

import contextlib
import os
import shutil
import time
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from pathlib import Path
from uuid import uuid4

from media_index.files.atomic import make_private_folder, write_once

_NOTE = ".writing-"
# How often a folder is removed into which somebody writes, or that somebody removes as well.
_TRIES = 3


@dataclass(slots=True)
class FileSteps:
    """What a transaction has written, and will remove.

    Attributes:
        named: what it will remove that lies elsewhere than by content, by its name in the home.
        notes: of what it writes below a folder, by the folder.
    """

    written: list[Path] = field(default_factory=list)
    removed: list[Path] = field(default_factory=list)
    named: dict[Path, str] = field(default_factory=dict)
    notes: dict[Path, Path] = field(default_factory=dict)

    def note(self, paths: Iterable[Path], folder: Path) -> None:
        """Note files below a folder before they are there."""
        note = self.notes.setdefault(folder, folder / f"{_NOTE}{uuid4().hex}")
        make_private_folder(folder)
        # For its owner alone, as all of the home.
        with os.fdopen(os.open(note, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600), "a") as lines:
            lines.writelines(f"{path.relative_to(folder).as_posix()}\n" for path in paths)
            lines.flush()
            os.fsync(lines.fileno())

    def forget_notes(self) -> None:
        """Say that what was written is named by the database, or gone.

        A note that stays is no harm: the next start looks at what it names.
        """
        for note in self.notes.values():
            with contextlib.suppress(OSError):
                note.unlink(missing_ok=True)


_steps: ContextVar[FileSteps | None] = ContextVar("file_steps", default=None)


def keep(path: Path, content: bytes, folder: Path) -> None:
    """Write a file below a folder unless it is there; named by its content.

    A new one lasts only if the transaction at work does.

    Raises:
        OSError: the disk refuses.
    """
    keep_all({path: content}, folder)


def keep_all(contents: Mapping[Path, bytes], folder: Path) -> None:
    """Write several files likewise, noted at once.

    Raises:
        OSError: the disk refuses.
    """
    steps = _steps.get()
    missing = [path for path in contents if not path.exists()]
    if steps is not None and missing:
        steps.note(missing, folder)
    for path, content in contents.items():
        _keep(path, content, folder, steps)


def in_step() -> bool:
    """Say whether a transaction is at work that decides which files last."""
    return _steps.get() is not None


def _keep(path: Path, content: bytes, folder: Path, steps: FileSteps | None) -> None:
    new = write_once(path, content, folder)
    if not new:
        # So that it is younger than a note that would still remove it. A file system's own clock
        # is some milliseconds behind.
        now = time.time()
        os.utime(path, (now, now))
    if steps is None:
        return
    if new:
        steps.written.append(path)
    if path in steps.removed:
        steps.removed.remove(path)


def remove(path: Path, home: Path | None = None) -> None:
    """Remove a file once the transaction at work is committed; at once where there is none.

    `home`: the data home, for a file or folder in it that is not kept by its content.
    """
    steps = _steps.get()
    if steps is None:
        remove_whole(path)
    else:
        if home is not None:
            steps.named[path] = path.relative_to(home).as_posix()
        steps.removed.append(path)


def remove_whole(path: Path) -> None:
    """Remove a file, or a folder with all that is in it, unless it is gone already.

    Raises:
        OSError: it is still there.
    """
    for left in reversed(range(_TRIES)):
        try:
            if path.is_dir():
                shutil.rmtree(path)
            else:
                path.unlink(missing_ok=True)
        except OSError:
            if not left and path.exists():
                raise
        else:
            return


@contextmanager
def noting(steps: FileSteps) -> Iterator[None]:
    """Note what this thread does with files."""
    before = _steps.set(steps)
    try:
        yield
    finally:
        _steps.reset(before)


def was_left(folder: Path) -> bool:
    """Say whether a process may have been killed while it wrote below a folder."""
    return any(folder.glob(f"{_NOTE}*"))


def remove_left(folder: Path, named: Callable[[Collection[str]], Collection[str]]) -> None:
    """Remove what processes that were killed have written below a folder and nothing names.

    Only while nobody else writes. `named` returns those of some names that the database names; a
    name is the file's without its suffix.
    """
    for note in folder.glob(f"{_NOTE}*"):
        # Whoever has just committed removes their own.
        with contextlib.suppress(FileNotFoundError):
            written = [folder / line for line in note.read_text("ascii").splitlines()]
            kept = named({path.stem for path in written})
            for path in written:
                if path.stem not in kept:
                    path.unlink(missing_ok=True)
            note.unlink()
