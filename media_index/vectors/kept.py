"""A document that can be made anew, kept in a file and verified when it is read."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path
from typing import Any

from media_index.files.atomic import write_whole


class KeptDocument:
    """Plain data in one file; what is damaged is as if it was not there."""

    def __init__(self, path: Path) -> None:
        """Name the file."""
        self._path = path

    def read(self) -> Any:  # noqa: ANN401 - as JSON has it
        """Return what was written last; None if nothing, or nothing that can be used."""
        try:
            digest, _, body = self._path.read_text("utf-8").partition("\n")
            if digest != hashlib.sha256(body.encode()).hexdigest():
                return None
            return json.loads(body)
        except (OSError, ValueError):
            # Not there yet, or not what was written: it is made anew.
            return None

    def write(self, document: object) -> None:
        """Write it, whole or not at all.

        Raises:
            OSError: the disk refuses.
        """
        body = json.dumps(document, separators=(",", ":"))
        digest = hashlib.sha256(body.encode()).hexdigest()
        write_whole(self._path, [f"{digest}\n{body}".encode()])

    def forget(self) -> None:
        """Remove the file.

        Raises:
            OSError: the disk refuses.
        """
        self._path.unlink(missing_ok=True)
