"""The few EXIF facts the program uses, read with exifread; positions are noted, never kept."""

from __future__ import annotations

import io
import logging
import struct
from datetime import UTC, datetime, timedelta, timezone
from typing import TYPE_CHECKING, Any

import exifread
from exifread.core.exceptions import ExifError

from media_index.images.decode import exif_block
from media_index.types import ExifFacts

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import tzinfo

# exifread warns of every odd tag of every camera; a missing date is what we would say ourselves.
logging.getLogger("exifread").setLevel(logging.CRITICAL)

_DATE = "%Y:%m:%d %H:%M:%S"
_ROTATIONS = {
    "Horizontal (normal)": 1,
    "Mirrored horizontal": 2,
    "Rotated 180": 3,
    "Mirrored vertical": 4,
    "Mirrored horizontal then rotated 90 CCW": 5,
    "Rotated 90 CW": 6,
    "Mirrored horizontal then rotated 90 CW": 7,
    "Rotated 90 CCW": 8,
}
# What exifread was seen to raise on the damaged blocks of fuzzing corpora.
_DAMAGED = (
    ValueError,
    TypeError,
    KeyError,
    IndexError,
    AttributeError,
    OverflowError,
    ZeroDivisionError,
    RuntimeError,
    OSError,
    AssertionError,
    EOFError,
    MemoryError,
    struct.error,
)


def read_exif(content: bytes, local_zone: tzinfo) -> ExifFacts:
    """Read the facts from a file's bytes; the library's zone is for cameras that write no offset.

    They are empty where the block is missing or damaged: a photo without a date is still a photo.
    """
    # exifread does not find the block in every WebP, HEIC and AVIF file.
    tags = _tags(content) or _tags(exif_block(content))
    return ExifFacts(
        taken_at=_taken_at(tags, local_zone),
        camera=_camera(tags),
        has_gps="GPS GPSLatitude" in tags,
        orientation=_orientation(tags),
    )


def _tags(content: bytes) -> Mapping[str, Any]:
    if not content:
        return {}
    try:
        tags: Mapping[str, Any] = exifread.process_file(
            io.BytesIO(content), details=False, extract_thumbnail=False
        )
    except (*_DAMAGED, ExifError):
        return {}
    return tags


def _taken_at(tags: Mapping[str, Any], local_zone: tzinfo) -> datetime | None:
    text = _text(tags, "EXIF DateTimeOriginal") or _text(tags, "Image DateTime")
    try:
        naive = datetime.strptime(text, _DATE)  # noqa: DTZ007 - the zone is in another tag
        zone = _offset(_text(tags, "EXIF OffsetTimeOriginal") or _text(tags, "EXIF OffsetTime"))
        return naive.replace(tzinfo=zone or _zone_by_gps(tags, naive) or local_zone).astimezone(UTC)
    except (ValueError, OverflowError):
        return None


def _offset(text: str) -> timezone | None:
    """Read an offset such as +02:00."""
    try:
        moment = datetime.strptime(text, "%z")
    except ValueError:
        return None
    offset = moment.utcoffset()
    return timezone(offset) if offset is not None else None


def _zone_by_gps(tags: Mapping[str, Any], naive: datetime) -> timezone | None:
    """Derive the offset from the GPS clock, which runs in UTC, to a quarter of an hour."""
    try:
        hours, minutes, seconds = (float(part) for part in tags["GPS GPSTimeStamp"].values)
        day = datetime.strptime(_text(tags, "GPS GPSDate"), "%Y:%m:%d")  # noqa: DTZ007
    except _DAMAGED:
        return None
    clock = day + timedelta(hours=hours, minutes=minutes, seconds=seconds)
    quarters = round((naive - clock) / timedelta(minutes=15))
    offset = timedelta(minutes=15 * quarters)
    return timezone(offset) if abs(offset) <= timedelta(hours=14) else None


def _camera(tags: Mapping[str, Any]) -> str | None:
    make, model = _text(tags, "Image Make"), _text(tags, "Image Model")
    name = model if model.startswith(make) else f"{make} {model}"
    return name.strip()[:100] or None


def _orientation(tags: Mapping[str, Any]) -> int:
    return _ROTATIONS.get(_text(tags, "Image Orientation"), 1)


def _text(tags: Mapping[str, Any], name: str) -> str:
    if name not in tags:
        return ""
    return "".join(letter for letter in str(tags[name]) if letter.isprintable()).strip()
