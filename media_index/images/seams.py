"""Whether two pictures that stand edge to edge are strips of one, or two photos side by side."""

from __future__ import annotations

from enum import Enum

import numpy as np
from numpy.typing import NDArray

from media_index.types import Box

Grays = NDArray[np.uint8]

# Px that are left out on either side of the seam: what is drawn there is blended, or paper shows.
_BESIDE = 1
# Px between the lines that are compared.
_APART = 3
# Gray levels: a line that varies less is plain, and lines that differ less may be of one picture.
_PLAIN, _LEAST = 6.0, 12.0
# How the lines across a seam go together (correlation), and how many times as much as usual they
# differ. Of 948 seams of photos that were cut in two, compressed anew and put on a page 92 % are
# known for one picture and 0.3 % taken for two; of 948 pairs of photos 1.4 % are taken for one and
# 74 % known for two (2026-11).
_ONE = ((0.6, 1.2), (0.8, 2.0))
_TWO_ALIKE, _TWO_DIFFER = 0.5, 1.5


class Seam(Enum):
    """What a seam says."""

    ONE_PICTURE = "one picture"
    TWO_PICTURES = "two pictures"
    UNKNOWN = "unknown"


def seam_between(page: Grays, first: Box, second: Box, *, second_above: bool) -> Seam:
    """Say whether a picture goes on across the edge at which two boxes of a page meet.

    The lines next to the edge are compared with one another, and lines as far apart on either side
    of it: where a picture goes on, they differ as little. Photos may agree by chance, such as in
    plain walls, and strips may differ, by their compression: then it is not known.

    Args:
        page: (h, w) uint8, as printed.
        first: left of the other, or above it; px of the page.
        second: they follow on closely or overlap by little.
        second_above: of an overlap the second one shows.
    """
    side_by_side = abs(second.x1 - first.x1) + abs(second.x2 - first.x2) > abs(
        second.y1 - first.y1
    ) + abs(second.y2 - first.y2)
    if side_by_side:
        strip = page[max(first.y1, second.y1) : min(first.y2, second.y2)].T
        ends, begins, left, right = first.x2, second.x1, first.x1, second.x2
    else:
        strip = page[:, max(first.x1, second.x1) : min(first.x2, second.x2)]
        ends, begins, left, right = first.y2, second.y1, first.y1, second.y2
    if begins < ends:
        ends = begins = begins if second_above else ends
    before, after = ends - 1 - _BESIDE, begins + _BESIDE
    lines = [before - _APART, before, after, after + _APART]
    if lines[0] < max(left, 0) or lines[-1] >= min(right, len(strip)) or not strip.shape[1]:
        return Seam.UNKNOWN
    outer, inner, other, far = strip[lines].astype(np.float32)
    return _judged(outer, inner, other, far, (after - before) / _APART)


def _judged(
    outer: NDArray[np.float32],
    inner: NDArray[np.float32],
    other: NDArray[np.float32],
    far: NDArray[np.float32],
    times: float,
) -> Seam:
    """Compare four lines, two on either side; the middle ones are so many times as far apart."""
    usual = max(_difference(outer, inner), _difference(other, far))
    across = _difference(inner, other)
    alike = _alike(inner, other)
    if any(across <= usual * times * differs and alike >= least for least, differs in _ONE):
        return Seam.ONE_PICTURE
    if across > max(usual * times * _TWO_DIFFER, _LEAST) and alike < _TWO_ALIKE:
        return Seam.TWO_PICTURES
    return Seam.UNKNOWN


def _difference(one: NDArray[np.float32], other: NDArray[np.float32]) -> float:
    return float(np.abs(one - other).mean())


def _alike(one: NDArray[np.float32], other: NDArray[np.float32]) -> float:
    """Return how two lines go together, -1 to 1; plain ones do not."""
    if min(one.std(), other.std()) < _PLAIN:
        return 0.0
    return float(np.corrcoef(one, other)[0, 1])
