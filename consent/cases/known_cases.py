"""All cases of the register as a server keeps them between two pages: without names.

The steps of a case are encrypted, so that to read all of them takes longer than to show a page.
What is entered later is read alone, for a case is never changed but by appending to it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from threading import Lock

from consent.cases.reminders import Reminder, most_urgent_first, reminders_of
from consent.domain.cases import Revocation
from consent.domain.log import Action
from consent.domain.withheld import without_names
from consent.services import Services
from consent.storage.unit_of_work import UnitOfWork

# To read more cases by their ids takes longer than to read all.
_FEW = 300


@dataclass(frozen=True, slots=True)
class KnownCase:
    """A case without names, and what wants attention of it; the sentences name nobody."""

    case: Revocation
    reminders: tuple[Reminder, ...]


@dataclass(frozen=True, slots=True)
class Cases:
    """The register on a day.

    Attributes:
        cases: by id, in the order of their numbers.
        reminders: the most urgent first.
    """

    cases: Mapping[str, KnownCase]
    reminders: tuple[Reminder, ...]


@dataclass(frozen=True, slots=True)
class _Read:
    """How far the register was read, and what else its reading depends on.

    Attributes:
        log: the last entry and its digest: in another log, all was something else.
        disposed: the last entry that a case was destroyed, which takes its terms away.
        entered: see `Register.last_entered`.
        newest: when the newest reference face of each case was added.
    """

    log: tuple[int, str | None]
    day: date
    none_ends_after: date | None
    disposed: int
    entered: tuple[int, int]
    newest: Mapping[str, datetime]

    def goes_on_from(self, before: _Read, unit: UnitOfWork) -> bool:
        """Say whether nothing but entries came since."""
        sequence, digest = before.log
        return (self.day, self.none_ends_after, self.disposed) == (
            before.day,
            before.none_ends_after,
            before.disposed,
        ) and unit.audit.digest_of(sequence) == digest

    def touched_since(self, before: _Read, unit: UnitOfWork) -> set[str]:
        """Return the ids of the cases that are not as they were."""
        faces = {case_id for case_id, _ in self.newest.items() ^ before.newest.items()}
        return faces | unit.register.entered_since(before.entered)


class KnownCases:
    """The cases as last read; kept between calls."""

    def __init__(self) -> None:
        """Know none."""
        self._lock = Lock()
        self._read: _Read | None = None
        self._cases = Cases({}, ())

    def of(self, services: Services, unit: UnitOfWork) -> Cases:
        """Return all cases as they stand; the same again where nothing has changed."""
        with self._lock:
            now, before = _read(services, unit), self._read
            known: Mapping[str, KnownCase] = {}
            touched: set[str] | None = None
            if before is not None and now.goes_on_from(before, unit):
                touched = now.touched_since(before, unit)
                known = self._cases.cases
            if touched is None or len(touched) > _FEW:
                self._cases = _cases(_known(services, unit.register.revocations(), now))
            elif touched:
                read = _known(services, unit.register.by_ids(touched), now)
                self._cases = _cases({**known, **read})
            self._read = now
            return self._cases


def _read(services: Services, unit: UnitOfWork) -> _Read:
    last = unit.audit.last_sequence()
    return _Read(
        (last, unit.audit.digest_of(last)),
        services.today(),
        unit.register.none_ends_after(),
        unit.audit.last_sequence(Action.DISPOSAL_DONE),
        unit.register.last_entered(),
        unit.register.newest_references(),
    )


def _known(services: Services, cases: Sequence[Revocation], now: _Read) -> dict[str, KnownCase]:
    return {
        case.id: KnownCase(
            without_names(case), tuple(reminders_of(services, case, now.newest.get(case.id)))
        )
        for case in cases
    }


def _cases(known: Mapping[str, KnownCase]) -> Cases:
    by_number = sorted(known.items(), key=lambda item: item[1].case.number)
    every = (reminder for _, known in by_number for reminder in known.reminders)
    return Cases(dict(by_number), tuple(most_urgent_first(every)))
