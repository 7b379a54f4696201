"""Photos per second, by stage, and beside programs that do a part of it."""

from __future__ import annotations

import importlib.util
import os
import time
import warnings
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import cv2
import numpy as np

from media_index.bench.setting import BenchError, peak_mib, photos_below, setting
from media_index.errors import ImageError
from media_index.faces.weights import SFACE_WEIGHTS, YUNET_WEIGHTS, verified
from media_index.files.kinds import SUFFIXES
from media_index.fingerprinting import Fingerprinter, FingerprintSettings

_YUNET_SCORE = 0.9  # OpenCV's own default


def measure_indexing(
    folder: Path,
    weights: Path,
    index: Callable[[Sequence[Path], int], float],
    limit: int,
    tell: Callable[[int, int], None] | None = None,
) -> dict[str, Any]:
    """Index the photos of a folder, and have other programs look at the same, one after another.

    The program is run as `likeness index` runs it, with a process for each processor, and in one
    and in two. A process has one thread of OpenCV; so have the other programs, which are one
    process as they come. Models are loaded before.

    Args:
        folder: searched with those below it.
        weights: folder of the verified weights.
        index: given photos and a number of processes, indexes them and returns the seconds.
        limit: photos at most, drawn evenly from the folder.
        tell: told how many of the parts are done, of how many.

    Raises:
        BenchError: there are no photos.
    """
    every = photos_below(folder, SUFFIXES)
    if not every:
        raise BenchError(f"{folder} has no photos.")
    photos = every[:: max(1, -(-len(every) // limit))]
    seen: dict[str, int] = {}
    processors = os.cpu_count() or 1
    numbers = sorted({1, 2, processors})
    peers: dict[str, Callable[[], float | None]] = {
        "opencv_floor": lambda: opencv_floor(photos, weights, seen),
        "face_recognition": lambda: face_recognition_way(photos, seen),
        "imagededup": lambda: imagededup_way(photos),
    }
    parts = iter(range(1, len(numbers) + len(peers) + 1))
    tell = tell or (lambda _done, _total: None)

    def told(seconds: float | None) -> float | None:
        tell(next(parts), len(numbers) + len(peers))
        return seconds

    with _one_thread():
        own = {number: told(index(photos, number)) or 0.0 for number in numbers}
        # Before the others, which hold more than a gigabyte of a large photo each.
        rss = peak_mib()
        taken = {name: told(peer()) for name, peer in peers.items()}
        rss_of_all = peak_mib()
        stages, seen["likeness"] = stage_milliseconds(photos, weights)
    alone = own[1]
    seconds = {"likeness": own[processors], "likeness_one_process": alone, **taken}
    # What indexing takes beyond the stages: reading files, the database, thumbnails.
    rest = 1000 * alone / len(photos) - sum(stages.values())
    reasons = {} if taken["imagededup"] is not None else {"imagededup": "It is not installed."}
    return {
        "photos": len(photos),
        "photos_per_second": {
            name: None if spent is None else round(len(photos) / spent, 3)
            for name, spent in seconds.items()
        },
        "processes": processors,
        "not_measured": reasons,
        "times_face_recognition": round((taken["face_recognition"] or 0.0) / own[processors], 2),
        "times_face_recognition_one_process": round((taken["face_recognition"] or 0.0) / alone, 2),
        "times_opencv_floor": round((taken["opencv_floor"] or 0.0) / alone, 2),
        "two_processes": round(alone / own[2], 2),
        "faces": seen,
        # Of two runs, so that on a busy machine nothing may seem to be left.
        "stages_ms": {name: round(stage, 2) for name, stage in stages.items()}
        | {"store": round(rest, 2) if rest > 0 else None},
        "rss_mib": rss,
        "rss_mib_with_others": rss_of_all,
        "machine": setting(folder, 0).machine,
    }


@contextmanager
def _one_thread() -> Iterator[None]:
    """Give OpenCV one thread, as a worker has."""
    before = cv2.getNumThreads()
    cv2.setNumThreads(1)
    try:
        yield
    finally:
        cv2.setNumThreads(before)


class _Stages:
    """Adds up what each stage takes."""

    def __init__(self) -> None:
        self.seconds: dict[str, float] = defaultdict(float)

    @contextmanager
    def __call__(self, name: str) -> Iterator[None]:
        start = time.perf_counter()
        try:
            yield
        finally:
            self.seconds[name] += time.perf_counter() - start


def stage_milliseconds(photos: Sequence[Path], weights: Path) -> tuple[dict[str, float], int]:
    """Return the milliseconds per photo of each stage, in one process, and the faces found.

    Files that cannot be read count with what was done to them.
    """
    stages, faces = _Stages(), 0
    fingerprinter = Fingerprinter(FingerprintSettings(weights), stages)
    for path in photos:
        try:
            faces += len(fingerprinter.fingerprint(path.read_bytes())[0].faces)
        except ImageError:
            # Counted among the photos: indexing looks at it too, and says what is wrong.
            continue
    return {name: 1000 * spent / len(photos) for name, spent in stages.seconds.items()}, faces


def opencv_floor(photos: Sequence[Path], weights: Path, seen: dict[str, int]) -> float:
    """Return the seconds that OpenCV alone takes: read, YuNet once, SFace; nothing is kept."""
    seen["opencv_floor"] = 0
    yunet = cv2.FaceDetectorYN.create(
        str(verified(weights, YUNET_WEIGHTS)), "", (320, 320), _YUNET_SCORE
    )
    sface = cv2.FaceRecognizerSF.create(str(verified(weights, SFACE_WEIGHTS)), "")
    start = time.perf_counter()
    for path in photos:
        picture: Any = cv2.imdecode(np.fromfile(path, np.uint8), cv2.IMREAD_COLOR)
        if picture is None:
            continue
        yunet.setInputSize((picture.shape[1], picture.shape[0]))
        _, rows = yunet.detect(picture)
        for row in () if rows is None else rows:
            sface.feature(sface.alignCrop(picture, row))
            seen["opencv_floor"] += 1
    return time.perf_counter() - start


def face_recognition_way(photos: Sequence[Path], seen: dict[str, int]) -> float:
    """Return the seconds of face_recognition's own way: HOG, enlarged once, and its encoder."""
    seen["face_recognition"] = 0
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        import face_recognition  # noqa: PLC0415 - two seconds and 200 MB, only where it is needed
    start = time.perf_counter()
    for path in photos:
        try:
            picture = face_recognition.load_image_file(str(path))
        except OSError:
            continue
        seen["face_recognition"] += len(face_recognition.face_encodings(picture))
    return time.perf_counter() - start


def imagededup_way(photos: Sequence[Path]) -> float | None:
    """Return the seconds of imagededup's PHash; None where it is not installed."""
    if importlib.util.find_spec("imagededup") is None:
        return None
    methods: Any = importlib.import_module("imagededup.methods")
    hasher = methods.PHash(verbose=False)
    start = time.perf_counter()
    for path in photos:
        hasher.encode_image(image_file=str(path))
    return time.perf_counter() - start
