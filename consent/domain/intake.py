"""What is handed in with a letter: its pages, photos of the person, and what they show."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from consent.domain.decisions import DecisionState
from media_index.types import Box, Face, Fingerprint


@dataclass(frozen=True, slots=True)
class EvidenceFile:
    """A page or file of the writing."""

    name: str
    content: bytes


@dataclass(frozen=True, slots=True)
class Reference:
    """A photo and the face meant in it.

    Attributes:
        face: index from the left; None to take the only face, or the one of a portrait.
    """

    content: bytes
    name: str
    face: int | None = None


@dataclass(frozen=True, slots=True)
class Pictured:
    """Photos of the person that come for a case that is there already.

    Attributes:
        references: each is a sighting, and a template if the agreement was or is given.
        keep_face: the separate agreement to keep a face template is given with them.
        keep_face_until: last day of that agreement.
    """

    references: Sequence[Reference] = ()
    keep_face: bool = False
    keep_face_until: date | None = None


NO_PHOTOS = Pictured()


@dataclass(frozen=True, slots=True, eq=False)
class ReferenceFace:
    """The face that was meant.

    Attributes:
        crop: JPEG bytes of the face with some surroundings.
        others: how many further faces are in the photo.
        chosen: whether it was named, rather than taken as the portrait's.
        light: mean grey of the face, 0 to 255.
    """

    photo: Fingerprint
    face: Face
    crop: bytes
    others: int
    chosen: bool
    light: float


@dataclass(frozen=True, slots=True)
class EarlyDecision:
    """What was decided of a photo before the revocation was recorded.

    Attributes:
        photo_sha256: of a photo in the index.
        box: the face; None for the photo as a whole.
    """

    photo_sha256: str
    box: Box | None
    state: DecisionState
