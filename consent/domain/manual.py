"""The signal "manual": in a list of photos, those in which a person was found by somebody."""

from __future__ import annotations

from consent.domain.exact import Exact
from consent.domain.signals import Match
from media_index.types import Box


class Manual(Exact):
    """What somebody said of a photo; as the reason of a verdict it is `Exact`."""

    code = "manual"

    def match(self, box: Box | None, face: int | None = None) -> Match:
        """Return the match with a photo decided on, at the face that was meant."""
        return Match(self, 1.0, 1.0, "confirmed by a person", "person", face, box)


MANUAL = Manual()
