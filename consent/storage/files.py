"""Files that belong to cases: evidence and face crops, kept by their SHA-256.

The port is small on purpose: encryption with a key per person comes behind it.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator, Sequence
from pathlib import Path, PurePosixPath
from typing import Protocol

from consent.domain.errors import NotFoundError
from media_index.files.atomic import by_content, write_once

_DIGEST = re.compile(r"[0-9a-f]{64}")

# Folders kept of a name: enough to tell two cards of one camera apart.
_DEPTH = 4
# In bytes of UTF-8: most disks keep 255 of a name, and Windows 260 letters of a whole path.
_LONGEST_PART = 120
_LONGEST_SUFFIX = 12
_FORBIDDEN = re.compile(r'[\x00-\x1f\x7f<>:"|?*]')
# Names that Windows keeps for devices, with any suffix.
_DEVICE = re.compile(r"(con|prn|aux|nul|com\d|lpt\d)(\..*)?", re.IGNORECASE)


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
            raise NotFoundError(
                f"The file {sha256[:12]}... is not in the vault: restore it from the backup, or "
                "take the paper original."
            ) from error

    def erase(self, sha256: str) -> None:
        """Remove bytes; see `Vault`."""
        self._path(sha256).unlink(missing_ok=True)

    def _path(self, sha256: str) -> Path:
        if not _DIGEST.fullmatch(sha256):
            raise NotFoundError(f"{sha256!r} is no SHA-256.")
        return by_content(self._folder, sha256)


def safe_names(names: Sequence[str]) -> Iterator[str]:
    """Yield relative paths without `..`, drives, devices or doubles, one for each name."""
    taken: set[str] = set()
    for name in names:
        path = _safe(name)
        candidate, count = path, 1
        # Compared without case: the disks of macOS and Windows do.
        while candidate.as_posix().casefold() in taken:
            count += 1
            candidate = path.with_name(f"{path.stem} ({count}){path.suffix}")
        taken.add(candidate.as_posix().casefold())
        yield candidate.as_posix()


def _safe(name: str) -> PurePosixPath:
    parts = [
        _safe_part(part)
        for part in name.replace("\\", "/").split("/")
        if part.strip(" .") and not re.fullmatch(r"[A-Za-z]:", part)
    ]
    return PurePosixPath(*parts[-_DEPTH:]) if parts else PurePosixPath("photo")


def _safe_part(part: str) -> str:
    # Lone surrogates, which some systems let into names, are no text.
    text = part.encode("utf-8", "replace").decode()
    path = PurePosixPath(_FORBIDDEN.sub("_", text).strip(" ."))
    suffix = _cut(path.suffix, _LONGEST_SUFFIX)
    short = _cut(path.stem, _LONGEST_PART - _LONGEST_SUFFIX) + suffix
    return f"_{short}" if _DEVICE.fullmatch(short) else short


def _cut(text: str, size: int) -> str:
    """Cut a text to so many bytes, between two letters."""
    return text.encode()[:size].decode("utf-8", "ignore")
