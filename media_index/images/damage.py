"""Damage that decoders paint over: a face in it would be gray, green or somebody else's.

libjpeg goes on after what it calls a warning, and Pillow tells nobody; of PNG it takes no notice of
the sums at the end of each part of the picture.
"""

from __future__ import annotations

import re
import zlib
from collections.abc import Iterator

import simplejpeg

# Of libjpeg's jerror.h, those by which pixels are wrong. Not: odd color profiles and revisions, and
# what Samsung's phones of some years write about their scans.
_OF_PIXELS = re.compile(
    r"Corrupt JPEG data(?!: bad ICC)|Premature end of JPEG file|Inconsistent progression sequence"
)
# What some cameras write between the last pixel and the end.
_SURPLUS = re.compile(r"Corrupt JPEG data: (\d+) extraneous bytes before marker 0xd9")
_LITTLE = 16
# The coarsest that libjpeg can decode to: all data is read, and hardly a pixel computed.
_REDUCTION = 8
_PNG_SIGNATURE = 8
_PIXELS_OF_PNG = frozenset({b"PLTE", b"tRNS", b"IDAT"})


class DamagedError(ValueError):
    """A picture was decoded, but not all of what is seen is what was once taken."""


def require_undamaged(content: bytes, image_format: str) -> None:
    """Look strictly at a picture that can be decoded.

    Args:
        content: of the file.
        image_format: Pillow's name.

    Raises:
        DamagedError: a part of its pixels is wrong.
    """
    if image_format in {"JPEG", "MPO"}:
        _require_undamaged_jpeg(content)
    elif image_format == "PNG":
        _require_undamaged_png(content)


def _require_undamaged_jpeg(content: bytes) -> None:
    try:
        height, width, color, _ = simplejpeg.decode_jpeg_header(content, strict=False)
        simplejpeg.decode_jpeg(
            content,
            colorspace="CMYK" if color in {"CMYK", "YCCK"} else "GRAY",
            min_height=max(1, height // _REDUCTION),
            min_width=max(1, width // _REDUCTION),
            min_factor=1,
            strict=True,
        )
    except ValueError as error:
        # Other errors are of kinds that Pillow decodes and this library does not.
        said = str(error)
        surplus = _SURPLUS.search(said)
        if _OF_PIXELS.search(said) and not (surplus and int(surplus[1]) <= _LITTLE):
            raise DamagedError(said) from error


def _require_undamaged_png(content: bytes) -> None:
    """Compare the sums of those parts of a PNG file that make its pixels."""
    for kind, body, kept in _chunks(memoryview(content)):
        if kind in _PIXELS_OF_PNG and zlib.crc32(body, zlib.crc32(kind)) != kept:
            raise DamagedError(f"the checksum of a part is wrong: {kind.decode()}")


def _chunks(content: memoryview) -> Iterator[tuple[bytes, memoryview, int]]:
    place = _PNG_SIGNATURE
    while place + 12 <= len(content):
        length = int.from_bytes(content[place : place + 4], "big")
        end = place + 8 + length
        kind = bytes(content[place + 4 : place + 8])
        yield kind, content[place + 8 : end], int.from_bytes(content[end : end + 4], "big")
        place = end + 4
