"""The signal "same scene": photos of the same event, within minutes of one that shows somebody."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from datetime import datetime
from zoneinfo import ZoneInfo

from consent.domain.decisions import PersonDecision, still_confirmed
from consent.domain.events import Event
from consent.domain.scope import WITH_OTHERS
from consent.domain.signals import Evidence, Match, Signal
from consent.domain.verdicts import PersonMatch, ReasonCode
from consent.domain.wording import clock_time
from consent.matching.finder import Finder, Findings, People
from consent.services import Services
from consent.storage.unit_of_work import UnitOfWork
from media_index.types import Fingerprint

_SECONDS = 60.0


class SameScene(Signal):
    """Who was confirmed nearby; compares when photos of one event were taken, by their cameras."""

    code = ReasonCode.SAME_SCENE
    evidence = Evidence.SCENE
    is_distance = True
    said = "{who} was at this event {hint}."


SAME_SCENE = SameScene()


class SceneFinder(Finder):
    """The occasions at which somebody was confirmed."""

    def __init__(self, services: Services, unit: UnitOfWork, people: People) -> None:
        """Load when and where people were confirmed; the unit is not kept."""
        self._minutes = services.policy.same_scene.minutes
        self._zone = ZoneInfo(services.settings.time_zone)
        # For what people wore.
        self._cases = {case.id: case for case in people.cases}
        self._today = services.today()
        confirmed = still_confirmed(people.decisions)
        photos = sorted({decision.photo_sha256 for decision in confirmed})
        events = unit.events.of_photos(photos)
        taken = unit.photos.taken_at(sorted(events))
        self._seen: dict[str, list[tuple[datetime, PersonDecision]]] = defaultdict(list)
        for decision in confirmed:
            at = taken.get(decision.photo_sha256)
            if at is not None:
                for event in events.get(decision.photo_sha256, ()):
                    self._seen[event.id].append((at, decision))

    @property
    def events(self) -> list[str]:
        """The events at which somebody was confirmed."""
        return list(self._seen)

    def find_in(self, photo: Fingerprint, events: Sequence[Event]) -> Findings:
        """Find who was confirmed nearby."""
        return Findings(tuple(self.near(photo.sha256, photo.exif.taken_at, events)))

    def near(
        self, sha256: str, taken_at: datetime | None, events: Sequence[Event]
    ) -> Iterator[PersonMatch]:
        """Yield, for each person confirmed nearby, the sighting nearest in time."""
        if taken_at is None:
            return
        nearest: dict[str, tuple[float, Event, datetime, PersonDecision]] = {}
        for event in events:
            for at, decision in self._seen.get(event.id, ()):
                apart = abs((at - taken_at).total_seconds()) / _SECONDS
                other = nearest.get(decision.revocation_id)
                near = apart <= self._minutes and decision.photo_sha256 != sha256
                if near and (other is None or apart < other[0]):
                    nearest[decision.revocation_id] = apart, event, at, decision
        for case_id, (apart, event, at, decision) in nearest.items():
            match = Match(SAME_SCENE, round(apart, 1), self._minutes, "minutes apart", "event")
            yield PersonMatch(case_id, match, blocks=False, hint=self._hint(decision, event, at))

    def _hint(self, decision: PersonDecision, event: Event, at: datetime) -> str:
        """Say when they were seen, and what to look for."""
        case = self._cases.get(decision.revocation_id)
        locators = () if case is None else case.terms_on(self._today).locators
        told = [decision.wearing]
        for locator in locators:
            if event.id == locator.event_id or event.held_on == locator.on:
                told += [locator.clothing, WITH_OTHERS if locator.companions else ""]
        look = ", ".join(dict.fromkeys(part for part in told if part))
        when = f"around this time ({clock_time(at.astimezone(self._zone))})"
        return f"{when}. Look for {look}" if look else f"{when}. Look closely"
