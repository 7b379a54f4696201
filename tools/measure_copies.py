"""Measure how far copies of a photo are from it, and unrelated photos from one another.

python tools/measure_copies.py DIR [DIR ...]
"""

from __future__ import annotations

import argparse
import io
import random
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from media_index.errors import ImageError
from media_index.hashing import perceptual_hashes, trimmed
from media_index.images import SUFFIXES, ImageLimits, decode, reduced
from media_index.matching import CopyThresholds

if TYPE_CHECKING:
    from collections.abc import Callable

Pixels = NDArray[np.uint8]
MOST_PHOTOS = 400


def recompressed(rgb: Pixels, quality: int) -> Pixels:
    """Return the picture through JPEG."""
    buffer = io.BytesIO()
    Image.fromarray(rgb).save(buffer, "JPEG", quality=quality)
    return np.asarray(Image.open(buffer).convert("RGB"))


def cropped(rgb: Pixels, share: float) -> Pixels:
    """Cut a share of each side away."""
    top, left = int(rgb.shape[0] * share), int(rgb.shape[1] * share)
    return rgb[top : rgb.shape[0] - top, left : rgb.shape[1] - left]


def on_a_square(rgb: Pixels) -> Pixels:
    """Put the picture on a dark square and take the border off again, as the index does."""
    height, width = rgb.shape[:2]
    side = max(height, width) + 40
    square = np.full((side, side, 3), 20, np.uint8)
    top, left = (side - height) // 2, (side - width) // 2
    square[top : top + height, left : left + width] = rgb
    inner = trimmed(recompressed(square, 60))
    return square if inner is None else inner


CHANGES: dict[str, Callable[[Pixels], Pixels]] = {
    "JPEG quality 30": lambda rgb: recompressed(rgb, 30),
    "300 px, quality 40": lambda rgb: recompressed(reduced(rgb, 300), 40),
    "brighter, more contrast": lambda rgb: np.clip(rgb * 1.2 + 10, 0, 255).astype(np.uint8),
    "on a square, quality 60, border taken off": on_a_square,
    "2 % cut off each side": lambda rgb: cropped(rgb, 0.02),
    "3 % cut off each side": lambda rgb: cropped(rgb, 0.03),
    "5 % cut off each side": lambda rgb: cropped(rgb, 0.05),
}


def main() -> None:
    """Run from the command line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folders", type=Path, nargs="+")
    folders = parser.parse_args().folders
    photos = [photo for folder in folders for photo in load(folder)]
    hashes = [bits(photo) for photo in photos]
    print(f"{len(photos)} photos; PDQ distance of the copy, of 256 bits")
    for name, change in CHANGES.items():
        far = [
            int((bits(change(photo))[0] != own[0]).sum())
            for photo, own in zip(photos, hashes, strict=True)
        ]
        print(f"{name}\tmedian {np.median(far):.0f}\t95 % {np.percentile(far, 95):.0f}")
    decoding([path for folder in folders for path in drawn(folder)])
    unrelated(np.stack([own[0] for own in hashes]), np.stack([own[1] for own in hashes]))


def load(folder: Path) -> list[Pixels]:
    """Decode a sample of a folder's photos, at hashing size."""
    found = []
    for path in drawn(folder):
        try:
            found.append(reduced(decode(path.read_bytes(), ImageLimits()).rgb, 512))
        except ImageError as error:
            print(f"left out: {path}: {error}")
    return found


def drawn(folder: Path) -> list[Path]:
    """Draw a sample of a folder's photos."""
    paths = sorted(path for path in folder.rglob("*") if path.suffix.lower() in SUFFIXES)
    draw = random.Random(3)  # noqa: S311 - a sample, no secret
    return draw.sample(paths, min(MOST_PHOTOS, len(paths)))


def decoding(paths: list[Path]) -> None:
    """Print how far the hashes of photos decoded at reduced size are from those of all pixels."""
    far = []
    for path in paths:
        try:
            picture = decode(path.read_bytes(), ImageLimits())
            if picture.reduction == 1:
                continue
            whole = decode(path.read_bytes(), ImageLimits(working_side=ImageLimits().max_pixels))
        except ImageError:
            continue
        pairs = zip(bits(picture.rgb), bits(whole.rgb), strict=True)
        far.append([int((one != other).sum()) for one, other in pairs])
    if far:
        pdq, phash = np.array(far).max(axis=0)
        print(f"{len(far)} photos decoded at reduced size: PDQ at most {pdq} bits away from that")
        print(f"of all pixels, pHash at most {phash}")


def bits(rgb: Pixels) -> tuple[NDArray[np.uint8], NDArray[np.uint8]]:
    """Return the bits of PDQ and of pHash."""
    own = perceptual_hashes(rgb)
    unpacked = [np.unpackbits(np.frombuffer(one, np.uint8)) for one in (own.pdq, own.phash)]
    return unpacked[0], unpacked[1]


def unrelated(pdq: NDArray[np.uint8], phash: NDArray[np.uint8]) -> None:
    """Print how many pairs of different photos would be taken for copies."""
    limits = CopyThresholds()
    upper = np.triu_indices(len(pdq), 1)
    far = (pdq[upper[0]] != pdq[upper[1]]).sum(axis=1)
    agree = (phash[upper[0]] != phash[upper[1]]).sum(axis=1) <= limits.perhaps_phash_bits
    print(f"{len(far):,} pairs: {(far <= limits.surely_bits).sum()} surely,", end=" ")
    print(f"{((far <= limits.perhaps_bits) & agree).sum()} perhaps copies of one another")


if __name__ == "__main__":
    main()
