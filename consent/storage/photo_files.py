"""The file of a photo, wherever it was seen last."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from consent.settings import Settings
from media_index.files.places import Place, is_file_now, place_of
from media_index.hashing.perceptual import sha256_hex
from media_index.images.decode import ImageLimits

# Where a photo was seen that was dropped on a page; what follows is below the folder of uploads.
UPLOADED = "upload:"


def place_kept(text: str, uploads: Path) -> Place:
    """Return where a photo lies, by how the index keeps its path."""
    kept = text.removeprefix(UPLOADED)
    return place_of(text) if kept == text else uploads / kept


def image_limits(settings: Settings) -> ImageLimits:
    """Return what is accepted of a file that somebody hands in."""
    return ImageLimits(settings.max_image_bytes, settings.max_image_pixels)


def photo_bytes(places: Iterable[str], sha256: str, uploads: Path) -> bytes | None:
    """Return the bytes of a photo from the first place where it still is; None if it has gone.

    What was dropped on a page lies below `uploads` for a while.
    """
    for text in places:
        path = place_kept(text, uploads)
        if is_file_now(path):
            content = path.read_bytes()
            if sha256_hex(content) == sha256:
                return content
    return None
