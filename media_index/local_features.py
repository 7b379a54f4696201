"""Known photos in new clothes: cropped, squared, captioned, turned, mirrored, photographed.

Local features (D. Lowe, "Distinctive image features from scale-invariant keypoints", 2004) with
the square root of R. Arandjelovic and A. Zisserman, "Three things everyone should know to improve
object retrieval" (2012), matched against every known photo, and believed only where many of them
agree on one shift, scale and turn (RANSAC).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import cv2
import numpy as np

from media_index.products import products
from media_index.types import LocalFeatures, Placement

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from numpy.typing import NDArray

    Floats = NDArray[np.float32]
    Pixels = NDArray[np.uint8]

METHOD = "rootsift-256-v1"
# px of the long side: measured, no copy is lost below it that is found above (docs/matching.md).
FEATURES_SIDE = 320
# 256 x 128 bytes a photo.
_MOST_FEATURES = 256
_CONTRAST = 0.02
# A unit vector's root is at most 1; its entries are kept in steps of 1/512.
_STEPS = 512.0
# Pairs of spots drawn, at the most. Of a copy that would be believed (`least_share`) nine in a
# hundred are right: that none of 200 is happens once in a hundred million times.
_DRAWS = 200
# Known photos compared in one product, and how many such blocks are kept unpacked: 130 MiB.
_BLOCK = 256
_KEPT_BLOCKS = 4
# Of OpenCV's layout, 4 rows, 4 columns, 8 directions: what a mirror makes of a descriptor.
_MIRROR = np.arange(128).reshape(4, 4, 8)[::-1][:, :, [0, 7, 6, 5, 4, 3, 2, 1]].reshape(128)


@dataclass(frozen=True, slots=True)
class FeatureThresholds:
    """When local features make a copy.

    Attributes:
        alike: cosine of two descriptors that may be of the same spot.
        least_inliers: spots that agree on one shift, scale and turn.
        least_share: of the alike spots, those that must agree.
        least_spread: the inliers' extent, as a share of that of all features of the copy or of
            the known photo, whichever is the larger share: a logo in both is no copy.
        most_scale: how many times larger or smaller a copy may be.
    """

    alike: float = 0.88
    least_inliers: int = 20
    least_share: float = 0.3
    least_spread: float = 0.25
    most_scale: float = 6.0


def local_features(rgb: Pixels, scale: float = 1.0) -> LocalFeatures:
    """Find the spots of a picture that are found again in copies of it.

    Args:
        rgb: (h, w, 3) uint8; `FEATURES_SIDE` px on the long side.
        scale: px of the full-size photo per px of `rgb`.

    Returns:
        At most 256 of them, strongest first.
    """
    grey = cv2.cvtColor(rgb, cv2.COLOR_RGB2GRAY)
    sift = cv2.SIFT.create(nfeatures=_MOST_FEATURES, contrastThreshold=_CONTRAST)
    spots, descriptors = sift.detectAndCompute(grey, None)
    if not spots:
        return LocalFeatures(np.empty((0, 2), np.float32), np.empty((0, 128), np.uint8))
    # SIFT may give one more than was asked for, and the same spot with two directions.
    spots, descriptors = spots[:_MOST_FEATURES], descriptors[:_MOST_FEATURES]
    sums = np.maximum(descriptors.sum(axis=1, keepdims=True), 1.0)
    roots = np.sqrt(descriptors / sums)
    kept = np.minimum(np.rint(roots * _STEPS), 255).astype(np.uint8)
    points = np.array([spot.pt for spot in spots], np.float32) * np.float32(scale)
    return LocalFeatures(points, kept)


class KnownFeatures:
    """The local features of known photos, ready to be searched. Exact: all are compared."""

    def __init__(
        self,
        photos: Sequence[LocalFeatures | None],
        thresholds: FeatureThresholds | None = None,
    ) -> None:
        """Keep the features of each photo; None for one that has none."""
        self._photos = photos
        self._limits = thresholds or FeatureThresholds()
        self._places = [
            place
            for place, photo in enumerate(photos)
            if photo is not None and len(photo.points) >= self._limits.least_inliers
        ]
        # Unpacked once: to do it for each search takes a third of its time.
        starts = range(0, min(len(self._places), _KEPT_BLOCKS * _BLOCK), _BLOCK)
        self._kept = [self._unpacked(self._places[start : start + _BLOCK]) for start in starts]

    def search(self, copy: LocalFeatures | None) -> list[tuple[int, Placement]]:
        """Return the known photos that a picture is made of, the surest first.

        Args:
            copy: features of the picture.

        Returns:
            Place in the list of known photos, and where its pixels lie.
        """
        if copy is None or len(copy.points) < self._limits.least_inliers:
            return []
        found: dict[int, Placement] = {}
        views = [(copy, False), (_mirrored(copy), True)]
        queries = [_units(view.descriptors) for view, _ in views]
        for way, place, alike in self._candidates(queries):
            view, mirrored = views[way]
            placed = self._placement(view, place, alike)
            if placed is None:
                continue
            placement = _unmirrored(placed) if mirrored else placed
            if place not in found or placement.inliers > found[place].inliers:
                found[place] = placement
        return sorted(found.items(), key=lambda one: -one[1].inliers)

    def _candidates(self, queries: Sequence[Floats]) -> Iterator[tuple[int, int, Floats]]:
        """Yield the query, the known photo and how alike their spots are, if enough are found."""
        for number, start in enumerate(range(0, len(self._places), _BLOCK)):
            block = self._places[start : start + _BLOCK]
            counts = [len(self._known(place).points) for place in block]
            firsts = np.concatenate([[0], np.cumsum(counts)[:-1]])
            known = self._kept[number] if number < _KEPT_BLOCKS else self._unpacked(block)
            for way, query in enumerate(queries):
                # All of them in one product: of photos of one kind half get so far, and a product
                # for each takes several times as long.
                alike = products(query, known)
                best = np.maximum.reduceat(alike, firsts, axis=1)
                votes = (best >= self._limits.alike).sum(axis=0)
                for place in np.flatnonzero(votes >= self._limits.least_inliers):
                    first = firsts[place]
                    yield way, block[place], alike[:, first : first + counts[place]]

    def _unpacked(self, block: Sequence[int]) -> Floats:
        return _units(np.concatenate([self._known(place).descriptors for place in block]))

    def _known(self, place: int) -> LocalFeatures:
        photo = self._photos[place]
        if photo is None:
            message = "photos without features are left out of the places"
            raise AssertionError(message)
        return photo

    def _placement(self, copy: LocalFeatures, place: int, alike: Floats) -> Placement | None:
        known, limits = self._known(place), self._limits
        nearest = alike.argmax(axis=1)
        # Each the nearest of the other: repeated patterns would vote for everything.
        mutual = alike.argmax(axis=0)[nearest] == np.arange(len(nearest))
        rows = np.flatnonzero(mutual & (alike.max(axis=1) >= limits.alike))
        if len(rows) < limits.least_inliers:
            return None
        source, target = known.points[nearest[rows]], copy.points[rows]
        matrix, inside = cv2.estimateAffinePartial2D(
            source,
            target,
            method=cv2.RANSAC,
            ransacReprojThreshold=0.012 * _extent(copy.points),
            maxIters=_DRAWS,
            confidence=0.999,
        )
        if matrix is None:
            return None
        agreeing = inside.ravel().astype(bool)
        count = int(agreeing.sum())
        size = float(np.hypot(matrix[0, 0], matrix[1, 0])) / (
            _extent(copy.points) / _extent(known.points)
        )
        spread = max(
            _extent(target[agreeing]) / _extent(copy.points),
            _extent(source[agreeing]) / _extent(known.points),
        )
        believed = (
            count >= limits.least_inliers
            and count >= limits.least_share * len(rows)
            and spread >= limits.least_spread
            and 1 / limits.most_scale <= size <= limits.most_scale
        )
        return Placement(_six(matrix.astype(np.float64)), count) if believed else None


def _units(descriptors: NDArray[np.uint8]) -> Floats:
    """Return descriptors as (n, 128) float32 of length 1."""
    values = descriptors.astype(np.float32)
    lengths = np.maximum(np.linalg.norm(values, axis=1, keepdims=True), 1e-6)
    unit: Floats = values / lengths
    return unit


def _extent(points: Floats) -> float:
    """Return how far points reach, the diagonal of their bounds; at least 1."""
    if len(points) == 0:
        return 1.0
    return max(float(np.hypot(*(points.max(axis=0) - points.min(axis=0)))), 1.0)


def _mirrored(features: LocalFeatures) -> LocalFeatures:
    """Return the features that the mirrored picture has, about its left edge."""
    points = features.points * np.array([-1, 1], np.float32)
    return LocalFeatures(points, features.descriptors[:, _MIRROR])


def _unmirrored(placement: Placement) -> Placement:
    a, b, c, d, e, f = placement.matrix
    return Placement((-a, -b, -c, d, e, f), placement.inliers)


def _six(matrix: NDArray[np.float64]) -> tuple[float, float, float, float, float, float]:
    a, b, c, d, e, f = (float(value) for value in matrix.ravel())
    return a, b, c, d, e, f
