"""YuNet at several scales, merged.

YuNet sees faces of about 10 to 300 px in the image it is given, so a close-up needs a small
picture and a crowd a large one. It knows faces of the usual shape only, so a picture that some
program has squeezed is widened again first.
"""

from __future__ import annotations

import itertools
import math
import time
from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray

from media_index.faces.yunet import ROW, YuNet
from media_index.images.decode import apparent_side
from media_index.limits import COMPARABILITY, DETECTION, Detection

Pixels = NDArray[np.uint8]

# Columns of a row that are places, and no sizes.
_ACROSS, _DOWN = [0, *range(4, 14, 2)], [1, *range(5, 14, 2)]
_SMALLEST = 64
# Px that are looked at in one go: a matter of memory. Larger looks are taken in parts.
_MOST_AT_ONCE = 6_000_000


def least_sought(limits: Detection, width: int, height: int) -> float:
    """Return how many px a face of a photo must have to be looked for, of those that are sought.

    1.0 where all of them are; more in a photo that is larger than the finest look shows.

    Args:
        limits: of the looks.
        width: px of the full-size photo.
        height: px of the full-size photo.
    """
    return max(1.0, limits.fine * apparent_side(width, height) / limits.finest_side)


def scales(limits: Detection, width: int, height: int, reduction: float = 1.0) -> list[float]:
    """Return the scales to look at, smallest first, for a picture of that size in px.

    `reduction` is how many times as large the photo was that the picture was made from.
    """
    seen = apparent_side(width, height)
    *smaller, largest = sorted(limits.sides)
    fine = min(limits.fine * reduction, 1.0) * seen
    finest = max(largest, min(fine, limits.finest_side))
    first, *others = (side / seen for side in (*smaller, finest))
    # The first look is for close-ups and for the shape: nothing is gained by enlarging it.
    wanted = sorted({min(first, 1.0), *(min(side, limits.most_enlarged) for side in others)})
    # Two passes at nearly the same size see the same faces.
    return [
        scale
        for scale, larger in zip(wanted, [*wanted[1:], math.inf], strict=True)
        if larger / scale > limits.apart
    ]


