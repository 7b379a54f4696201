"""How a picture is turned: as its container, its EXIF block and its XMP data say, which disagree.

Browsers turn JPEG, PNG, WebP and TIFF as the EXIF block says and take no notice of XMP; HEIC and
AVIF they turn as the container says (irot and imir, ISO/IEC 23008-12), whatever EXIF says.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import reduce
from itertools import islice

import numpy as np
from numpy.typing import NDArray
from PIL import Image
from pillow_heif import HeifFile

from media_index.images.boxes import DAMAGED, boxes, primary_item, properties_of_items
from media_index.types import Turning

Turn = Image.Transpose

ORIENTATION_TAG = 0x0112
OF_ORIENTATION = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}
_BACK = {
    Image.Transpose.ROTATE_90: Image.Transpose.ROTATE_270,
    Image.Transpose.ROTATE_270: Image.Transpose.ROTATE_90,
}
_IROT = {
    1: Image.Transpose.ROTATE_90,
    2: Image.Transpose.ROTATE_180,
    3: Image.Transpose.ROTATE_270,
}
_IMIR = (Image.Transpose.FLIP_TOP_BOTTOM, Image.Transpose.FLIP_LEFT_RIGHT)
_XMP_KEYS = ("xmp", "XML:com.adobe.xmp")
_XMP_ORIENTATION = re.compile(r"tiff:Orientation\s*(?:=\s*[\"']|>)\s*([1-8])\b")
# A picture is rotated once and mirrored once; a file may list any number.
_MOST_TURNS = 8


def of_orientation(orientation: int | None) -> Turn | None:
    """Return the turn of an EXIF orientation; None where it is no such number, or none is made."""
    return OF_ORIENTATION.get(orientation or 1)


def without_xmp(image: Image.Image | HeifFile) -> int | None:
    """Take the XMP data from a picture, by which Pillow would turn it; return its orientation."""
    taken = [image.info.pop(key) for key in _XMP_KEYS if key in image.info]
    for data in taken:
        text = data.decode("utf-8", "replace") if isinstance(data, bytes) else str(data)
        if found := _XMP_ORIENTATION.search(text):
            return int(found[1])
    return None


def exif_orientation(block: object) -> int | None:
    """Return the orientation in an EXIF block; None if it has none."""
    if not isinstance(block, bytes):
        return None
    exif = Image.Exif()
    exif.load(block)
    kept = exif.get(ORIENTATION_TAG)
    return int(kept) if kept is not None else None


def disagreement(
    shown: Turn | None, exif: int | None, xmp: int | None, *, by_container: bool
) -> tuple[Turning, Turn | None]:
    """Return who says otherwise than how a picture is shown, and the turn from there to that.

    Args:
        shown: the turn from the stored picture to the shown one.
        exif: orientation of the EXIF block, if any.
        xmp: orientation of the XMP data, if any.
        by_container: whether the picture is turned as HEIC and AVIF say.
    """
    back = _back(shown)
    if by_container and exif is not None and of_orientation(exif) is not shown:
        return Turning.EXIF_APART, _together(back, of_orientation(exif))
    if xmp is not None and of_orientation(xmp) is not shown:
        return Turning.XMP_APART, _together(back, of_orientation(xmp))
    return Turning.AGREED, None


def turned(rgb: NDArray[np.uint8], turn: Turn | None) -> NDArray[np.uint8]:
    """Return a picture, (h, w, 3) uint8, turned."""
    return rgb if turn is None else np.asarray(Image.fromarray(rgb).transpose(turn))


def points_back(
    points: Sequence[tuple[float, float]], turn: Turn, width: int, height: int
) -> list[tuple[float, float]]:
    """Return where points of a turned picture lie in the picture before it was turned; px.

    Args:
        points: x and y.
        turn: that was made.
        width: of the turned picture.
        height: of the turned picture.
    """
    back = _back(turn) or turn
    return [_moved(back, x, y, width, height) for x, y in points]


def _back(turn: Turn | None) -> Turn | None:
    return None if turn is None else _BACK.get(turn, turn)


def turn_back(turn: Turn) -> Turn:
    """Return the turn that undoes another."""
    return _BACK.get(turn, turn)


def _together(*turns: Turn | None) -> Turn | None:
    """Return the one turn that does what several do, one after the other."""
    probe = np.arange(18, dtype=np.uint8).reshape(2, 3, 3)
    wanted = reduce(turned, turns, probe)
    return next(
        (turn for turn in OF_ORIENTATION.values() if np.array_equal(turned(probe, turn), wanted)),
        None,
    )


MIRRORING = frozenset(
    {
        Image.Transpose.FLIP_LEFT_RIGHT,
        Image.Transpose.FLIP_TOP_BOTTOM,
        Image.Transpose.TRANSPOSE,
        Image.Transpose.TRANSVERSE,
    }
)
SWAP_SIDES = frozenset(
    {
        Image.Transpose.TRANSPOSE,
        Image.Transpose.TRANSVERSE,
        Image.Transpose.ROTATE_90,
        Image.Transpose.ROTATE_270,
    }
)


def _moved(turn: Turn, x: float, y: float, width: int, height: int) -> tuple[float, float]:
    return {
        Image.Transpose.FLIP_LEFT_RIGHT: (width - x, y),
        Image.Transpose.FLIP_TOP_BOTTOM: (x, height - y),
        Image.Transpose.ROTATE_180: (width - x, height - y),
        Image.Transpose.TRANSPOSE: (y, x),
        Image.Transpose.TRANSVERSE: (height - y, width - x),
        Image.Transpose.ROTATE_90: (y, width - x),
        Image.Transpose.ROTATE_270: (height - y, x),
    }[turn]


def of_container(content: bytes) -> Turn | None:
    """Return the turn that a HEIC or AVIF file prescribes for its primary picture.

    None where its boxes are damaged: whether the picture can be decoded is the decoder's to say.
    """
    try:
        return _together(*islice(_of_container(memoryview(content)), _MOST_TURNS))
    except DAMAGED:
        return None


def _of_container(content: memoryview) -> Iterator[Turn]:
    inside = dict(boxes(dict(boxes(content))[b"meta"][4:]))
    for kind, body in properties_of_items(content).get(primary_item(inside), ()):
        if kind == b"irot" and body[0] & 3:
            yield _IROT[body[0] & 3]
        elif kind == b"imir":
            yield _IMIR[body[0] & 1]
