"""PDQ, the perceptual hash of Meta's ThreatExchange, on NumPy and OpenCV.

Source: "The TMK+PDQF Video-Hashing Algorithm and the PDQ Image-Hashing Algorithm" (Facebook, 2019)
and its reference code. The bindings `pdqhash` have no wheels for Linux, and set-up must work
without a compiler; tests/contract/test_pdq.py holds this module to them where they are installed.
"""

from __future__ import annotations

from functools import cache

import cv2
import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float32]

BITS = 256
_SIDE = 64
_KEPT = 16
# The reference hashes nothing smaller.
_LEAST_SIDE = 5
_LUMA = np.array([0.299, 0.587, 0.114], dtype=np.float32)


def pdq(rgb: NDArray[np.uint8]) -> tuple[bytes, int]:
    """Hash a picture, (h, w, 3) uint8.

    Returns:
        32 bytes, most significant bit first as `pdqhash` gives them, and the quality, 0 to 100.
    """
    if min(rgb.shape[:2]) < _LEAST_SIDE:
        return bytes(BITS // 8), 0
    blurred = _tent_filter(rgb.astype(np.float32) @ _LUMA)
    small = _decimated(blurred)
    frequencies = _dct_matrix() @ small @ _dct_matrix().T
    # The lower of the two middle values: 128 bits are set, as in the reference.
    bits = frequencies > float(np.partition(frequencies.ravel(), BITS // 2 - 1)[BITS // 2 - 1])
    return np.packbits(bits.ravel()[::-1]).tobytes(), _quality(small)


def _tent_filter(luma: Floats) -> Floats:
    """Blur with two box filters each way; windows shrink at the border, as in the reference."""
    weight = _box_sums(np.ones_like(luma))
    for _ in range(2):
        luma = _box_sums(luma) / weight
    return luma


def _box_sums(luma: Floats) -> Floats:
    height, width = luma.shape
    window = (_window(width), _window(height))
    # Of an even window the reference puts the middle on the left.
    anchor = (window[0] - 1) // 2, (window[1] - 1) // 2
    border = cv2.BORDER_CONSTANT
    sums = cv2.boxFilter(luma, -1, window, anchor=anchor, normalize=False, borderType=border)
    return np.asarray(sums, dtype=np.float32)


def _window(length: int) -> int:
    return (length + 2 * _SIDE - 1) // (2 * _SIDE)


def _decimated(blurred: Floats) -> Floats:
    height, width = blurred.shape
    rows = ((np.arange(_SIDE) + 0.5) * height / _SIDE).astype(int)
    columns = ((np.arange(_SIDE) + 0.5) * width / _SIDE).astype(int)
    return blurred[np.ix_(rows, columns)]


@cache
def _dct_matrix() -> Floats:
    order = np.arange(1, _KEPT + 1)[:, None]
    pixel = np.arange(_SIDE)[None, :]
    matrix: Floats = (
        np.sqrt(2.0 / _SIDE) * np.cos(np.pi / 2 / _SIDE * order * (2 * pixel + 1))
    ).astype(np.float32)
    return matrix


def _quality(small: Floats) -> int:
    steps = [np.diff(small, axis=axis) * 100 / 255 for axis in (0, 1)]
    gradient = sum(int(np.abs(step.astype(int)).sum()) for step in steps)
    return min(100, int(gradient / 90))
