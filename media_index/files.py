"""Files written whole or not at all, readable by their owner only."""

from __future__ import annotations

import os
import tempfile
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path


def write_once(path: Path, content: bytes) -> None:
    """Write a file unless it is there; for files named by their content.

    Raises:
        OSError: the disk refuses.
    """
    if path.exists():
        return
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    handle, draft = tempfile.mkstemp(dir=path.parent, prefix=".draft-")
    try:
        with os.fdopen(handle, "wb") as stream:
            stream.write(content)
            stream.flush()
            os.fsync(stream.fileno())
        os.replace(draft, path)  # noqa: PTH105 - mkstemp gives a string
    except BaseException:
        os.unlink(draft)  # noqa: PTH108
        raise


def by_content(folder: Path, sha256: str, suffix: str = "") -> Path:
    """Return where a file named by its SHA-256 lies below a folder."""
    return folder / sha256[:2] / f"{sha256}{suffix}"
