"""Jobs in the database."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import JSON
from sqlmodel import Field, Session, SQLModel

from consent.domain.jobs import Job, JobState
from media_index.storage.tables import UtcDateTime


class JobRow(SQLModel, table=True):
    """Long work started by a page and done by a process of its own."""

    __tablename__ = "job"

    id: str = Field(primary_key=True, max_length=32)
    kind: str = Field(max_length=32)
    state: str = Field(max_length=16, index=True)
    request: dict[str, Any] = Field(sa_type=JSON)
    done: int = 0
    total: int = 0
    message: str = ""
    result: dict[str, Any] | None = Field(default=None, sa_type=JSON)
    created_at: datetime = Field(sa_type=UtcDateTime)
    updated_at: datetime = Field(sa_type=UtcDateTime)


class Jobs:
    """Jobs in the database."""

    def __init__(self, session: Session) -> None:
        """Work inside the session's transaction."""
        self._session = session

    def put(self, job: Job) -> None:
        """Add a job or state it anew."""
        row = self._session.get(JobRow, job.id)
        if row is None:
            row = JobRow(
                id=job.id,
                kind=job.kind,
                state=job.state.value,
                request=dict(job.request),
                created_at=job.updated_at,
                updated_at=job.updated_at,
            )
        row.request = dict(job.request)
        row.state = job.state.value
        row.done, row.total, row.message = job.done, job.total, job.message
        row.result = None if job.result is None else dict(job.result)
        row.updated_at = job.updated_at
        self._session.add(row)

    def get(self, job_id: str) -> Job | None:
        """Return a job."""
        row = self._session.get(JobRow, job_id)
        if row is None:
            return None
        return Job(
            row.id,
            row.kind,
            JobState(row.state),
            row.request,
            row.done,
            row.total,
            row.message,
            row.result,
            row.updated_at,
        )
