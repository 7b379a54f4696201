"""Events in the database; the index knows which photo is of which, by the event's id."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime

from sqlalchemy import func
from sqlmodel import Field, SQLModel, col, select

from consent.domain.events import Event
from media_index.storage.columns import Columns, Store, among
from media_index.storage.tables import KeptEventRow, PlaceRow, UtcDateTime


class EventRow(SQLModel, table=True):
    """An occasion."""

    __tablename__ = "event"

    id: str = Field(primary_key=True, max_length=32)
    name: str = Field(index=True)
    held_on: date | None = Field(default=None, index=True)
    place: str | None = None
    public_space: bool = True
    created_at: datetime = Field(sa_type=UtcDateTime)


_EVENTS = Columns(Event, EventRow)


class Events(Store):
    """Events."""

    def add(self, event: Event, at: datetime) -> None:
        """Add an event."""
        self._add(_EVENTS.row(event, created_at=at))

    def keep(self, sha256: str, events: Sequence[Event]) -> None:
        """Say that a photo is of some events, wherever it lies."""
        for event in events:
            self._session.merge(KeptEventRow(photo_sha256=sha256, event_id=event.id))
        self._session.flush()

    def all(self) -> list[Event]:
        """Return all events, the newest first."""
        return self._read(_EVENTS, _EVENTS.select().order_by(col(EventRow.created_at).desc()))

    def count(self) -> int:
        """Return how many there are."""
        return self._session.exec(select(func.count()).select_from(EventRow)).one()

    def of_photos(self, photos: Sequence[str]) -> dict[str, tuple[Event, ...]]:
        """Return the events each photo belongs to, by any place it had, the oldest first."""
        found: dict[str, dict[tuple[datetime, str], Event]] = {}
        for table in (PlaceRow, KeptEventRow):
            query = (
                _EVENTS.select(EventRow.created_at, table.photo_sha256)
                .join(table, col(EventRow.id) == col(table.event_id))
                .where(among(table.photo_sha256, photos))
            )
            for row in self._session.execute(query):
                age = row.created_at, row.id
                found.setdefault(row.photo_sha256, {})[age] = _EVENTS.read(row)
        return {
            sha256: tuple(events[age] for age in sorted(events)) for sha256, events in found.items()
        }
