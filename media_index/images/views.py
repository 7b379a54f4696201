"""Whether the further pictures of an MPO file are views of the one that is shown, or others.

Cameras keep a second eye's view there, previews, and maps of light or depth (CIPA DC-007); some
keep a burst. Programs show the first alone, and hand on all of them.
"""

from __future__ import annotations

import io

import numpy as np
from numpy.typing import NDArray
from PIL import Image

# Pictures are compared in this many cells a side; two eyes see the same up to so many apart.
_CELLS, _APART = 24, 2
# 140 photos beside themselves, shifted by 3 to 8 % of their width: 0.80 and more; beside other
# photos 0.66 and less.
_ALIKE = 0.75
_ENTRIES_TAG = 0xB002
_NOTHING_THERE = (OSError, ValueError, SyntaxError, EOFError, IndexError, KeyError)
# Of light maps in color, as Adobe's gain maps and ISO 21496-1 mark them.
_MAP_MARKS = (b"hdrgm:", b"urn:iso:std:iso:ts:21496", b"HDRGainMap")


def shows_others(image: Image.Image, content: bytes) -> bool:
    """Say whether a file of several pictures holds one that is no view of the first.

    Args:
        image: of MPO; left at its first picture.
        content: of the file.
    """
    view = memoryview(content)
    first, size = _cells(view), image.width * image.height
    try:
        return any(
            _is_other(image, frame, size, first, view)
            for frame in range(1, getattr(image, "n_frames", 1))
        )
    finally:
        image.seek(0)


def _is_other(
    image: Image.Image, frame: int, size: int, first: NDArray[np.float64], content: memoryview
) -> bool:
    try:
        if _is_preview(image, frame):
            return False
        image.seek(frame)
        is_map = image.mode == "L" and image.width * image.height < size
        behind = content[getattr(image, "offset", 0) :]
        return not is_map and not _is_marked(behind) and not _alike(first, _cells(behind))
    except _NOTHING_THERE:
        # Programs that save a photo anew leave the list of views as it was, and drop the views.
        return False


def _is_preview(image: Image.Image, frame: int) -> bool:
    """Say whether a camera calls it that; it may have black bars, where the photo is wider."""
    entries = getattr(image, "mpinfo", {}).get(_ENTRIES_TAG, [])
    kind = entries[frame]["Attribute"]["MPType"] if frame < len(entries) else ""
    return str(kind).startswith("Large Thumbnail")


def _is_marked(content: memoryview) -> bool:
    head = bytes(content[: 1 << 16])
    return any(mark in head for mark in _MAP_MARKS)


def _cells(content: memoryview) -> NDArray[np.float64]:
    with Image.open(io.BytesIO(content), formats=("JPEG",)) as image:
        image.draft("L", (4 * _CELLS, 4 * _CELLS))
        gray = image.convert("L").resize((_CELLS, _CELLS), Image.Resampling.BOX)
    return np.asarray(gray, np.float64)


def _alike(first: NDArray[np.float64], other: NDArray[np.float64]) -> bool:
    return any(
        _correlation(
            first[:, max(0, by) : _CELLS + min(0, by)], other[:, max(0, -by) : _CELLS - max(0, by)]
        )
        > _ALIKE
        for by in range(-_APART, _APART + 1)
    )


def _correlation(one: NDArray[np.float64], other: NDArray[np.float64]) -> float:
    one, other = one - one.mean(), other - other.mean()
    spread = float(np.sqrt((one * one).sum() * (other * other).sum()))
    # Two even surfaces are alike.
    return float((one * other).sum()) / spread if spread > 1.0 else 1.0
