"""Compare dlib's network as ONNX with face_recognition itself, on the faces of a folder.

    python tools/compare_encoders.py DIR --weights data/live/weights --most 500

Prints how far the descriptors are from each other (L2; 1e-3 is promised), and what a face takes
either way on one thread, landmarks and alignment included: processor time, each photo both ways in
turn. Ends with 1 where one is farther, or where nothing could be compared.
"""

from __future__ import annotations

import argparse
import random
import sys
import time
from pathlib import Path

import cv2
import numpy as np

from media_index.errors import ImageError
from media_index.faces.detect import FaceDetector
from media_index.faces.dlib import (
    converted,
    described,
    landmark_square,
    through_face_recognition,
    through_onnx_runtime,
)
from media_index.faces.weights import YUNET_WEIGHTS, verified
from media_index.files.kinds import SUFFIXES
from media_index.images.decode import ImageLimits, decode

PROMISED = 1e-3


def main() -> int:
    """Run the command."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("folder", type=Path)
    parser.add_argument("--weights", type=Path, default=Path("data/live/weights"))
    parser.add_argument("--most", type=int, default=0, help="photos, drawn at random; 0 for all")
    parser.add_argument("--seed", type=int, default=7)
    arguments = parser.parse_args()
    paths = sorted(p for p in arguments.folder.rglob("*") if p.suffix.lower() in SUFFIXES)
    if 0 < arguments.most < len(paths):
        paths = random.Random(arguments.seed).sample(paths, arguments.most)  # noqa: S311 - no secret
    cv2.utils.logging.setLogLevel(cv2.utils.logging.LOG_LEVEL_ERROR)
    cv2.setNumThreads(1)
    network = converted(arguments.weights).network
    print(f"dlib's network: {described(arguments.weights)}")
    if network is None:
        return 1
    ways = {
        "ONNX Runtime": through_onnx_runtime(network),
        "face_recognition": through_face_recognition(),
    }
    seconds = dict.fromkeys(ways, 0.0)
    detector = FaceDetector(verified(arguments.weights, YUNET_WEIGHTS))
    distances: list[float] = []
    photos = unusable = 0
    for path in paths:
        try:
            rgb = decode(path.read_bytes(), ImageLimits()).rgb
        except ImageError:
            unusable += 1
            continue
        squares = [landmark_square(row) for row in detector.detect(rgb)]
        if not squares:
            continue
        pixels = np.ascontiguousarray(rgb)
        found = {}
        for name, describe in ways.items():
            begun = time.process_time()
            found[name] = describe(pixels, squares)
            seconds[name] += time.process_time() - begun
        photos += 1
        apart = np.linalg.norm(found["ONNX Runtime"] - found["face_recognition"], axis=1)
        distances.extend(apart.tolist())
    if not distances:
        print("There is no face in these photos to compare by.")
        return 1
    faces = len(distances)
    largest = max(distances) if np.isfinite(distances).all() else float("inf")
    print(f"photos with faces {photos}, faces {faces}, files that are no photos {unusable}")
    print(f"L2 largest {largest:.2e}, median {np.median(distances):.2e}, promised {PROMISED:.0e}")
    for name, spent in seconds.items():
        print(f"{name:<17}{1000 * spent / faces:8.1f} ms a face")
    times = seconds["face_recognition"] / seconds["ONNX Runtime"]
    print(f"ONNX Runtime is {times:.1f} times as fast")
    return 0 if largest <= PROMISED else 1


if __name__ == "__main__":
    sys.exit(main())
