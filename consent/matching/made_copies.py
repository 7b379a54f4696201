"""What is known of a file that the program made itself: of which photo, and who is covered in it.

Of exactly these bytes, told by their SHA-256: what is cut out of such a file, or saved anew, is a
file of somebody else's, and counts as any other.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence

from consent.domain.copies import CopyKind
from consent.matching.placing import scaled_box
from consent.storage.unit_of_work import UnitOfWork
from media_index.types import Box, Fingerprint

# Share of a face that a cover must hide, for what was decided on the face to end with it.
_HIDDEN = 0.95


class MadeHere:
    """The copies that were made here of photos, and the covered ones."""

    def __init__(self, unit: UnitOfWork, photos: Collection[str]) -> None:
        """Load the covered ones, and the copies of some photos; the unit is not kept."""
        covered = unit.copies.covered()
        self._cover = {copy.sha256: copy for copy in covered}
        exported = unit.copies.of_photos({*photos, *self._cover})
        self._source = {
            copy.sha256: copy.photo_sha256
            for copy in exported
            if copy.kind is CopyKind.EXPORTED and copy.sha256 != copy.photo_sha256
        }

    def is_covered(self, sha256: str) -> bool:
        """Say whether somebody is covered in a file."""
        return self._source.get(sha256, sha256) in self._cover

    def source(self, sha256: str) -> str | None:
        """Return the photo that a file is an exported copy of."""
        return self._source.get(sha256)

    def covered_parts(
        self, photo: Fingerprint, known: Callable[[str], Fingerprint | None]
    ) -> list[Box]:
        """Return what is covered in a photo; `known` returns others by their SHA-256."""
        own = self._source.get(photo.sha256, photo.sha256)
        parts = self._parts(own)
        if not parts or own == photo.sha256:
            return parts
        source = known(own)
        scaled = [] if source is None else [scaled_box(part, source, photo) for part in parts]
        return [part for part in scaled if part is not None]

    def _parts(self, sha256: str) -> list[Box]:
        """Return what is covered in a file, and was in that of which it was made, and so on."""
        parts: list[Box] = []
        seen: set[str] = set()
        while sha256 in self._cover and sha256 not in seen:
            seen.add(sha256)
            copy = self._cover[sha256]
            parts += copy.boxes
            sha256 = copy.photo_sha256
        return parts


def is_hidden(parts: Sequence[Box], box: Box | None) -> bool:
    """Say whether a face lies below what is covered; what is of the whole photo never does."""
    if box is None:
        return False
    return box.area > 0 and any(part.shared_with(box) >= _HIDDEN * box.area for part in parts)
