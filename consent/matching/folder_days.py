"""Photos whose day is vouched for by the others of their folder."""

from __future__ import annotations

from datetime import date

from consent.domain.days import ClockDay, agreed_day
from consent.services import Services
from media_index.files.places import place_of


class FolderDays:
    """The days by the clocks of the photos in a folder; each folder is read once."""

    def __init__(self, services: Services) -> None:
        """Read folders as they are asked for, each in a unit of work of its own."""
        self._services = services
        self._folders: dict[str, list[ClockDay]] = {}

    def agreed_day(self, sha256: str, taken_on: date) -> date | None:
        """Return the day of a photo's clock, if those of the other photos beside it agree.

        Where the photo lies in several folders, all of them must.
        """
        with self._services.reading() as unit:
            paths = unit.photos.places_of([sha256]).get(sha256, [])
        beside = [
            day
            for folder in sorted({str(place_of(path).parent) for path in paths})
            for day in self._days_in(folder)
        ]
        return agreed_day(taken_on, beside, self._services.today())

    def _days_in(self, folder: str) -> list[ClockDay]:
        if folder not in self._folders:
            with self._services.reading() as unit:
                clocks = unit.photos.clocks_in(place_of(folder))
            self._folders[folder] = [
                ClockDay(camera, self._services.day(at)) for camera, at in clocks
            ]
        return self._folders[folder]
