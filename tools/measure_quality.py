"""Measure how many faces are missed as their pictures get worse, and what a wider band would cost.

    python tools/measure_quality.py DIR --weights data/live/weights

DIR holds a folder per person. One photo of each stays as it is, the other is made worse: smaller on
a grey canvas, as a face is in a crowd; blurred; darkened; covered in part. Turned heads are taken
as they come. Per step: what the program measures of such faces, the share of them missed, and how
many of a million strangers they let through, with the review band as it is and made wider.
"""

from __future__ import annotations

import argparse
import random
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray

from consent.matching.gallery import face_scores
from media_index.bench.encoded import central_face
from media_index.bench.setting import REVIEW_PER_MILLION
from media_index.fingerprinting import Fingerprinter, FingerprintSettings
from media_index.images.decode import ImageLimits, Picture, decode
from media_index.matching.calibration import shipped_calibration
from media_index.types import Face, FaceQuality

Pixels = NDArray[np.uint8]

WIDER = (1, 4, 16, 40)
CANVAS = 600
MEASURES = ("size_px", "sharpness", "contrast", "burnt_out", "feature_contrast", "norm")


@dataclass(frozen=True)
class Step:
    """One way to make a picture worse: gets its pixels and its face."""

    name: str
    change: Callable[[Pixels, Face], Pixels]


def steps() -> Iterator[Step]:
    """Yield the ways, from none to bad."""
    yield Step("as it is", unchanged)
    for size in (56, 40, 32, 28, 24, 20, 16):
        yield Step(f"{size} px", partial(shrunk, size))
    for part in (0.02, 0.03, 0.04, 0.06):
        yield Step(f"blur {part:.0%} of the face", partial(blurred, part))
    for gain in (0.3, 0.15, 0.08, 0.05):
        yield Step(f"light x {gain}", partial(darkened, gain))
    for gain in (1.5, 2.0, 3.0):
        yield Step(f"overexposed x {gain}", partial(exposed, gain))
    yield Step("mask over mouth", partial(covered, 0.55, 1.0))
    yield Step("dark glasses", partial(covered, 0.22, 0.48))


def unchanged(rgb: Pixels, _face: Face) -> Pixels:
    """Return the picture."""
    return rgb


def shrunk(size: int, rgb: Pixels, face: Face) -> Pixels:
    """Return the picture reduced to a face of this size, in the middle of a grey canvas."""
    scale = size / face.quality.size_px
    small = cv2.resize(rgb, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA)
    canvas: Pixels = np.full((CANVAS, CANVAS, 3), 127, np.uint8)
    top, left = (CANVAS - small.shape[0]) // 2, (CANVAS - small.shape[1]) // 2
    canvas[top : top + small.shape[0], left : left + small.shape[1]] = small
    return canvas


def blurred(part: float, rgb: Pixels, face: Face) -> Pixels:
    """Blur by a Gaussian whose deviation is a part of the face's size."""
    return np.asarray(cv2.GaussianBlur(rgb, (0, 0), part * face.quality.size_px), np.uint8)


def darkened(gain: float, rgb: Pixels, _face: Face) -> Pixels:
    """Take light away and add the noise of a sensor; what is left is brightened, as cameras do."""
    noise = np.random.default_rng(1).normal(0, 1.5, rgb.shape)
    dark = np.clip(np.rint(rgb * gain + noise), 0, 255)
    return np.asarray(np.clip(dark * min(4.0, 0.5 / gain), 0, 255), np.uint8)


def exposed(gain: float, rgb: Pixels, _face: Face) -> Pixels:
    """Add light until the bright parts are white."""
    return np.asarray(np.clip(rgb.astype(np.float32) * gain, 0, 255), np.uint8)


def covered(start: float, end: float, rgb: Pixels, face: Face) -> Pixels:
    """Cover a part of the face, from top (0) to bottom (1), by one dark colour."""
    made = rgb.copy()
    box = face.box
    top, bottom = (round(box.y1 + part * box.height) for part in (start, end))
    made[max(0, top) : bottom, max(0, box.x1) : box.x2] = (40, 45, 60)
    return made


def main() -> None:
    """Run from the command line."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawTextHelpFormatter
    )
    parser.add_argument("folder", type=Path)
    parser.add_argument("--weights", type=Path, required=True)
    parser.add_argument("--pairs", type=int, default=250)
    parser.add_argument("--seed", type=int, default=2)
    arguments = parser.parse_args()
    models = Fingerprinter(FingerprintSettings(arguments.weights))
    draw = random.Random(arguments.seed)  # noqa: S311 - a sample, no secret
    folders = sorted(path for path in arguments.folder.iterdir() if path.is_dir())
    people = [sorted(folder.iterdir()) for folder in folders]
    several = [photos for photos in people if len(photos) > 1]
    pairs = [draw.sample(photos, 2) for photos in draw.sample(several, arguments.pairs)]
    known, probes = [], []
    for first, second in pairs:
        reference, probe = (decode(path.read_bytes(), ImageLimits()) for path in (first, second))
        faces = found(models, reference.rgb), found(models, probe.rgb)
        if faces[0] is not None and faces[1] is not None:
            known.append(faces[0])
            probes.append((probe.rgb, faces[1]))
    wider = "".join(f"x{times:<13}" for times in WIDER)
    print(f"{len(known)} people. Missed, and strangers per million, with the review band {wider}")
    for step in steps():
        seen = [found(models, step.change(rgb, face)) for rgb, face in probes]
        report(step.name, known, seen)
    turned(known, probes)


def turned(known: Sequence[Face], probes: Sequence[tuple[Pixels, Face]]) -> None:
    """Report the faces as they come, by how far they are turned."""
    for low, high in ((0, 15), (15, 30), (30, 45), (45, 90)):
        seen = [face if low <= abs(face.quality.yaw) < high else None for _, face in probes]
        report(f"turned {low} to {high} degrees", known, seen, absent_is_other=True)


def found(models: Fingerprinter, rgb: Pixels) -> Face | None:
    """Return the face nearest the middle."""
    height, width = rgb.shape[:2]
    faces = models.faces(Picture(np.ascontiguousarray(rgb), width, height, "made"))
    return central_face(faces, width, height)


def report(
    name: str,
    known: Sequence[Face],
    seen: Sequence[Face | None],
    *,
    absent_is_other: bool = False,
) -> None:
    """Print a row."""
    there = [row for row, face in enumerate(seen) if face is not None and face.encodings]
    if not there:
        print(f"{name:>24}  none")
        return
    faces = [face for face in seen if face is not None and face.encodings]
    calibration = shipped_calibration()
    scores = face_scores(calibration, faces, known)
    own = scores[np.arange(len(there)), there]
    others = scores.copy()
    others[np.arange(len(there)), there] = -99
    cells = []
    for times in WIDER:
        bar = calibration.score_at(REVIEW_PER_MILLION * times)
        undetected = 0 if absent_is_other else len(seen) - len(there)
        missed = (int((own < bar).sum()) + undetected) / (len(there) + undetected)
        through = float((others >= bar).sum()) / (len(there) * (len(known) - 1)) * 1e6
        cells.append(f"{missed:6.1%} {through:6.0f}")
    quality = [face.quality for face in faces]
    medians = ", ".join(f"{each} {median(quality, each)}" for each in MEASURES)
    print(f"{name:>24}  n {len(there):4}  {'  '.join(cells)}  ({medians})", flush=True)


def median(quality: Sequence[FaceQuality], measure: str) -> str:
    """Return the median of a measure of faces."""
    return f"{np.median([getattr(face, measure) for face in quality]):.3g}"


if __name__ == "__main__":
    main()
