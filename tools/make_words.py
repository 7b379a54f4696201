"""Make the visual words that local features are looked up by: python tools/make_words.py DIR ...

Centers of the halves of descriptors by k-means, over photos drawn from folders, and directions at
right angles to one another. Nothing of a photo can be told from them. A change of the file
media_index/hashing/words.npz makes every home's folder `spots` anew.
"""

from __future__ import annotations

import argparse
import random
from pathlib import Path

import cv2
import numpy as np

from media_index.bench.setting import photos_below
from media_index.errors import ImageError
from media_index.files.kinds import SUFFIXES
from media_index.fingerprinting import copy_marks
from media_index.hashing.words import units_of
from media_index.images.decode import ImageLimits, decode

OUT = Path(__file__).resolve().parent.parent / "media_index" / "hashing" / "words.npz"
HALF, CENTERS = 64, 256


def main() -> None:
    """Draw photos, and write the file."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folders", nargs="+", type=Path)
    parser.add_argument("--most", type=int, default=400, help="photos drawn from each folder")
    parser.add_argument("--seed", type=int, default=11)
    asked = parser.parse_args()
    draw = random.Random(asked.seed)  # noqa: S311 - a sample, no secret
    descriptors = []
    for folder in asked.folders:
        paths = photos_below(folder, SUFFIXES)
        for path in draw.sample(paths, min(asked.most, len(paths))):
            try:
                picture = decode(path.read_bytes(), ImageLimits())
            except ImageError as error:
                print(f"{path} is left out: {error}")
                continue
            descriptors.append(copy_marks(picture).features.descriptors)
    units = units_of(np.concatenate(descriptors))
    cv2.setRNGSeed(asked.seed)
    stop = (cv2.TERM_CRITERIA_MAX_ITER + cv2.TERM_CRITERIA_EPS, 25, 1e-4)
    centers = []
    for half in (units[:, :HALF], units[:, HALF:]):
        labels = np.zeros((len(half), 1), np.int32)
        found = cv2.kmeans(
            np.ascontiguousarray(half), CENTERS, labels, stop, 1, cv2.KMEANS_PP_CENTERS
        )
        centers.append(found[2])
    square = np.random.default_rng(asked.seed).normal(size=(2 * HALF, 2 * HALF))
    directions = np.linalg.qr(square)[0][:HALF].astype(np.float32)
    np.savez_compressed(OUT, centers=np.stack(centers), directions=directions)
    print(f"{OUT}: from {len(units):,} spots of {len(descriptors)} photos.")


if __name__ == "__main__":
    main()
