"""Known photos in new clothes: cropped, squared, captioned, turned, mirrored, photographed.

Local features (D. Lowe, "Distinctive image features from scale-invariant keypoints", 2004) with
the square root of R. Arandjelovic and A. Zisserman, "Three things everyone should know to improve
object retrieval" (2012), matched against every known photo, and believed only where many of them
agree on one shift, scale and turn (RANSAC).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import cv2
import numpy as np
from cv2.typing import MatLike
from numpy.typing import NDArray

from media_index.hashing.words import units_of
from media_index.limits import FEATURES, FeatureThresholds
from media_index.types import Box, LocalFeatures, Placement

Floats = NDArray[np.float32]
Pixels = NDArray[np.uint8]
Complex = NDArray[np.complex128]

METHOD = "rootsift-256-v1"
DESIGN_METHOD = "rootsift-design-v1"
# px of the long side: no copy is lost at it that is found above (docs/adr/0006).
FEATURES_SIDE = 320
# Of a design: a photo on a quarter of its width is nearly as large there as where its own spots
# were found.
DESIGN_SIDE = 960
# Blocks of so many px each keep their strongest spots: text would have them all.
_DESIGN_BLOCK, _MOST_IN_BLOCK = 120, 48
# 256 x 128 bytes a photo.
_MOST_FEATURES = 256
_CONTRAST = 0.02
# A unit vector's root is at most 1; its entries are kept in steps of 1/512.
_STEPS = 512.0
# Pairs of spots drawn, at the most. Of a copy that would be believed (`least_share`) nine in a
# hundred are right: that none of 200 is happens once in a hundred million times.
_DRAWS = 200
# And in a design, where most spots are of something else.
_DESIGN_DRAWS = 600
# A photo is not shown at less than this share of its size: at less all spots fall together.
_LEAST_FACTOR = 1e-3
# Cells each way, in which the spots that agree must be spread over a photo in a design.
_GRID = 6
# Known photos compared in one product, and how many are kept unpacked: 128 MiB.
_BLOCK = 32
_MOST_KEPT = 1024
# Of OpenCV's layout, 4 rows, 4 columns, 8 directions: what a mirror makes of a descriptor.
_MIRROR = np.arange(128).reshape(4, 4, 8)[::-1][:, :, [0, 7, 6, 5, 4, 3, 2, 1]].reshape(128)


NO_SPOTS = LocalFeatures(np.empty((0, 2), np.float32), np.empty((0, 128), np.uint8))


def local_features(rgb: Pixels, scale: float = 1.0) -> LocalFeatures:
    """Find the spots of a picture that are found again in copies of it, 256 at most.

    Args:
        rgb: (h, w, 3) uint8; `FEATURES_SIDE` px on the long side.
        scale: px of the full-size photo per px of `rgb`.
    """
    grey = cv2.cvtColor(rgb, cv2.COLOR_RGB2GRAY)
    sift = cv2.SIFT.create(nfeatures=_MOST_FEATURES, contrastThreshold=_CONTRAST)
    spots, descriptors = sift.detectAndCompute(grey, None)
    if not spots:
        return NO_SPOTS
    # SIFT may give one more than was asked for, and the same spot with two directions.
    return _kept(spots[:_MOST_FEATURES], descriptors[:_MOST_FEATURES], scale)


def side_by_side(parts: Sequence[tuple[Box, LocalFeatures]]) -> LocalFeatures:
    """Return the spots of pictures that lie side by side in a larger one, at their places there."""
    points = [spots.points + np.array([box.x1, box.y1], np.float32) for box, spots in parts]
    return LocalFeatures(np.concatenate(points), np.concatenate([s.descriptors for _, s in parts]))


def design_features(rgb: Pixels, scale: float = 1.0) -> LocalFeatures:
    """Find the spots of a flyer or collage, all over it, some thousands.

    Args:
        rgb: (h, w, 3) uint8; `DESIGN_SIDE` px on the long side at most.
        scale: px of the full-size picture per px of `rgb`.
    """
    grey = cv2.cvtColor(rgb, cv2.COLOR_RGB2GRAY)
    sift = cv2.SIFT.create(contrastThreshold=_CONTRAST)
    spots = sift.detect(grey, None)
    if not spots:
        return NO_SPOTS
    across, down = (np.array([spot.pt for spot in spots]) // _DESIGN_BLOCK).T
    blocks = down * (rgb.shape[1] // _DESIGN_BLOCK + 1) + across
    order = np.lexsort((-np.array([spot.response for spot in spots]), blocks))
    _, firsts, counts = np.unique(blocks[order], return_index=True, return_counts=True)
    ranks = np.arange(len(order)) - np.repeat(firsts, counts)
    strongest = order[ranks < _MOST_IN_BLOCK]
    spots, descriptors = sift.compute(grey, [spots[row] for row in strongest])
    return _kept(spots, descriptors, scale)


def _kept(spots: Sequence[cv2.KeyPoint], descriptors: MatLike, scale: float) -> LocalFeatures:
    values = np.asarray(descriptors, np.float32)
    roots = np.sqrt(values / np.maximum(values.sum(axis=1, keepdims=True), 1.0))
    kept = np.minimum(np.rint(roots * _STEPS), 255).astype(np.uint8)
    points = np.array([spot.pt for spot in spots], np.float32) * np.float32(scale)
    return LocalFeatures(points, kept)


class KnownFeatures:
    """The local features of known photos, ready to be searched. Exact: all are compared."""

    def __init__(
        self,
        photos: Sequence[LocalFeatures | None],
        limits: FeatureThresholds = FEATURES,
    ) -> None:
        """Keep the features of each photo; None for one that has none."""
        self._limits = limits
        self._photos = [
            (index, photo)
            for index, photo in enumerate(photos)
            if photo is not None and len(photo.points) >= limits.least_inliers
        ]
        # Unpacked once: to do it for each search takes a third of its time.
        starts = range(0, min(len(self._photos), _MOST_KEPT), _BLOCK)
        self._kept = {start: self._unpacked(start) for start in starts}

    def search(
        self, copy: LocalFeatures | None, design: LocalFeatures | None = None
    ) -> list[tuple[int, Placement]]:
        """Return the known photos that a picture is made of, the surest first.

        Args:
            copy: of `local_features`.
            design: of `design_features`, of what looks like a design.

        Returns:
            Index in the list of known photos, and where its pixels lie.
        """
        found: dict[int, Placement] = {}
        for spots, is_design in ((copy, False), (design, True)):
            if spots is None or len(spots.points) < self._limits.least_inliers:
                continue
            for view, mirrored in views_of(spots):
                placed = self.placements(view, mirrored=mirrored, design=is_design)
                for index, placement in placed.items():
                    if index not in found or placement.inliers > found[index].inliers:
                        found[index] = placement
        return sorted(found.items(), key=lambda found: -found[1].inliers)

    def placements(
        self, view: LocalFeatures, *, mirrored: bool, design: bool = False
    ) -> dict[int, Placement]:
        """Return where known photos lie in a picture, given one of its `views_of`.

        By index in the list of known photos, of those that the picture is made of. The view of a
        `design` is of `design_features`.
        """
        found: dict[int, Placement] = {}
        for row, source, target in self._pairs(view):
            index, known = self._photos[row]
            placed = (
                self._placement_in_design(source, target, known)
                if design
                else self._placement(source, target, known, view)
            )
            if placed is not None:
                found[index] = _unmirrored(placed) if mirrored else placed
        return found

    def _pairs(self, view: LocalFeatures) -> Iterator[tuple[int, Floats, Floats]]:
        """Yield photos with enough spots alike: which, where they are there, and in the view.

        Two spots are paired where each is the nearest of the other: repeated patterns would vote
        for everything.
        """
        asked = units_of(view.descriptors)
        for start in range(0, len(self._photos), _BLOCK):
            known = self._kept[start] if start in self._kept else self._unpacked(start)
            # Few enough photos at once that what they give stays in the processor's cache.
            alike = (known.reshape(-1, 128) @ asked.T).reshape(*known.shape[:2], len(asked))
            nearest = alike.argmax(axis=2)
            their_best = np.take_along_axis(alike, nearest[:, :, None], axis=2)[:, :, 0]
            our_best = np.take_along_axis(alike.max(axis=1), nearest, axis=1)
            paired = (their_best == our_best) & (their_best >= self._limits.alike)
            for row in np.flatnonzero(paired.sum(axis=1) >= self._limits.least_inliers):
                spots = np.flatnonzero(paired[row])
                points = self._photos[start + row][1].points
                yield start + int(row), points[spots], view.points[nearest[row, spots]]

    def _unpacked(self, start: int) -> Floats:
        """Return the (n, m, 128) descriptors of a block of photos: zeros are like nothing.

        `m` are the most that one of them has; of frames side by side, that is several times 256.
        """
        block = [photo.descriptors for _, photo in self._photos[start : start + _BLOCK]]
        descriptors = np.zeros((len(block), max(map(len, block)), 128), np.float32)
        for row, packed in enumerate(block):
            descriptors[row, : len(packed)] = units_of(packed)
        return descriptors

    def _placement(
        self, source: Floats, target: Floats, known: LocalFeatures, copy: LocalFeatures
    ) -> Placement | None:
        """Return where the known photo lies in a copy, if enough pairs of spots agree on it.

        `source` are (n, 2) spots of the known photo, `target` the same in the copy.
        """
        limits, own_extent = self._limits, _extent(copy.points)
        matrix, inside = cv2.estimateAffinePartial2D(
            source,
            target,
            method=cv2.RANSAC,
            ransacReprojThreshold=limits.tolerance * own_extent,
            maxIters=_DRAWS,
            confidence=0.999,
        )
        if matrix is None:
            return None
        agreeing = inside.ravel().astype(bool)
        count = int(agreeing.sum())
        size = float(np.hypot(matrix[0, 0], matrix[1, 0])) / (own_extent / _extent(known.points))
        area = max(
            _area(target[agreeing]) / _area(copy.points),
            _area(source[agreeing]) / _area(known.points),
        )
        believed = (
            count >= limits.least_inliers
            and count >= limits.least_share * len(source)
            and area >= limits.least_area
            and 1 / limits.most_scale <= size <= limits.most_scale
        )
        return Placement(_six(matrix.astype(np.float64)), count) if believed else None

    def _placement_in_design(
        self, source: Floats, target: Floats, known: LocalFeatures
    ) -> Placement | None:
        """Return where a known photo lies in a design, which shows much else.

        A spot agrees that is off by no more than the tolerance of how far the photo's own spots
        reach, as it is placed; of the pairs that lie where it would be, a share must agree.
        """
        limits = self._limits
        there, here = _complex(source), _complex(target)
        draw = np.random.default_rng(len(source))
        one, other = draw.integers(0, len(there), (2, _DESIGN_DRAWS))
        apart = np.abs(there[one] - there[other]) > 1
        one, other = one[apart], other[apart]
        if not len(one):
            return None
        # Shift, scale and turn at once: z becomes factor * z + shift.
        factors = (here[one] - here[other]) / (there[one] - there[other])
        shifts = here[one] - factors * there[one]
        off = np.abs(factors[:, None] * there + shifts[:, None] - here)
        reach = limits.tolerance * _extent(known.points)
        best = int((off < reach * np.abs(factors)[:, None]).sum(axis=1).argmax())
        agreeing = off[best] < reach * abs(factors[best])
        if agreeing.sum() < limits.least_inliers:
            return None
        factor, shift = _fitted(there[agreeing], here[agreeing])
        if abs(factor) < _LEAST_FACTOR:
            return None
        agreeing = np.abs(factor * there + shift - here) < reach * abs(factor)
        back = (here - shift) / factor
        low, high = known.points.min(axis=0), known.points.max(axis=0)
        inside = (back.real >= low[0]) & (back.real <= high[0])
        inside &= (back.imag >= low[1]) & (back.imag <= high[1])
        count = int(agreeing.sum())
        # A circle cut out of a wide photo shows a part of its cells, with many spots.
        many = count >= limits.design_many
        cells = limits.design_many_cells if many else limits.design_cells
        believed = (
            count >= limits.least_inliers
            and count >= limits.least_share * (inside | agreeing).sum()
            and _cells_held(source[agreeing], known.points) >= cells
        )
        a, b = float(factor.real), float(factor.imag)
        matrix = (a, -b, float(shift.real), b, a, float(shift.imag))
        return Placement(matrix, count) if believed else None


def views_of(features: LocalFeatures) -> tuple[tuple[LocalFeatures, bool], ...]:
    """Return a picture's features as they are, then mirrored; and whether they are mirrored."""
    return (features, False), (_mirrored(features), True)


