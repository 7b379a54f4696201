"""Long work started by a page and done by a process of its own."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class JobKind(StrEnum):
    """What a job does."""

    CHECK = "check"
    PLACING = "placing"
    AUDIT = "audit"
    TAKING = "taking"
    ENCODING = "encoding"
    RENEWING = "renewing"
    DAY = "day"
    FIGURES = "figures"
    # What a change of the register leads to, noted with the change until it is done.
    OWED = "owed"
    # Files that nothing names any more, noted until they are gone.
    REMOVAL = "removal"
    # What somebody has chosen of a check, noted as long as the check is.
    CHOICE = "choice"

    @property
    def takes_turns(self) -> bool:
        """Whether people start many at once, each with models in memory; of the rest is one."""
        return self in {JobKind.CHECK, JobKind.PLACING, JobKind.AUDIT, JobKind.TAKING}

    @property
    def goes_on(self) -> bool:
        """Whether it may be done again from its beginning, by itself, when it was interrupted."""
        return self not in {JobKind.OWED, JobKind.REMOVAL, JobKind.CHOICE}


class JobState(StrEnum):
    """Where a job stands."""

    WAITING = "waiting"
    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"
    CANCELED = "canceled"

    @property
    def ended(self) -> bool:
        """Whether nothing more will come."""
        return self in {JobState.DONE, JobState.FAILED, JobState.CANCELED}


@dataclass(frozen=True, slots=True)
class Job:
    """Long work started by a page and done by a process of its own.

    Attributes:
        total: 0 while it is not known.
        message: for people; of a failed job, the error.
        updated_at: a running job that says nothing for long has died.
    """

    id: str
    kind: str
    state: JobState
    request: Mapping[str, object]
    done: int
    total: int
    message: str
    result: Mapping[str, object] | None
    updated_at: datetime
