"""What one person has before them on the review page, for as long as their session lasts."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace

import streamlit as st

from consent.domain.actors import Actor
from consent.domain.decisions import DecisionState, FaceDecision, FaceKind
from consent.domain.errors import NoReasonError
from consent.domain.review import Pair, PairKey
from consent.matching.trials import confirm_reference
from consent.printing.answers import take_back_answers
from consent.review.bursts import burst_of
from consent.review.decide import (
    NewDecision,
    decide_faces,
    nobody_recognized,
    record_decisions,
)
from consent.review.pairs import LIKELY
from consent.review.queue import ReviewQueue, review_queue
from consent.services import Services

_DESK = "review-desk"


@dataclass(frozen=True, slots=True)
class Step:
    """What was decided at once, in words, and the pairs that it was about.

    Attributes:
        skipped: the pair was put aside.
        reference: the photo of a person that was confirmed; no pair is asked about then.
        answers: ids of what people in the photo answered.
        nobody: nobody of the register was seen.
    """

    words: str
    pairs: Sequence[Pair]
    decisions: Sequence[NewDecision] = ()
    faces: Sequence[FaceDecision] = ()
    answers: Sequence[str] = ()
    skipped: bool = False
    nobody: bool = False
    reference: str = ""


@dataclass(slots=True)
class ReviewDesk:
    """What is asked, what was put aside until the session ends, and what can be undone.

    Attributes:
        queue: as last read.
        skipped: keys of the pairs put aside.
        answered: keys of the pairs that the next check of the photo takes out of the queue.
        shown: the pair that waits for an answer.
        done: steps of this session, the latest last.
        said: what the last step did, in words.
        refused: why an answer was not kept, to be said once.
        whole: the whole photo is shown instead of the face.
        together: a yes is for the whole burst; a no never is, for nobody saw the others.
        tagging: a box is being drawn, or a case chosen.
        likely: so many people are shown whom a face may be.
        only: SHA-256 of the photos that alone are asked about, in this order; all if empty.
        back: the query of the check that asked for these.
    """

    queue: ReviewQueue | None = None
    skipped: set[PairKey] = field(default_factory=set)
    answered: set[PairKey] = field(default_factory=set)
    shown: Pair | None = None
    done: list[Step] = field(default_factory=list)
    said: str = ""
    refused: list[str] = field(default_factory=list)
    whole: bool = False
    together: bool = True
    tagging: bool = False
    likely: int = LIKELY
    only: Sequence[str] = ()
    back: Mapping[str, str] = field(default_factory=dict)

    def look_at_only(self, photos: Sequence[str], back: Mapping[str, str]) -> None:
        """Ask about some photos of a check and nothing else, as long as there is something."""
        self.only, self.back = list(dict.fromkeys(photos)), dict(back)
        self.show_skipped()
        self.shown, self.said, self.tagging, self.whole = None, "", False, False

    def look_at_all(self) -> None:
        """Ask about everything again."""
        self.only, self.back, self.shown = (), {}, None

    def waiting(self, services: Services, actor: Actor) -> Collection[Pair]:
        """Return the pairs to decide, without those put aside."""
        self.queue = review_queue(services, actor, self.queue)
        if self.only:
            places = {sha256: place for place, sha256 in enumerate(self.only)}
            of_check = [pair for pair in self.queue.pairs.of_photos(self.only) if self._asks(pair)]
            return sorted(of_check, key=lambda pair: places[pair.photo_sha256])
        aside = self.skipped | self.answered
        if not aside:
            return self.queue.pairs
        return self.queue.pairs.without(aside)

    def find(self, pair: Pair) -> Pair | None:
        """Return a pair as it waits now; None if it does not, or is not asked about here."""
        if self.queue is None or not self._asks(pair):
            return None
        elsewhere = self.only and pair.photo_sha256 not in self.only
        return None if elsewhere else self.queue.pairs.find(pair)

    def burst_of(self, services: Services, pair: Pair, actor: Actor) -> list[Pair]:
        """Return the pairs that one look decides, without those put aside."""
        about = [] if self.queue is None else self.queue.pairs.about(pair)
        waiting = [other for other in about if self._asks(other)]
        return list(burst_of(services, waiting, pair, actor))

    def _asks(self, pair: Pair) -> bool:
        return pair.key not in self.skipped and pair.key not in self.answered

    def still_asks(self, services: Services, pair: Pair, actor: Actor) -> bool:
        """Say whether nobody has decided on the pair that is shown."""
        self.queue = review_queue(services, actor, self.queue)
        return self.find(pair) is not None

    def put_aside(self, pair: Pair, words: str = "", answers: Sequence[str] = ()) -> None:
        """Go on to the next pair, and say what was done: a skip, or what people answered."""
        (self.answered if answers else self.skipped).add(pair.key)
        of = f"{pair.label}: skipped." if pair.label else "Skipped."
        self._finish(Step(words or of, [pair], answers=answers, skipped=not answers))

    def show_skipped(self) -> None:
        """Ask about what was skipped again: nothing of that is left to undo."""
        self.skipped.clear()
        self.done = [step for step in self.done if not step.skipped]

    def decide(
        self,
        services: Services,
        pair: Pair,
        state: DecisionState,
        actor: Actor,
        wearing: str = "",
        note: str = "",
    ) -> None:
        """Keep a decision on a pair; a yes on its burst.

        Raises:
            NoReasonError: the face surely looks like the person, and it is not said why not.
        """
        if pair.surely and state is DecisionState.REJECTED and not note.strip():
            raise NoReasonError(f"it is someone else, though it surely looks like {pair.label}")
        yes = state is DecisionState.CONFIRMED
        pairs = self.burst_of(services, pair, actor) if yes and self.together else [pair]
        decisions = [
            NewDecision(pair.label, pair.photo_sha256, pair.box, state, note, wearing)
            for pair in pairs
            if pair.label is not None
        ]
        self.keep(services, decisions, pairs, actor)

    def keep(
        self, services: Services, decisions: list[NewDecision], pairs: Sequence[Pair], actor: Actor
    ) -> None:
        """Keep decisions, and remember them for an undo."""
        record_decisions(services, decisions, actor)
        words = decisions[0].state.words.lower()
        many = "" if len(decisions) == 1 else f" for {len(decisions)} photos"
        self._finish(Step(f"{decisions[0].label}: {words}{many}.", pairs, decisions=decisions))

    def nobody(self, services: Services, pair: Pair, actor: Actor) -> None:
        """Keep that nobody of the register is to be seen in faces that cannot be compared."""
        nobody_recognized(services, pair.photo_sha256, pair.boxes, actor)
        self._finish(Step("Nobody in the register.", [pair], nobody=True))

    def confirm(self, services: Services, label: str, template_id: str, actor: Actor) -> None:
        """Keep that a withheld photo of the person is good."""
        confirm_reference(services, template_id, actor)
        self._finish(Step(f"{label}: photo of the person in use.", (), reference=template_id))

    def faces_said(self, pair: Pair, faces: list[FaceDecision]) -> None:
        """Note what was said that faces are of; what is still asked is asked again."""
        words = f"{faces[0].kind.words}{'' if len(faces) == 1 else f', {len(faces)} faces'}."
        self._finish(Step(words, [pair], faces=faces))

    def _finish(self, step: Step) -> None:
        self.done.append(step)
        self.shown, self.likely = None, LIKELY
        self.said, self.tagging, self.whole = step.words, False, False

    def undo(self, services: Services, actor: Actor) -> None:
        """Take the latest step of this session back, and ask about its pair again."""
        step = self.done.pop()
        if step.decisions:
            suggested = DecisionState.SUGGESTED
            back = [replace(decision, state=suggested) for decision in step.decisions]
            record_decisions(services, back, actor)
        elif step.faces:
            boxes = [face.box for face in step.faces]
            decide_faces(services, step.faces[0].photo_sha256, boxes, FaceKind.PERSON, actor)
        elif step.reference:
            confirm_reference(services, step.reference, actor, taken_back=True)
        elif step.answers:
            take_back_answers(services, step.answers, "Undone at once.", actor)
            self.answered.difference_update(pair.key for pair in step.pairs)
        elif step.nobody:
            for pair in step.pairs:
                nobody_recognized(services, pair.photo_sha256, pair.boxes, actor, taken_back=True)
        if step.skipped:
            self.skipped.difference_update(pair.key for pair in step.pairs)
        self.queue = review_queue(services, actor, self.queue)
        self.shown = self.find(step.pairs[0]) if step.pairs else None
        self.said, self.tagging, self.whole = f"Undone: {step.words}", False, False


def review_desk() -> ReviewDesk:
    """Return the session's desk."""
    desk: ReviewDesk = st.session_state.setdefault(_DESK, ReviewDesk())
    return desk
