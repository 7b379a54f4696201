"""Photos that somebody decided on, ready to be recognized in copies, and kept between checks."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from threading import Lock

from consent.domain.log import Action
from consent.services import Services
from consent.storage.unit_of_work import UnitOfWork
from media_index.matching.copies import KnownPhotos
from media_index.types import Fingerprint, PerceptualHashes, Placement
from media_index.vectors.spot_search import SpotIndex
from media_index.vectors.spots import DamagedSpotsError

# Sets of photos that are remembered: the register's, and those of the last cases swept.
_MOST_KEPT = 4


@dataclass(frozen=True, slots=True, eq=False)
class DecidedPhotos:
    """What is known of photos.

    Attributes:
        photos: SHA-256 of each, in the order of the hashes.
        hashes: of each photo, and of it without its border.
        by_hash: the same, to be searched; a copy's index is that of its photo.
        spots: those of the photos in which somebody is confirmed.
    """

    photos: list[str]
    hashes: list[tuple[PerceptualHashes, PerceptualHashes | None]]
    by_hash: KnownPhotos
    spots: SpotIndex


class DecidedPhotosKept:
    """What a program keeps of them: they are loaded once for each set of photos.

    Hold one for as long as a program runs; it keeps nothing that the database does not hold.
    """

    def __init__(self) -> None:
        """Begin with nothing loaded."""
        # Several people work at once, each in a thread of the server's.
        self._lock = Lock()
        self._kept: dict[object, DecidedPhotos] = {}

    def of(
        self,
        services: Services,
        unit: UnitOfWork,
        decided: Collection[str],
        shown: Collection[str],
        *,
        anew: bool = False,
    ) -> DecidedPhotos:
        """Return what is known of photos with decisions, and of those that show somebody.

        `anew` distrusts the files beside the database.
        """
        # What is known of a photo that is in the index changes when the index is made anew.
        renewed = unit.audit.last_sequence(Action.INDEX_RENEWED)
        key = frozenset(decided), frozenset(shown), renewed
        with self._lock:
            found = None if anew else self._kept.pop(key, None)
            if found is None:
                rows = unit.photos.hashes(sorted(decided))
                hashes = [(whole, trimmed) for _, whole, trimmed in rows]
                spots = services.spots.index(unit.photos, sorted(shown), anew=anew)
                found = DecidedPhotos([row[0] for row in rows], hashes, KnownPhotos(hashes), spots)
            # The one asked for last goes last.
            self._kept = dict([*self._kept.items(), (key, found)][-_MOST_KEPT:])
            return found


def search_spots(
    services: Services, known: DecidedPhotos, decided: Collection[str], asked: Fingerprint
) -> tuple[DecidedPhotos, list[tuple[str, Placement]]]:
    """Return the photos that show somebody of which a picture is made, the surest first.

    Returns with them what is known: made anew if a file was damaged.
    """
    try:
        found = known.spots.search(asked.features, asked.design)
    except DamagedSpotsError:
        with services.reading() as unit:
            kept = services.memory.of(DecidedPhotosKept)
            known = kept.of(services, unit, decided, known.spots.photos, anew=True)
        found = known.spots.search(asked.features, asked.design)
    return known, [(known.spots.photos[index], placement) for index, placement in found]
