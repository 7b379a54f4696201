"""The few EXIF facts the program uses, read with exifread; positions are noted, never kept."""

from __future__ import annotations

import io
import logging
import struct
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta, timezone, tzinfo
from typing import Any

import exifread
from exifread.core.exceptions import ExifError

from media_index.images.decode import exif_block
from media_index.types import ExifFacts

# exifread warns of every odd tag of every camera; a missing date is what we would say ourselves.
logging.getLogger("exifread").setLevel(logging.CRITICAL)

_DATE = "%Y:%m:%d %H:%M:%S"
# Of photography; others are a clock's nonsense, and overflow.
_YEARS = range(1826, 9000)
# Offsets that clocks somewhere stand at: whole hours, and these (IANA tz database, 2026).
_OFFSETS = frozenset(
    timedelta(minutes=minutes)
    for minutes in (
        *range(-12 * 60, 14 * 60 + 1, 60),
        *(-570, -210, -150, 210, 270, 330, 345, 390, 525, 570, 630, 765, 825),
    )
)
# A camera's clock drifts, and a fix takes its time.
_CLOCKS_APART = timedelta(minutes=5)
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
    """Return when a photo was taken by its camera's clock.

    DateTime is when the file was changed last, DateTimeDigitized when a print was scanned: neither
    is a day taken, and the offsets beside them are of those times.
    """
    try:
        naive = datetime.strptime(  # noqa: DTZ007 - the zone is in another tag
            _text(tags, "EXIF DateTimeOriginal"), _DATE
        )
        if naive.year not in _YEARS:
            return None
        zone = _offset(_text(tags, "EXIF OffsetTimeOriginal"))
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
    return timezone(offset) if offset in _OFFSETS else None


def _zone_by_gps(tags: Mapping[str, Any], naive: datetime) -> timezone | None:
    """Derive the offset from the GPS clock, which runs in UTC.

    None where it is stale: what it was at the last fix, hours or days ago, is no clock's offset.
    """
    try:
        hours, minutes, seconds = (float(part) for part in tags["GPS GPSTimeStamp"].values)
        day = datetime.strptime(_text(tags, "GPS GPSDate"), "%Y:%m:%d")  # noqa: DTZ007
    except _DAMAGED:
        return None
    clock = day + timedelta(hours=hours, minutes=minutes, seconds=seconds)
    apart = naive - clock
    nearest = min(_OFFSETS, key=lambda offset: abs(offset - apart))
    return timezone(nearest) if abs(nearest - apart) <= _CLOCKS_APART else None


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
