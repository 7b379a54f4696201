"""Pictures that only one of red, green and blue shows: under colored light, or in one ink.

Their brightness, by which faces are found and encoded, is a fraction of what a person sees.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Pixels = NDArray[np.uint8]

# Px to a side, of those that are looked at.
_LOOKED_AT = 128
# Gray levels, standard deviation: less is noise.
_LEAST = 2.0
# Percent of the pixels that turn black, and white.
_ENDS = (0.5, 99.5)


def lone_channel(rgb: Pixels, most: float) -> int | None:
    """Return which channel of a picture, (h, w, 3) uint8, shows what is in it, or None.

    Args:
        rgb: the picture, or a part.
        most: the others vary at most so much, in parts of how much it varies.
    """
    if not rgb.size:
        return None
    down, across = (max(1, side // _LOOKED_AT) for side in rgb.shape[:2])
    spread = rgb[::down, ::across].reshape(-1, 3).std(axis=0)
    strongest = int(spread.argmax())
    others = float(np.delete(spread, strongest).max())
    if spread[strongest] < _LEAST or others > most * spread[strongest]:
        return None
    return strongest


def as_gray(rgb: Pixels, channel: int) -> Pixels:
    """Return one channel as a gray picture, (h, w, 3) uint8, from black to white."""
    seen = rgb[:, :, channel]
    darkest, brightest = np.percentile(seen[::4, ::4], _ENDS)
    scale = 255.0 / max(float(brightest - darkest), 1.0)
    levels = np.clip((np.arange(256) - darkest) * scale, 0, 255).astype(np.uint8)
    return np.repeat(levels[seen][:, :, None], 3, axis=2)
