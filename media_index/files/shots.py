"""Which moment of which camera a file shows, as its EXIF block says; for raw files beside JPEGs."""

from __future__ import annotations

import re
import struct
import warnings
from dataclasses import dataclass
from datetime import datetime

from PIL import Image
from PIL.ExifTags import IFD, Base

# The blocks stand before the pixels, in some cameras' files behind a small preview.
SHOT_BYTES = 256 * 1024
_BLOCK_BYTES = 64 * 1024
# Canon's CR3 holds four blocks; whatever else begins like one is soon told.
_MOST_BLOCKS = 12
_BLOCK = re.compile(rb"II\*\x00|MM\x00\*")
# Olympus and Panasonic sign their TIFF files otherwise.
_OTHER_TIFF = re.compile(rb"IIRO|IIRS|IIU\x00")
# What Pillow was seen to raise on damaged blocks.
_DAMAGED = (OSError, ValueError, SyntaxError, TypeError, KeyError, IndexError, struct.error)


@dataclass(frozen=True, slots=True)
class Shot:
    """One press of the button.

    Attributes:
        fraction: digits after the second; empty where the camera wrote none.
    """

    camera: str
    taken: datetime
    fraction: str

    def is_same_as(self, other: Shot | None) -> bool:
        """Say whether both files are of one shot: one camera, one moment."""
        return (
            other is not None
            and (self.camera, self.taken) == (other.camera, other.taken)
            and (self.fraction == other.fraction or not self.fraction or not other.fraction)
        )


def shot_of(head: bytes) -> Shot | None:
    """Return the shot that a file is of; None where it does not say.

    Args:
        head: its first `SHOT_BYTES`.
    """
    if _OTHER_TIFF.match(head):
        head = b"II*\x00" + head[4:]
    said: dict[int, str] = {}
    for count, found in enumerate(_BLOCK.finditer(head)):
        if count == _MOST_BLOCKS:
            break
        # The first block that says something is the file's own; a preview's comes behind it.
        said = _said(head[found.start() : found.start() + _BLOCK_BYTES]) | said
    camera, when = said.get(Base.Model, ""), said.get(Base.DateTimeOriginal, "")
    try:
        taken = datetime.strptime(when[:19], "%Y:%m:%d %H:%M:%S")  # noqa: DTZ007 - as the camera says
    except ValueError:
        return None
    return Shot(camera, taken, said.get(Base.SubsecTimeOriginal, "")) if camera else None


def _said(block: bytes) -> dict[int, str]:
    """Return camera and moment of a block: in its first table, or in the one of EXIF."""
    exif = Image.Exif()
    try:
        with warnings.catch_warnings():
            # The block is cut off here: what lies behind is not asked for.
            warnings.simplefilter("ignore")
            exif.load(block)
            tables = (exif, exif.get_ifd(IFD.Exif))
            tags = (Base.Model, Base.DateTimeOriginal, Base.SubsecTimeOriginal)
            found = {tag: table.get(tag) for table in tables for tag in tags if tag in table}
    except _DAMAGED:
        return {}
    return {tag: value.strip("\0 ") for tag, value in found.items() if isinstance(value, str)}
