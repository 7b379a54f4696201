"""How many labelled faces are found where it is harder: in large photos, and with heads turned.

Both are made of the labelled photos. For large photos they are laid side by side, each as large as
it is, so that a face of 20 px is as small in the picture as it is in a photo of 24 megapixels. For
turned heads each photo is turned, with a gray ground.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from media_index.bench.setting import wilson
from media_index.images.decode import Picture
from media_index.types import Face

Boxes = NDArray[np.float64]
Pixels = NDArray[np.uint8]

# px: 24 megapixels.
LARGE = (6000, 4000)
TURNS = (45, 60, 75, 90, 180)
# Of so many photos, spread over all: each is encoded once for every turn.
TURNED_PHOTOS = 24
_GAP = 16
_GROUND = 127
# The box of a turned head is a square around its middle, and so is the label here.
_TURNED_OVERLAP = 0.3


@dataclass(slots=True)
class Found:
    """Labelled faces that are found, by bin."""

    labelled: dict[str, int] = field(default_factory=dict)
    found: dict[str, int] = field(default_factory=dict)

    def add(self, bins: Iterable[str], hits: Iterable[bool]) -> None:
        """Count faces."""
        for name, hit in zip(bins, hits, strict=True):
            self.labelled[name] = self.labelled.get(name, 0) + 1
            self.found[name] = self.found.get(name, 0) + hit

    def to_dict(self, names: Iterable[str]) -> dict[str, Any]:
        """Return it for JSON."""
        counted = {name: self.labelled.get(name, 0) for name in names}
        return {
            "labelled": counted,
            "recall": {
                name: round(self.found.get(name, 0) / count, 4) if count else None
                for name, count in counted.items()
            },
            "intervals": {
                name: wilson(self.found.get(name, 0), count) for name, count in counted.items()
            },
        }


def side_by_side(
    photos: Iterable[tuple[Pixels, Boxes]], size: tuple[int, int] = LARGE
) -> Iterator[tuple[Pixels, Boxes]]:
    """Yield large pictures that photos are laid out in, row by row, with the labels of all.

    Args:
        photos: (h, w, 3) uint8, and (n, 4) labels: x, y, width, height in px.
        size: width and height of a large picture, px; a photo that is larger stands alone.
    """
    wide, high = size
    paper = np.full((high, wide, 3), _GROUND, np.uint8)
    labels: list[Boxes] = []
    x = y = lowest = 0
    for rgb, boxes in photos:
        height, width = rgb.shape[:2]
        if width > wide or height > high:
            yield rgb, boxes
            continue
        if x + width > wide:
            x, y = 0, lowest + _GAP
        if y + height > high:
            yield paper, np.concatenate(labels)
            paper, labels = np.full((high, wide, 3), _GROUND, np.uint8), []
            x = y = lowest = 0
        paper[y : y + height, x : x + width] = rgb
        labels.append(boxes + np.array([x, y, 0.0, 0.0]))
        x, lowest = x + width + _GAP, max(lowest, y + height)
    if labels:
        yield paper, np.concatenate(labels)


def turned(rgb: Pixels, boxes: Boxes, degrees: float) -> tuple[Pixels, Boxes]:
    """Return a photo turned to the left, whole, and squares around the middles of its labels."""
    height, width = rgb.shape[:2]
    turn = cv2.getRotationMatrix2D((width / 2, height / 2), degrees, 1.0)
    across, down = np.abs(turn[:, :2]) @ (width, height)
    turn[:, 2] += np.divide([across - width, down - height], 2.0)
    size = round(float(across)), round(float(down))
    ground = (_GROUND, _GROUND, _GROUND)
    made = cv2.warpAffine(rgb, turn, size, borderValue=ground)
    middles = (boxes[:, :2] + boxes[:, 2:] / 2) @ turn[:, :2].T + turn[:, 2]
    sides = np.sqrt(boxes[:, 2:].prod(axis=1))[:, None]
    squares = np.concatenate([middles - sides / 2, sides, sides], axis=1)
    return np.asarray(made, np.uint8), squares


def spread(count: int, most: int) -> list[int]:
    """Return at most so many places, spread over all."""
    return sorted({int(place) for place in np.linspace(0, count - 1, min(most, count))})


def heads_found(
    faces: Callable[[Picture], Sequence[Face]],
    rgb: Pixels,
    labels: Boxes,
    match: Callable[[Boxes, NDArray[np.float32], float], NDArray[np.bool_]],
) -> NDArray[np.bool_]:
    """Say which labelled heads of a turned photo are found by all looks of the program.

    Args:
        faces: finds them, as the index does.
        rgb: the turned photo.
        labels: (n, 4) squares, as of `turned`.
        match: pairs labels with boxes, one to one, from an overlap on.
    """
    seen = faces(Picture(rgb, rgb.shape[1], rgb.shape[0], "made"))
    rows = np.zeros((len(seen), 15), np.float32)
    for row, face in zip(rows, seen, strict=True):
        box = face.box
        side = float(np.sqrt(box.width * box.height))
        middle = (box.x1 + box.x2) / 2, (box.y1 + box.y2) / 2
        row[:4] = middle[0] - side / 2, middle[1] - side / 2, side, side
        row[14] = face.detector_score
    return match(labels, rows, _TURNED_OVERLAP)
