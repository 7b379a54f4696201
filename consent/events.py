"""Events: the occasions that photos belong to, in a public space or not."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING
from uuid import uuid4

from consent.audit_log import Action
from consent.errors import BadInputError, NotFoundError
from media_index.types import Event

if TYPE_CHECKING:
    from datetime import date

    from consent.domain import Actor
    from consent.services import Services


@dataclass(frozen=True, slots=True)
class NewEvent:
    """An event as it is given when its photos are indexed."""

    name: str
    held_on: date | None = None
    place: str | None = None
    public_space: bool = True

    @classmethod
    def again(cls, event: Event) -> NewEvent:
        """Return a known event, to be said of further photos."""
        return cls(event.name, event.held_on, event.place, event.public_space)


def create_event(services: Services, new: NewEvent, actor: Actor) -> Event:
    """Return the event of that name and day, recording it unless it is there.

    Raises:
        BadInputError: it is known as another kind of occasion.
    """
    with services.writing() as unit:
        for event in unit.photos.events():
            if (event.name, event.held_on) == (new.name, new.held_on):
                _agree(event, new)
                return event
        event = Event(uuid4().hex, new.name, new.held_on, new.place, new.public_space)
        unit.photos.add_event(event, services.now())
        unit.audit.append(
            Action.EVENT_CREATED,
            event.id,
            actor,
            services.now(),
            {"public_space": event.public_space},
        )
        unit.commit()
    return event


def known_event(services: Services, named: str) -> NewEvent:
    """Return an event of the index, to be said of further photos.

    Args:
        services: adapters.
        named: its id, or its name; of several of one name the newest is meant.

    Raises:
        NotFoundError: there is none.
    """
    with services.reading() as unit:
        events = unit.photos.events()
    wanted = named.strip().casefold()
    for event in events:
        if wanted in {event.id, event.name.casefold()}:
            return NewEvent.again(event)
    message = (
        f"No event is called {named.strip()!r}: enter it under Ask people, or index a photo of it "
        "with likeness index --event."
    )
    raise NotFoundError(message)


def _agree(event: Event, new: NewEvent) -> None:
    """Refuse to index into an event that is another kind of occasion.

    Implied permission hangs on it: a private event's photos must not join a public one's.
    """
    if event.public_space != new.public_space:
        known = "in a public space" if event.public_space else "not in a public space"
        message = (
            f'The event "{event.name}" is recorded as {known}: say the same, or give this event '
            "another name."
        )
        raise BadInputError(message)
