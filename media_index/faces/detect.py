"""YuNet at several scales, merged.

YuNet sees faces of about 10 to 300 px in the image it is given, so a close-up needs a small
picture and a crowd a large one. It knows faces of the usual shape only, so a picture that some
program has squeezed is widened again first.
"""

from __future__ import annotations

import math
import threading
from typing import TYPE_CHECKING

import cv2
import numpy as np

from media_index.images.decode import apparent_side
from media_index.limits import DETECTION

if TYPE_CHECKING:
    from pathlib import Path

    from numpy.typing import NDArray

    from media_index.limits import Detection

    Pixels = NDArray[np.uint8]

MODEL_ID = "yunet-2023mar"
_ROW = 15  # x, y, width, height, five points, score
_SMALLEST = 64
# Between two looks, times.
_APART = 1.3


def scales(limits: Detection, width: int, height: int) -> list[float]:
    """Return the scales to look at, smallest first, for a picture of that size in px."""
    seen = apparent_side(width, height)
    first, *others = (side / seen for side in sorted(limits.sides))
    # The first look is for close-ups and for the shape: nothing is gained by enlarging it.
    wanted = sorted({min(first, 1.0), *(min(side, limits.most_enlarged) for side in others)})
    # Two passes at nearly the same size see the same faces.
    return [
        scale
        for scale, larger in zip(wanted, [*wanted[1:], math.inf], strict=True)
        if larger / scale > _APART
    ]


class FaceDetector:
    """Finds faces. Safe to share between threads, one picture at a time."""

    def __init__(self, weights: Path, limits: Detection = DETECTION) -> None:
        """Load YuNet from its ONNX file, verified."""
        self._limits = limits
        self._yunet = cv2.FaceDetectorYN.create(
            str(weights), "", (320, 320), limits.score, 0.3, 5000
        )
        self._lock = threading.Lock()

    def detect(self, rgb: Pixels) -> NDArray[np.float32]:
        """Find the faces of a picture, (h, w, 3) uint8.

        Returns:
            (n, 15) float32, by place from left to right: x, y, width, height, then x and y of
            right eye, left eye, nose, right and left corner of the mouth, all in px of `rgb`,
            and the score.
        """
        views = _halvings(np.asarray(cv2.cvtColor(rgb, cv2.COLOR_RGB2BGR), dtype=np.uint8))
        limits = self._limits
        first, *others = scales(limits, rgb.shape[1], rgb.shape[0])
        squeezed = limits.squeezed
        looks = {stretch: self._look(views, first, stretch) for stretch in (1.0, squeezed)}
        clearly = _sureness(looks[squeezed]) > limits.clearly * _sureness(looks[1.0])
        stretch = squeezed if clearly else 1.0
        found = [looks.pop(stretch), *(self._look(views, scale, stretch) for scale in others)]
        rows = merged(np.concatenate(found), limits.overlap)
        # Seen in the wrong shape its landmarks are off: only where there is no other face.
        rows = with_others(rows, *looks.values(), overlap=limits.overlap)
        return rows[np.argsort(rows[:, 0], kind="stable")]

    def _look(self, views: list[Pixels], scale: float, stretch: float) -> NDArray[np.float32]:
        """Return the faces of a picture reduced or enlarged, and widened at the same area.

        Args:
            views: the picture, and its halvings.
            scale: px of the look per px of the picture.
            stretch: how many times as wide, for its height.
        """
        height, width = views[0].shape[:2]
        across, down = scale * stretch**0.5, scale / stretch**0.5
        size = max(1, round(width * across)), max(1, round(height * down))
        # The smallest that has not to be enlarged: what is left to reduce is less than a half.
        large = [view for view in views if view.shape[1] >= size[0] and view.shape[0] >= size[1]]
        view = cv2.resize([views[0], *large][-1], size, interpolation=cv2.INTER_LINEAR)
        with self._lock:
            self._yunet.setInputSize(size)
            _, rows = self._yunet.detect(view)
        if rows is None:
            return np.empty((0, _ROW), np.float32)
        found: NDArray[np.float32] = np.array(rows, dtype=np.float32)
        found[:, 0:14:2] *= np.float32(width / size[0])
        found[:, 1:14:2] *= np.float32(height / size[1])
        return found


def _halvings(bgr: Pixels) -> list[Pixels]:
    """Return a picture at its size, at a half, a quarter and so on, down to `_SMALLEST` px.

    Each pixel is averaged with its neighbours once: to reduce the whole picture to each look takes
    five times as long.
    """
    views = [bgr]
    while min(views[-1].shape[:2]) >= 2 * _SMALLEST:
        height, width = views[-1].shape[:2]
        even = views[-1][: height // 2 * 2, : width // 2 * 2]
        half = cv2.resize(even, (width // 2, height // 2), interpolation=cv2.INTER_AREA)
        views.append(np.asarray(half, dtype=np.uint8))
    return views


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
