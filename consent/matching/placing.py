"""Where a place of one photo lies in a copy of it."""

from __future__ import annotations

from media_index.limits import PLACING
from media_index.types import Box, Fingerprint


def scaled_box(box: Box, source: Fingerprint, photo: Fingerprint) -> Box | None:
    """Bring a box over to a copy of another size; None where the shape differs.

    Of an animation frames lie side by side: what is a copy of one is none of all of them.
    """
    if source.frames != photo.frames:
        return None
    wide, high = photo.width / source.width, photo.height / source.height
    if abs(wide / high - 1) > PLACING.same_shape:
        return None
    return box.carried_to(Box(0, 0, photo.width, photo.height), source.width, source.height)
