"""The frames of an animation, side by side in one picture: those that differ most from each other.

A sheet of frames is a picture like any other: a face has its place on it, can be cut out of it and
shown, and what is said of it is kept with that place. Which frames are taken is found by comparing
all of them at a small size (farthest first, T. Gonzalez, "Clustering to minimize the maximum
intercluster distance", 1985): so it is known of each frame that was left out how far it is from one
that was taken.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from media_index.images.turns import Turn
from media_index.types import Box

Pixels = NDArray[np.uint8]

# Pillow's names. Of TIFF and HEIC, several pictures are pages or an album: browsers show one.
MOVING = frozenset({"GIF", "PNG", "WEBP", "AVIF"})
_MOST_SHOWN = 9
# Px of a sheet, so that it takes no more memory than a large photo.
_MOST_ON_SHEET = 40_000_000
# What is compared: so many frames, of so many px together.
_MOST_FRAMES, _MOST_COMPARED = 1000, 600_000_000
# Frames are compared by means of blocks of at least so many px a side, so many along the long side
# at most: a face of 20 px covers 5 x 5 of them in a picture of 1,080 px.
_LEAST_BLOCK, _BLOCKS = 4, 256
# Two frames are alike where no block differs by more gray levels in a color. A head of 40 px, whose
# face has some 20, differed by 78 and more wherever it was put into a picture (96 trials, 2026-11).
# The same scene in a GIF, where each frame has colors of its own, may differ by as much as 38: then
# there is more to look at, and nothing is missed.
_ALIKE = 16
# Between frames, and where there is none.
_GAP, _PAPER = 0.02, (255, 255, 255, 255)


@dataclass(frozen=True, slots=True)
class Frames:
    """Which frames of an animation are on a sheet.

    Attributes:
        count: how many it has.
        seen: how many of them are on the sheet, or look like one that is.
        boxes: where each lies on the sheet, px; the first frame first, at the upper left.
    """

    count: int
    seen: int
    boxes: tuple[Box, ...]


def sheet_of(image: Image.Image, turn: Turn | None) -> tuple[Image.Image, Frames]:
    """Return a sheet of an animation's frames, as browsers compose them, each turned.

    Args:
        image: as it was opened; of the formats in `MOVING`.

    Raises:
        Exception: any of `DECODER_ERRORS`, where a frame is damaged.
    """
    count = int(getattr(image, "n_frames", 1))
    area = image.width * image.height
    reached = max(1, min(count, _MOST_FRAMES, _MOST_COMPARED // area))
    small = np.stack([_small(image, frame) for frame in range(reached)])
    most = max(1, min(_MOST_SHOWN, _MOST_ON_SHEET // area))
    taken, seen = most_different(small, most)
    frames = (_frame(image, frame) for frame in sorted(taken))
    upright = [frame if turn is None else frame.transpose(turn) for frame in frames]
    boxes = tuple(_places(len(upright), *upright[0].size))
    sheet = Image.new("RGBA", (max(box.x2 for box in boxes), max(box.y2 for box in boxes)), _PAPER)
    for box, frame in zip(boxes, upright, strict=True):
        sheet.paste(frame, (box.x1, box.y1))
    return sheet, Frames(count, seen, boxes)


def most_different(small: Pixels, most: int) -> tuple[list[int], int]:
    """Return the frames that differ most, the first one first, and how many look like one of them.

    Args:
        small: (frames, h, w, 3) uint8.
        most: how many at most.
    """
    taken = [0]
    apart = _apart(small, 0)
    while len(taken) < most and apart.max() > _ALIKE:
        taken.append(int(apart.argmax()))
        apart = np.minimum(apart, _apart(small, taken[-1]))
    return taken, int((apart <= _ALIKE).sum())


def _apart(small: Pixels, frame: int) -> NDArray[np.uint8]:
    """Return by how much each frame differs from one, where it does so most, (frames,) uint8."""
    one = small[frame]
    return np.array(
        [(np.maximum(one, other) - np.minimum(one, other)).max() for other in small], np.uint8
    )


def _frame(image: Image.Image, frame: int) -> Image.Image:
    image.seek(frame)
    image.load()
    return image.convert("RGBA")


def _small(image: Image.Image, frame: int) -> Pixels:
    shown = _frame(image, frame)
    by = max(_LEAST_BLOCK, math.ceil(max(shown.size) / _BLOCKS))
    shown = shown.reduce(by)
    backdrop = Image.new("RGBA", shown.size, _PAPER)
    backdrop.alpha_composite(shown)
    return np.asarray(backdrop.convert("RGB"))


def _places(count: int, width: int, height: int) -> Iterator[Box]:
    """Yield where so many frames of a size lie, row by row."""
    across = math.ceil(math.sqrt(count))
    gap = math.ceil(_GAP * max(width, height))
    for place in range(count):
        down, right = divmod(place, across)
        x, y = right * (width + gap), down * (height + gap)
        yield Box(x, y, x + width, y + height)
