"""Copies of photos belong to the event of the photo, where something hangs on the event."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING

from media_index.matching import KnownPhotos

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from consent.domain import Revocation
    from consent.services import Services
    from consent.store import UnitOfWork
    from media_index.types import Event, Fingerprint


class EventCopies:
    """Photos of events behind closed doors, and of those that a revocation names.

    A photo saved again, or sent by mail, comes back without the folder that told its event.
    """

    def __init__(
        self, services: Services, unit: UnitOfWork, revocations: Iterable[Revocation]
    ) -> None:
        """Note which events those are.

        Args:
            services: opens a unit of work of its own for the first photo without an event.
            unit: open; not kept.
            revocations: the register.
        """
        self._services = services
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
        events = unit.photos.events()
        # Those that revocations name.
        self.named = [event for event in events if event.id in named]
        self._matter = [event for event in events if event.id in named or not event.public_space]

    def events_of(self, photo: Fingerprint, own: Sequence[Event]) -> tuple[Event, ...]:
        """Return a photo's events; of one without any those of what it surely is a copy of."""
        if own or not self._matter:
            return tuple(own)
        events, known = self._loaded
        found = {
            event.id: event
            for copy in known.copies_of(photo.hashes, photo.trimmed_hashes)
            if copy.surely
            for event in events[copy.place]
        }
        return tuple(found.values())

    @cached_property
    def _loaded(self) -> tuple[list[list[Event]], KnownPhotos]:
        photos: dict[str, list[Event]] = {}
        with self._services.reading() as unit:
            for event in self._matter:
                for sha256 in unit.photos.photos_of_event(event.id):
                    photos.setdefault(sha256, []).append(event)
            hashes = unit.photos.hashes(list(photos)) if photos else []
        known = KnownPhotos([(whole, trimmed) for _, whole, trimmed in hashes])
        return [photos[sha256] for sha256, _, _ in hashes], known
