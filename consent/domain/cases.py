"""The words of the register as frozen dataclasses. No storage, no screen, no model."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum

from consent.domain.actors import Actor
from consent.domain.errors import LostEntriesError
from consent.domain.terms import Submission, Terms
from consent.domain.worded import Worded
from media_index.types import Box, Vector


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody the register knows.

    Attributes:
        name: shown only to roles that need it.
        minor: whether a guardian acts for them.
        birth_year: kept for a minor only.
        guardian: who acts for a minor.
        merged_into: id of the person this one was found to be.
    """

    id: str
    name: str
    minor: bool = False
    birth_year: int | None = None
    guardian: str | None = None
    merged_into: str | None = None

    def of_age(self, day: date) -> bool:
        """Say whether a minor has surely turned 18: the year after the 18th birthday's."""
        return self.minor and self.birth_year is not None and day.year > self.birth_year + 18


class CaseStep(StrEnum):
    """What can happen to a revocation; each is appended, none is changed."""

    HOLD_PLACED = "hold_placed"
    RECORDED = "recorded"
    AMENDED = "amended"
    CORRECTED = "corrected"
    MISTAKEN = "mistaken"
    RESCISSION_ASKED = "rescission_asked"
    RESCINDED = "rescinded"
    DISPUTED = "disputed"
    SETTLED = "settled"


@dataclass(frozen=True, slots=True)
class CaseEvent:
    """One appended step in the life of a revocation.

    Attributes:
        at: when it was entered.
        effective_on: the day the step takes effect.
        terms: as they stand from here on; None for a step that leaves them.
        lapses_on: last day of a hold.
    """

    revocation_id: str
    step: CaseStep
    at: datetime
    actor: Actor
    effective_on: date
    terms: Terms | None = None
    lapses_on: date | None = None
    reason: str = ""

    def has_begun(self, day: date) -> bool:
        """Say whether the step is in effect on a day, which is today.

        What was to hold at once holds from its entry, whatever the clock said then: entered while
        it was ahead, it would wait for years.
        """
        if self.effective_on <= day:
            return True
        # A day apart, for `at` is in UTC, and the day is on the library's calendar.
        entered = self.at.date() + timedelta(days=1)
        return self.at.date() > day + timedelta(days=1) and self.effective_on <= entered


class State(Worded):
    """Where a revocation stands on a day; always derived."""

    HELD = "held", "Hold"
    LAPSED = "lapsed", "Hold ended"
    PENDING = "pending", "Not yet in effect"
    ACTIVE = "active", "In effect"
    ENDED = "ended", "Ended"
    RESCINDED = "rescinded", "Withdrawn"
    MISTAKEN = "mistaken", "Entered by mistake"


