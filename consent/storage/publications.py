"""Publications, scheduled posts and checks of sources in the database."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime

from sqlalchemy import text
from sqlmodel import Field, SQLModel, col, select

from consent.domain.actors import Actor
from consent.domain.channels import Use
from consent.domain.publications import (
    GivenClearance,
    PostStep,
    Publication,
    PublicationUndone,
    ScheduledPost,
    SourceCheck,
)
from consent.storage.decisions import ClearanceRow
from media_index.storage.columns import Columns, Store
from media_index.storage.tables import UtcDateTime


class PublicationRow(SQLModel, table=True):
    """A use that happened."""

    __tablename__ = "publication"

    id: str = Field(primary_key=True, max_length=32)
    photo_sha256: str = Field(foreign_key="photo.sha256", index=True, max_length=64)
    channel: str = Field(max_length=64, index=True)
    issue: str = Field(default="", sa_column_kwargs={"name": "piece"})
    url: str = Field(default="", index=True)
    published_on: date
    by: str
    at: datetime = Field(sa_type=UtcDateTime)
    source_url: str = ""
    found_as: str | None = Field(default=None, max_length=64)
    found_how: str = ""
    planned: bool = False


class PublicationUndoneRow(SQLModel, table=True):
    """A publication was recorded by mistake."""

    __tablename__ = "publication_undone"

    publication_id: str = Field(primary_key=True, foreign_key="publication.id", max_length=32)
    at: datetime = Field(sa_type=UtcDateTime)
    actor_id: str
    actor_role: str = Field(max_length=32)
    reason: str


class SourceCheckRow(SQLModel, table=True):
    """Somebody looked whether a customer's post that is reused is still there."""

    __tablename__ = "source_check"

    id: int | None = Field(default=None, primary_key=True)
    publication_id: str = Field(foreign_key="publication.id", index=True, max_length=32)
    there: bool
    checked_on: date
    by: str
    at: datetime = Field(sa_type=UtcDateTime)


class ScheduledPostRow(SQLModel, table=True):
    """A photo that is planned for a use on a day."""

    __tablename__ = "scheduled_post"

    id: str = Field(primary_key=True, max_length=32)
    photo_sha256: str = Field(foreign_key="photo.sha256", index=True, max_length=64)
    channel: str = Field(max_length=64)
    issue: str = Field(default="", sa_column_kwargs={"name": "piece"})
    planned_on: date = Field(index=True)
    by: str
    at: datetime = Field(sa_type=UtcDateTime)
    together: str = Field(
        default="", max_length=32, sa_column_kwargs={"server_default": text("''")}
    )


class ScheduledPostStepRow(SQLModel, table=True):
    """What became of a scheduled post: posted, cancelled."""

    __tablename__ = "scheduled_post_step"

    id: int | None = Field(default=None, primary_key=True)
    post_id: str = Field(foreign_key="scheduled_post.id", index=True, max_length=32)
    step: str = Field(max_length=16)
    by: str
    at: datetime = Field(sa_type=UtcDateTime)


_PUBLICATIONS = Columns(Publication, PublicationRow)
_UNDONE = Columns(PublicationUndone, PublicationUndoneRow)
_SOURCE_CHECKS = Columns(SourceCheck, SourceCheckRow)
_POSTS = Columns(ScheduledPost, ScheduledPostRow, apart=("step",))
_GIVEN = Columns(GivenClearance, ClearanceRow)

# More values than this are not bound into one statement; all rows are read instead.
_FEW = 500


class Publications(Store):
    """What was published, what is planned, and what is reused."""

    def add(self, made: Publication, at: datetime) -> None:
        """Append a publication."""
        self._add(_PUBLICATIONS.row(made, at=at))

    def all(
        self,
        photos: Sequence[str] | None = None,
        *,
        planned: bool = False,
        undone: bool = False,
    ) -> list[Publication]:
        """Return publications, the newest first; of some photos, or of all.

        Args:
            photos: only of these.
            planned: also those in print pieces that were stopped before they were out.
            undone: also those that were recorded by mistake.
        """
        query = _PUBLICATIONS.select().order_by(
            col(PublicationRow.published_on).desc(), col(PublicationRow.at).desc()
        )
        if photos is not None and len(photos) <= _FEW:
            query = query.where(col(PublicationRow.photo_sha256).in_(photos))
        if not undone:
            mistaken = select(PublicationUndoneRow.publication_id)
            query = query.where(col(PublicationRow.id).not_in(mistaken))
        wanted = None if photos is None else set(photos)
        return [
            made
            for made in self._read(_PUBLICATIONS, query)
            if (wanted is None or made.photo_sha256 in wanted) and (planned or not made.planned)
        ]

    def undo(self, undone: PublicationUndone) -> None:
        """Append that a publication was recorded by mistake; the record stays."""
        self._add(_UNDONE.row(undone))

    def undone(self) -> list[PublicationUndone]:
        """Return what was recorded by mistake, in the order in which it was undone."""
        return self._read(_UNDONE, _UNDONE.select().order_by(col(PublicationUndoneRow.at)))

    def any(self) -> bool:
        """Say whether anything was published, or is planned in a print piece."""
        return self._session.exec(select(PublicationRow.id).limit(1)).first() is not None

    def clearances(self, photos: Sequence[str], use: Use) -> dict[str, GivenClearance]:
        """Return the last verdict given for each photo and the use."""
        query = (
            _GIVEN.select(ClearanceRow.photo_sha256)
            .where(
                col(ClearanceRow.channel) == use.channel.id,
                col(ClearanceRow.issue) == use.issue,
                col(ClearanceRow.photo_sha256).is_not(None),
            )
            .order_by(col(ClearanceRow.id))
        )
        if len(photos) <= _FEW:
            query = query.where(col(ClearanceRow.photo_sha256).in_(photos))
        return {row.photo_sha256: _GIVEN.read(row) for row in self._session.execute(query)}

    def add_source_check(self, check: SourceCheck, at: datetime) -> None:
        """Append that somebody looked at a source."""
        self._add(_SOURCE_CHECKS.row(check, at=at))

    def source_checks(self) -> dict[str, SourceCheck]:
        """Return the last look at each source, by publication."""
        query = _SOURCE_CHECKS.select().order_by(col(SourceCheckRow.id))
        return {check.publication_id: check for check in self._read(_SOURCE_CHECKS, query)}

    def add_scheduled(self, post: ScheduledPost, at: datetime) -> None:
        """Append a scheduled post."""
        self._add(_POSTS.row(post, at=at))

    def add_scheduled_step(self, post_id: str, step: PostStep, actor: Actor, at: datetime) -> None:
        """Append what became of a scheduled post."""
        self._add(ScheduledPostStepRow(post_id=post_id, step=step.value, by=actor.id, at=at))

    def scheduled(self) -> list[ScheduledPost]:
        """Return scheduled posts with what became of them, the next first."""
        steps = select(ScheduledPostStepRow).order_by(col(ScheduledPostStepRow.id))
        last = {step.post_id: PostStep(step.step) for step in self._session.exec(steps)}
        query = _POSTS.select().order_by(col(ScheduledPostRow.planned_on), col(ScheduledPostRow.at))
        return [_POSTS.read(row, step=last.get(row.id)) for row in self._session.execute(query)]
