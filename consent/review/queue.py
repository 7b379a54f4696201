"""What needs a person's eye: one queue of pairs, each asked once."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass

from consent.domain.actors import Actor
from consent.domain.review import Pair, PairKey, ReviewState
from consent.domain.roles import Duty, for_roles
from consent.review.upkeep import has_to_be_made, keep_up
from consent.services import Services
from consent.storage.unit_of_work import UnitOfWork
from media_index.limits import FLOODING
from media_index.types import Box

# Pairs that are read at once; one is shown at a time.
_BLOCK = 50


class WaitingPairs(Collection[Pair]):
    """The pairs to decide, in their order; each is read when somebody comes to it.

    Of a large library there are ten thousands, and a person sees a few hundred a day.
    """

    def __init__(self, reading: Callable[[], UnitOfWork], rows: Sequence[int]) -> None:
        """Read them from the database by their rows."""
        self._reading = reading
        self._rows = rows
        self._places = {row: place for place, row in enumerate(rows)}
        self._blocks: dict[int, list[Pair]] = {}

    def __len__(self) -> int:
        """Say how many there are."""
        return len(self._rows)

    def __iter__(self) -> Iterator[Pair]:
        """Yield them, without those that went meanwhile."""
        for start in range(0, len(self._rows), _BLOCK):
            yield from self._block(start)

    def __contains__(self, pair: object) -> bool:
        """Say whether one like this waits."""
        return isinstance(pair, Pair) and self.find(pair) is not None

    def _block(self, start: int) -> list[Pair]:
        if start not in self._blocks:
            rows = self._rows[start : start + _BLOCK]
            with self._reading() as unit:
                found = unit.review.of_rows(rows)
            self._blocks[start] = [found[row] for row in rows if row in found]
        return self._blocks[start]

    def find(self, pair: Pair) -> Pair | None:
        """Return the pair that asks the same, as it is now."""
        same = self.of_photos([pair.photo_sha256])
        return next((other for other in same if other.key == pair.key), None)

    def of_photos(self, photos: Collection[str]) -> list[Pair]:
        """Return those of some photos."""
        with self._reading() as unit:
            return self._in_order(unit.review.of_photos(photos))

    def about(self, pair: Pair) -> list[Pair]:
        """Return those that ask the same of other photos: of one kind, about one case."""
        with self._reading() as unit:
            return self._in_order(unit.review.about(pair.kind, pair.label))

    def _in_order(self, found: Mapping[int, Pair]) -> list[Pair]:
        here = self._places.keys() & found.keys()
        return [found[row] for row in sorted(here, key=self._places.__getitem__)]

    def without(self, keys: Collection[PairKey]) -> WaitingPairs:
        """Return the others than those with these keys."""
        with self._reading() as unit:
            of_photos = unit.review.of_photos({sha256 for _, sha256, *_ in keys})
        gone = {row for row, pair in of_photos.items() if pair.key in keys}
        return WaitingPairs(self._reading, [row for row in self._rows if row not in gone])


@dataclass(frozen=True, slots=True)
class ReviewQueue:
    """What is to be asked, as it stood.

    Attributes:
        state: how far it was kept up; whatever changes is entered in the log.
        pairs: what is nearest to the public first.
    """

    state: ReviewState
    pairs: WaitingPairs


@for_roles(Duty.REVIEW)
def review_queue(services: Services, actor: Actor, known: ReviewQueue | None = None) -> ReviewQueue:
    """Return what nobody has decided yet, what is nearest to the public first.

    `known` is the queue as read before, returned again if nothing has changed since.

    A decision counts for a face and a case, in every copy of the photo; it is not asked again
    when the index is made anew, the file is moved, or the encoders change.

    Raises:
        ConflictError: the queue could not be kept up, because others wrote all the while.
    """
    state = keep_up(services)
    if known is not None and known.state == state:
        return known
    with services.reading() as unit:
        return ReviewQueue(state, WaitingPairs(services.reading, _rows(unit)))


@for_roles(Duty.REVIEW)
def count_to_review(services: Services, actor: Actor) -> int | None:
    """Return how long the queue is, without reading it; None while it has to be made.

    Raises:
        ConflictError: see `review_queue`.
    """
    if has_to_be_made(services):
        return None
    keep_up(services)
    with services.reading() as unit:
        return len(_rows(unit))


@for_roles(Duty.REVIEW)
def photos_asked_about(services: Services, photos: Collection[str], actor: Actor) -> set[str]:
    """Return those of the photos that Review asks about; all of them until its queue is made.

    Raises:
        ConflictError: see `review_queue`.
    """
    if has_to_be_made(services):
        return set(photos)
    keep_up(services)
    with services.reading() as unit:
        return {pair.photo_sha256 for pair in unit.review.of_photos(photos).values()}


def _rows(unit: UnitOfWork) -> list[int]:
    """Return the rows of the queue, in its order, without what is asked by another of them."""
    crowds = unit.review.of_crowds(FLOODING.people_of_one_face)
    left_out = _in_crowds(crowds) | _repeated(unit.review.beside_faces())
    return [row for row in unit.review.waiting() if row not in left_out]


def _in_crowds(rows: Mapping[int, Pair]) -> set[int]:
    """Return the rows of faces that are like many people, but for the likest; see `FLOODING`."""
    people: dict[tuple[str, Box | None], list[int]] = defaultdict(list)
    for row, pair in rows.items():
        people[pair.photo_sha256, pair.box].append(row)
    return {
        other
        for of in people.values()
        if len(of) >= FLOODING.people_of_one_face
        for other in sorted(of, key=lambda row: (not rows[row].hint, rows[row].score or 0.0))[:-1]
    }


def _repeated(rows: Mapping[int, Pair]) -> set[int]:
    """Return the rows that ask what a later one asks."""
    last = {rows[row].key: row for row in sorted(rows)}
    return rows.keys() - set(last.values())
