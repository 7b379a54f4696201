"""The signal "exact": a person was confirmed in this very photo, whatever its file is called."""

from __future__ import annotations

from typing import ClassVar

from consent.domain.signals import Evidence, Match, Signal
from consent.domain.verdicts import ReasonCode
from media_index.types import Box


class Exact(Signal):
    """The same bytes, by their SHA-256, as a photo that somebody decided on."""

    code: ClassVar[str] = ReasonCode.EXACT
    evidence = Evidence.WORD
    rank = 3
    said = "The person in {who} was confirmed in this photo{face}."

    def match(self, box: Box | None, face: int | None = None) -> Match:
        """Return the match with a photo decided on, at the face that was meant."""
        return Match(self, 1.0, 1.0, "same bytes", "sha256", face, box)


EXACT = Exact()
