"""Copies that were made here of photos: exported, or with somebody covered."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from consent.domain.actors import Actor
from media_index.types import Box, Fill


class CopyKind(StrEnum):
    """What a copy was made for."""

    EXPORTED = "exported"
    COVERED = "covered"


@dataclass(frozen=True, slots=True)
class MadeCopy:
    """A file that was made from a photo.

    Attributes:
        sha256: of the copy.
        photo_sha256: of the photo, which may be a copy made here itself.
        channel: it was exported for; empty for a covered one.
        box: the part that is covered, in px of the photo, as large as the copy; None of an exported
            one.
        other_boxes: further parts that are covered.
    """

    sha256: str
    photo_sha256: str
    kind: CopyKind
    at: datetime
    actor: Actor
    channel: str = ""
    box: Box | None = None
    fill: Fill | None = None
    other_boxes: tuple[Box, ...] = ()

    @property
    def boxes(self) -> tuple[Box, ...]:
        """All parts that are covered."""
        return () if self.box is None else (self.box, *self.other_boxes)
