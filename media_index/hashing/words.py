"""Visual words: spots that look alike are found without comparing every spot with every other.

A descriptor's word is a cell of an inverted multi-index: the nearest of 256 centers for its first
half, and of 256 for its second (A. Babenko and V. Lempitsky, "The inverted multi-index", 2012). Its
signature says in 64 bits where in the cell it lies (H. Jegou, M. Douze and C. Schmid, "Hamming
embedding and weak geometric consistency", 2008). `words.npz` holds the centers and directions;
tools/make_words.py made them.
"""

from __future__ import annotations

import hashlib
from functools import cache
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float32]

_FILE = Path(__file__).with_name("words.npz")
_HALF = 64
_CENTERS = 256
WORDS = _CENTERS * _CENTERS
# Centers of each half whose pairs are tried for a descriptor's nearest words.
_NEAR = 16


class Vocabulary:
    """The centers, ready to name words."""

    def __init__(self, centers: Floats, directions: Floats) -> None:
        """Take (2, 256, 64) centers of unit descriptors' halves, and (64, 128) directions."""
        self._centers = centers
        self._squares = np.einsum("hcd,hcd->hc", centers, centers)
        self._directions = directions
        # What of a signature's projections each center accounts for: (256, 64) each.
        self._offsets = [
            of_half @ directions[:, half * _HALF : (half + 1) * _HALF].T
            for half, of_half in enumerate(centers)
        ]
        content = np.ascontiguousarray(centers).tobytes() + directions.tobytes()
        self.digest = hashlib.sha256(content).hexdigest()

    def words(self, units: Floats) -> tuple[NDArray[np.uint16], NDArray[np.uint64]]:
        """Return the word of each descriptor and its signature; `units` are (n, 128), of length 1.

        Returns:
            (n,) words below `WORDS`, and (n,) signatures.
        """
        first, second = (self._distances(units, half).argmin(axis=1) for half in (0, 1))
        signatures = self._signatures(units @ self._directions.T, first, second)
        return (first * _CENTERS + second).astype(np.uint16), signatures

    def nearest_words(
        self, units: Floats, count: int
    ) -> tuple[NDArray[np.int64], NDArray[np.uint64]]:
        """Return the words nearest to each descriptor, and its signature in each of them.

        Returns:
            (n, count) each.
        """
        near, far = [], []
        for half in (0, 1):
            distances = self._distances(units, half)
            centers = np.argpartition(distances, _NEAR, axis=1)[:, :_NEAR]
            near.append(centers)
            far.append(np.take_along_axis(distances, centers, axis=1))
        together = (far[0][:, :, None] + far[1][:, None, :]).reshape(len(units), _NEAR * _NEAR)
        pairs = np.argpartition(together, count, axis=1)[:, :count]
        first = np.take_along_axis(near[0], pairs // _NEAR, axis=1)
        second = np.take_along_axis(near[1], pairs % _NEAR, axis=1)
        projected = (units @ self._directions.T)[:, None, :]
        return first * _CENTERS + second, self._signatures(projected, first, second)

    def _distances(self, units: Floats, half: int) -> Floats:
        """Return squared distances to the centers of a half, less what is the same for all."""
        own = units[:, half * _HALF : (half + 1) * _HALF]
        found: Floats = self._squares[half] - 2 * (own @ self._centers[half].T)
        return found

    def _signatures(
        self, projected: Floats, first: NDArray[np.int64], second: NDArray[np.int64]
    ) -> NDArray[np.uint64]:
        beyond = projected - self._offsets[0][first] - self._offsets[1][second]
        packed: NDArray[np.uint64] = np.packbits(beyond > 0, axis=-1).view(np.uint64)[..., 0]
        return packed


@cache
def vocabulary() -> Vocabulary:
    """Return the vocabulary that the program ships."""
    with np.load(_FILE) as arrays:
        return Vocabulary(arrays["centers"], arrays["directions"])


def units_of(descriptors: NDArray[np.uint8]) -> Floats:
    """Return descriptors as (n, 128) float32 of length 1."""
    values = descriptors.astype(np.float32)
    lengths = np.maximum(np.linalg.norm(values, axis=1, keepdims=True), 1e-6)
    unit: Floats = values / lengths
    return unit
