"""Measure whether people covered in copies can still be told, whatever is done to the copies.

    python tools/measure_covers.py DIR --weights data/live/weights

DIR holds a folder per person. One photo of each is the reference; in another, their head is covered
as `likeness cover` does it: solid, by a mosaic, and blurred. Each copy is then enhanced: sharpened,
its contrast raised, enlarged, the mosaic smoothed, the blur taken back (Richardson-Lucy, with the
radius known). Whoever does that knows where the face was, so each encoder is given the landmarks
of the uncovered face, too. Per way of covering: in how many copies a face is found where it was
covered; how many match their own reference from where a person must look; and how many are likest
to their own reference among those of all (by chance: one of as many as there are people), by each
encoder alone and by both together.
"""

from __future__ import annotations

import argparse
import random
from collections import Counter
from collections.abc import Callable, Sequence
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray

from media_index.bench.encoded import name_of
from media_index.bench.setting import REVIEW_PER_MILLION, setting
from media_index.errors import ImageError
from media_index.faces.detect import FaceDetector
from media_index.faces.dlib.encoder import DlibEncoder
from media_index.faces.encode import DLIB, SFACE, SFACE_PLAIN, Encoder, SFaceEncoder
from media_index.faces.weights import SFACE_WEIGHTS, YUNET_WEIGHTS, verified
from media_index.images.clean import clean_copy, head_around
from media_index.images.decode import ImageLimits, decode
from media_index.matching.calibration import shipped_calibration
from media_index.matching.scores import fused_scores, similarity
from media_index.types import Box, CopyForm, Cover, Fill, PictureFormat

Pixels = NDArray[np.uint8]
Vectors = dict[str, NDArray[np.float32]]
FUSED = "both together"
AS_IT_IS = "not covered"
# As `media_index.images.clean` makes them.
SQUARES, BLUR = 6, 0.25
ROUNDS = 20


class Encoders:
    """The detector and every encoder."""

    def __init__(self, weights: Path) -> None:
        self._detector = FaceDetector(verified(weights, YUNET_WEIGHTS))
        sface = verified(weights, SFACE_WEIGHTS)
        self._all: dict[str, Encoder] = {
            SFACE: SFaceEncoder(sface),
            SFACE_PLAIN: SFaceEncoder(sface, plain=True),
            DLIB: DlibEncoder(weights),
        }

    def found(self, rgb: Pixels) -> NDArray[np.float32]:
        """Return the faces of a picture; see `FaceDetector.detect`."""
        return self._detector.detect(rgb)

    def middle(self, rgb: Pixels) -> NDArray[np.float32] | None:
        """Return the face nearest the middle."""
        rows = self.found(rgb)
        if not len(rows):
            return None
        middles = rows[:, :2] + rows[:, 2:4] / 2
        away = np.linalg.norm(middles - np.array([rgb.shape[1], rgb.shape[0]]) / 2, axis=1)
        return np.asarray(rows[int(np.argmin(away))], np.float32)

    def encode(self, rgb: Pixels, row: NDArray[np.float32]) -> Vectors:
        """Encode what stands where a face is, or was, by every encoder."""
        return {model: known.encode(rgb, row[None])[0] for model, known in self._all.items()}


def as_it_is(rgb: Pixels, _box: Box) -> Pixels:
    """Return the picture."""
    return rgb


def sharpened(rgb: Pixels, _box: Box) -> Pixels:
    """Take a blurred picture away, three times over."""
    soft = cv2.GaussianBlur(rgb, (0, 0), 2)
    return np.asarray(cv2.addWeighted(rgb, 4, soft, -3, 0), np.uint8)


def contrasted(rgb: Pixels, _box: Box) -> Pixels:
    """Spread the light, tile by tile."""
    lab = cv2.cvtColor(rgb, cv2.COLOR_RGB2LAB)
    lab[..., 0] = cv2.createCLAHE(8, (8, 8)).apply(lab[..., 0])
    return np.asarray(cv2.cvtColor(lab, cv2.COLOR_LAB2RGB), np.uint8)


def enlarged(rgb: Pixels, _box: Box) -> Pixels:
    """Enlarge it three times."""
    return np.asarray(cv2.resize(rgb, None, fx=3, fy=3, interpolation=cv2.INTER_LANCZOS4), np.uint8)


def smoothed(rgb: Pixels, box: Box) -> Pixels:
    """Take the covered part for a mosaic, and draw it smoothly from the middles of its squares."""
    made = rgb.copy()
    part = rgb[box.y1 : box.y2, box.x1 : box.x2]
    size = (SQUARES, max(1, round(SQUARES * box.height / box.width)))
    few = cv2.resize(part, size, interpolation=cv2.INTER_AREA)
    made[box.y1 : box.y2, box.x1 : box.x2] = cv2.resize(
        few, (box.width, box.height), interpolation=cv2.INTER_CUBIC
    )
    return made


