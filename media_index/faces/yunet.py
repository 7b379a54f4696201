"""YuNet, run by ONNX Runtime: what cv2.FaceDetectorYN does, in half the time.

Method: OpenCV's modules/objdetect/src/face_detect.cpp (Apache-2.0).
"""

from __future__ import annotations

import threading
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray

from media_index.faces.onnx_session import OnnxSession
from media_index.faces.onnx_writer import with_input

Pixels = NDArray[np.uint8]

_STRIDES = (8, 16, 32)
# Of the network's coarsest map: the sides of a picture are multiples of it.
_DIVISOR = _STRIDES[-1]
# Boxes of one look are one face where they share more (intersection over union).
_OVERLAP = 0.3
_MOST = 5000
ROW = 15  # x, y, width, height, five points, score


class YuNet:
    """Finds faces in a picture as it is. Safe to share between threads."""

    def __init__(self, weights: Path, score: float) -> None:
        """Load the model from its verified file; boxes from that score on are returned."""
        # The file says 640 x 640 px; the network itself takes any size.
        model = with_input(weights.read_bytes(), ("input", (1, 3, "height", "width")))
        self._session = OnnxSession(model, weights.name)
        self._score = score
        self._lock = threading.Lock()

    def detect(self, rgb: Pixels) -> NDArray[np.float32]:
        """Return (n, 15) float32 as `FaceDetector.detect` does, the surest first."""
        height, width = rgb.shape[:2]
        below, right = -height % _DIVISOR, -width % _DIVISOR
        padded = cv2.copyMakeBorder(rgb, 0, below, 0, right, cv2.BORDER_CONSTANT)
        # The network was trained on pictures as OpenCV reads them, in BGR.
        blob = np.asarray(cv2.dnn.blobFromImage(padded, swapRB=True), np.float32)
        # One at a time: a large picture takes 300 MB.
        with self._lock:
            outputs = self._session.run(blob)
        columns = padded.shape[1]
        rows = np.concatenate(
            [self._rows(outputs, stride, columns // stride) for stride in _STRIDES]
        )
        if not len(rows):
            return rows
        kept = cv2.dnn.NMSBoxes(
            rows[:, :4].astype(int).tolist(),
            rows[:, 14].tolist(),
            self._score,
            _OVERLAP,
            top_k=_MOST,
        )
        best: NDArray[np.float32] = rows[np.asarray(kept, dtype=int).ravel()]
        return best

    def _rows(
        self, outputs: dict[str, NDArray[np.float32]], stride: int, columns: int
    ) -> NDArray[np.float32]:
        """Return the boxes of one map of the network, row by row."""
        sure, face, box, points = (
            outputs[f"{kind}_{stride}"][0] for kind in ("cls", "obj", "bbox", "kps")
        )
        scores = np.sqrt(sure.clip(0, 1) * face.clip(0, 1))[:, 0]
        at = np.flatnonzero(scores >= self._score)
        places = np.stack([at % columns, at // columns], axis=1).astype(np.float32)
        rows = np.empty((len(at), ROW), np.float32)
        middles = (places + box[at, :2]) * stride
        rows[:, 2:4] = np.exp(box[at, 2:]) * stride
        rows[:, :2] = middles - rows[:, 2:4] / 2
        rows[:, 4:14] = (points[at] + np.tile(places, 5)) * stride
        rows[:, 14] = scores[at]
        return rows
