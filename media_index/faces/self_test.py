"""A look at one known face: a model that no longer sees what it saw would find nobody, silently.

A broken build of a library, a damaged model in memory or one that was swapped gives zeros, or
numbers as good as any. The face is of a photo of NASA's, public domain (tools/make_known_face.py).
"""

from __future__ import annotations

from pathlib import Path
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from media_index.faces.encode import Encoder
from media_index.faces.weights import WeightsError
from media_index.types import Box

KNOWN_FACE = Path(__file__).with_name("known_face.npz")
# Builds of one library differ by 0.0001; of two people the cosine is below 0.4 with SFace.
_LEAST_COSINE = 0.98
_LEAST_SHARED = 0.5

Pixels = NDArray[np.uint8]
Rows = NDArray[np.float32]


class Detector(Protocol):
    """What finds faces."""

    def detect(self, rgb: Pixels) -> Rows:
        """Return (n, 15) rows; see `FaceDetector`."""
        ...


class ModelAstrayError(WeightsError):
    """A model does not see in a known face what it should."""

    def __init__(self, model: str) -> None:
        super().__init__(
            f"The face model {model} no longer recognizes a known face, so it would find nobody:"
            " set up the program again (python3 start.py), and check again."
        )


def prove(detector: Detector, sface: Encoder | None = None, dlib: Encoder | None = None) -> None:
    """Show the known face to each model; to the detector alone where nothing is encoded.

    Raises:
        ModelAstrayError: one says something else of it than it should.
    """
    with np.load(KNOWN_FACE) as known:
        rgb, row = known["rgb"], known["row"]
        expected = ((sface, known["sface"]), (dlib, known["dlib"]))
    if not any(_shared(found, row) >= _LEAST_SHARED for found in detector.detect(rgb)):
        raise ModelAstrayError("YuNet")
    for encoder, vector in expected:
        if encoder is None:
            continue
        seen = np.asarray(encoder.encode(rgb, row[np.newaxis]))
        # Also false for NaN.
        if seen.shape != (1, len(vector)) or not _cosine(seen[0], vector) >= _LEAST_COSINE:
            raise ModelAstrayError(encoder.model_id)


def _cosine(one: NDArray[np.float32], other: NDArray[np.float32]) -> float:
    lengths = float(np.linalg.norm(one) * np.linalg.norm(other))
    return float(one @ other) / lengths if lengths else 0.0


def _shared(found: NDArray[np.float32], row: NDArray[np.float32]) -> float:
    one, other = _box(found), _box(row)
    both = one.shared_with(other)
    return both / (one.width * one.height + other.width * other.height - both)


def _box(row: NDArray[np.float32]) -> Box:
    x, y, width, height = (round(float(value)) for value in row[:4])
    return Box(x, y, x + width, y + height)
