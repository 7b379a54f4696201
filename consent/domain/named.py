"""The signal "named": somebody's name stands in a photo's file, or in what it is called.

Whoever wrote it knew the person, or somebody called alike: it never blocks, and somebody must look.
What is said of it holds no name: that it answers tells enough.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from consent.domain.names import Likeness
from consent.domain.signals import Evidence, Match, Signal
from consent.domain.verdicts import PersonMatch, ReasonCode
from media_index.types import Box

_METHOD = "names"


@dataclass(frozen=True, slots=True)
class NamedPhoto:
    """Words about a photo hold somebody's name, as it was last checked.

    Attributes:
        place: where, in words; it does not say the name.
        likeness: how well it answers; see `Likeness`.
        box: the face that was named; None for the photo.
    """

    photo_sha256: str
    revocation_id: str
    place: str
    likeness: int
    box: Box | None = None


class Named(Signal):
    """A name in words about a photo."""

    code: ClassVar[str] = ReasonCode.NAMED
    evidence = Evidence.WORD
    rank = 0
    in_short = "Someone with a name like that of {who} is named{face}"

    def found(
        self,
        case_id: str,
        place: str,
        likeness: Likeness,
        box: Box | None = None,
        face: int | None = None,
    ) -> PersonMatch:
        """Return the match; `place` says in words where the name stands."""
        score, needed = float(likeness), float(Likeness.NEARLY)
        match = Match(self, score, needed, "of 2: nearly, as written", _METHOD, face, box)
        return PersonMatch(case_id, match, blocks=False, hint=place)

    def sentence(self, match: Match, who: str, face: str, hint: str) -> str:
        """Say where the name stands, and not which it is."""
        nearly = match.score < Likeness.AS_TYPED
        called = "a name nearly like that" if nearly else "the name"
        return (
            f"{hint} holds {called} of {who}{face}: check if it is the person. If so, leave the "
            "photo out. If not, change the words, or ask for an override."
        )


class NamedFace(Named):
    """A name that some program keeps with a face of the photo."""

    evidence = Evidence.FACE


NAMED, NAMED_FACE = Named(), NamedFace()
