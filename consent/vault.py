"""Files that belong to cases: evidence and face crops, kept by their SHA-256.

The port is small on purpose: encryption with a key per person comes behind it.
"""

from __future__ import annotations

import hashlib
import re
from typing import TYPE_CHECKING, Protocol

from consent.errors import NotFoundError
from media_index.files import by_content, write_once

if TYPE_CHECKING:
    from pathlib import Path

_DIGEST = re.compile(r"[0-9a-f]{64}")


class Vault(Protocol):
    """Keeps bytes by what they are."""

    def put(self, content: bytes) -> str:
        """Keep bytes and return their SHA-256; the same bytes are kept once."""
        ...

    def get(self, sha256: str) -> bytes:
        """Return bytes kept before.

        Raises:
            NotFoundError: nothing of that SHA-256 is kept.
        """
        ...

    def erase(self, sha256: str) -> None:
        """Remove bytes kept before; nothing happens if they are gone already."""
        ...


class FolderVault:
    """A folder that only its owner may read."""

    def __init__(self, folder: Path) -> None:
        """Keep files in a folder, made at the first use."""
        self._folder = folder

    def put(self, content: bytes) -> str:
        """Keep bytes; see `Vault`."""
        sha256 = hashlib.sha256(content).hexdigest()
        write_once(self._path(sha256), content)
        return sha256

    def get(self, sha256: str) -> bytes:
        """Return bytes; see `Vault`."""
        try:
            return self._path(sha256).read_bytes()
        except FileNotFoundError as error:
            message = (
                f"The file {sha256[:12]}... is not in the vault: restore it from the backup, or "
                "take the paper original."
            )
            raise NotFoundError(message) from error

    def erase(self, sha256: str) -> None:
        """Remove bytes; see `Vault`."""
        self._path(sha256).unlink(missing_ok=True)

    def _path(self, sha256: str) -> Path:
        if not _DIGEST.fullmatch(sha256):
            message = f"{sha256!r} is no SHA-256."
            raise NotFoundError(message)
        return by_content(self._folder, sha256)
