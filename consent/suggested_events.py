"""Events that folders of photos suggest, by their names and by the days the photos were taken."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from media_index.places import place_of

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from consent.services import Services


@dataclass(frozen=True, slots=True)
class EventSuggestion:
    """An event that a folder's name and its photos' dates suggest."""

    folder: str
    name: str
    held_on: date | None
    photos: int


def suggest_events(services: Services, photos: Mapping[str, str]) -> list[EventSuggestion]:
    """Suggest an event per folder of photos that belong to none.

    Args:
        services: adapters.
        photos: SHA-256 by path.
    """
    shas = list(photos.values())
    with services.reading() as unit:
        with_event = unit.photos.events_of(shas)
        taken = unit.photos.taken_on(shas, services.settings.time_zone)
    folders: dict[str, list[date | None]] = {}
    for place, sha256 in photos.items():
        if sha256 not in with_event and not place.startswith("upload:"):
            folders.setdefault(str(place_of(place).parent), []).append(taken.get(sha256))
    return [_suggestion(folder, days) for folder, days in sorted(folders.items())]


def _suggestion(folder: str, days: Sequence[date | None]) -> EventSuggestion:
    name = Path(folder).name
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
