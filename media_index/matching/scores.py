"""Comparing faces with templates and photos with known photos. Exact: no index that guesses."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeVar

import numpy as np

from media_index.matching.calibration import BY_DISTANCE

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from numpy.typing import NDArray

    from media_index.matching.calibration import Calibration
    from media_index.types import PerceptualHashes

    Floats = NDArray[np.float32]

Real = TypeVar("Real", np.float32, np.float64)
Precise = TypeVar("Precise", np.float32, np.float64)
# 128 KiB of words: what is made of them stays in the processor's cache.
_HASHES_AT_ONCE = 16_384
FUSED_UNIT = "fused z-score"
PDQ_UNIT = "Hamming bits of 256"


def similarity(model_id: str, faces: NDArray[Real], templates: NDArray[Real]) -> NDArray[Real]:
    """Compare encodings of one model.

    Args:
        model_id: dlib's encodings are compared by negative Euclidean distance, as it was trained,
            all others by cosine.
        faces: (..., n, d).
        templates: (..., m, d), of the same precision.

    Returns:
        (..., n, m) of that precision, higher is more alike.
    """
    products: NDArray[Real] = faces @ np.swapaxes(templates, -1, -2)
    if model_id not in BY_DISTANCE:
        return products
    squares = (faces**2).sum(axis=-1)[..., :, None] + (templates**2).sum(axis=-1)[..., None, :]
    distances: NDArray[Real] = np.sqrt(np.maximum(squares - 2 * products, 0.0))
    return -distances


def fused_scores(
    calibration: Calibration,
    faces: Mapping[str, NDArray[Real]],
    templates: Mapping[str, NDArray[Precise]],
) -> Floats:
    """Compare faces with templates by all models together.

    Each model's similarity is standardised on strangers, then averaged with the calibration's
    weights.

    Args:
        calibration: scales and weights; every model in it must have encodings on both sides.
        faces: by model id, (n, d), float32 or float64.
        templates: by model id, (m, d), float32 or float64.

    Returns:
        (n, m) float32 fused z-scores.
    """
    return unrounded_scores(calibration, faces, templates).astype(np.float32)


def unrounded_scores(
    calibration: Calibration,
    faces: Mapping[str, NDArray[Real]],
    templates: Mapping[str, NDArray[Precise]],
) -> NDArray[np.float64]:
    """Do what `fused_scores` does, and return (n, m) float64."""
    total = sum(scale.weight for scale in calibration.scales.values())
    fused = np.zeros(1, np.float64)
    for model_id, scale in calibration.scales.items():
        # In float64, so that a score does not depend on what else was compared in the same go.
        ours = np.asarray(faces[model_id], np.float64)
        theirs = np.asarray(templates[model_id], np.float64)
        alike = similarity(model_id, ours, theirs)
        fused = fused + scale.weight / total * (alike - scale.mean) / scale.deviation
    return np.asarray(fused)


def template_weights(
    calibration: Calibration, templates: Mapping[str, NDArray[Real]], owners: Sequence[str]
) -> NDArray[np.float64]:
    """Return how much the score against each template adds to its owner's.

    A person's score is the mean over their templates, divided by the standard deviation that such
    a mean has among strangers: 1 for one template, the less the more their templates differ. So a
    score says as much of somebody with five references as of somebody with one (docs/matching.md).

    Args:
        calibration: knows how far strangers' scores with two templates of a person go together.
        templates: by model id, (m, d).
        owners: whose each is.

    Returns:
        (m,) 1 / (templates of the owner x standard deviation).
    """
    columns = np.unique(np.asarray(list(owners), dtype=np.str_), return_inverse=True)[1]
    counts = np.bincount(columns) if len(columns) else np.empty(0, np.intp)
    answer = np.ones(len(owners))
    for count in np.unique(counts[counts > 1]):
        # All people with so many templates at once.
        several = np.flatnonzero(counts[columns] == count)
        rows = several[np.argsort(columns[several], kind="stable")].reshape(-1, count)
        own = {model: templates[model][rows] for model in calibration.scales}
        together = calibration.correlation(unrounded_scores(calibration, own, own))
        together[:, np.arange(count), np.arange(count)] = 1.0
        answer[rows] = (1 / (count * np.sqrt(together.mean(axis=(1, 2)))))[:, None]
    return answer


def person_scores(
    scores: NDArray[Real], owners: Sequence[str], of_each: NDArray[np.float64]
) -> tuple[list[str], NDArray[np.float64]]:
    """Bring the scores against several templates of a person down to one.

    Args:
        scores: (n, m) as `fused_scores` returns them.
        owners: whose template each column is.
        of_each: (m,) as `template_weights` returns them.

    Returns:
        The owners, each once, and (n, owners) float64.
    """
    names = list(dict.fromkeys(owners))
    if not names:
        return [], np.empty((scores.shape[0], 0))
    place = {owner: column for column, owner in enumerate(names)}
    columns = np.array([place[owner] for owner in owners])
    order = np.argsort(columns, kind="stable")
    weighted = scores[:, order].astype(np.float64) * of_each[order]
    counts = np.bincount(columns)
    merged: NDArray[np.float64] = np.add.reduceat(weighted, np.cumsum(counts) - counts, axis=1)
    return names, merged


@dataclass(frozen=True, slots=True)
class CopyThresholds:
    """When two photos are copies of one another.

    Attributes:
        surely_bits: PDQ distance up to which it is a copy. Recompressing, resizing, borders and
            crops of 2 % a side stay within; no two different photos measured did
            (docs/matching.md).
        likely_bits: PDQ distance up to which it may be one, and is one if pHash agrees.
        likely_phash_bits: pHash distance that agrees then. 2026-11: of 3,400,000 pairs of portraits
            one was of different photos, at 58 and 12; of 138 copies with a caption 23 are at 12 or
            more, and would be missed by the hashes if it had to agree.
        perhaps_bits: PDQ distance up to which it may be one, if pHash agrees. Most copies so far
            away are found by local features; this is for pictures with few spots.
        perhaps_phash_bits: pHash distance that agrees. 2026-11: with 12, two portraits of
            1,800,000 pairs were taken for copies of others; both were at 12.
        least_quality: PDQ is not used below this quality (the reference's advice); there pHash
            and dHash must both be nearly equal.
        flat_bits: their distance then.
    """

    surely_bits: int = 50
    likely_bits: int = 58
    likely_phash_bits: int = 10
    perhaps_bits: int = 74
    perhaps_phash_bits: int = 8
    least_quality: int = 50
    flat_bits: int = 4


@dataclass(frozen=True, slots=True)
class Copy:
    """A photo that looks like a known one.

    Attributes:
        place: of the known photo in the list searched.
        bits: distance.
        threshold: it had to be within.
        surely: whether it is a copy beyond doubt.
        unit: of `bits`.
        method: the hash that decided.
    """

    place: int
    bits: int
    threshold: int
    surely: bool
    unit: str
    method: str


class KnownPhotos:
    """Hashes of the photos with a confirmed sighting, ready to be compared."""

    def __init__(
        self,
        hashes: Sequence[tuple[PerceptualHashes, PerceptualHashes | None]],
        thresholds: CopyThresholds | None = None,
    ) -> None:
        """Keep the hashes of each photo: as it is, and without its border if it has one."""
        self._thresholds = thresholds or CopyThresholds()
        views = [
            (place, view) for place, pair in enumerate(hashes) for view in pair if view is not None
        ]
        self._places = [place for place, _ in views]
        self._quality = np.array([view.pdq_quality for _, view in views], np.int32)
        self._pdq = hash_words([view.pdq for _, view in views], 32)
        self._phash = hash_words([view.phash for _, view in views], 8)
        self._dhash = hash_words([view.dhash for _, view in views], 8)

    def copies_of(
        self,
        hashes: PerceptualHashes,
        trimmed: PerceptualHashes | None,
    ) -> list[Copy]:
        """Return the known photos this one is a copy of, the nearest first, each once."""
        best: dict[int, Copy] = {}
        for view in (hashes, trimmed):
            if view is None or not self._places:
                continue
            for copy in self._copies(view):
                other = best.get(copy.place)
                if other is None or (not copy.surely, copy.bits) < (not other.surely, other.bits):
                    best[copy.place] = copy
        return sorted(best.values(), key=lambda copy: (not copy.surely, copy.bits))

    def _copies(self, view: PerceptualHashes) -> Iterator[Copy]:
        limits = self._thresholds
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
                self._places[row],
                int(pdq[row]),
                threshold,
                bool(surely[row]),
                PDQ_UNIT,
                "pdq",
            )
        for row in np.flatnonzero(flat):
            yield Copy(
                self._places[row],
                int(phash[row]),
                limits.flat_bits,
                False,  # noqa: FBT003
                "Hamming bits of 64",
                "phash and dhash",
            )


def hash_words(hashes: Sequence[bytes], width: int) -> NDArray[np.uint64]:
    """Return hashes of `width` bytes as (width / 8, n) uint64: the first words together, and so on.

    In this order whole columns are compared at once.
    """
    flat = np.frombuffer(b"".join(hashes), np.uint64).reshape(-1, width // 8)
    return np.ascontiguousarray(flat.T)


def distances(words: NDArray[np.uint64], one: bytes) -> NDArray[np.uint16]:
    """Return the Hamming distance of every hash to one.

    Args:
        words: (k, n) as `hash_words` returns them.
        one: 8 k bytes.

    Returns:
        (n,) uint16 bits.
    """
    bits = np.empty(words.shape[1], np.uint16)
    for start in range(0, words.shape[1], _HASHES_AT_ONCE):
        some = slice(start, start + _HASHES_AT_ONCE)
        of_block = bits[some]
        of_block[:] = 0
        for column, word in zip(words, np.frombuffer(one, np.uint64), strict=True):
            of_block += np.bitwise_count(column[some] ^ word)
    return bits
