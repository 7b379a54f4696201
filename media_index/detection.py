"""YuNet at several scales, merged.

YuNet sees faces of about 10 to 300 px in the image it is given, so a close-up needs a small
picture and a crowd a large one.
"""

from __future__ import annotations

import threading
from dataclasses import dataclass
from typing import TYPE_CHECKING

import cv2
import numpy as np

from media_index.images import apparent_side

if TYPE_CHECKING:
    from pathlib import Path

    from numpy.typing import NDArray

    Pixels = NDArray[np.uint8]

MODEL_ID = "yunet-2023mar"
_ROW = 15  # x, y, width, height, five points, score


@dataclass(frozen=True, slots=True)
class DetectionSettings:
    """How generously to look for faces.

    Attributes:
        sides: px of the picture's `apparent_side`, one pass of the detector each.
        most_enlarged: small pictures are enlarged by at most this.
        score: from which a box is taken as a face. Generous: a false face costs milliseconds and
            matches nobody, a missed one costs a revocation.
        overlap: boxes sharing more than this (intersection over union) are one face.
    """

    sides: tuple[int, ...] = (320, 800, 2000)
    most_enlarged: float = 2.0
    score: float = 0.4
    overlap: float = 0.4

    def scales(self, width: int, height: int) -> list[float]:
        """Return the scales to look at, smallest first, for a picture of that size in px."""
        seen = apparent_side(width, height)
        wanted = sorted({min(side / seen, self.most_enlarged) for side in self.sides})
        # Two passes at nearly the same size see the same faces.
        return [
            scale
            for place, scale in enumerate(wanted)
            if place + 1 == len(wanted) or wanted[place + 1] / scale > 1.3  # noqa: PLR2004
        ]


class FaceDetector:
    """Finds faces. Safe to share between threads, one picture at a time."""

    def __init__(self, weights: Path, settings: DetectionSettings | None = None) -> None:
        """Load the model.

        Args:
            weights: YuNet's ONNX file, verified.
            settings: how generously to look.
        """
        self._settings = settings or DetectionSettings()
        self._yunet = cv2.FaceDetectorYN.create(
            str(weights),
            "",
            (320, 320),
            self._settings.score,
            0.3,
            5000,
        )
        self._lock = threading.Lock()

    def detect(self, rgb: Pixels) -> NDArray[np.float32]:
        """Find faces.

        Args:
            rgb: (h, w, 3) uint8.

        Returns:
            (n, 15) float32, by place from left to right: x, y, width, height, then x and y of
            right eye, left eye, nose, right and left corner of the mouth, all in px of `rgb`,
            and the score.
        """
        height, width = rgb.shape[:2]
        bgr = cv2.cvtColor(rgb, cv2.COLOR_RGB2BGR)
        found = []
        for scale in self._settings.scales(width, height):
            size = max(1, round(width * scale)), max(1, round(height * scale))
            shrinking = scale < 1
            view = cv2.resize(
                bgr,
                size,
                interpolation=cv2.INTER_AREA if shrinking else cv2.INTER_LINEAR,
            )
            found.append(
                self._pass(np.asarray(view, dtype=np.uint8), (width / size[0], height / size[1]))
            )
        rows = merged(np.concatenate(found), self._settings.overlap)
        return rows[np.argsort(rows[:, 0], kind="stable")]

    def _pass(self, view: Pixels, back: tuple[float, float]) -> NDArray[np.float32]:
        with self._lock:
            self._yunet.setInputSize((view.shape[1], view.shape[0]))
            _, rows = self._yunet.detect(view)
        if rows is None:
            return np.empty((0, _ROW), np.float32)
        found: NDArray[np.float32] = np.array(rows, dtype=np.float32)
        found[:, 0:14:2] *= np.float32(back[0])
        found[:, 1:14:2] *= np.float32(back[1])
        return found


def merged(rows: NDArray[np.float32], overlap: float) -> NDArray[np.float32]:
    """Keep the best-scored of boxes that overlap (greedy non-maximum suppression).

    Args:
        rows: (n, 15) as `FaceDetector.detect` returns them.
        overlap: intersection over union above which two boxes are one face.
    """
    if not len(rows):
        return rows
    kept = cv2.dnn.NMSBoxes(rows[:, :4].tolist(), rows[:, 14].tolist(), 0.0, overlap)
    best: NDArray[np.float32] = rows[np.asarray(kept, dtype=int).ravel()]
    return best
