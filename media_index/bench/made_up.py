"""Faces that never were, as far apart as strangers' faces are."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from media_index.faces.encode import DLIB

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray

    from media_index.matching.calibration import Calibration, ModelScale

    Encodings = dict[str, NDArray[np.float32]]

# dlib's encodings are about as long as this; they are compared by distance.
DLIB_LENGTH = 1.4
DIMENSIONS = 128
_AT_ONCE = 20_000


class MadeUpFaces:
    """Draws encodings whose similarity has the mean and the deviation that strangers' has.

    All lie around one direction, as far from it as the mean says, and spread over as many
    dimensions as the deviation says. Which strangers look most alike is not drawn from life.
    """

    def __init__(self, calibration: Calibration, seed: int) -> None:
        """Begin the draw."""
        self._calibration = calibration
        self._random = np.random.default_rng(seed)

    def faces(self, count: int) -> Encodings:
        """Draw faces of strangers.

        Returns:
            By model id, (count, 128) float32.
        """
        drawn: Encodings = {}
        for model, scale in self._calibration.scales.items():
            length, middle, dimensions = _shape(model, scale)
            spread = self._random.standard_normal((count, dimensions), dtype=np.float32)
            spread /= np.linalg.norm(spread, axis=1, keepdims=True)
            rows = np.zeros((count, DIMENSIONS), np.float32)
            rows[:, :dimensions] = spread * np.float32(length * np.sqrt(1 - middle))
            rows[:, -1] = length * np.sqrt(middle)
            drawn[model] = rows
        return drawn

    def near(self, face: Encodings, count: int, share: float = 0.5) -> Encodings:
        """Draw faces that look like one: `share` of a stranger mixed in."""
        drawn: Encodings = {}
        for model, others in self.faces(count).items():
            mixed = (1 - share) * face[model][0] + share * others
            lengths = np.linalg.norm(mixed, axis=1, keepdims=True)
            drawn[model] = (mixed * np.linalg.norm(face[model][0]) / lengths).astype(np.float32)
        return drawn

    def blocks(self, count: int) -> Iterator[Encodings]:
        """Draw faces of strangers, 20,000 at a time."""
        for start in range(0, count, _AT_ONCE):
            yield self.faces(min(_AT_ONCE, count - start))


def _shape(model: str, scale: ModelScale) -> tuple[float, float, int]:
    """Return length, mean cosine and dimensions of the spread."""
    if model == DLIB:
        length = DLIB_LENGTH
        cosine = 1 - (scale.mean**2 + scale.deviation**2) / (2 * length**2)
        deviation = -scale.mean * scale.deviation / length**2
    else:
        length, cosine, deviation = 1.0, scale.mean, scale.deviation
    return length, cosine, min(DIMENSIONS - 1, round(((1 - cosine) / deviation) ** 2))
