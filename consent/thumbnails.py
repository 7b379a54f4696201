"""The small pictures of indexed photos: kept as files, found by the photo's SHA-256."""

from __future__ import annotations

from typing import TYPE_CHECKING

from media_index.files import by_content, write_once

if TYPE_CHECKING:
    from consent.services import Services
    from media_index.types import Fingerprint


def keep_thumbnail(services: Services, fingerprint: Fingerprint) -> None:
    """Write a photo's thumbnail; before its row, so that no row is without one."""
    path = by_content(services.settings.thumbnails, fingerprint.sha256, ".jpg")
    write_once(path, fingerprint.thumbnail)


def thumbnail(services: Services, sha256: str) -> bytes | None:
    """Return a photo's thumbnail as JPEG, or None if it has none."""
    path = by_content(services.settings.thumbnails, sha256, ".jpg")
    return path.read_bytes() if path.exists() else None


def forget_thumbnail(services: Services, sha256: str) -> None:
    """Remove a photo's thumbnail, if it has one."""
    by_content(services.settings.thumbnails, sha256, ".jpg").unlink(missing_ok=True)
