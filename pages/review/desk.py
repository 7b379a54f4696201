"""What one person has before them on the review page, for as long as their session lasts."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

import streamlit as st

from consent.domain import SightingState
from consent.review import review_queue
from consent.sightings import Ruling, decide_sightings, nobody_recognised
from consent.suspects import Suspects

if TYPE_CHECKING:
    from collections.abc import Sequence

    from consent.domain import Actor
    from consent.review import Pair, ReviewQueue
    from consent.services import Services

_DESK = "review-desk"


@dataclass(slots=True)
class ReviewDesk:
    """What is asked, what was put aside, and what can be undone.

    Attributes:
        queue: as last read.
        skipped: keys of pairs put aside until the session ends.
        done: decisions in this session, the latest last; each with the pairs it was about.
        said: what the last step did, in words.
        whole: the whole photo is shown instead of the face.
        together: a decision is for the whole burst.
        tagging: a box is being drawn, or a case chosen.
    """

    queue: ReviewQueue | None = None
    skipped: set[tuple[object, ...]] = field(default_factory=set)
    done: list[tuple[str, list[Ruling], list[Pair]]] = field(default_factory=list)
    said: str = ""
    whole: bool = False
    together: bool = True
    tagging: bool = False

    def waiting(self, services: Services) -> list[Pair]:
        """Return the pairs to decide, without those put aside."""
        self.queue = review_queue(services, _suspects(), self.queue)
        return [pair for pair in self.queue.pairs if pair.key not in self.skipped]

    def meant(self, pair: Pair) -> list[Pair]:
        """Return the pairs that a decision on one is for."""
        if self.queue is None or not self.together:
            return [pair]
        return [one for one in self.queue.burst_of(pair) if one.key not in self.skipped]

    def decide(
        self,
        services: Services,
        pairs: Sequence[Pair],
        state: SightingState,
        actor: Actor,
        wearing: str = "",
    ) -> None:
        """Keep a decision on pairs that are about a case."""
        rulings = [
            Ruling(pair.label, pair.photo_sha256, pair.box, state, wearing=wearing)
            for pair in pairs
            if pair.label is not None
        ]
        self.rule(services, rulings, pairs, actor)

    def rule(
        self, services: Services, rulings: list[Ruling], pairs: Sequence[Pair], actor: Actor
    ) -> None:
        """Keep rulings, and remember them for an undo."""
        decide_sightings(services, rulings, actor)
        words = _WORDS[rulings[0].state]
        many = "" if len(rulings) == 1 else f" for {len(rulings)} photos"
        self._finish(f"{rulings[0].label}: {words}{many}.", rulings, pairs)

    def nobody(self, services: Services, pair: Pair, actor: Actor) -> None:
        """Keep that nobody of the register is to be seen in faces that cannot be compared."""
        nobody_recognised(services, pair.photo_sha256, pair.boxes, actor)
        self._finish("Nobody of the register.", [], [pair])

    def _finish(self, words: str, rulings: list[Ruling], pairs: Sequence[Pair]) -> None:
        self.done.append((words, rulings, list(pairs)))
        self.said, self.tagging, self.whole = words, False, False

    def undo(self, services: Services, actor: Actor) -> None:
        """Take the latest decision of this session back."""
        words, rulings, pairs = self.done.pop()
        if rulings:
            back = [replace(one, state=SightingState.SUGGESTED) for one in rulings]
            decide_sightings(services, back, actor)
        else:
            for pair in pairs:
                nobody_recognised(services, pair.photo_sha256, pair.boxes, actor, taken_back=True)
        self.said = f"Taken back: {words[0].lower() if not rulings else words[0]}{words[1:]}"


_WORDS = {
    SightingState.CONFIRMED: "confirmed",
    SightingState.REJECTED: "not this person",
    SightingState.CANNOT_TELL: "can't tell",
    SightingState.SUGGESTED: "open again",
}


def review_desk() -> ReviewDesk:
    """Return the session's desk."""
    desk: ReviewDesk = st.session_state.setdefault(_DESK, ReviewDesk())
    return desk


@st.cache_resource
def _suspects() -> Suspects:
    """Return what was compared, for all sessions: the second to come need not wait."""
    return Suspects()
