"""Jobs in the database."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import uuid4

from sqlalchemy import JSON, Text, cast, delete, inspect, or_, type_coerce
from sqlalchemy.orm import defer
from sqlmodel import Field, SQLModel, col, select

from consent.domain.actors import Actor, Role
from consent.domain.changes import RegisterChanged
from consent.domain.jobs import Job, JobKind, JobState
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


class JobPartRow(SQLModel, table=True):
    """Results of a job that is not done yet, in the order in which they came."""

    __tablename__ = "job_part"

    id: int | None = Field(default=None, primary_key=True)
    job_id: str = Field(foreign_key="job.id", index=True, max_length=32)
    results: list[dict[str, Any]] = Field(sa_type=JSON)


_JOBS = Columns(Job, JobRow)


def _change(request: Mapping[str, Any]) -> RegisterChanged:
    who = request["actor"]
    actor = Actor(who["id"], Role(who["role"]), frozenset(map(Role, who["also"])))
    photos = request["photos"]
    return RegisterChanged(
        actor,
        request["label"],
        None if photos is None else tuple(photos),
        with_copies=request["with_copies"],
    )


def _paths(request: Mapping[str, Any]) -> list[str]:
    return list(request["paths"])


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

    def open_ones(self) -> list[str]:
        """Return the ids of the jobs of processes that have not ended, the oldest first."""
        states = [state for state in JobState if not state.ended]
        query = select(JobRow.id).where(
            col(JobRow.state).in_(states),
            col(JobRow.kind).not_in([JobKind.OWED, JobKind.REMOVAL]),
        )
        return list(self._session.exec(query.order_by(col(JobRow.created_at))))

    def owe(self, change: RegisterChanged, now: datetime) -> str:
        """Note that what a change leads to is still to be done; return the note's id."""
        also = sorted(role.value for role in change.actor.also)
        request = {
            "actor": {"id": change.actor.id, "role": change.actor.role.value, "also": also},
            "label": change.label,
            "photos": None if change.photos is None else list(change.photos),
            "with_copies": change.with_copies,
        }
        owed = uuid4().hex
        self.put(Job(owed, JobKind.OWED, JobState.WAITING, request, 0, 0, "", None, now))
        return owed

    def owed(self) -> list[tuple[str, RegisterChanged]]:
        """Return the changes of which it was never said that what they lead to is done."""
        query = _JOBS.select().where(
            col(JobRow.state) == JobState.WAITING, col(JobRow.kind) == JobKind.OWED
        )
        return [
            (job.id, _change(job.request))
            for job in self._read(_JOBS, query.order_by(col(JobRow.created_at)))
        ]

    def owe_removal(self, names: Sequence[str], now: datetime) -> str:
        """Note that files and folders are to be removed, by their names in the home.

        Returns the note's id.
        """
        request = {"paths": list(names)}
        owed = uuid4().hex
        self.put(Job(owed, JobKind.REMOVAL, JobState.WAITING, request, 0, 0, "", None, now))
        return owed

    def owed_removals(self) -> list[tuple[str, datetime, list[str]]]:
        """Return the notes on files of which it was never said that they are gone."""
        query = _JOBS.select().where(
            col(JobRow.state) == JobState.WAITING, col(JobRow.kind) == JobKind.REMOVAL
        )
        return [(job.id, job.updated_at, _paths(job.request)) for job in self._read(_JOBS, query)]

    def newest(self, kind: str, about: Mapping[str, str]) -> Job | None:
        """Return the job of a kind that was started last with a request that says all of this."""
        said = [col(JobRow.request)[name].as_string() == value for name, value in about.items()]
        query = _JOBS.select().where(col(JobRow.kind) == kind, *said)
        found = self._read(_JOBS, query.order_by(col(JobRow.created_at).desc()).limit(1))
        return found[0] if found else None

    def last_done(self, kind: str) -> Job | None:
        """Return the job of a kind that was done last."""
        query = _JOBS.select().where(col(JobRow.kind) == kind, col(JobRow.state) == JobState.DONE)
        found = self._read(_JOBS, query.order_by(col(JobRow.updated_at).desc()).limit(1))
        return found[0] if found else None

    def latest(self, kind: str, count: int) -> list[Job]:
        """Return the jobs of a kind that were started last, the newest first, without results."""
        query = (
            select(JobRow)
            .options(defer(inspect(JobRow).attrs.result.class_attribute, raiseload=True))
            .where(col(JobRow.kind) == kind)
            .order_by(col(JobRow.created_at).desc())
            .limit(count)
        )
        return [
            Job(
                row.id,
                kind,
                JobState(row.state),
                row.request,
                row.done,
                row.total,
                row.message,
                None,
                row.updated_at,
            )
            for row in self._session.exec(query)
        ]

    def add_part(self, job_id: str, results: Sequence[Mapping[str, Any]]) -> None:
        """Add results of a job that is not done yet."""
        self._session.add(JobPartRow(job_id=job_id, results=[*map(dict, results)]))

    def parts(self, job_id: str, after: int = 0) -> tuple[int, list[dict[str, Any]]]:
        """Return the results that came after a part, and which part is the last by now."""
        query = (
            select(JobPartRow)
            .where(col(JobPartRow.job_id) == job_id, col(JobPartRow.id) > after)
            .order_by(col(JobPartRow.id))
        )
        rows = self._session.exec(query).all()
        last = max((row.id or 0 for row in rows), default=after)
        return last, [result for row in rows for result in row.results]

    def mentioning(self, words: Collection[str]) -> list[str]:
        """Return the ids of the jobs that were asked about one of some words, or found it.

        Not of what is still to be done by others: that holds no names, and must not be lost.
        """
        found: set[str] = set()
        for word in words:
            for table, of in ((JobRow, JobRow.id), (JobPartRow, JobPartRow.job_id)):
                texts = [JobRow.request, JobRow.result] if table is JobRow else [JobPartRow.results]
                said = [type_coerce(cast(text, Text), Text).contains(word) for text in texts]
                found.update(self._session.exec(select(of).where(or_(*said))))
        still = col(JobRow.kind).in_([JobKind.OWED, JobKind.REMOVAL])
        owed = self._session.exec(select(JobRow.id).where(still)).all()
        return sorted(found.difference(owed))

    def ended_before(self, moment: datetime) -> list[str]:
        """Return the ids of the jobs that said nothing since a moment."""
        return list(self._session.exec(select(JobRow.id).where(col(JobRow.updated_at) < moment)))

    def forget(self, ids: Collection[str]) -> None:
        """Remove jobs, with what they found."""
        self._session.exec(delete(JobPartRow).where(col(JobPartRow.job_id).in_(ids)))
        self._session.exec(delete(JobRow).where(col(JobRow.id).in_(ids)))

    def forget_parts(self, job_id: str) -> None:
        """Forget the parts of a job, such as when the whole is there."""
        self._session.exec(delete(JobPartRow).where(col(JobPartRow.job_id) == job_id))
