"""Copies of photos belong to the event of the photo, where something hangs on the event."""

from __future__ import annotations

from typing import TYPE_CHECKING

from media_index.matching import KnownPhotos

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from consent.domain import Revocation
    from consent.store import UnitOfWork
    from media_index.types import Event, Fingerprint


class EventCopies:
    """Photos of events behind closed doors, and of those that a revocation names.

    A photo saved again, or sent by mail, comes back without the folder that told its event.
    """

    def __init__(self, unit: UnitOfWork, revocations: Iterable[Revocation]) -> None:
        """Load the hashes of those photos.

        Args:
            unit: open; not kept.
            revocations: the register.
        """
        named = {
            event
            for case in revocations
            for step in case.history
            if step.terms is not None
            for event in (
                *step.terms.scope.event_ids,
                *(one.event_id for one in step.terms.locators if one.event_id is not None),
            )
        }
        photos: dict[str, list[Event]] = {}
        events = unit.photos.events()
        # Those that revocations name.
        self.named = [event for event in events if event.id in named]
        for event in events:
            if event.id in named or not event.public_space:
                for sha256 in unit.photos.photos_of_event(event.id):
                    photos.setdefault(sha256, []).append(event)
        hashes = unit.photos.hashes(list(photos)) if photos else []
        self._events = [photos[sha256] for sha256, _, _ in hashes]
        self._known = KnownPhotos([(whole, trimmed) for _, whole, trimmed in hashes])

    def events_of(self, photo: Fingerprint, own: Sequence[Event]) -> tuple[Event, ...]:
        """Return a photo's events, and those of the photos that it surely is a copy of."""
        if not self._events:
            return tuple(own)
        found = {event.id: event for event in own}
        for copy in self._known.copies_of(photo.hashes, photo.trimmed_hashes):
            if copy.surely:
                found |= {event.id: event for event in self._events[copy.place]}
        return tuple(found.values())
