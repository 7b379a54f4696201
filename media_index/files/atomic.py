"""Files written whole or not at all, and readable by their owner alone."""

from __future__ import annotations

import contextlib
import os
import stat
import tempfile
import time
from collections.abc import Iterable
from pathlib import Path
from typing import BinaryIO

_DRAFT = ".draft-"
_DRAFT_SECONDS = 600
_FOLDER_MODE, _FILE_MODE = 0o700, 0o600
_OTHERS = 0o077
# Windows writes the ends of lines anew otherwise.
_NEW = os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0)


def write_once(path: Path, content: bytes, drafts: Path | None = None) -> bool:
    """Write a file unless it is there; for files named by their content. Says if it was written.

    Raises:
        OSError: the disk refuses.
    """
    if path.exists():
        return False
    write_whole(path, [content], drafts=drafts)
    return True


def write_whole(
    path: Path, parts: Iterable[bytes], *, durable: bool = True, drafts: Path | None = None
) -> None:
    """Write a file, part by part; what was there before stays until all is written.

    What is not durable may be lost when the power fails, and is never written by half. `drafts` is
    the folder, of the same disk, where it stands until then; beside it by default.

    Raises:
        OSError: the disk refuses.
    """
    make_private_folder(path.parent)
    handle, draft = tempfile.mkstemp(dir=drafts or path.parent, prefix=_DRAFT)
    try:
        with os.fdopen(handle, "wb") as stream:
            for part in parts:
                stream.write(part)
            stream.flush()
            if durable:
                os.fsync(stream.fileno())
        os.replace(draft, path)  # noqa: PTH105 - mkstemp gives a string
    except BaseException:
        os.unlink(draft)  # noqa: PTH108
        raise


def make_private_folder(folder: Path) -> None:
    """Make a folder and those above it that are missing; mkdir gives the mode to the last only.

    Raises:
        OSError: the disk refuses.
    """
    for missing in reversed([path for path in (folder, *folder.parents) if not path.exists()]):
        missing.mkdir(mode=0o700, exist_ok=True)


def private_file(path: Path) -> BinaryIO:
    """Open a new file to be written, which its owner alone may read.

    Raises:
        FileExistsError: it is there.
        OSError: the disk refuses.
    """
    return os.fdopen(os.open(path, _NEW, _FILE_MODE), "wb")


def keep_private(folder: Path) -> None:
    """Take the permissions of others from a folder and what is in it, whoever gave them.

    All of it is looked at only if something at the top is open to others; what is elsewhere, and
    only linked to, stays as it is.
    """
    if not any(_is_open(path) for path in (folder, *folder.iterdir())):
        return
    for path in (folder, *folder.rglob("*")):
        if _is_open(path):
            # Another process may remove it, and another account's is not ours to change.
            with contextlib.suppress(FileNotFoundError, PermissionError):
                path.chmod(_FOLDER_MODE if path.is_dir() else _FILE_MODE)


def _is_open(path: Path) -> bool:
    try:
        status = path.lstat()
    except FileNotFoundError:
        return False
    return not stat.S_ISLNK(status.st_mode) and bool(status.st_mode & _OTHERS)


def remove_drafts(folder: Path, *, below: bool = True) -> None:
    """Remove what `write_once` left in a folder, and below, when its process was killed."""
    long_ago = time.time() - _DRAFT_SECONDS
    for draft in (folder.rglob if below else folder.glob)(f"{_DRAFT}*"):
        # A younger one may be another process's, at work. Two may remove the same.
        with contextlib.suppress(OSError):
            if draft.stat().st_mtime < long_ago:
                draft.unlink()


def by_content(folder: Path, sha256: str, suffix: str = "") -> Path:
    """Return where a file named by its SHA-256 lies below a folder."""
    return folder / sha256[:2] / f"{sha256}{suffix}"
