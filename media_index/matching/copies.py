"""Photos compared with known photos by their hashes. Exact: no index that guesses."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from media_index.errors import DamagedRowError
from media_index.limits import COPIES
from media_index.types import PerceptualHashes

# 128 KiB of words: what is made of them stays in the processor's cache.
_HASHES_AT_ONCE = 16_384
_PDQ_BYTES, _SHORT_BYTES = 32, 8
_PDQ_UNIT = "Hamming bits of 256"


@dataclass(frozen=True, slots=True)
class Copy:
    """A known photo that another one looks like.

    Attributes:
        index: of the known photo in the list searched.
        bits: distance, in `unit`.
        threshold: it had to be within.
        surely: whether it is a copy beyond doubt.
    """

    index: int
    bits: int
    threshold: int
    surely: bool
    unit: str
    method: str


class KnownPhotos:
    """Hashes of known photos, ready to be compared."""

    def __init__(self, hashes: Sequence[tuple[PerceptualHashes, PerceptualHashes | None]]) -> None:
        """Keep the hashes of each photo: as it is, and without its border if it has one."""
        views = [
            (index, view) for index, pair in enumerate(hashes) for view in pair if view is not None
        ]
        self._indexes = [index for index, _ in views]
        self._quality = np.array([view.pdq_quality for _, view in views], np.int32)
        self._pdq = hash_words([view.pdq for _, view in views], _PDQ_BYTES)
        self._phash = hash_words([view.phash for _, view in views], _SHORT_BYTES)
        self._dhash = hash_words([view.dhash for _, view in views], _SHORT_BYTES)

    def copies_of(self, hashes: PerceptualHashes, trimmed: PerceptualHashes | None) -> list[Copy]:
        """Return the known photos this one is a copy of, the nearest first, each once."""
        best: dict[int, Copy] = {}
        for view in (hashes, trimmed):
            if view is None or not self._indexes:
                continue
            _require_whole(view.pdq, _PDQ_BYTES)
            _require_whole(view.phash, _SHORT_BYTES)
            _require_whole(view.dhash, _SHORT_BYTES)
            for copy in self._copies(view):
                other = best.get(copy.index)
                if other is None or (not copy.surely, copy.bits) < (not other.surely, other.bits):
                    best[copy.index] = copy
        return sorted(best.values(), key=lambda copy: (not copy.surely, copy.bits))

    def _copies(self, view: PerceptualHashes) -> Iterator[Copy]:
        limits = COPIES
        pdq = distances(self._pdq, view.pdq)
        hashable = self._quality >= limits.least_quality
        if view.pdq_quality < limits.least_quality:
            hashable = np.zeros_like(hashable)
        phash = distances(self._phash, view.phash)
        dhash = distances(self._dhash, view.dhash)
        likely = pdq <= limits.likely_bits
        agreed = likely & (phash <= limits.likely_phash_bits)
        surely = hashable & ((pdq <= limits.surely_bits) | agreed)
        distant = (pdq <= limits.perhaps_bits) & (phash <= limits.perhaps_phash_bits)
        perhaps = hashable & (likely | distant)
        flat = ~hashable & (phash <= limits.flat_bits) & (dhash <= limits.flat_bits)
        for row in np.flatnonzero(surely | perhaps):
            threshold = limits.likely_bits if likely[row] else limits.perhaps_bits
            yield Copy(
                self._indexes[row], int(pdq[row]), threshold, bool(surely[row]), _PDQ_UNIT, "pdq"
            )
        for row in np.flatnonzero(flat):
            yield Copy(
                self._indexes[row],
                int(phash[row]),
                limits.flat_bits,
                False,  # noqa: FBT003
                "Hamming bits of 64",
                "phash and dhash",
            )


def _require_whole(one: bytes, width: int) -> None:
    if len(one) != width:
        raise DamagedRowError("photo")


def hash_words(hashes: Sequence[bytes], width: int) -> NDArray[np.uint64]:
    """Return hashes of `width` bytes as (width / 8, n) uint64: the first words together, and so on.

    In this order whole columns are compared at once.
    """
    for one in hashes:
        _require_whole(one, width)
    flat = np.frombuffer(b"".join(hashes), np.uint64).reshape(-1, width // 8)
    return np.ascontiguousarray(flat.T)


def distances(words: NDArray[np.uint64], one: bytes) -> NDArray[np.uint16]:
    """Return the Hamming distance of every hash (`hash_words`) to one, (n,) uint16 bits."""
    bits = np.empty(words.shape[1], np.uint16)
    for start in range(0, words.shape[1], _HASHES_AT_ONCE):
        some = slice(start, start + _HASHES_AT_ONCE)
        of_block = bits[some]
        of_block[:] = 0
        for column, word in zip(words, np.frombuffer(one, np.uint64), strict=True):
            of_block += np.bitwise_count(column[some] ^ word)
    return bits
