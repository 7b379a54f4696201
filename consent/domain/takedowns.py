"""The words of takedowns: one case for one published copy and one revocation. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from consent.domain.actors import Actor
from consent.domain.worded import Worded


class AppealDecision(Worded):
    """How an appeal was answered."""

    UPHELD = "upheld", "Upheld: what they ask for is done"
    PARTLY = "partly", "Upheld in part"
    DENIED = "denied", "Denied: it stays as it is"


class AppealStepKind(Worded):
    """What may happen to an appeal."""

    ANSWERED = "answered", "Answered"
    TO_BOARD = "to_board", "Before the Board of Directors"
    BOARD_ANSWERED = "board_answered", "Answered by the Board"


@dataclass(frozen=True, slots=True)
class AppealStep:
    """An answer, or that the appeal goes to the Board of Directors."""

    kind: AppealStepKind
    on: date
    by: str
    decision: AppealDecision | None = None
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Appeal:
    """A Statement of Concern.

    Attributes:
        name: of who appeals; withheld from those who need not know.
        contact: how to answer; withheld likewise.
        about: which removal or refusal, in words.
        takedown_id: the takedown it is about, if it is.
        due_on: the last day for the answer.
        entered_by: who typed it in, and so has seen the name.
        statement: SHA-256 in the vault of what was handed in; None where nothing was.
        statement_name: of that file.
        steps: oldest first.
    """

    id: str
    number: int
    name: str
    contact: str
    about: str
    takedown_id: str | None
    received_on: date
    due_on: date
    entered_by: str = ""
    statement: str | None = None
    statement_name: str = ""
    steps: tuple[AppealStep, ...] = ()

    @property
    def upheld(self) -> bool:
        """Whether the last answer gives what was asked for, so that it ends there."""
        return bool(self.steps) and self.steps[-1].decision is AppealDecision.UPHELD

    @property
    def label(self) -> str:
        """The number as shown."""
        return f"A-{self.number:04d}"

    @property
    def waits(self) -> bool:
        """Whether an answer is owed."""
        return not self.steps or self.steps[-1].kind is AppealStepKind.TO_BOARD


class TakedownState(Worded):
    """Where getting a copy removed stands."""

    FOUND = "found", "Found"
    REQUESTED = "requested", "Removal requested"
    HIDDEN = "hidden", "Hidden"
    DELETED = "deleted", "Deleted"
    NOT_REMOVABLE = "not_removable", "Cannot be removed"
    STOPPED = "stopped", "Stopped at the printer"
    IN_CIRCULATION = "in_circulation", "Print in circulation"
    RETAINED = "retained", "Copy put away safely"
    # The post was recorded by mistake, which is undone where posts are.
    MISTAKEN = "mistaken", "Was not out"

    @property
    def closed(self) -> bool:
        """Whether nothing more is to be done."""
        return self not in {TakedownState.FOUND, TakedownState.REQUESTED}


_ENDS = frozenset(
    {
        TakedownState.HIDDEN,
        TakedownState.DELETED,
        TakedownState.NOT_REMOVABLE,
        TakedownState.STOPPED,
        TakedownState.IN_CIRCULATION,
    }
)
# What may come next. Back to "found": the copy is there again, or it was a slip.
FOLLOWS: dict[TakedownState, frozenset[TakedownState]] = {
    TakedownState.FOUND: _ENDS | {TakedownState.REQUESTED},
    TakedownState.REQUESTED: _ENDS | {TakedownState.FOUND},
    TakedownState.HIDDEN: frozenset(
        {TakedownState.DELETED, TakedownState.RETAINED, TakedownState.FOUND}
    ),
    TakedownState.DELETED: frozenset({TakedownState.RETAINED, TakedownState.FOUND}),
    TakedownState.NOT_REMOVABLE: frozenset({TakedownState.DELETED, TakedownState.FOUND}),
    TakedownState.STOPPED: frozenset({TakedownState.IN_CIRCULATION, TakedownState.FOUND}),
    TakedownState.IN_CIRCULATION: frozenset({TakedownState.RETAINED, TakedownState.FOUND}),
    TakedownState.RETAINED: frozenset({TakedownState.FOUND}),
    TakedownState.MISTAKEN: frozenset(),
}


@dataclass(frozen=True, slots=True)
class TakedownEvent:
    """One appended step.

    Attributes:
        state: from here on; None for a step that leaves it.
        owner: who looks after it from here on; None for a step that leaves it.
        proof: SHA-256 in the vault of a screenshot or another file.
        stop_reprint: of print, that it is not printed again.
        stock: of print, what happens with the copies that are left.
        kept_copy: SHA-256 in the vault of the photo as it was published.
        kept_until: the day until which that copy is kept.
    """

    at: datetime
    actor: Actor
    state: TakedownState | None = None
    owner: str | None = None
    note: str = ""
    proof: str | None = None
    stop_reprint: bool | None = None
    stock: str = ""
    kept_copy: str | None = None
    kept_until: date | None = None


@dataclass(frozen=True, slots=True)
class Takedown:
    """The case of getting one published copy removed.

    Attributes:
        due_on: the day by which the policy wants it done.
        safety: there is a safety concern; handled first.
        history: oldest first; the first says that it was found.
    """

    id: str
    number: int
    publication_id: str
    revocation_id: str
    due_on: date
    safety: bool
    history: tuple[TakedownEvent, ...]

    @property
    def label(self) -> str:
        """The number as shown."""
        return f"T-{self.number:04d}"

    @property
    def last(self) -> TakedownEvent:
        """The last step that changed the state."""
        return next(step for step in reversed(self.history) if step.state is not None)

    @property
    def state(self) -> TakedownState:
        """Where it stands."""
        return self.last.state or TakedownState.FOUND

    @property
    def owner(self) -> str:
        """Who looks after it; empty for nobody."""
        return next((step.owner for step in reversed(self.history) if step.owner is not None), "")
