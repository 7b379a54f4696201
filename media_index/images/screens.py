"""Where a picture is printed in dots, lines or one ink without grays, and how it looks from afar.

A reader sees gray between the dots; detector and encoders see the dots.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise

import cv2
import numpy as np
from numpy.typing import NDArray

from media_index.types import Box

Pixels = NDArray[np.uint8]

# Px: blocks of this size are judged with their neighbors, against the mean of so many px around.
_BLOCK, _AROUND = 16, 3
# Gray levels (root mean square) by which dots stand out from that mean in all of nine blocks; text
# has paper between its lines.
_DOTS = 16.0
# First every third band of three blocks is looked at, and all where so many blocks may be dots.
_EVERY, _ENOUGH = 3, 6
# Px, sigma of Gaussians. What the next one takes away falls to a fifth where dots are gone. In
# photos, of leaves and crowds too, it never falls below 0.28 of what the first took; of dots of 2
# to 20 px it fell to 0.04 to 0.17 (2026-11, 468 photos).
_SIGMAS, _GONE = (1.0, 1.6, 2.5, 4.0, 6.3, 10.0), 0.2
# That is measured in so many of the blocks, in so many px around each, and of so many of them it
# must be true.
_MEASURED, _SIDE, _LEAST = 48, 96, 0.3
_COVERED = 0.3


@dataclass(frozen=True, slots=True, eq=False)
class Screen:
    """Where a picture is made of dots.

    Attributes:
        blocks: (h / 16, w / 16), whether a block is.
        sigma: of the Gaussian that makes grays of them, px.
    """

    blocks: NDArray[np.bool_]
    sigma: float

    def covers(self, box: Box) -> bool:
        """Say whether a good part of a box is made of dots; px of the picture."""
        rows = slice(max(box.y1, 0) // _BLOCK, -(-box.y2 // _BLOCK))
        columns = slice(max(box.x1, 0) // _BLOCK, -(-box.x2 // _BLOCK))
        part = self.blocks[rows, columns]
        return bool(part.size) and float(part.mean()) >= _COVERED

    def from_afar(self, rgb: Pixels) -> Pixels:
        """Return the picture with grays instead of dots."""
        return np.asarray(cv2.GaussianBlur(rgb, (0, 0), self.sigma), np.uint8)


def screen_of(rgb: Pixels) -> Screen | None:
    """Find where a picture, (h, w, 3) uint8, is made of dots; None where it is not."""
    green = rgb[:, :, 1]
    band = 3 * _BLOCK
    bands = (green[top : top + band] for top in range(0, len(green), band * _EVERY))
    if sum(int(_of_dots(some).sum()) for some in bands) < _ENOUGH:
        return None
    blocks = _of_dots(green)
    if not blocks.any():
        # What stands out at the edge of a band need not in the whole.
        return None
    sigma = _sigma(green, blocks)
    return None if sigma is None else Screen(blocks, sigma)


def _of_dots(gray: Pixels) -> NDArray[np.bool_]:
    """Return which blocks stand out so, with all their neighbors; those of a rest do not count."""
    down, across = (length // _BLOCK for length in gray.shape)
    if min(down, across) < 3:  # noqa: PLR2004 - a block and its neighbors
        return np.zeros((down, across), bool)
    even = np.ascontiguousarray(gray[: down * _BLOCK, : across * _BLOCK])
    mean = cv2.blur(even, (_AROUND, _AROUND))
    apart = np.square(cv2.absdiff(even, mean), dtype=np.float32)
    energy = cv2.resize(apart, (across, down), interpolation=cv2.INTER_AREA)
    clear = (energy > _DOTS**2).astype(np.uint8)
    inner = cv2.erode(clear, np.ones((3, 3), np.uint8), borderValue=0)
    return cv2.dilate(inner, np.ones((3, 3), np.uint8)).astype(bool)


def _sigma(gray: Pixels, blocks: NDArray[np.bool_]) -> float | None:
    """Return the sigma of the Gaussian that makes grays of dots; None where there are none."""
    places = np.argwhere(blocks)
    some = places[np.linspace(0, len(places) - 1, min(len(places), _MEASURED)).astype(int)]
    taken: list[list[float]] = []
    others = 0
    for row, column in some:
        measured = _taken_away(gray, int(row) * _BLOCK, int(column) * _BLOCK)
        if min(measured[1:]) < _GONE * measured[0]:
            taken.append(measured)
            continue
        # Nearly every picture is a photo: enough of it has been seen then.
        others += 1
        if others > len(some) * (1 - _LEAST):
            return None
    if not taken:
        # A band ended where dots began, and as a whole the picture has none.
        return None
    usual = np.median(taken, axis=0)
    gone = np.flatnonzero(usual[1:] < _GONE * usual[0])
    return _SIGMAS[int(gone[0])] if len(gone) else _SIGMAS[-2]


def _taken_away(gray: Pixels, top: int, left: int) -> list[float]:
    """Return the contrast that each Gaussian takes away around a block, after the one before."""
    beside = (_SIDE - _BLOCK) // 2
    top, left = max(0, top - beside), max(0, left - beside)
    view = gray[top : top + _SIDE, left : left + _SIDE].astype(np.float32)
    blurred = [view, *(cv2.GaussianBlur(view, (0, 0), sigma) for sigma in _SIGMAS)]
    apart = (cv2.subtract(finer, coarser) for finer, coarser in pairwise(blurred))
    return [float(cv2.meanStdDev(one)[1].item()) for one in apart]
