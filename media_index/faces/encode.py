"""Encodings of a face: SFace's here; face_recognition's in the room dlib.

SFace's is the mean of the face and of its mirror image: fewer photos of a person are missed at the
same false matches, and dlib's mirror images add nothing to that (ADR 14).
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Protocol

import cv2
import numpy as np
from numpy.typing import NDArray

from media_index.faces.onnx_session import OnnxSession
from media_index.faces.sface import DIMENSIONS, SIDE, rewritten

Pixels = NDArray[np.uint8]
Rows = NDArray[np.float32]

DLIB = "dlib-resnet-v1"
# Of the face alone, as OpenCV gives it; for measuring.
SFACE_PLAIN = "sface-2021dec"
SFACE = f"{SFACE_PLAIN}-mirrored"
_LEAST_SQUARE = 1e-6
# Where eyes, nose and corners of the mouth come to lie, px across and down: InsightFace's template,
# as modules/objdetect/src/face_recognize.cpp of OpenCV has it.
_TEMPLATE = np.array(
    [
        38.2946 + 51.6963j,
        73.5318 + 51.5014j,
        56.0252 + 71.7366j,
        41.5493 + 92.3655j,
        70.7299 + 92.2041j,
    ]
)
# Their mean, rounded as it is there.
_MIDDLE = 56.0262 + 71.9008j


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
    """SFace, on faces aligned by their landmarks as OpenCV's FaceRecognizerSF does it.

    Unit vectors; compared by cosine. Safe to share between threads.
    """

    def __init__(self, weights: Path, *, plain: bool = False) -> None:
        """Load the model from its verified ONNX file; `plain` encodes no mirror image.

        Raises:
            ModelUnusableError: it cannot be loaded.
        """
        self.model_id = SFACE_PLAIN if plain else SFACE
        self._plain = plain
        self._session = OnnxSession(rewritten(weights.read_bytes()), weights.name)

    def encode(self, rgb: Pixels, rows: Rows) -> NDArray[np.float32]:
        """Encode faces; see `Encoder`."""
        return self.encode_aligned(self.aligned(rgb, rows))

    def aligned(self, rgb: Pixels, rows: Rows) -> list[Pixels]:
        """Return a (112, 112, 3) uint8 RGB crop per face, turned upright."""
        return [_aligned(rgb, row[4:14].reshape(5, 2)) for row in rows]

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
        vectors = np.empty((len(crops), DIMENSIONS), np.float32)
        norms = np.empty(len(crops), np.float32)
        for index, crop in enumerate(crops):
            views = [crop] if self._plain else [crop, *mirrored([crop])]
            features = self._features(views)
            norms[index] = np.linalg.norm(features, axis=1).mean()
            vectors[index] = unit(unit(features).sum(axis=0, keepdims=True))[0]
        return vectors, norms

    def _features(self, crops: Sequence[Pixels]) -> NDArray[np.float32]:
        pixels = np.stack(crops).transpose(0, 3, 1, 2)
        [features] = self._session.run(np.ascontiguousarray(pixels, np.float32)).values()
        return features


def _aligned(rgb: Pixels, points: NDArray[np.float32]) -> Pixels:
    """Cut a face out, turned and scaled so that its five points come nearest to the template's.

    Points as complex numbers: turning and scaling is one multiplication, found by least squares.
    """
    seen = points.astype(np.float64) @ (1, 1j)
    apart = seen - seen.mean()
    many = np.vdot(apart, apart).real
    turn = np.vdot(apart, _TEMPLATE - _MIDDLE) / many if many else 0j
    shift = _MIDDLE - turn * seen.mean()
    matrix = np.array(
        [[turn.real, -turn.imag, shift.real], [turn.imag, turn.real, shift.imag]], np.float64
    )
    return np.asarray(cv2.warpAffine(rgb, matrix, (SIDE, SIDE)), dtype=np.uint8)


def mirrored(crops: Sequence[Pixels]) -> list[Pixels]:
    """Return the mirror image of each picture of a face."""
    return [np.ascontiguousarray(crop[:, ::-1]) for crop in crops]


def is_sound(vector: NDArray[np.float32], length: int) -> bool:
    """Say whether a vector can be an encoding: of that length, finite, and not zero."""
    return len(vector) == length and _LEAST_SQUARE < float(vector @ vector) < np.inf


def are_sound(vectors: NDArray[np.float32]) -> list[bool]:
    """Say of each of (n, d) vectors whether it can be an encoding; see `is_sound`."""
    squares = np.einsum("nd,nd->n", vectors, vectors)
    sound: list[bool] = ((squares > _LEAST_SQUARE) & (squares < np.inf)).tolist()
    return sound


def unit(vectors: NDArray[np.float32]) -> NDArray[np.float32]:
    """Return (n, d) vectors at a length of 1."""
    lengths = np.linalg.norm(vectors, axis=1, keepdims=True)
    return np.asarray(vectors / np.maximum(lengths, 1e-9), dtype=np.float32)
