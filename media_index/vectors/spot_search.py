"""Known photos found by their spots, without comparing all of them.

Every spot of a picture votes for the known photos with a spot of a near word and a near signature.
The photos with the most votes are compared in full, as `KnownFeatures` compares them all: what is
said of a photo is the same, and only which photos are asked is a guess.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from media_index.hashing.keypoints import KnownFeatures, views_of
from media_index.hashing.words import WORDS, Vocabulary, units_of
from media_index.limits import FEATURES, FeatureThresholds
from media_index.types import LocalFeatures, Placement
from media_index.vectors.spots import SpotSegment

# Words that a spot is looked up in.
_NEAR_WORDS = 8
# A word that so many times as many spots have as the average one says little, and costs much.
_COMMON, _FEW_SPOTS = 8, 100
# Signatures further apart than this many of 64 bits say nothing; a vote counts for more the nearer
# they are.
_FAR_BITS = 22
_BITS = np.arange(65)
_NEARNESS = np.where(_BITS <= _FAR_BITS, np.exp(-((_BITS / 10) ** 2)), 0).astype(np.float32)
# A photo of fewer spots gets fewer votes, and fewer by chance.
_LEAST_SPOTS = 40
# Photos compared in full at a time; as long as one of them is found, the next as many are.
_AT_ONCE = 8
_OFTEN = 32 * _AT_ONCE


class SpotIndex:
    """Known photos in open files."""

    def __init__(
        self,
        segments: Sequence[SpotSegment],
        versions: Mapping[str, int],
        vocabulary: Vocabulary,
        limits: FeatureThresholds = FEATURES,
    ) -> None:
        """Take the files, newest last, and which version of each known photo is meant."""
        self.photos = list(versions)
        self._segments = segments
        self._vocabulary = vocabulary
        self._limits = limits
        at = {photo: index for index, photo in enumerate(self.photos)}
        # Which known photo each one of a file is; one past the last for those that are none.
        self._known: list[NDArray[np.int64]] = []
        self._where: list[tuple[int, int]] = [(-1, -1)] * len(at)
        spots = np.full(len(at) + 1, _LEAST_SPOTS)
        for number, segment in enumerate(segments):
            known = np.full(len(segment.photos), len(at), np.int64)
            meant = enumerate(zip(segment.photos, segment.versions.tolist(), strict=True))
            for row, (photo, version) in meant:
                if versions.get(photo) == version and self._where[at[photo]][0] < 0:
                    known[row] = at[photo]
                    self._where[at[photo]] = number, row
            spots[known] = segment.spots_of_photos
            self._known.append(known)
        self._scale = np.sqrt(np.maximum(spots[:-1], _LEAST_SPOTS))
        self._rarity = _rarity(segments)

    def search(
        self, copy: LocalFeatures | None, design: LocalFeatures | None = None
    ) -> list[tuple[int, Placement]]:
        """Return the known photos that a picture is made of, as `KnownFeatures.search` does.

        What looks like a design is searched by its finer spots too.

        Raises:
            DamagedSpotsError: a file is not what was written.
        """
        found: dict[int, Placement] = {}
        for spots, is_design in ((copy, False), (design, True)):
            if spots is None or len(spots.points) < self._limits.least_inliers or not self.photos:
                continue
            for index, placement in self._placements(spots, design=is_design):
                if index not in found or placement.inliers > found[index].inliers:
                    found[index] = placement
        return sorted(found.items(), key=lambda found: -found[1].inliers)

    def _placements(self, spots: LocalFeatures, *, design: bool) -> Iterator[tuple[int, Placement]]:
        views = views_of(spots)
        if len(self.photos) <= _AT_ONCE:
            # To compare a few costs less than to ask which of them to compare.
            for view, mirrored in views:
                placed = self._few.placements(view, mirrored=mirrored, design=design)
                yield from placed.items()
            return
        votes = np.stack([self.votes(view) for view, _ in views])
        for most in _most_first(votes.ravel()):
            rows, indexes = np.unravel_index(most, votes.shape)
            any_placed = False
            for row, (view, mirrored) in enumerate(views):
                asked = indexes[rows == row].tolist()
                features = KnownFeatures([self._features(index) for index in asked], self._limits)
                placed = features.placements(view, mirrored=mirrored, design=design)
                any_placed |= bool(placed)
                for place, placement in placed.items():
                    yield asked[place], placement
            if not any_placed:
                return

    def votes(self, view: LocalFeatures) -> NDArray[np.float64]:
        """Return how much speaks for each known photo, (photos,); 0 for most of many."""
        units = units_of(view.descriptors)
        near, signatures = self._vocabulary.nearest_words(units, _NEAR_WORDS)
        telling = self._rarity[near] > 0
        words, own = near[telling], signatures[telling]
        found = np.zeros(len(self.photos) + 1)
        for segment, known in zip(self._segments, self._known, strict=True):
            owners, weights = self._votes(segment, words, own)
            found += np.bincount(known[owners], weights, len(found))
        votes: NDArray[np.float64] = found[:-1] / self._scale
        return votes

    def _votes(
        self, segment: SpotSegment, words: NDArray[np.int64], signatures: NDArray[np.uint64]
    ) -> tuple[NDArray[np.uint16], NDArray[np.float32]]:
        """Return whose spots of a file are near, and how much each of them says."""
        begin = segment.starts[words].astype(np.int64)
        counts = segment.starts[words + 1] - begin
        # The places of every spot of every word, one after another.
        ends = np.cumsum(counts)
        within = np.arange(int(counts.sum()), dtype=np.int64)
        places = np.add(within, np.repeat(begin - ends + counts, counts), out=within)
        apart = np.bitwise_count(segment.signatures[places] ^ np.repeat(signatures, counts))
        near = np.flatnonzero(apart <= _FAR_BITS)
        rarity = np.repeat(self._rarity[words], counts)[near]
        return segment.owners[places[near]], _NEARNESS[apart[near]] * rarity

    @cached_property
    def _few(self) -> KnownFeatures:
        """All of them, of which there are few."""
        return KnownFeatures([self._features(at) for at in range(len(self.photos))], self._limits)

    def _features(self, index: int) -> LocalFeatures:
        segment, row = self._where[index]
        return self._segments[segment].features(row)


def _most_first(votes: NDArray[np.float64]) -> Iterator[NDArray[np.int64]]:
    """Yield the places of votes, those of the most first, so many at a time; none without votes."""
    # Of many, hardly more are ever asked for.
    top = np.argpartition(-votes, _OFTEN)[:_OFTEN] if len(votes) > _OFTEN else np.arange(len(votes))
    for start in range(0, len(votes), _AT_ONCE):
        if start >= len(top):
            top = np.arange(len(votes))
        if start in {0, _OFTEN}:
            top = top[np.argsort(-votes[top], kind="stable")]
        some = top[start : start + _AT_ONCE]
        if not votes[some[0]]:
            return
        yield some[votes[some] > 0]


def _rarity(segments: Sequence[SpotSegment]) -> NDArray[np.float32]:
    """Return what a vote by each word counts for, (`WORDS`,) float32; 0 for those too common.

    The square of the inverse document frequency (K. Sparck Jones, 1972).
    """
    have = np.zeros(WORDS)
    for segment in segments:
        have += segment.starts[1:] - segment.starts[:-1]
    total = have.sum()
    rare = np.log(np.maximum(total, 1) / np.maximum(have, 1)) ** 2
    common = have > np.maximum(_COMMON * total / WORDS, _FEW_SPOTS)
    return np.where(common, 0, np.maximum(rare, 1e-3)).astype(np.float32)
