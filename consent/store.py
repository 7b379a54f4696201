"""The unit of work: index and register in one transaction, with the log and the jobs.

It rolls back unless it is committed. A writing one is alone: on SQLite by BEGIN IMMEDIATE, on
PostgreSQL by an advisory lock, so that case numbers and the log have no gaps.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import func
from sqlalchemy.exc import DatabaseError, OperationalError
from sqlmodel import Session, col, select

from consent.audit_log import FIRST, Action, Entry, chained
from consent.errors import SetupError
from consent.jobs.job import Job, JobState
from consent.storage.store_calibrations import CalibrationChanges
from consent.storage.store_decisions import Decisions
from consent.storage.store_engine import (
    failed_by_itself,
    for_units,
    server_name,
    wait_for_writers,
    what_failed,
)
from consent.storage.store_print import PrintPieces
from consent.storage.store_publications import Publications
from consent.storage.store_register import Register
from consent.storage.store_takedowns import Takedowns
from consent.tables import AuditEventRow, JobRow
from media_index.store import PhotoStore

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from datetime import datetime
    from types import TracebackType
    from typing import Self

    from sqlalchemy import Engine

    from consent.domain import Actor


class AuditTrail:
    """The log in the database."""

    def __init__(self, session: Session) -> None:
        """Work inside the session's transaction."""
        self._session = session

    def append(
        self,
        action: Action,
        subject: str,
        actor: Actor,
        at: datetime,
        details: Mapping[str, Any] | None = None,
    ) -> Entry:
        """Append an entry, chained to the last."""
        last = self._session.exec(
            select(AuditEventRow).order_by(col(AuditEventRow.place).desc()).limit(1),
        ).first()
        place, previous = (1, FIRST) if last is None else (last.place + 1, last.digest)
        entry = chained(place, previous, at, action, subject, actor, dict(details or {}))
        self._session.add(
            AuditEventRow(
                place=entry.place,
                at=entry.at,
                action=entry.action,
                subject=entry.subject,
                actor_id=entry.actor_id,
                actor_role=entry.actor_role,
                details=dict(entry.details),
                changes_register=action.changes_register,
                previous=entry.previous,
                digest=entry.digest,
            ),
        )
        self._session.flush()
        return entry

    def entries(self) -> Iterator[Entry]:
        """Yield the log, oldest first."""
        for row in self._session.exec(select(AuditEventRow).order_by(col(AuditEventRow.place))):
            yield _entry(row)

    def entries_of(self, subjects: Sequence[str]) -> list[Entry]:
        """Return what the log says of some subjects, oldest first."""
        query = select(AuditEventRow).where(col(AuditEventRow.subject).in_(subjects))
        return [_entry(row) for row in self._session.exec(query.order_by(col(AuditEventRow.place)))]

    def last_place(self, action: Action | None = None) -> int:
        """Return the place of the last entry, or of the last of a kind; 0 if there is none."""
        query = select(func.max(AuditEventRow.place))
        if action is not None:
            query = query.where(AuditEventRow.action == action)
        return self._session.exec(query).one() or 0

    def register_version(self) -> int:
        """Return the place of the last entry that changed the register; 0 if none did."""
        return (
            self._session.exec(
                select(func.max(AuditEventRow.place)).where(col(AuditEventRow.changes_register)),
            ).one()
            or 0
        )


def _entry(row: AuditEventRow) -> Entry:
    return Entry(
        row.place,
        row.at,
        row.action,
        row.subject,
        row.actor_id,
        row.actor_role,
        row.details,
        row.previous,
        row.digest,
    )


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


class UnitOfWork:
    """One transaction over index and register; rolled back unless committed."""

    photos: PhotoStore
    register: Register
    decisions: Decisions
    publications: Publications
    takedowns: Takedowns
    pieces: PrintPieces
    calibrations: CalibrationChanges
    audit: AuditTrail
    jobs: Jobs

    def __init__(self, engine: Engine, *, writing: bool) -> None:
        """Prepare a transaction.

        Args:
            engine: of the database.
            writing: whether it may change anything; writers wait for one another.
        """
        self._engine = for_units(engine, writing=writing)
        self._writing = writing

    def __enter__(self) -> Self:
        """Begin.

        Raises:
            SetupError: another writer took too long, or the server is gone.
        """
        self._session = Session(self._engine, expire_on_commit=False)
        self.photos = PhotoStore(self._session)
        self.register = Register(self._session)
        self.decisions = Decisions(self._session)
        self.publications = Publications(self._session)
        self.takedowns = Takedowns(self._session)
        self.pieces = PrintPieces(self._session)
        self.calibrations = CalibrationChanges(self._session)
        self.audit = AuditTrail(self._session)
        self.jobs = Jobs(self._session)
        if self._writing:
            try:
                wait_for_writers(self._session)
            except DatabaseError as error:
                self._session.close()
                raise SetupError(what_failed(error)) from error
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Roll back whatever was not committed.

        Raises:
            SetupError: the database was busy for too long, full or gone.
        """
        try:
            self._session.rollback()
            self._session.close()
        except OperationalError:
            # The server is gone, and rolls back by itself.
            self._session.invalidate()
        if failed_by_itself(error):
            raise SetupError(what_failed(error)) from error

    def server(self) -> str:
        """Return the database's kind and version, such as "PostgreSQL 15.18"."""
        return server_name(self._session)

    def commit(self) -> None:
        """Make it last."""
        self._session.commit()
