"""Whether two pictures that stand edge to edge are strips of one, or two photos side by side."""

from __future__ import annotations

from enum import Enum

import cv2
import numpy as np
from numpy.typing import NDArray

from media_index.images.decode import Pixels
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

# As a share of the page's width, how far from its edge a picture ends that goes on; and of the
# higher one, how much the two halves share in height.
_OFF_EDGE, _SAME_HEIGHT = 0.02, 0.97


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


def meet_at_the_fold(at: Box, there: Box, page_width: int) -> bool:
    """Say whether a picture ends where a page does, and one as high begins at the next page's edge.

    Args:
        at: where the first stands on its page, px of the page as rendered.
        there: where the second one stands on the next page.
        page_width: px, of both pages.
    """
    off = page_width * _OFF_EDGE
    shared = min(at.y2, there.y2) - max(at.y1, there.y1)
    return (
        abs(at.x2 - page_width) <= off
        and abs(there.x1) <= off
        and shared >= _SAME_HEIGHT * max(at.height, there.height)
    )


def goes_over_the_fold(first: Pixels, at: Box, second: Pixels, there: Box) -> bool:
    """Say whether two pictures that meet at the fold are halves of one; see `meet_at_the_fold`."""
    high = min(at.y1, there.y1)
    left = Box(0, at.y1 - high, at.width, at.y2 - high)
    right = Box(at.width, there.y1 - high, at.width + there.width, there.y2 - high)
    spread = np.full((max(left.y2, right.y2), right.x2), 255, np.uint8)
    for picture, box in ((first, left), (second, right)):
        gray = cv2.cvtColor(picture, cv2.COLOR_RGB2GRAY)
        size = (box.width, box.height)
        drawn = cv2.resize(gray, size, interpolation=cv2.INTER_AREA)
        spread[box.y1 : box.y2, box.x1 : box.x2] = drawn
    return seam_between(spread, left, right, second_above=True) is Seam.ONE_PICTURE


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
