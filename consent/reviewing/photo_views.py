"""What a page needs to show photos: thumbnails, and the size that boxes refer to."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from consent.thumbnails import thumbnail

if TYPE_CHECKING:
    from collections.abc import Sequence

    from consent.services import Services


@dataclass(frozen=True, slots=True)
class PhotoView:
    """A photo as it is shown.

    Attributes:
        thumbnail: JPEG bytes.
        width: px of the full-size photo after EXIF rotation.
        height: px of the full-size photo after EXIF rotation.
    """

    thumbnail: bytes
    width: int
    height: int


def photo_views(services: Services, photos: Sequence[str]) -> dict[str, PhotoView]:
    """Return what shows each photo, by SHA-256; those without a thumbnail are left out."""
    with services.reading() as unit:
        known = unit.photos.fingerprints(list(dict.fromkeys(photos)))
    views: dict[str, PhotoView] = {}
    for sha256, photo in known.items():
        content = thumbnail(services, sha256)
        if content is not None:
            views[sha256] = PhotoView(content, photo.width, photo.height)
    return views
