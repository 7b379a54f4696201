"""Publications, scheduled posts and checks of sources in the database."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

from sqlmodel import Session, col, select

from consent.publications import GivenClearance, Publication
from consent.publishing.scheduled_posts import PostStep, ScheduledPost
from consent.publishing.sources import SourceCheck
from consent.storage.tables_publications import (
    PublicationRow,
    ScheduledPostRow,
    ScheduledPostStepRow,
    SourceCheckRow,
)
from consent.tables import ClearanceRow
from consent.verdicts import Verdict

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from consent.channels import Use
    from consent.domain import Actor

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
                piece=made.piece,
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
            if row.photo_sha256 is not None and row.publication == use.publication
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
                piece=post.piece,
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