@dataclass(frozen=True, slots=True)
class Revocation:
    """A case: its person and everything that happened to it, oldest first.

    Attributes:
        none_ends_after: what ends after this day has not ended yet, for nobody has looked twice at
            a clock that says it is later; None where the clock is sure.
    """

    id: str
    number: int
    person: Person
    history: tuple[CaseEvent, ...]
    none_ends_after: date | None = None

    @property
    def label(self) -> str:
        """The number as shown, R-0042."""
        return f"R-{self.number:04d}"

    @property
    def entered_at(self) -> datetime:
        """When it was first entered."""
        if not self.history:
            raise LostEntriesError(self.number)
        return self.history[0].at

    @property
    def submission(self) -> Submission:
        """How it came: the writing that made it a revocation, or what was asked by word of mouth.

        An amendment's writing is in its own step; a correction of it counts.
        """
        found = self._stated()[0][1].submission
        before: CaseEvent | None = None
        for step, terms in self._stated():
            # Of corrections entered at one moment, the first restates the letter.
            first = before is None or before.step is not step.step or before.at != step.at
            if step.step is CaseStep.RECORDED or (step.step is CaseStep.CORRECTED and first):
                found = terms.submission
            before = step
        return found

    @property
    def lapses_on(self) -> date | None:
        """Return the last day of the hold that it is or began as; None if there was none."""
        stated = [step.lapses_on for step in self.history if step.lapses_on is not None]
        return stated[-1] if stated else None

    @property
    def dispute(self) -> CaseEvent | None:
        """Return the objection that nobody has decided yet, if there is one."""
        for step in reversed(self.history):
            if step.step in {CaseStep.SETTLED, CaseStep.RESCINDED, CaseStep.MISTAKEN}:
                return None
            if step.step is CaseStep.DISPUTED:
                return step
        return None

    @property
    def awaits_second(self) -> CaseEvent | None:
        """Return the rescission that a second person has not agreed to yet, if there is one."""
        for step in reversed(self.history):
            if step.step in {CaseStep.RESCINDED, CaseStep.MISTAKEN}:
                return None
            if step.step is CaseStep.RESCISSION_ASKED:
                return step
        return None

    @property
    def in_writing(self) -> bool:
        """Whether a writing has come; else it is a hold."""
        return any(step.step is CaseStep.RECORDED for step in self.history)

    @property
    def terms(self) -> Terms:
        """The terms as last stated."""
        return self._stated()[-1][1]

    def terms_on(self, day: date) -> Terms:
        """Return the terms in force on a day: an amendment holds from its effective day."""
        begun = [terms for step, terms in self._stated() if step.effective_on <= day]
        return begun[-1] if begun else self._stated()[0][1]

    def _stated(self) -> list[tuple[CaseEvent, Terms]]:
        """Return each step that states terms, with these; the first of a case always does."""
        stated = [(step, step.terms) for step in self.history if step.terms is not None]
        if not stated:
            raise LostEntriesError(self.number)
        return stated

    def state(self, day: date) -> State:
        """Return where the case stands on a day (the library's own calendar)."""
        if any(step.step is CaseStep.MISTAKEN for step in self.history):
            return State.MISTAKEN
        begun = [step for step in self.history if step.has_begun(day)]
        if any(step.step is CaseStep.RESCINDED for step in begun):
            return State.RESCINDED
        if not any(step.step is CaseStep.RECORDED for step in begun):
            return self._state_before_writing(begun, day)
        until = self.terms_on(day).until
        return State.ACTIVE if until is None or self._sure(day) <= until else State.ENDED

    def _state_before_writing(self, begun: list[CaseEvent], day: date) -> State:
        """Return the state while no writing is in force: a hold stands in until it lapses."""
        hold = next((step for step in begun if step.step is CaseStep.HOLD_PLACED), None)
        if hold is not None and (self.lapses_on is None or self._sure(day) <= self.lapses_on):
            return State.HELD
        return State.PENDING if self.in_writing or hold is None else State.LAPSED

    def _sure(self, day: date) -> date:
        """Return the day by which it is told whether something has ended."""
        return day if self.none_ends_after is None else min(day, self.none_ends_after)


@dataclass(frozen=True, slots=True, eq=False)
class Template:
    """Encodings of one reference face of a revoking person.

    Attributes:
        encodings: by model id, (d,) float32.
        crop: SHA-256 of the face crop in the vault.
        norm: see `FaceQuality.norm`; None of references from before it was measured.
    """

    id: str
    revocation_id: str
    photo_sha256: str
    box: Box
    encodings: Mapping[str, Vector]
    crop: str
    added_at: datetime
    norm: float | None = None


def canonical(person: Person, people: dict[str, Person]) -> Person:
    """Return the person that this one was, through any number of mergers, found to be."""
    seen = {person.id}
    while person.merged_into in people and person.merged_into not in seen:
        person = people[person.merged_into]
        seen.add(person.id)
    return person


def cases_of_one_person(case: Revocation, cases: list[Revocation]) -> list[Revocation]:
    """Return all cases of the person of a case, this one included."""
    people = {other.person.id: other.person for other in cases}
    who = canonical(case.person, people).id
    return [other for other in cases if canonical(other.person, people).id == who]


def is_nobody(cases: Iterable[Revocation], today: date) -> bool:
    """Say whether nobody asked for any of the cases: one entered by mistake never was a case."""
    return all(case.state(today) is State.MISTAKEN for case in cases)


def number_in(label: str, letter: str) -> int | None:
    """Return the number of a label as people write it: R-0012, r12, or 12; None if it is none."""
    digits = label.strip().upper().removeprefix(letter).lstrip("-")
    # More is no number that was ever given, and none that a database takes.
    return int(digits) if digits.isdecimal() and len(digits) < len("999999999") else None
