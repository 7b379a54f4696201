"""Encodings of a face: OpenCV's SFace here; face_recognition's in the room dlib.

SFace's is the mean of the face and of its mirror image: fewer photos of a person are missed at the
same false matches, and dlib's mirror images add nothing to that (ADR 14).
"""

from __future__ import annotations

import threading
from collections.abc import Sequence
from pathlib import Path
from typing import Protocol

import cv2
import numpy as np
from numpy.typing import NDArray

Pixels = NDArray[np.uint8]
Rows = NDArray[np.float32]

DLIB = "dlib-resnet-v1"
# Of the face alone, as OpenCV gives it; for measuring.
SFACE_PLAIN = "sface-2021dec"
SFACE = f"{SFACE_PLAIN}-mirrored"
DIMENSIONS = 128
_LEAST_SQUARE = 1e-6


class Encoder(Protocol):
    """Turns faces into vectors that are near each other for one person."""

    @property
    def model_id(self) -> str:
        """Name and version of the model; vectors of different ids are never compared."""
        ...

    def encode(self, rgb: Pixels, rows: Rows) -> NDArray[np.float32]:
        """Encode the faces in rows of `FaceDetector.detect` of a picture; (n, d) float32."""
        ...


class SFaceEncoder:
    """SFace through OpenCV, which aligns by the landmarks. Unit vectors; compared by cosine."""

    def __init__(self, weights: Path, *, plain: bool = False) -> None:
        """Load the model from its verified ONNX file; `plain` encodes no mirror image."""
        self.model_id = SFACE_PLAIN if plain else SFACE
        self._plain = plain
        self._sface = cv2.FaceRecognizerSF.create(str(weights), "")
        self._lock = threading.Lock()

    def encode(self, rgb: Pixels, rows: Rows) -> NDArray[np.float32]:
        """Encode faces; see `Encoder`."""
        return self.encode_aligned(self.aligned(rgb, rows))

    def aligned(self, rgb: Pixels, rows: Rows) -> list[Pixels]:
        """Return a (112, 112, 3) uint8 RGB crop per face, turned upright."""
        with self._lock:
            return [
                np.asarray(self._sface.alignCrop(rgb, row[:14].reshape(1, -1)), dtype=np.uint8)
                for row in rows
            ]

    def encode_aligned(self, crops: list[Pixels]) -> NDArray[np.float32]:
        """Encode (112, 112, 3) uint8 RGB crops to (n, 128) float32."""
        return self.vectors_and_norms(crops)[0]

    def vectors_and_norms(
        self, crops: list[Pixels]
    ) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
        """Encode (112, 112, 3) uint8 RGB crops.

        Returns:
            (n, 128) float32, and (n,) float32: their lengths before they were made unit vectors.
        """
        features = self._features(crops)
        vectors, norms = unit(features), np.linalg.norm(features, axis=1)
        if not self._plain:
            others = self._features(mirrored(crops))
            vectors = unit(vectors + unit(others))
            norms = (norms + np.linalg.norm(others, axis=1)) / 2
        return vectors, norms.astype(np.float32)

    def _features(self, crops: list[Pixels]) -> NDArray[np.float32]:
        vectors = np.empty((len(crops), DIMENSIONS), np.float32)
        with self._lock:
            for row, crop in enumerate(crops):
                vectors[row] = self._sface.feature(cv2.cvtColor(crop, cv2.COLOR_RGB2BGR))[0]
        return vectors


def mirrored(crops: Sequence[Pixels]) -> list[Pixels]:
    """Return the mirror image of each picture of a face."""
    return [np.ascontiguousarray(crop[:, ::-1]) for crop in crops]


def is_sound(vector: NDArray[np.float32], length: int) -> bool:
    """Say whether a vector can be an encoding: of that length, finite, and not zero."""
    return len(vector) == length and _LEAST_SQUARE < float(vector @ vector) < np.inf


def unit(vectors: NDArray[np.float32]) -> NDArray[np.float32]:
    """Return (n, d) vectors at a length of 1."""
    lengths = np.linalg.norm(vectors, axis=1, keepdims=True)
    return np.asarray(vectors / np.maximum(lengths, 1e-9), dtype=np.float32)
