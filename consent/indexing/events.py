"""Events: the occasions that photos belong to, in a public space or not."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from uuid import uuid4

from consent.domain.actors import Actor
from consent.domain.errors import BadInputError, NoSuchEventError, PhotoNotIndexedError
from consent.domain.events import Event
from consent.domain.log import Action
from consent.domain.roles import Duty, for_roles
from consent.domain.typed_texts import require_no_turning, without_turning
from consent.services import Services
from consent.storage.photo_files import UPLOADED
from media_index.files.places import place_of


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


@for_roles(Duty.ADD_EVENTS)
def create_event(services: Services, new: NewEvent, actor: Actor) -> Event:
    """Return the event of that name and day, recording it unless it is there.

    Raises:
        BadInputError: it is known as another kind of occasion, or its name holds unseen signs.
    """
    require_no_turning(the_name_of_the_event=new.name, the_place=new.place or "")
    with services.writing() as unit:
        for event in unit.events.all():
            if (event.name, event.held_on) == (new.name, new.held_on):
                _agree(event, new)
                return event
        event = Event(uuid4().hex, new.name, new.held_on, new.place, new.public_space)
        unit.events.add(event, services.now())
        details = {"public_space": event.public_space}
        unit.audit.append(Action.EVENT_CREATED, event.id, actor, services.now(), details)
        unit.commit()
    return event


@for_roles(Duty.ADD_EVENTS)
def name_event(services: Services, photos: Sequence[str], event_id: str, actor: Actor) -> int:
    """Say of indexed photos (SHA-256) that they are of an event, too; return of how many.

    What was said of them before is old with that.

    Raises:
        NoSuchEventError: there is no such event.
        PhotoNotIndexedError: nothing is known of a photo.
    """
    event = event_named(services, event_id)
    with services.writing() as unit:
        if missing := set(photos) - unit.photos.known(photos):
            raise PhotoNotIndexedError(min(missing))
        known = unit.events.of_photos(photos)
        new = [photo for photo in dict.fromkeys(photos) if event not in known.get(photo, ())]
        if new:
            unit.photos.keep_event(new, event.id)
            details = {"photos": len(new), "files": 0, "event": event.id}
            unit.audit.append(Action.EVENT_JOINED, event.id, actor, services.now(), details)
            unit.commit()
    return len(new)


@for_roles(Duty.ADD_EVENTS)
def correct_event(
    services: Services, photos: Sequence[str], wrong_id: str, right_id: str, actor: Actor
) -> int:
    """Say of photos (SHA-256) that they are not of an event but of another; return of how many.

    Where `right_id` is empty, nobody knows of which they are. The log has which photos they were.

    Raises:
        NoSuchEventError: there is no such event.
        BadInputError: it is the same event.
    """
    wrong = event_named(services, wrong_id)
    right = event_named(services, right_id) if right_id else None
    if right == wrong:
        raise BadInputError(f"The photos already belong to {wrong.name}: choose another event.")
    with services.writing() as unit:
        known = unit.events.of_photos(photos)
        left = [photo for photo in dict.fromkeys(photos) if wrong in known.get(photo, ())]
        if left:
            unit.photos.take_from_event(left, wrong.id)
            if right is not None:
                unit.photos.keep_event(left, right.id)
            details = {
                "photos": left,
                "from": wrong.id,
                "event": None if right is None else right.id,
            }
            unit.audit.append(Action.EVENT_CORRECTED, wrong.id, actor, services.now(), details)
            unit.commit()
    return len(left)


@for_roles(Duty.CHECK)
def photos_by_event(
    services: Services, photos: Sequence[str], actor: Actor
) -> list[tuple[Event, list[str]]]:
    """Return the events that photos are of, with which of them: those of most photos first."""
    with services.reading() as unit:
        known = unit.events.of_photos(photos)
    found: dict[Event, list[str]] = {}
    for photo in dict.fromkeys(photos):
        for event in known.get(photo, ()):
            found.setdefault(event, []).append(photo)
    return sorted(found.items(), key=lambda one: (-len(one[1]), one[0].name))


def event_named(services: Services, named: str) -> Event:
    """Return an event by its id, or by its name: the newest of that name.

    Raises:
        NoSuchEventError: there is none.
    """
    with services.reading() as unit:
        events = unit.events.all()
    wanted = named.strip().casefold()
    for event in events:
        if wanted in {event.id, event.name.casefold()}:
            return event
    raise NoSuchEventError(named)


def _agree(event: Event, new: NewEvent) -> None:
    """Refuse to index into an event that is another kind of occasion.

    Implied permission hangs on it: a private event's photos must not join a public one's.
    """
    if event.public_space != new.public_space:
        raise BadInputError(
            f'The event "{event.name}" is recorded as {event.space}: say the same, or give this '
            "event another name."
        )


@dataclass(frozen=True, slots=True)
class EventSuggestion:
    """An event that a folder's name and its photos' dates suggest."""

    folder: str
    name: str
    held_on: date | None
    photos: int


def suggest_events(services: Services, photos: Mapping[str, str]) -> list[EventSuggestion]:
    """Suggest an event per folder of photos (SHA-256 by path) that belong to none."""
    shas = list(photos.values())
    with services.reading() as unit:
        with_event = unit.events.of_photos(shas)
        taken = unit.photos.taken_on(shas, services.settings.time_zone)
    folders: dict[str, list[date | None]] = {}
    for path, sha256 in photos.items():
        if sha256 not in with_event and not path.startswith(UPLOADED):
            folders.setdefault(str(place_of(path).parent), []).append(taken.get(sha256))
    return [_suggestion(folder, days) for folder, days in sorted(folders.items())]


def _suggestion(folder: str, days: Sequence[date | None]) -> EventSuggestion:
    name = without_turning(Path(folder).name)
    dated = re.match(r"(\d{4})-(\d{2})-(\d{2})[\s_-]*(.*)", name)
    held_on = None
    if dated:
        try:
            held_on = date(int(dated[1]), int(dated[2]), int(dated[3]))
            name = dated[4] or name
        except ValueError:
            held_on = None
    known = Counter(day for day in days if day is not None)
    if held_on is None and known:
        held_on = known.most_common(1)[0][0]
    return EventSuggestion(folder, name.replace("_", " ").strip(), held_on, len(days))
