"""The words of the review queue: what is asked of a photo, and how far the queue was kept up."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from media_index.types import Box


class PairKind(StrEnum):
    """What is asked."""

    FACE = "face"
    COPY = "copy"
    SCENE = "scene"
    NAMED = "named"
    UNCOMPARABLE = "uncomparable"
    PRIVATE_EVENT = "private_event"


class Origin(StrEnum):
    """What asks."""

    # The search of the index for everybody's references.
    SEARCH = "search"
    # A check of a use, which left the photo to a person.
    CHECK = "check"
    # Somebody was confirmed in a photo taken nearby, and the policy asks.
    NEARBY = "nearby"


# Kind, photo, faces and label of the case.
PairKey = tuple[PairKind, str, tuple[Box, ...], str | None]


@dataclass(frozen=True, slots=True)
class Pair:
    """A photo, and what is asked of it.

    Attributes:
        boxes: the faces meant; empty for the photo as a whole.
        label: of the case; None where it is about nobody in particular.
        revocation_id: of the same case.
        score: in the unit of the signal; None where no signal asks.
        false_matches_per_million: of faces.
        taken_at: UTC, if known.
        published_on: the last day it was published, if it was.
        checked_at: when it was last checked for a use, if it was lately.
        surely: the face reaches the block threshold.
        settled: somebody decided on it, or said that the face is no person's; kept in case that is
            taken back.
    """

    kind: PairKind
    photo_sha256: str
    boxes: tuple[Box, ...] = ()
    label: str | None = None
    revocation_id: str | None = None
    score: float | None = None
    false_matches_per_million: float | None = None
    hint: str = ""
    taken_at: datetime | None = None
    published_on: date | None = None
    checked_at: datetime | None = None
    origin: Origin = Origin.SEARCH
    surely: bool = False
    settled: bool = False

    @property
    def box(self) -> Box | None:
        """The face, if one is meant."""
        return self.boxes[0] if self.boxes else None

    @property
    def key(self) -> PairKey:
        """What tells it from the others."""
        return self.kind, self.photo_sha256, self.boxes, self.label

    @property
    def name(self) -> str:
        """The same as a text, for the keys of widgets."""
        places = "".join(f"-{box.x1}-{box.y1}" for box in self.boxes[:1])
        return f"{self.kind}-{self.photo_sha256[:16]}{places}-{self.label}"

    @property
    def urgency(self) -> tuple[bool, float, bool, float, bool, float, float]:
        """Order pairs: published, checked, and the others, each newest first; then by score."""
        return (
            self.published_on is None,
            0.0 if self.published_on is None else -self.published_on.toordinal(),
            self.checked_at is None,
            0.0 if self.checked_at is None else -self.checked_at.timestamp(),
            self.taken_at is None,
            0.0 if self.taken_at is None else -self.taken_at.timestamp(),
            0.0 if self.score is None else -self.score,
        )


@dataclass(frozen=True, slots=True)
class ReviewState:
    """How far the queue was kept up.

    Attributes:
        version: of the rules by which it was made; by others it is made anew.
        sequence: of the last entry of the log that it takes into account.
        day: for which it was made, on the library's calendar.
        last_face: the highest id of a face that was compared.
        last_check: the highest id of a check that was taken into account.
    """

    version: str
    sequence: int
    day: date
    last_face: int
    last_check: int


@dataclass(frozen=True, slots=True)
class CaseSearch:
    """How a person was searched for in the index.

    Attributes:
        digest: of the references, when they were taken, and the close matches beside them: with
            others the person is searched for anew.
    """

    revocation_id: str
    digest: str
