"""Publications in the database."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlmodel import Session, col, select

from consent.publications import Publication
from consent.tables_publications import PublicationRow

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

# More values than this are not bound into one statement; all rows are read instead.
_FEW = 500


class Publications:
    """What was published."""

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
            )
        )

    def all(self, photos: Sequence[str] | None = None) -> list[Publication]:
        """Return publications, the newest first; of some photos, or of all."""
        query = select(PublicationRow).order_by(
            col(PublicationRow.published_on).desc(), col(PublicationRow.at).desc()
        )
        if photos is not None and len(photos) <= _FEW:
            query = query.where(col(PublicationRow.photo_sha256).in_(photos))
        wanted = None if photos is None else set(photos)
        return [
            _publication(row)
            for row in self._session.exec(query)
            if wanted is None or row.photo_sha256 in wanted
        ]


def _publication(row: PublicationRow) -> Publication:
    return Publication(
        row.id, row.photo_sha256, row.channel, row.piece, row.url, row.published_on, row.by
    )
