"""Whether the register can be trusted to hold everybody, before anything is said to be clear.

It is asked at every check, audit, sweep and recheck, so that it costs what is new: the rows of a
table are counted by the database, and a known photo is looked at once.
"""

from __future__ import annotations

from collections.abc import Collection
from threading import Lock

from consent.domain.cases import is_nobody
from consent.domain.clock import UNSURE_CLOCK
from consent.domain.wording import counted
from consent.services import Services
from consent.storage.counts import SEALED, Loss
from consent.storage.seen import Seen, doubt_of
from consent.storage.unit_of_work import UnitOfWork

_NEXT = "run likeness doctor to see what can be fixed, and what needs a backup"


class WholePhotos:
    """The known photos whose faces were found to be all there; kept between checks."""

    def __init__(self) -> None:
        """Begin with none."""
        self._lock = Lock()
        self._whole: set[str] = set()

    def broken(self, unit: UnitOfWork, photos: Collection[str]) -> set[str]:
        """Return the photos that are gone from the index, or have lost a face in it."""
        with self._lock:
            new = sorted(set(photos) - self._whole)
            broken = unit.photos.broken(new)
            self._whole |= set(new) - broken
            return broken


def doubts(services: Services, unit: UnitOfWork, known: Collection[str] = ()) -> tuple[str, ...]:
    """Say what is wrong with the register, the database or the clock; nothing is as a rule.

    `known` are photos (SHA-256) in which somebody is confirmed. Ask once the reference faces have
    been read, for damaged ones are noticed then.
    """
    said = [_lost(loss) for loss in unit.seal.losses()]
    if unit.register.unsound:
        count = counted(
            len(unit.register.unsound), "photo of the person is", "photos of the person are"
        )
        said.append(f"The register is damaged: {count} no longer as entered; {_NEXT}.")
    broken = services.memory.of(WholePhotos).broken(unit, known)
    if broken:
        count = counted(len(broken), "photo that shows", "photos that show")
        said.append(
            f"The photo index has lost faces of {count} someone in the register: renew it with "
            "likeness renew."
        )
    if (doubt := seen_doubt(services, unit)) is not None:
        said.append(doubt)
    return (*said, *clock_doubts(services, unit))


def seen_doubt(services: Services, unit: UnitOfWork) -> str | None:
    """Compare the register with what this computer has last seen of it, which is noted if new."""
    seen = services.last_seen.read()
    doubt = doubt_of(seen, unit.seal.home(), unit.audit)
    if doubt is not None:
        return doubt.sentence(seen)
    version = unit.audit.register_version()
    if version and unit.seal.anybody() and services.last_seen.lags(version):
        digest = unit.audit.digest_of(version) or ""
        services.last_seen.note(Seen(unit.seal.home(), version, digest, {}))
    return None


def register_doubts(services: Services) -> tuple[str, ...]:
    """Say what is wrong with the register or the clock, where no photo is judged."""
    with services.reading() as unit:
        unit.register.templates()
        return doubts(services, unit)


def register_is_empty(services: Services) -> bool:
    """Say whether nobody is in the register; see `is_nobody`."""
    with services.reading() as unit:
        return not unit.seal.anybody() or is_nobody(unit.register.revocations(), services.today())


def clock_doubts(services: Services, unit: UnitOfWork) -> tuple[str, ...]:
    """Say what is wrong with the clock of this computer, if anything is."""
    now, last = services.now(), unit.seal.clock()
    doubt = unit.seal.clock_doubt(now)
    if doubt is None or last is None:
        return ()
    return (doubt.sentence(services.local(now), services.local(last)),)


def clock_pause(services: Services) -> str | None:
    """Say that what has an end has not ended yet, for the clock was looked at once only."""
    now = services.now()
    with services.reading() as unit:
        last = unit.seal.unsure_since(now)
    if last is None:
        return None
    return UNSURE_CLOCK.format(now=services.local(now), last=services.local(last))


def _lost(loss: Loss) -> str:
    one, many = SEALED[loss.part]
    if loss.expected is None:
        return f"The register no longer knows how many {many} there should be; {_NEXT}."
    if loss.there > loss.expected:
        more = counted(loss.there - loss.expected, one, many)
        return f"The register was changed by another program: {more} too many; {_NEXT}."
    missing = loss.expected - loss.there
    is_missing = "is" if missing == 1 else "are"
    return (
        f"The register is incomplete: {missing:,} of {counted(loss.expected, one, many)} "
        f"{is_missing} missing; {_NEXT}."
    )
