"""Measure how many faces are missed as they get smaller: one photo as it is, the other reduced.

    python tools/measure_small_faces.py DIR --weights data/live/weights

DIR holds a folder per person; the reduced photo stands on a grey canvas, as a face does in a crowd.
"""

from __future__ import annotations

import argparse
import random
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from PIL import Image

from media_index.calibration import shipped_calibration
from media_index.fingerprinting import Fingerprinter, FingerprintSettings
from media_index.images import ImageLimits, Picture, decode
from media_index.matching import fused_scores

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from media_index.types import Face

SIZES = (16, 20, 24, 28, 32, 40, 56)
CANVAS, PAIRS = 600, 250
REVIEW_PER_MILLION = 50.0


def main() -> None:
    """Run from the command line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--weights", type=Path, required=True)
    arguments = parser.parse_args()
    models = Fingerprinter(FingerprintSettings(arguments.weights))
    draw = random.Random(2)  # noqa: S311 - a sample, no secret
    people = [sorted(one.iterdir()) for one in sorted(arguments.folder.iterdir()) if one.is_dir()]
    people = draw.sample([photos for photos in people if len(photos) > 1], PAIRS)
    pairs = [draw.sample(photos, 2) for photos in people]
    pictures = [[decode(path.read_bytes(), ImageLimits()) for path in pair] for pair in pairs]
    whole = [[central(models, picture) for picture in pair] for pair in pictures]
    bar = shipped_calibration().score_at(REVIEW_PER_MILLION)
    for size in SIZES:
        scores = []
        for (_, second), (known, own) in zip(pictures, whole, strict=True):
            face = central(models, shrunk(second, size / own.quality.size_px))
            scores.append(score(known, face))
        missed = float((np.asarray(scores) < bar).mean())
        print(f"{size} px\tmissed {missed:.1%}\tmedian score {np.median(scores):.2f}")


def central(models: Fingerprinter, picture: Picture) -> Face:
    """Return the face nearest the middle."""
    return min(
        models.faces(picture),
        key=lambda face: (
            abs(face.box.x1 + face.box.x2 - picture.width)
            + abs(face.box.y1 + face.box.y2 - picture.height)
        ),
    )


def shrunk(picture: Picture, scale: float) -> Picture:
    """Return the picture reduced, in the middle of a grey canvas."""
    image = Image.fromarray(picture.rgb)
    image = image.resize((round(image.width * scale), round(image.height * scale)))
    canvas: NDArray[np.uint8] = np.full((CANVAS, CANVAS, 3), 127, np.uint8)
    top, left = (CANVAS - image.height) // 2, (CANVAS - image.width) // 2
    canvas[top : top + image.height, left : left + image.width] = np.asarray(image)
    return Picture(canvas, CANVAS, CANVAS, "made")


def score(one: Face, other: Face) -> float:
    """Return the fused score of two faces."""
    pair = [
        {model: vector[None] for model, vector in face.encodings.items()} for face in (one, other)
    ]
    return float(fused_scores(shipped_calibration(), *pair)[0, 0])


if __name__ == "__main__":
    main()
