"""A document that can be made anew, kept in a file and verified when it is read."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path
from typing import Any

from media_index.files.atomic import write_whole
from media_index.files.seal import Seal


class KeptDocument:
    """Plain data in one file; what is damaged is as if it was not there."""

    def __init__(self, path: Path) -> None:
        """Name the file."""
        self._path = path

    def read(self) -> Any:  # noqa: ANN401 - as JSON has it
        """Return what was written last; None if nothing, or nothing that can be used."""
        try:
            body = self._opened(self._path.read_bytes())
            return None if body is None else json.loads(body)
        except (OSError, ValueError):
            # Not there yet, or not what was written: it is made anew.
            return None

    def write(self, document: object) -> None:
        """Write it, whole or not at all.

        Raises:
            OSError: the disk refuses.
        """
        body = json.dumps(document, separators=(",", ":")).encode()
        write_whole(self._path, [self._closed(body)])

    def forget(self) -> None:
        """Remove the file.

        Raises:
            OSError: the disk refuses.
        """
        self._path.unlink(missing_ok=True)

    def _closed(self, body: bytes) -> bytes:
        return hashlib.sha256(body).hexdigest().encode() + b"\n" + body

    def _opened(self, content: bytes) -> bytes | None:
        digest, _, body = content.partition(b"\n")
        return body if digest == hashlib.sha256(body).hexdigest().encode() else None


class SealedDocument(KeptDocument):
    """The same, encrypted."""

    def __init__(self, path: Path, seal: Seal) -> None:
        """Name the file, and by what it is encrypted."""
        super().__init__(path)
        self._seal = seal

    def _closed(self, body: bytes) -> bytes:
        return self._seal.sealed(body, self._path.name)

    def _opened(self, content: bytes) -> bytes | None:
        return self._seal.opened(content, self._path.name)