class FaceDetector:
    """Finds faces. Safe to share between threads."""

    def __init__(self, weights: Path, limits: Detection = DETECTION) -> None:
        """Load YuNet from its ONNX file, verified."""
        self._limits = limits
        self._yunet = YuNet(weights, min(limits.score, limits.turned_hint))

    def detect(
        self, rgb: Pixels, reduction: float = 1.0, *, until: float = math.inf
    ) -> NDArray[np.float32]:
        """Find the faces of a picture, (h, w, 3) uint8, made from one so many times as large.

        Returns:
            (n, 15) float32, by place from left to right: x, y, width, height, then x and y of
            right eye, left eye, nose, right and left corner of the mouth, all in px of `rgb`,
            and the score.

        Raises:
            TimeoutError: it was not done `until` then, by the monotonic clock.
        """
        return self.detect_with_hints(rgb, reduction, until=until)[0]

    def detect_with_hints(
        self, rgb: Pixels, reduction: float = 1.0, *, until: float = math.inf
    ) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
        """Find faces as `detect` does, and boxes in which a head may be that is not upright.

        Raises:
            TimeoutError: it was not done `until` then, by the monotonic clock.
        """
        views = _halvings(rgb)
        limits = self._limits
        first, *others = scales(limits, rgb.shape[1], rgb.shape[0], reduction)
        squeezed = limits.squeezed
        looks = {stretch: self._look(views, (first, stretch), until) for stretch in (1.0, squeezed)}
        sure = {stretch: rows[rows[:, 14] >= limits.score] for stretch, rows in looks.items()}
        clearly = _sureness(sure[squeezed]) > limits.clearly * _sureness(sure[1.0])
        stretch = squeezed if clearly else 1.0
        finer = [self._look(views, (scale, stretch), until) for scale in others]
        every = merged(np.concatenate([looks[stretch], *finer]), limits.overlap)
        # Seen in the wrong shape its landmarks are off: only where there is no other face.
        apart = sure[1.0 if clearly else squeezed]
        rows = with_others(every[every[:, 14] >= limits.score], apart, overlap=limits.overlap)
        return rows[np.argsort(rows[:, 0], kind="stable")], self._hints(every, rgb, reduction)

    def _hints(
        self, rows: NDArray[np.float32], rgb: Pixels, reduction: float
    ) -> NDArray[np.float32]:
        """Return the boxes too small for `detect_turned`, and too unsure to be upright heads."""
        limits = self._limits
        scale = limits.turned_side / apparent_side(rgb.shape[1], rgb.shape[0])
        if scale > limits.turned_large:
            return rows[:0]
        side = rows[:, 2:4].min(axis=1)
        small = side * scale < limits.turned_seen_px
        small &= side * reduction >= COMPARABILITY.comparable_px
        hints = rows[small & (rows[:, 14] < limits.turned_score)]
        order = np.argsort(-hints[:, 14], kind="stable")
        surest: NDArray[np.float32] = hints[order[: limits.turned_hints]]
        return surest

    def detect_turned(self, rgb: Pixels) -> NDArray[np.float32]:
        """Find faces that are far from upright: lying, or in a picture that nobody turned.

        Args:
            rgb: (h, w, 3) uint8.

        Returns:
            (n, 15) float32 as `detect` does, the surest of those that overlap; the box is the
            square around the middle of the turned one.
        """
        limits = self._limits
        scale = min(limits.turned_side / apparent_side(rgb.shape[1], rgb.shape[0]), 1.0)
        size = max(1, round(rgb.shape[1] * scale)), max(1, round(rgb.shape[0] * scale))
        small = _reduced(_halvings(rgb), size)
        found = np.concatenate([self._look_turned(small, angle) for angle in limits.turns])
        found[:, :14] /= np.float32(scale)
        return merged(found[found[:, 14] >= limits.turned_score], limits.overlap)

    def detect_in_negative(self, rgb: Pixels) -> NDArray[np.float32]:
        """Find faces in the negative of a picture, (h, w, 3) uint8, as it is seen small.

        Returns:
            (n, 15) float32 as `detect` does, of those that are surely there.
        """
        limits = self._limits
        scale = min(limits.negative_side / apparent_side(rgb.shape[1], rgb.shape[0]), 1.0)
        size = max(1, round(rgb.shape[1] * scale)), max(1, round(rgb.shape[0] * scale))
        rows = self._yunet.detect(255 - _reduced(_halvings(rgb), size))
        rows[:, :14] /= np.float32(scale)
        return rows[rows[:, 14] >= limits.negative_score]

    def detect_turned_near(
        self, rgb: Pixels, hints: NDArray[np.float32], *, until: float = math.inf
    ) -> NDArray[np.float32]:
        """Find faces far from upright as `detect_turned` does, around boxes, at full size.

        Raises:
            TimeoutError: it was not done `until` then, by the monotonic clock.
        """
        limits = self._limits
        found = [np.empty((0, ROW), np.float32)]
        for hint in hints:
            if time.monotonic() > until:
                raise TimeoutError
            middle = hint[:2] + hint[2:4] / 2
            half = float(hint[2:4].max()) * limits.turned_around / 2
            left, top = np.maximum(middle - half, 0).astype(int)
            right, bottom = np.ceil(middle + half).astype(int)
            view = rgb[top:bottom, left:right]
            scale = limits.turned_view / max(view.shape[:2])
            size = max(1, round(view.shape[1] * scale)), max(1, round(view.shape[0] * scale))
            small = np.asarray(cv2.resize(view, size), dtype=np.uint8)
            rows = self.detect_turned(small).copy()
            rows[:, :14] /= np.float32(scale)
            rows[:, _ACROSS] += left
            rows[:, _DOWN] += top
            found.append(rows)
        return np.concatenate(found)

    def _look_turned(self, view: Pixels, degrees: float) -> NDArray[np.float32]:
        height, width = view.shape[:2]
        turn = cv2.getRotationMatrix2D((width / 2, height / 2), degrees, 1.0)
        across, down = np.abs(turn[:, :2]) @ (width, height)
        turn[:, 2] += np.divide([across - width, down - height], 2.0)
        turned = cv2.warpAffine(view, turn, (round(across), round(down)))
        rows = self._yunet.detect(np.asarray(turned, dtype=np.uint8))
        back = cv2.invertAffineTransform(turn)
        points = rows[:, 4:14].reshape(-1, 5, 2) @ back[:, :2].T + back[:, 2]
        middles = (rows[:, :2] + rows[:, 2:4] / 2) @ back[:, :2].T + back[:, 2]
        sides = np.sqrt(rows[:, 2:3] * rows[:, 3:4])
        rows[:, :2], rows[:, 2:4] = middles - sides / 2, sides
        rows[:, 4:14] = points.reshape(-1, 10)
        return rows

    def _look(
        self, views: list[Pixels], shape: tuple[float, float], until: float
    ) -> NDArray[np.float32]:
        """Return the faces of a picture reduced or enlarged, and widened at the same area.

        Args:
            views: the picture, and its halvings.
            shape: px of the look per px of the picture, and how many times as wide it is made for
                its height.
            until: by the monotonic clock; then there is no time left.
        """
        scale, stretch = shape
        height, width = views[0].shape[:2]
        across, down = scale * stretch**0.5, scale / stretch**0.5
        size = max(1, round(width * across)), max(1, round(height * down))
        found = self._rows_by_parts(_reduced(views, size), until)
        found[:, 0:14:2] *= np.float32(width / size[0])
        found[:, 1:14:2] *= np.float32(height / size[1])
        return found

    def _rows_by_parts(self, rgb: Pixels, until: float) -> NDArray[np.float32]:
        """Return what YuNet finds in a picture, (n, 15), part by part where it is large.

        YuNet's memory grows with the picture: 100 bytes and more for a px. The parts overlap, and a
        face counts in the part in whose middle it lies: there it is whole.
        """
        across, down = _parts(rgb.shape[1], rgb.shape[0], self._limits.parts_overlap)
        found = []
        for y_span, x_span in itertools.product(down, across):
            if time.monotonic() > until:
                raise TimeoutError
            rows = self._yunet.detect(rgb[y_span.begin : y_span.end, x_span.begin : x_span.end])
            rows[:, _ACROSS] += x_span.begin
            rows[:, _DOWN] += y_span.begin
            x, y = (rows[:, :2] + rows[:, 2:4] / 2).T
            inside = (x >= x_span.first) & (x < x_span.last)
            found.append(rows[inside & (y >= y_span.first) & (y < y_span.last)])
        return np.concatenate(found)


