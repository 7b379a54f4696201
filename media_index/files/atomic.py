"""Files written whole or not at all, readable by their owner only unless told."""

from __future__ import annotations

import contextlib
import os
import tempfile
import time
from collections.abc import Iterable
from pathlib import Path

_DRAFT = ".draft-"
_DRAFT_SECONDS = 600


def write_once(path: Path, content: bytes) -> None:
    """Write a file unless it is there; for files named by their content.

    Raises:
        OSError: the disk refuses.
    """
    if not path.exists():
        write_whole(path, [content])


def write_whole(path: Path, parts: Iterable[bytes], mode: int = 0o600) -> None:
    """Write a file, part by part; what was there before stays until all is written.

    Raises:
        OSError: the disk refuses.
    """
    _make_private(path.parent)
    handle, draft = tempfile.mkstemp(dir=path.parent, prefix=_DRAFT)
    try:
        with os.fdopen(handle, "wb") as stream:
            for part in parts:
                stream.write(part)
            stream.flush()
            os.fsync(stream.fileno())
        os.chmod(draft, mode)  # noqa: PTH101
        os.replace(draft, path)  # noqa: PTH105 - mkstemp gives a string
    except BaseException:
        os.unlink(draft)  # noqa: PTH108
        raise


def _make_private(folder: Path) -> None:
    """Make a folder and those above it that are missing; mkdir gives the mode to the last only."""
    for missing in reversed([path for path in (folder, *folder.parents) if not path.exists()]):
        missing.mkdir(mode=0o700, exist_ok=True)


def remove_drafts(folder: Path) -> None:
    """Remove what `write_once` left below a folder when its process was killed."""
    long_ago = time.time() - _DRAFT_SECONDS
    for draft in folder.rglob(f"{_DRAFT}*"):
        # A younger one may be another process's, at work. Two may remove the same.
        with contextlib.suppress(OSError):
            if draft.stat().st_mtime < long_ago:
                draft.unlink()


def by_content(folder: Path, sha256: str, suffix: str = "") -> Path:
    """Return where a file named by its SHA-256 lies below a folder."""
    return folder / sha256[:2] / f"{sha256}{suffix}"