def deblurred(rgb: Pixels, box: Box) -> Pixels:
    """Take the covered part for blurred by a known radius, and undo that (Richardson-Lucy)."""
    made = rgb.copy()
    part = rgb[box.y1 : box.y2, box.x1 : box.x2].astype(np.float32) / 255 + 1e-3
    # Of a Gaussian blur, Pillow's radius is its deviation.
    deviation = BLUR * box.width
    guess = part.copy()
    for _ in range(ROUNDS):
        again = part / np.maximum(cv2.GaussianBlur(guess, (0, 0), deviation), 1e-3)
        guess *= cv2.GaussianBlur(again, (0, 0), deviation)
    made[box.y1 : box.y2, box.x1 : box.x2] = np.clip(guess * 255, 0, 255).astype(np.uint8)
    return made


ENHANCEMENTS: dict[str, Callable[[Pixels, Box], Pixels]] = {
    "as it is": as_it_is,
    "sharpened": sharpened,
    "contrast raised": contrasted,
    "enlarged": enlarged,
    "mosaic smoothed": smoothed,
    "blur taken back": deblurred,
}


def main() -> None:
    """Run from the command line."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawTextHelpFormatter
    )
    parser.add_argument("folder", type=Path)
    parser.add_argument("--weights", type=Path, default=Path("data/live/weights"))
    parser.add_argument("--people", type=int, default=60)
    parser.add_argument("--seed", type=int, default=22)
    arguments = parser.parse_args()
    cv2.setNumThreads(1)
    encoders = Encoders(arguments.weights)
    draw = random.Random(arguments.seed)  # noqa: S311 - a sample, no secret
    folders = sorted(path for path in arguments.folder.iterdir() if path.is_dir())
    several = [own for own in (sorted(folder.iterdir()) for folder in folders) if len(own) > 1]
    known: list[Vectors] = []
    probes: list[tuple[bytes, Pixels, NDArray[np.float32]]] = []
    for own in draw.sample(several, min(arguments.people, len(several))):
        reference, probe = draw.sample(own, 2)
        content = probe.read_bytes()
        try:
            first, second = (
                decode(each, ImageLimits()).rgb for each in (reference.read_bytes(), content)
            )
        except ImageError:
            continue
        face, other = encoders.middle(first), encoders.middle(second)
        if face is not None and other is not None:
            known.append(encoders.encode(first, face))
            probes.append((content, second, other))
    print(setting(arguments.folder, arguments.seed).machine)
    print(f"{len(probes)} people; by chance {1 / len(probes):.1%} are likest to their own")
    models = [SFACE_PLAIN, SFACE, DLIB, FUSED]
    heads = [f"likest: {FUSED if model == FUSED else name_of(model)}" for model in models]
    print(f"| covered | enhanced | face found | match | {' | '.join(heads)} |")
    print("|---|---|---|---|" + "---|" * len(heads))
    gallery = {model: np.stack([own[model] for own in known]) for model in known[0]}
    uncovered = [encoders.encode(rgb, row) for _, rgb, row in probes]
    print(line(AS_IT_IS, "as it is", "", uncovered, gallery, models))
    for fill in Fill:
        for name, enhance in ENHANCEMENTS.items():
            found, seen = Counter[bool](), []
            for content, _, row in probes:
                box, rgb = covered(content, row, fill)
                made = enhance(rgb, box)
                times = made.shape[1] / rgb.shape[1]
                where = Box(*(round(side * times) for side in box.as_list()))
                found[any(inside(where, face) for face in encoders.found(made))] += 1
                seen.append(encoders.encode(made, row * np.float32(times)))
            print(line(fill.value, name, str(found[True]), seen, gallery, models), flush=True)


def covered(content: bytes, row: NDArray[np.float32], fill: Fill) -> tuple[Box, Pixels]:
    """Return what is covered, and the copy as somebody gets it."""
    rgb = decode(content, ImageLimits()).rgb
    left, top, wide, high = (round(float(side)) for side in row[:4])
    box = head_around(Box(left, top, left + wide, top + high), rgb.shape[1], rgb.shape[0])
    form = CopyForm(format=PictureFormat.JPEG, quality=95)
    copy = clean_copy(content, form, ImageLimits(), [Cover(box, fill)])
    return box, decode(copy.content, ImageLimits()).rgb


def inside(box: Box, row: NDArray[np.float32]) -> bool:
    """Say whether the middle of a face lies in a box."""
    x, y = row[0] + row[2] / 2, row[1] + row[3] / 2
    return bool(box.x1 <= x <= box.x2 and box.y1 <= y <= box.y2)


def line(
    covering: str,
    enhanced: str,
    found: str,
    seen: Sequence[Vectors],
    gallery: Vectors,
    models: Sequence[str],
) -> str:
    """Return a line of a Markdown table."""
    calibration = shipped_calibration()
    stacked = {model: np.stack([each[model] for each in seen]) for model in gallery}
    fused = fused_scores(calibration, stacked, gallery)
    bar = calibration.score_at(REVIEW_PER_MILLION)
    own = np.arange(len(seen))
    matched = int((np.diag(fused) >= bar).sum())
    likest = []
    for model in models:
        scores = fused if model == FUSED else similarity(model, stacked[model], gallery[model])
        likest.append(f"{(scores.argmax(axis=1) == own).mean():.1%}")
    return f"| {covering} | {enhanced} | {found} | {matched} | {' | '.join(likest)} |"


if __name__ == "__main__":
    main()
