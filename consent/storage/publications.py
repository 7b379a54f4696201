"""Publications, scheduled posts and checks of sources in the database."""

from __future__ import annotations

from collections import defaultdict
from datetime import date, datetime
from typing import TYPE_CHECKING

from sqlmodel import Field, Session, SQLModel, col, select

from consent.domain.publications import (
    GivenClearance,
    PostStep,
    Publication,
    ScheduledPost,
    SourceCheck,
)
from consent.domain.verdicts import Verdict
from consent.storage.decisions import ClearanceRow
from media_index.storage.tables import UtcDateTime

if TYPE_CHECKING:
    from collections.abc import Sequence

    from consent.domain.actors import Actor
    from consent.domain.channels import Use


class PublicationRow(SQLModel, table=True):
    """A use that happened."""

    __tablename__ = "publication"

    id: str = Field(primary_key=True, max_length=32)
    photo_sha256: str = Field(foreign_key="photo.sha256", index=True, max_length=64)
    channel: str = Field(max_length=64, index=True)
    piece: str = ""
    url: str = Field(default="", index=True)
    published_on: date
    by: str
    at: datetime = Field(sa_type=UtcDateTime)
    source_url: str = ""
    found_as: str | None = Field(default=None, max_length=64)
    found_how: str = ""
    planned: bool = False


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
    piece: str = ""
    planned_on: date = Field(index=True)
    by: str
    at: datetime = Field(sa_type=UtcDateTime)


class ScheduledPostStepRow(SQLModel, table=True):
    """What became of a scheduled post: posted, cancelled."""

    __tablename__ = "scheduled_post_step"

    id: int | None = Field(default=None, primary_key=True)
    post_id: str = Field(foreign_key="scheduled_post.id", index=True, max_length=32)
    step: str = Field(max_length=16)
    by: str
    at: datetime = Field(sa_type=UtcDateTime)


# More values than this are not bound into one statement; all rows are read instead.
_FEW = 500


class Publications:
    """What was published, what is planned, and what is reused."""

    def __init__(self, session: Session) -> None:
        """Work inside the session's transaction."""
        self._session = session

    def add(self, made: Publication, at: datetime) -> None:
        """Append a publication."""
        self._session.add(
            PublicationRow(
                id=made.id,
                photo_sha256=made.photo_sha256,
                channel=made.channel,
                piece=made.issue,
                url=made.url,
                published_on=made.published_on,
                by=made.by,
                at=at,
                source_url=made.source_url,
                found_as=made.found_as,
                found_how=made.found_how,
                planned=made.planned,
            )
        )
        self._session.flush()

    def all(
        self, photos: Sequence[str] | None = None, *, planned: bool = False
    ) -> list[Publication]:
        """Return publications, the newest first; of some photos, or of all.

        Args:
            photos: only of these.
            planned: also those in print pieces that were stopped before they were out.
        """
        query = select(PublicationRow).order_by(
            col(PublicationRow.published_on).desc(), col(PublicationRow.at).desc()
        )
        if photos is not None and len(photos) <= _FEW:
            query = query.where(col(PublicationRow.photo_sha256).in_(photos))
        wanted = None if photos is None else set(photos)
        return [
            _publication(row)
            for row in self._session.exec(query)
            if (wanted is None or row.photo_sha256 in wanted) and (planned or not row.planned)
        ]

    def clearances(self, photos: Sequence[str], use: Use) -> dict[str, GivenClearance]:
        """Return the last verdict given for each photo and the use."""
        query = (
            select(ClearanceRow)
            .where(ClearanceRow.channel == use.channel.id)
            .order_by(col(ClearanceRow.id))
        )
        if len(photos) <= _FEW:
            query = query.where(col(ClearanceRow.photo_sha256).in_(photos))
        return {
            row.photo_sha256: GivenClearance(
                Verdict(row.verdict), row.register_version, row.policy_version, row.at
            )
            for row in self._session.exec(query)
            if row.photo_sha256 is not None and row.publication == use.issue
        }

    def add_source_check(self, check: SourceCheck, at: datetime) -> None:
        """Append that somebody looked at a source."""
        self._session.add(
            SourceCheckRow(
                publication_id=check.publication_id,
                there=check.there,
                checked_on=check.checked_on,
                by=check.by,
                at=at,
            )
        )

    def source_checks(self) -> dict[str, SourceCheck]:
        """Return the last look at each source, by publication."""
        rows = self._session.exec(select(SourceCheckRow).order_by(col(SourceCheckRow.id)))
        return {
            row.publication_id: SourceCheck(row.publication_id, row.there, row.checked_on, row.by)
            for row in rows
        }

    def add_scheduled(self, post: ScheduledPost, at: datetime) -> None:
        """Append a scheduled post."""
        self._session.add(
            ScheduledPostRow(
                id=post.id,
                photo_sha256=post.photo_sha256,
                channel=post.channel,
                piece=post.issue,
                planned_on=post.planned_on,
                by=post.by,
                at=at,
            )
        )
        self._session.flush()

    def add_scheduled_step(self, post_id: str, step: PostStep, actor: Actor, at: datetime) -> None:
        """Append what became of a scheduled post."""
        row = ScheduledPostStepRow(post_id=post_id, step=step.value, by=actor.id, at=at)
        self._session.add(row)

    def scheduled(self) -> list[ScheduledPost]:
        """Return scheduled posts with what became of them, the next first."""
        steps: dict[str, list[PostStep]] = defaultdict(list)
        for step in self._session.exec(select(ScheduledPostStepRow)):
            steps[step.post_id].append(PostStep(step.step))
        rows = self._session.exec(
            select(ScheduledPostRow).order_by(
                col(ScheduledPostRow.planned_on), col(ScheduledPostRow.at)
            )
        )
        return [
            ScheduledPost(
                row.id,
                row.photo_sha256,
                row.channel,
                row.piece,
                row.planned_on,
                row.by,
                steps[row.id][-1] if steps[row.id] else None,
            )
            for row in rows
        ]


def _publication(row: PublicationRow) -> Publication:
    return Publication(
        row.id,
        row.photo_sha256,
        row.channel,
        row.piece,
        row.url,
        row.published_on,
        row.by,
        row.source_url,
        row.found_as,
        row.found_how,
    )
