"""How many labelled faces are found, by their size: the detection of the index against labels.

A labelled face counts as found where one box of the detector covers it with an intersection over
union of at least 0.5; boxes are taken surest first, and each box and each label once.
"""

from __future__ import annotations

import contextlib
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import cv2
import numpy as np
from cv2.typing import MatLike as Mat
from numpy.typing import NDArray

from media_index.bench.harder import (
    LARGE,
    TURNED_PHOTOS,
    TURNS,
    Found,
    heads_found,
    side_by_side,
    spread,
    turned,
)
from media_index.bench.setting import BenchError, photos_below, setting, wilson
from media_index.errors import ImageError
from media_index.faces.detect import FaceDetector
from media_index.faces.weights import YUNET_WEIGHTS, verified
from media_index.files.kinds import SUFFIXES
from media_index.fingerprinting import Fingerprinter, FingerprintSettings
from media_index.images.decode import ImageLimits, decode
from media_index.limits import DETECTION, Detection

Boxes = NDArray[np.float64]
Pixels = NDArray[np.uint8]
Tell = Callable[[int, int], None]
Ways = dict[str, Callable[[Pixels], NDArray[np.float32]]]

OVERLAP = 0.5
# px of the shorter side of the labelled box, in the photo as it is decoded: [from, to).
BINS: dict[str, tuple[float, float]] = {
    "12-16": (12, 16),
    "16-24": (16, 24),
    "24-32": (24, 32),
    "32+": (32, float("inf")),
}
BASELINE_SCORE = 0.6
_REPEATS = 3
# Class, middle x and y, width, height.
_FIELDS = 5


@dataclass(slots=True)
class Tally:
    """What one detector found.

    Attributes:
        found: by bin, labelled faces found.
        hits: boxes that are on a labelled face of any size.
        seconds: of CPU, the detector alone, decoding left out.
    """

    found: dict[str, int] = field(default_factory=lambda: dict.fromkeys(BINS, 0))
    hits: int = 0
    boxes: int = 0
    seconds: float = 0.0

    def add(self, labels: Boxes, rows: NDArray[np.float32], seconds: float) -> None:
        """Count one photo."""
        matched = found_labels(labels, rows)
        for name in binned(labels[matched]):
            self.found[name] += 1
        self.hits += int(matched.sum())
        self.boxes += len(rows)
        self.seconds += seconds

    def to_dict(self, labelled: dict[str, int]) -> dict[str, Any]:
        """Return it for JSON."""
        return {
            "recall": {
                name: round(self.found[name] / count, 4) if count else None
                for name, count in labelled.items()
            },
            "intervals": {name: wilson(self.found[name], labelled[name]) for name in labelled},
            "precision": round(self.hits / self.boxes, 4) if self.boxes else None,
            "boxes": self.boxes,
            "seconds": round(self.seconds, 3),
        }


class PlainYuNet:
    """YuNet as it comes: the picture once, as large as it is."""

    def __init__(self, weights: Path) -> None:
        self._yunet = cv2.FaceDetectorYN.create(
            str(weights), "", (320, 320), BASELINE_SCORE, 0.3, 5000
        )

    def detect(self, rgb: Pixels) -> NDArray[np.float32]:
        """Find faces; see `FaceDetector.detect`."""
        self._yunet.setInputSize((rgb.shape[1], rgb.shape[0]))
        _, rows = self._yunet.detect(cv2.cvtColor(rgb, cv2.COLOR_RGB2BGR))
        # OpenCV's stubs do not say that there may be none.
        found: Mat | None = rows
        return np.empty((0, 15), np.float32) if found is None else np.array(found, np.float32)


