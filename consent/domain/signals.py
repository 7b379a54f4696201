"""A signal: one way to tell that a photo may show somebody.

Each has a class of its own, in one file: what it compares, how it scores, what it is called and how
it is said. Those that a person gives lie beside this; those that compare photos in
`consent.matching`, where `all_finders.py` lists them.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum, auto
from typing import ClassVar

from media_index.types import Box


class Evidence(Enum):
    """What a signal speaks of; the rules know no more of it than this."""

    # A face of the photo. What somebody said of this face is surer.
    FACE = auto()
    # The picture: it is one in which the person was confirmed, or a part of it.
    PICTURE = auto()
    # The occasion: the person was near. The policy says whether somebody must look.
    SCENE = auto()
    # What a person said of the photo.
    WORD = auto()


class Signal:
    """A way to match.

    Attributes:
        code: of a match, and of the reason that comes of it: in JSON, in records, in overrides.
        evidence: what it speaks of.
        rank: of lists of photos that may show a person: the higher ones first.
        is_distance: whether less is more alike.
        said: as the reason of a verdict. {who} is the case's label or "Somebody", {face} is
            ", face 2" or nothing, {hint} is that of `PersonMatch`.
        in_short: how a sentence begins on a match that does not count for a use.
    """

    code: ClassVar[str]
    evidence: ClassVar[Evidence]
    rank: ClassVar[int] = 0
    is_distance: ClassVar[bool] = False
    said: ClassVar[str] = "Possible match with {who}{face}."
    in_short: ClassVar[str] = "Possible match with {who}{face}"

    def sentence(self, match: Match, who: str, face: str, hint: str) -> str:
        """Say a match as the reason of a verdict."""
        del match
        return self.said.format(who=who, face=face, hint=hint)

    def likeness(self, match: Match) -> str:
        """Say why a photo is listed among a person's; nothing where it is because of a word."""
        del match
        return ""

    def strength(self, match: Match) -> tuple[int, float]:
        """Order matches: by kind, then by how sure each is."""
        return self.rank, -match.score if self.is_distance else match.score


@dataclass(frozen=True, slots=True)
class Match:
    """One signal with what is needed to judge it; never a bare yes.

    Attributes:
        signal: that matched.
        score: in `unit`.
        threshold: the score at which it counts, in `unit`.
        unit: such as "Hamming bits of 256" or "fused z-score".
        model_id: what produced it, with version.
        face: index of the face in the photo checked; None for whole-picture signals.
        false_matches_per_million: how many of a million strangers' comparisons score as high;
            None for signals that are not about faces.
    """

    signal: Signal
    score: float
    threshold: float
    unit: str
    model_id: str
    face: int | None = None
    box: Box | None = None
    false_matches_per_million: float | None = None
