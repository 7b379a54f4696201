"""Fingerprint photos by this checkout and by another, in turn: what each takes, and what differs.

    git worktree add /tmp/before main
    python tools/compare_commits.py /tmp/before PHOTOS --weights data/live/weights --times 3

A process each, with one thread, as the index's workers have; processor time with that of the
process that opens files. Faces are compared by box, encodings by cosine. Ends with 1 where a face
is found by one checkout alone, or an encoding is farther than 1e-4.
"""

from __future__ import annotations

import argparse
import os
import pickle
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

import numpy as np
import psutil

ROOT = Path(__file__).resolve().parent.parent
FARTHEST = 1e-4
# px by which a box may differ: rounding.
MOST_APART = 1


class Checkout:
    """A process that fingerprints photos by one checkout."""

    def __init__(self, root: Path, weights: Path) -> None:
        places = {"PYTHONPATH": str(root), "OPENBLAS_NUM_THREADS": "1"}
        self._process = subprocess.Popen(
            [sys.executable, __file__, "--serve", str(weights)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            env=os.environ | places,
            cwd=root,
        )

    def fingerprint(self, photo: Path) -> tuple[float, Any]:
        """Return the seconds of processor time, and the fingerprint, or None if there is none."""
        given, answer = self._process.stdin, self._process.stdout
        if given is None or answer is None:
            raise RuntimeError("The process has no pipes.")
        pickle.dump(photo, given)
        given.flush()
        seconds, fingerprint = pickle.load(answer)  # noqa: S301 - of our own process
        return seconds, fingerprint

    def end(self) -> None:
        """End the process."""
        self._process.kill()
        self._process.wait()


def serve(weights: Path) -> None:
    """Answer with fingerprints, until nobody asks."""
    import cv2  # noqa: PLC0415 - of the checkout's own

    cv2.setNumThreads(1)
    from media_index.errors import ImageError  # noqa: PLC0415 - of the checkout's own
    from media_index.fingerprinting import (  # noqa: PLC0415 - of the checkout's own
        Fingerprinter,
        FingerprintSettings,
    )
    from media_index.images.decode import ImageLimits  # noqa: PLC0415 - of the checkout's own

    # On a busy machine the usual time would leave faces of a crowd out.
    unhurried = ImageLimits(seconds=3600)
    fingerprinter = Fingerprinter(FingerprintSettings(weights, unhurried))
    while True:
        photo = pickle.load(sys.stdin.buffer)  # noqa: S301 - of our own process
        begun = spent()
        try:
            fingerprint = fingerprinter.fingerprint(photo.read_bytes())[0]
        except ImageError:
            fingerprint = None
        pickle.dump((spent() - begun, fingerprint), sys.stdout.buffer)
        sys.stdout.buffer.flush()


def spent() -> float:
    """Return the processor time of this process and of what it started, in seconds."""
    others = [child.cpu_times() for child in psutil.Process().children(recursive=True)]
    return time.process_time() + float(sum(times.user + times.system for times in others))


def sides(face: Any) -> list[int]:  # noqa: ANN401 - of two checkouts
    """Return the box of a face, px."""
    return [face.box.x1, face.box.y1, face.box.x2, face.box.y2]


def differences(one: Any, other: Any) -> tuple[int, float]:  # noqa: ANN401 - of two checkouts
    """Return how many faces only one has, and the farthest two encodings, 1 less the cosine."""
    if one is None or other is None:
        return int(one is not other), 0.0
    left, farthest = list(other.faces), 0.0
    alone = 0
    for face in one.faces:
        apart = [int(np.abs(np.subtract(sides(face), sides(f))).max()) for f in left]
        if not apart or min(apart) > MOST_APART:
            alone += 1
            continue
        same = left.pop(apart.index(min(apart)))
        alone += face.encodings.keys() != same.encodings.keys()
        for model in face.encodings.keys() & same.encodings.keys():
            a, b = (np.asarray(f.encodings[model], float) for f in (face, same))
            farthest = max(farthest, 1 - float(a @ b / np.linalg.norm(a) / np.linalg.norm(b)))
    return alone + len(left), farthest


def main() -> int:
    """Run the command."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("other", type=Path, help="root of the other checkout")
    parser.add_argument("photos", type=Path, help="folder")
    parser.add_argument("--weights", type=Path, default=Path("data/live/weights"))
    parser.add_argument(
        "--times",
        type=int,
        default=1,
        help="each photo; 0 to compare only",
    )
    arguments = parser.parse_args()
    photos = sorted(path.resolve() for path in arguments.photos.rglob("*") if path.is_file())
    with tempfile.TemporaryDirectory() as folder:
        checkouts = []
        for name, root in (("other", arguments.other.resolve()), ("this", ROOT)):
            # Each of its own: dlib's network is exported into it.
            weights = Path(folder) / name
            shutil.copytree(arguments.weights, weights)
            checkouts.append(Checkout(root, weights))
        taken: list[tuple[float, float]] = []
        faces = alone = 0
        farthest = 0.0
        for photo in photos:
            other, this = (checkout.fingerprint(photo)[1] for checkout in checkouts)
            for _ in range(arguments.times):
                before, after = (checkout.fingerprint(photo)[0] for checkout in checkouts)
                taken.append((before, after))
            only, far = differences(other, this)
            if only:
                print(f"{photo}: {only} faces of one checkout alone")
            faces += len(this.faces) if this else 0
            alone, farthest = alone + only, max(farthest, far)
        for checkout in checkouts:
            checkout.end()
    print(f"{len(photos)} photos, {faces} faces; of one checkout alone {alone}")
    print(f"encodings at most {farthest:.1e} apart (1 less the cosine)")
    if taken:
        before, after = (1000 * statistics.mean(each) for each in zip(*taken, strict=True))
        print(
            f"other {before:.0f} ms a photo, this {after:.0f}: {before / after:.2f} times as many"
        )
    return int(alone > 0 or farthest > FARTHEST)


if __name__ == "__main__":
    if sys.argv[1:2] == ["--serve"]:
        serve(Path(sys.argv[2]))
    sys.exit(main())