def measure_detection(
    folder: Path, weights: Path, score: float | None = None, tell: Tell | None = None
) -> dict[str, Any]:
    """Measure the index's detection on photos with YOLO labels, beside plain YuNet.

    Args:
        folder: holds `images/` and `labels/`, or photos with their labels beside them. A label
            file has a line per face: class, middle x, middle y, width, height, all but the first
            as shares of the photo; what follows is not read.
        weights: folder of the verified weights.
        score: asked of a face instead of the program's own.
        tell: is told how many of how many photos are done.

    Raises:
        BenchError: there are no labelled photos.
    """
    cv2.utils.logging.setLogLevel(cv2.utils.logging.LOG_LEVEL_ERROR)
    yunet = verified(weights, YUNET_WEIGHTS)
    limits = DETECTION if score is None else replace(DETECTION, score=score)
    pairs = labelled_photos(folder)
    threads = cv2.getNumThreads()
    # As in the index's workers; a model keeps to what is set when it is loaded.
    cv2.setNumThreads(1)
    ways: Ways = {
        "program": FaceDetector(yunet, limits).detect,
        "baseline": PlainYuNet(yunet).detect,
    }
    tallies = {name: Tally() for name in ways}
    labelled, left_out = dict.fromkeys(BINS, 0), []
    try:
        for done, (photo, file) in enumerate(pairs, start=1):
            try:
                rgb = decode(photo.read_bytes(), ImageLimits()).rgb
            except ImageError as error:
                left_out.append({"path": str(photo), "reason": str(error)})
                continue
            labels = read_labels(file, rgb.shape[1], rgb.shape[0])
            for name in binned(labels):
                labelled[name] += 1
            for name, (rows, seconds) in timed(ways, rgb).items():
                tallies[name].add(labels, rows, seconds)
            if tell is not None:
                tell(done, len(pairs))
        large = _in_large_photos(pairs, ways["program"])
        by_turn = _with_heads_turned(pairs, weights, limits)
    finally:
        cv2.setNumThreads(threads)
    program, baseline = (tallies[name].to_dict(labelled) for name in ways)
    plain = max(tallies["baseline"].seconds, 1e-9)
    return {
        **program,
        "score": limits.score,
        "labelled": labelled,
        "photos": len(pairs) - len(left_out),
        "left_out": left_out,
        "cost": round(tallies["program"].seconds / plain, 2),
        "baseline": {**baseline, "score": BASELINE_SCORE},
        "bins": "px of the shorter side of the labelled box",
        "overlap": OVERLAP,
        "large": large,
        "turned": by_turn,
        "setting": setting(folder, 0).to_dict(),
    }


def _photos(pairs: Iterable[tuple[Path, Path]]) -> Iterator[tuple[Pixels, Boxes]]:
    """Yield the photos that can be read, with their labels."""
    for photo, file in pairs:
        with contextlib.suppress(ImageError):
            # Which those are is in the answer.
            rgb = decode(photo.read_bytes(), ImageLimits()).rgb
            yield rgb, read_labels(file, rgb.shape[1], rgb.shape[0])


def _in_large_photos(
    pairs: Sequence[tuple[Path, Path]], detect: Callable[[Pixels], NDArray[np.float32]]
) -> dict[str, Any]:
    """Measure in pictures of 24 megapixels that the photos are laid side by side in."""
    found, pictures = Found(), 0
    for rgb, labels in side_by_side(_photos(pairs)):
        pictures += 1
        found.add(*_binned_hits(labels, found_labels(labels, detect(rgb))))
    return {**found.to_dict(BINS), "pictures": pictures, "size": list(LARGE)}


def _with_heads_turned(
    pairs: Sequence[tuple[Path, Path]], weights: Path, limits: Detection
) -> dict[str, Any]:
    """Measure with some of the photos turned, by degrees to the left."""
    models = Fingerprinter(FingerprintSettings(weights, detection=limits))
    photos = list(_photos(pairs[place] for place in spread(len(pairs), TURNED_PHOTOS)))
    answer: dict[str, Any] = {}
    for degrees in TURNS:
        found = Found()
        for rgb, labels in photos:
            lying, squares = turned(rgb, labels, degrees)
            hits = heads_found(models.faces, lying, squares, found_labels)
            # By the size that the label has upright.
            found.add(*_binned_hits(labels, hits))
        answer[str(degrees)] = {**found.to_dict(BINS), "photos": len(photos)}
    return answer


