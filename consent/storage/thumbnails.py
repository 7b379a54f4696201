"""The small pictures of indexed photos: kept as files, found by the photo's SHA-256."""

from __future__ import annotations

from pathlib import Path

from consent.storage.file_steps import keep, remove
from media_index.files.atomic import by_content
from media_index.types import Fingerprint


def keep_thumbnail(folder: Path, fingerprint: Fingerprint) -> None:
    """Write a photo's thumbnail; before its row, so that no row is without one."""
    put_thumbnail(folder, fingerprint.sha256, fingerprint.thumbnail)


def put_thumbnail(folder: Path, sha256: str, content: bytes) -> None:
    """Write a photo's thumbnail, a JPEG."""
    keep(by_content(folder, sha256, ".jpg"), content, folder)


def thumbnail(folder: Path, sha256: str) -> bytes | None:
    """Return a photo's thumbnail as JPEG, or None if it has none."""
    path = by_content(folder, sha256, ".jpg")
    return path.read_bytes() if path.exists() else None


def forget_thumbnail(folder: Path, sha256: str) -> None:
    """Remove a photo's thumbnail, if it has one."""
    remove(by_content(folder, sha256, ".jpg"))
