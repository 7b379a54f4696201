"""Content and perceptual hashes of a picture."""

from __future__ import annotations

import hashlib

import imagehash
import numpy as np
from numpy.typing import NDArray
from PIL import Image

from media_index.hashing.pdq import pdq
from media_index.images.decode import reduced
from media_index.types import PerceptualHashes

Pixels = NDArray[np.uint8]

# The reference's own advice: hashing above 512 px costs time and changes next to nothing.
HASHING_SIDE = 512
# A border is what differs from the corner's colour by less than this in every pixel of a row;
# 12 of 255 forgives JPEG's ringing.
_BORDER_TOLERANCE = 12
_LEAST_SIDE_LEFT = 0.3
_MOST_BORDERS = 6


def sha256_hex(content: bytes) -> str:
    """Return the hex digest that identifies a photo."""
    return hashlib.sha256(content).hexdigest()


def perceptual_hashes(rgb: Pixels) -> PerceptualHashes:
    """Hash a picture with PDQ, pHash and dHash."""
    small = reduced(rgb, HASHING_SIDE)
    image = Image.fromarray(small)
    pdq_hash, pdq_quality = pdq(small)
    return PerceptualHashes(
        pdq=pdq_hash,
        pdq_quality=pdq_quality,
        phash=_packed(imagehash.phash(image)),
        dhash=_packed(imagehash.dhash(image)),
    )


def trimmed(rgb: Pixels) -> Pixels | None:
    """Cut uniform borders away (screenshots, squares made for Instagram).

    Returns:
        The inner picture; None if there is no border, or too little inside it.
    """
    inner = rgb
    # The bars of a screenshot often stand inside a second pair, and scaling blurs their edges.
    for _ in range(_MOST_BORDERS):
        within = _without_border(inner)
        if within.shape == inner.shape:
            break
        inner = within
    height, width = rgb.shape[:2]
    if inner.shape == rgb.shape:
        return None
    if inner.shape[0] < height * _LEAST_SIDE_LEFT or inner.shape[1] < width * _LEAST_SIDE_LEFT:
        return None
    return inner


def _without_border(rgb: Pixels) -> Pixels:
    top, bottom = _inside(rgb, rgb[0, 0]), _inside(rgb[::-1], rgb[-1, -1])
    rgb = rgb[top : rgb.shape[0] - bottom] if top + bottom < rgb.shape[0] else rgb
    sideways = rgb.transpose(1, 0, 2)
    left, right = _inside(sideways, rgb[0, 0]), _inside(sideways[::-1], rgb[-1, -1])
    return rgb[:, left : rgb.shape[1] - right] if left + right < rgb.shape[1] else rgb


def _inside(rows: Pixels, colour: NDArray[np.uint8]) -> int:
    """Return how many rows from the top are all of one colour."""
    # Most pictures have no border: the first rows say so, and the others need not be looked at.
    start, count = 0, 4
    while start < len(rows):
        some = rows[start : start + count]
        difference = np.maximum(some, colour) - np.minimum(some, colour)
        other = np.flatnonzero(difference.max(axis=(1, 2)) > _BORDER_TOLERANCE)
        if len(other):
            return start + int(other[0])
        start, count = start + count, 2 * count
    return 0


def _packed(hashed: imagehash.ImageHash) -> bytes:
    return np.packbits(hashed.hash.ravel()).tobytes()
