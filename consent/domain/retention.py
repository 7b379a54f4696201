"""Until when records are kept, what keeps them longer, and how they are destroyed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from consent.domain.actors import Actor
from consent.domain.cases import CaseStep, Revocation, State
from consent.domain.worded import Worded


class HoldStep(Worded):
    """What happened to a legal hold."""

    PLACED = "placed", "Placed"
    LIFTED = "lifted", "Lifted"


@dataclass(frozen=True, slots=True)
class LegalHold:
    """Somebody said that a case must be kept whatever the schedule says, or no longer must.

    Attributes:
        matter: one case may be held for several; each is lifted for itself.
        ordered_by: who said so.
    """

    revocation_id: str
    step: HoldStep
    matter: str
    ordered_by: str
    reason: str
    at: datetime
    actor: Actor


class DisposalStep(Worded):
    """How far a disposal came."""

    PROPOSED = "proposed", "Proposed"
    APPROVED = "approved", "Approved"
    REFUSED = "refused", "Refused"
    DESTROYED = "destroyed", "Destroyed"


@dataclass(frozen=True, slots=True)
class DisposalEvent:
    """A step of a disposal; `digest` is of what was destroyed."""

    disposal_id: str
    step: DisposalStep
    at: datetime
    actor: Actor
    note: str = ""
    digest: str = ""


@dataclass(frozen=True, slots=True)
class FaceErasure:
    """That faces were erased, as it is remembered outside the home: no name is in it.

    Attributes:
        id: the log's entry of it names it; a log without that is from before it.
        cases: ids of the cases whose faces were erased.
        portraits: whether what came of their portraits was erased too, in the index and as files.
        photos: the names, by the home's key, of the photos that were handed in for them: a backup
            from before the cases may hold these.
    """

    id: str
    cases: tuple[str, ...]
    portraits: bool
    photos: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Disposal:
    """Cases that are destroyed together, once it is approved. Shown as D-0001.

    Attributes:
        series: what the schedule calls such records.
        revocation_ids: the cases.
        volume_bytes: of their files.
    """

    id: str
    number: int
    series: str
    revocation_ids: tuple[str, ...]
    first_day: date
    last_day: date
    volume_bytes: int
    history: tuple[DisposalEvent, ...] = ()

    @property
    def label(self) -> str:
        """The number as shown."""
        return f"D-{self.number:04d}"

    @property
    def state(self) -> DisposalStep:
        """The last step."""
        return self.history[-1].step


def matters_of(holds: Sequence[LegalHold]) -> dict[str, list[LegalHold]]:
    """Return by case the holds that are in force, of holds oldest first."""
    found: dict[str, dict[str, LegalHold]] = {}
    for hold in holds:
        own = found.setdefault(hold.revocation_id, {})
        if hold.step is HoldStep.PLACED:
            own[hold.matter] = hold
        else:
            own.pop(hold.matter, None)
    return {case: list(own.values()) for case, own in found.items() if own}


def ended_on(case: Revocation, today: date) -> date | None:
    """Return the day on which a case ended; None while it has not."""
    state = case.state(today)
    if state is State.RESCINDED:
        return next(s.effective_on for s in case.history if s.step is CaseStep.RESCINDED)
    if state is State.MISTAKEN:
        return next(s.effective_on for s in case.history if s.step is CaseStep.MISTAKEN)
    if state is State.LAPSED:
        return case.lapses_on
    return case.terms.until if state is State.ENDED else None


def due_on(case: Revocation, today: date, evidence_days: int) -> date | None:
    """Return the first day on which a case may be destroyed; None while it has not ended."""
    ended = ended_on(case, today)
    return None if ended is None else ended + timedelta(days=evidence_days + 1)
