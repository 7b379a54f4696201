"""Whether a picture looks put together: a flyer, a collage, a post with a caption.

Only what looks so is searched for the photos in it, which takes as long as some portraits do.
"""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray

Pixels = NDArray[np.uint8]

# Of a picture of 512 px. Paper and bars of one color: blocks of so many px are flat whose gray
# levels lie so close together. Of 154 ordinary photos 11 have as much, all flyers tried have more.
_BLOCK, _FLAT, _MUCH_FLAT = 8, 6, 0.4
# A gutter runs from side to side in one color, but for a few px; outside the border.
_ONE_COLOR, _BUT_FOR, _BORDER = 10, 0.03, 8
# Where two photos touch without one, neighbors differ by so much along most of a line, and do not
# beside it.
_STEP, _LINE, _BESIDE = 12, 0.6, 0.35
# Light letters laid over a photo have edges of so many gray levels, with one color on the lighter
# side (in steps of 12 levels) at so many of them: of words all across 12 photos 0.33 and more, of
# 246 photos two in a hundred 0.1, none 0.25.
_EDGE, _COLOR_STEP, _ONE_INK, _LEAST_EDGES = 50, 12, 0.15, 300


def looks_like_design(rgb: Pixels) -> bool:
    """Say whether a picture, (h, w, 3) uint8 of 512 px at most, looks put together."""
    if min(rgb.shape[:2]) < 4 * _BORDER:
        return False
    upright = np.asarray(cv2.cvtColor(rgb, cv2.COLOR_RGB2GRAY), np.uint8)
    sideways = np.ascontiguousarray(upright.T)
    return (
        _flat_share(upright) > _MUCH_FLAT
        or _has_gutter(upright)
        or _has_gutter(sideways)
        or (_has_seam(upright) and _has_seam(sideways))
        or _has_letters(rgb, upright)
    )


def _flat_share(gray: Pixels) -> float:
    down, across = (length // _BLOCK for length in gray.shape)
    blocks = gray[: down * _BLOCK, : across * _BLOCK].reshape(down, _BLOCK, across, _BLOCK)
    range_of_each = blocks.max(axis=(1, 3)).astype(int) - blocks.min(axis=(1, 3))
    return float((range_of_each <= _FLAT).mean())


def _has_gutter(gray: Pixels) -> bool:
    """Say whether some column inside is of one color from top to bottom, and others are not."""
    inner = gray[:, _BORDER:-_BORDER]
    low, high = np.percentile(inner, [100 * _BUT_FOR, 100 * (1 - _BUT_FOR)], axis=0)
    of_one_color = high - low <= _ONE_COLOR
    return bool(of_one_color.any() and of_one_color.mean() < 1 - _MUCH_FLAT)


def _has_seam(gray: Pixels) -> bool:
    """Say whether there is an edge down a whole column inside that its neighbors do not have."""
    steps = np.abs(np.diff(gray.astype(np.int16), axis=1))
    share = (np.maximum(steps[:, :-1], steps[:, 1:]) >= _STEP).mean(axis=0)
    beside = np.max([np.roll(share, by) for by in (-6, -4, 4, 6)], axis=0)
    seams = (share >= _LINE) & (share - beside >= _BESIDE)
    return bool(seams[_BORDER:-_BORDER].any())


def _has_letters(rgb: Pixels, gray: Pixels) -> bool:
    """Say whether many of the sharp edges have one color on their lighter side."""
    steps = gray[:, 2:].astype(np.int16) - gray[:, :-2]
    edges = np.abs(steps) >= _EDGE
    if np.count_nonzero(edges) < _LEAST_EDGES:
        return False
    rises = (steps > 0)[edges]
    lighter = np.where(rises[:, None], rgb[:, 2:][edges], rgb[:, :-2][edges])
    red, green, blue = (lighter // _COLOR_STEP).astype(np.int32).T
    most = np.bincount((red * 32 + green) * 32 + blue).max()
    return bool(most >= _ONE_INK * len(lighter))