def _parts(width: int, height: int, overlap: int) -> tuple[list[_Span], list[_Span]]:
    """Return the spans across and down of the fewest parts of which each can be looked at."""
    columns = rows = 1
    while True:
        across, down = _spans(width, columns, overlap), _spans(height, rows, overlap)
        wide, high = across[0].end, down[0].end
        if wide * high <= _MOST_AT_ONCE:
            return across, down
        if wide >= high:
            columns += 1
        else:
            rows += 1


@dataclass(frozen=True, slots=True)
class _Span:
    """A part of a side, px, and the middle of it in which what is found counts."""

    begin: int
    end: int
    first: float
    last: float


def _spans(length: int, count: int, overlap: int) -> list[_Span]:
    """Return spans of a side that overlap; their middles make the side, and what is beyond it."""
    size = math.ceil((length + (count - 1) * overlap) / count)
    begins = [round(at * (length - size) / max(count - 1, 1)) for at in range(count)]
    between = [(begin + size + following) / 2 for begin, following in itertools.pairwise(begins)]
    middles = zip([-math.inf, *between], [*between, math.inf], strict=True)
    return [_Span(at, at + size, *middle) for at, middle in zip(begins, middles, strict=True)]


def _reduced(views: list[Pixels], size: tuple[int, int]) -> Pixels:
    """Return a picture at a size, made from the smallest view that has not to be enlarged."""
    large = [view for view in views if view.shape[1] >= size[0] and view.shape[0] >= size[1]]
    # What is left to reduce is less than a half.
    reduced = cv2.resize([views[0], *large][-1], size, interpolation=cv2.INTER_LINEAR)
    return np.asarray(reduced, dtype=np.uint8)


def _halvings(rgb: Pixels) -> list[Pixels]:
    """Return a picture at its size, at a half, a quarter and so on, down to `_SMALLEST` px.

    Each pixel is averaged with its neighbours once: to reduce the whole picture to each look takes
    five times as long.
    """
    views = [rgb]
    while min(views[-1].shape[:2]) >= 2 * _SMALLEST:
        height, width = views[-1].shape[:2]
        even = views[-1][: height // 2 * 2, : width // 2 * 2]
        half = cv2.resize(even, (width // 2, height // 2), interpolation=cv2.INTER_AREA)
        views.append(np.asarray(half, dtype=np.uint8))
    return views


def hold_middles(upright: NDArray[np.float32], turned: NDArray[np.float32]) -> NDArray[np.bool_]:
    """Return (turned, upright) whether a box holds the middle of the other, or the other its."""

    def held(boxes: NDArray[np.float32], others: NDArray[np.float32]) -> NDArray[np.bool_]:
        middles = others[:, None, :2] + others[:, None, 2:4] / 2
        inside = (boxes[None, :, :2] <= middles) & (
            middles <= boxes[None, :, :2] + boxes[None, :, 2:4]
        )
        return np.asarray(inside.all(axis=2))

    return held(upright, turned) | held(turned, upright).T


def _sureness(rows: NDArray[np.float32]) -> float:
    """Return how sure the faces of one look are, together."""
    return float((rows[:, 14] ** 2).sum())


def merged(rows: NDArray[np.float32], overlap: float) -> NDArray[np.float32]:
    """Keep the best-scored of rows whose boxes overlap by more (non-maximum suppression)."""
    if not len(rows):
        return rows
    kept = cv2.dnn.NMSBoxes(rows[:, :4].tolist(), rows[:, 14].tolist(), 0.0, overlap)
    best: NDArray[np.float32] = rows[np.asarray(kept, dtype=int).ravel()]
    return best


def with_others(
    rows: NDArray[np.float32], others: NDArray[np.float32], *, overlap: float
) -> NDArray[np.float32]:
    """Keep all rows, and add those of others that none of them overlaps by more."""
    ranked = np.concatenate([rows, others])
    # Every box kept already ranks before every other.
    ranks = np.concatenate([rows[:, 14] + 1, others[:, 14]])
    if not len(ranked):
        return rows
    kept = cv2.dnn.NMSBoxes(ranked[:, :4].tolist(), ranks.tolist(), 0.0, overlap)
    best: NDArray[np.float32] = ranked[np.asarray(kept, dtype=int).ravel()]
    return best
