"""Long work started by a page and done by a process of its own."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class JobState(StrEnum):
    """Where a job stands."""

    WAITING = "waiting"
    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"


@dataclass(frozen=True, slots=True)
class Job:
    """Long work started by a page and done by a process of its own.

    Attributes:
        id: opaque.
        kind: which work.
        state: where it stands.
        request: what the work was given.
        done: units finished.
        total: units in all; 0 while not known.
        message: for people; the error of a failed job.
        result: what it returned.
        updated_at: UTC; a running job that says nothing for long has died.
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
