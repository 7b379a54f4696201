"""Jobs in the database."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import JSON
from sqlmodel import Field, SQLModel, col

from consent.domain.jobs import Job
from media_index.storage.columns import Columns, Store
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


_JOBS = Columns(Job, JobRow)


class Jobs(Store):
    """Jobs in the database."""

    def put(self, job: Job) -> None:
        """Add a job or state it anew."""
        known = self._session.get(JobRow, job.id)
        created_at = job.updated_at if known is None else known.created_at
        self._session.merge(_JOBS.row(job, created_at=created_at))

    def get(self, job_id: str) -> Job | None:
        """Return a job."""
        found = self._read(_JOBS, _JOBS.select().where(col(JobRow.id) == job_id))
        return found[0] if found else None