def _cells_held(some: Floats, every: Floats) -> float:
    """Return in how many of the cells of a grid that hold points there are some of them, 0 to 1.

    Spots along one edge of a photo hold few, however far they reach.
    """
    low = every.min(axis=0)
    size = np.maximum(every.max(axis=0) - low, 1.0) / (_GRID - 1e-3)
    own, held = (
        len(np.unique(((points - low) // size).astype(int) @ [_GRID, 1]))
        for points in (some, every)
    )
    return own / held


def _complex(points: Floats) -> Complex:
    """Return (n, 2) points as (n,) complex numbers."""
    numbers: Complex = points[:, 0].astype(np.complex128) + 1j * points[:, 1]
    return numbers


def _fitted(there: Complex, here: Complex) -> tuple[complex, complex]:
    """Return factor and shift that bring points to others with the least squares."""
    middle, aim = there.mean(), here.mean()
    centered = there - middle
    factor = (centered.conj() @ (here - aim)) / max(float((np.abs(centered) ** 2).sum()), 1e-9)
    return complex(factor), complex(aim - factor * middle)


def _extent(points: Floats) -> float:
    """Return how far points reach, the diagonal of their bounds; at least 1."""
    if len(points) == 0:
        return 1.0
    return max(float(np.hypot(*(points.max(axis=0) - points.min(axis=0)))), 1.0)


def _area(points: Floats) -> float:
    """Return the area of the bounds of points; at least 1."""
    if len(points) == 0:
        return 1.0
    width, height = points.max(axis=0) - points.min(axis=0)
    return max(float(width * height), 1.0)


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
