"""Who was confirmed nearby: photos of the same event, within minutes, where nobody was found."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from consent.domain.verdicts import PersonMatch
from media_index.types import Match, Signal

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from datetime import datetime

    from consent.domain.cases import Revocation
    from consent.domain.decisions import PersonDecision
    from consent.services import Services
    from consent.storage.unit_of_work import UnitOfWork
    from media_index.types import Event

_SECONDS = 60.0


class Scenes:
    """The occasions at which somebody was confirmed."""

    def __init__(
        self,
        services: Services,
        unit: UnitOfWork,
        confirmed: Sequence[PersonDecision],
        cases: Sequence[Revocation],
    ) -> None:
        """Load when and where people were confirmed.

        Args:
            services: policy and calendar.
            unit: open; not kept.
            confirmed: confirmations that still hold.
            cases: of the register, for what people wore.
        """
        self._minutes = services.policy.same_scene.minutes
        self._zone = ZoneInfo(services.settings.time_zone)
        self._cases = {case.id: case for case in cases}
        self._today = services.today()
        photos = sorted({one.photo_sha256 for one in confirmed})
        taken, events = unit.photos.taken_at(photos), unit.photos.events_of(photos)
        self._seen: dict[str, list[tuple[datetime, PersonDecision]]] = defaultdict(list)
        for one in confirmed:
            if one.photo_sha256 in taken:
                for event in events.get(one.photo_sha256, ()):
                    self._seen[event.id].append((taken[one.photo_sha256], one))

    @property
    def events(self) -> list[str]:
        """The events at which somebody was confirmed."""
        return list(self._seen)

    def near(
        self, sha256: str, taken_at: datetime | None, events: Sequence[Event]
    ) -> Iterator[PersonMatch]:
        """Yield, for each person confirmed nearby, the sighting nearest in time."""
        if taken_at is None:
            return
        nearest: dict[str, tuple[float, Event, datetime, PersonDecision]] = {}
        for event in events:
            for at, sighting in self._seen.get(event.id, ()):
                apart = abs((at - taken_at).total_seconds()) / _SECONDS
                other = nearest.get(sighting.revocation_id)
                near = apart <= self._minutes and sighting.photo_sha256 != sha256
                if near and (other is None or apart < other[0]):
                    nearest[sighting.revocation_id] = apart, event, at, sighting
        for case_id, (apart, event, at, sighting) in nearest.items():
            match = Match(
                Signal.SAME_SCENE, round(apart, 1), self._minutes, "minutes apart", "event"
            )
            hint = self._hint(sighting, event, at)
            yield PersonMatch(case_id, match, blocks=False, known_photo=None, hint=hint)

    def _hint(self, sighting: PersonDecision, event: Event, at: datetime) -> str:
        """Say when they were seen and what to look for: "at 14:32: look for a green coat"."""
        case = self._cases.get(sighting.revocation_id)
        locators = () if case is None else case.terms_on(self._today).locators
        here = [one for one in locators if event.id == one.event_id or event.held_on == one.on]
        told = [
            sighting.wearing,
            *(part for one in here for part in (one.clothing, one.companions)),
        ]
        look = ", ".join(dict.fromkeys(part for part in told if part))
        return f"at {at.astimezone(self._zone):%H:%M}" + (f": look for {look}" if look else "")