def _binned_hits(labels: Boxes, hits: NDArray[np.bool_]) -> tuple[list[str], list[bool]]:
    """Return bin and hit of each labelled face that is large enough for one."""
    in_bins = [(list(binned(labels[row : row + 1])), bool(hits[row])) for row in range(len(labels))]
    sized = [(names[0], hit) for names, hit in in_bins if names]
    return [name for name, _ in sized], [hit for _, hit in sized]


def timed(ways: Ways, rgb: Pixels) -> dict[str, tuple[NDArray[np.float32], float]]:
    """Run detectors on a photo, in turns, and time each by its quickest run, in seconds of CPU."""
    seconds = dict.fromkeys(ways, float("inf"))
    rows: dict[str, NDArray[np.float32]] = {}
    for _ in range(_REPEATS):
        for name, detect in ways.items():
            begun = time.process_time()
            rows[name] = detect(rgb)
            seconds[name] = min(seconds[name], time.process_time() - begun)
    return {name: (rows[name], seconds[name]) for name in ways}


def labelled_photos(folder: Path) -> list[tuple[Path, Path]]:
    """Return the photos that have a file of labels, with it.

    Raises:
        BenchError: there are none.
    """
    pairs = []
    for photo in photos_below(folder, SUFFIXES):
        beside = photo.with_suffix(".txt")
        apart = photo.parent.parent / "labels" / beside.name
        file = beside if beside.is_file() else apart
        if file.is_file():
            pairs.append((photo, file))
    if not pairs:
        raise BenchError(
            f"{folder} has no photos with labels: put photos into images/ and a text file of "
            "the same name for each into labels/ (class, middle x, middle y, width, height)."
        )
    return pairs


def read_labels(file: Path, width: int, height: int) -> Boxes:
    """Read the labelled boxes of a photo.

    Returns:
        (n, 4) float64: x, y, width, height in px.

    Raises:
        BenchError: a line is no label.
    """
    boxes = []
    for number, line in enumerate(file.read_text(encoding="utf-8").splitlines(), 1):
        if not line.strip():
            continue
        try:
            _, x, y, wide, high = (float(part) for part in line.split()[:_FIELDS])
        except ValueError as error:
            raise BenchError(
                f"{file}, line {number}: {line!r} is not a label; write class, middle x, middle y, "
                "width and height."
            ) from error
        boxes.append(((x - wide / 2) * width, (y - high / 2) * height, wide * width, high * height))
    return np.array(boxes, np.float64).reshape(-1, 4)


def binned(labels: Boxes) -> Iterable[str]:
    """Yield the bin of each labelled face that is large enough for one."""
    for short in labels[:, 2:].min(axis=1) if len(labels) else ():
        for name, (least, below) in BINS.items():
            if least <= short < below:
                yield name


def found_labels(
    labels: Boxes, rows: NDArray[np.float32], overlap: float = OVERLAP
) -> NDArray[np.bool_]:
    """Say which labelled faces are found: greedy, surest box first, one to one.

    Args:
        labels: (n, 4) x, y, width, height.
        rows: (m, 15) as `FaceDetector.detect` returns them.
        overlap: intersection over union from which a box is on a face.

    Returns:
        (n,) bool.
    """
    found = np.zeros(len(labels), np.bool_)
    if not len(labels) or not len(rows):
        return found
    shared = overlaps(rows[np.argsort(-rows[:, 14]), :4].astype(np.float64), labels)
    for row in shared:
        free = np.where(found, 0.0, row)
        if free.max() >= overlap:
            found[free.argmax()] = True
    return found


def overlaps(boxes: Boxes, others: Boxes) -> Boxes:
    """Return the intersection over union of every two boxes, (n, m); boxes are x, y, w, h."""
    ends, other_ends = boxes[:, :2] + boxes[:, 2:], others[:, :2] + others[:, 2:]
    corner = np.maximum(boxes[:, None, :2], others[None, :, :2])
    reach = np.minimum(ends[:, None], other_ends[None])
    shared = np.clip(reach - corner, 0, None).prod(axis=2)
    areas = boxes[:, 2:].prod(axis=1)[:, None] + others[:, 2:].prod(axis=1)[None]
    share: Boxes = shared / np.maximum(areas - shared, 1e-9)
    return share
