"""What needs a person's eye: one queue of pairs, each asked once."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from consent.domain.actors import Actor
from consent.domain.review import Pair, PairKind, ReviewState
from consent.domain.roles import Duty, for_roles
from consent.review.upkeep import has_to_be_made, keep_up
from consent.services import Services
from media_index.limits import FLOODING
from media_index.types import Box


@dataclass(frozen=True, slots=True)
class ReviewQueue:
    """What is to be asked, as it stood.

    Attributes:
        state: how far it was kept up; whatever changes is entered in the log.
        pairs: what is nearest to the public first.
    """

    state: ReviewState
    pairs: tuple[Pair, ...]


@for_roles(Duty.REVIEW)
def review_queue(services: Services, actor: Actor, known: ReviewQueue | None = None) -> ReviewQueue:
    """Return what nobody has decided yet, what is nearest to the public first.

    `known` is the queue as read before, returned again if nothing has changed since.

    A decision counts for a face and a case, in every copy of the photo; it is not asked again
    when the index is made anew, the file is moved, or the encoders change.

    Raises:
        SetupError: the queue could not be kept up, because others wrote all the while.
    """
    state = keep_up(services)
    if known is not None and known.state == state:
        return known
    with services.reading() as unit:
        waiting = unit.review.pairs()
    pairs = {pair.key: pair for pair in _without_crowds(waiting)}
    return ReviewQueue(state, tuple(sorted(pairs.values(), key=lambda pair: pair.urgency)))


@for_roles(Duty.REVIEW)
def count_to_review(services: Services, actor: Actor) -> int | None:
    """Return how long the queue is, without reading it; None while it has to be made.

    Raises:
        SetupError: see `review_queue`.
    """
    if has_to_be_made(services):
        return None
    keep_up(services)
    with services.reading() as unit:
        asked = set(unit.review.asked())
    people = Counter((sha256, faces) for kind, sha256, faces, _ in asked if kind is PairKind.FACE)
    crowds = [count for count in people.values() if count >= FLOODING.people_of_one_face]
    return len(asked) - sum(crowds) + len(crowds)


def _without_crowds(waiting: Sequence[Pair]) -> list[Pair]:
    """Return the pairs, of a face that is like many people the likest alone; see `FLOODING`."""
    people: dict[tuple[str, Box | None], list[Pair]] = defaultdict(list)
    for pair in waiting:
        if pair.kind is PairKind.FACE:
            people[pair.photo_sha256, pair.box].append(pair)
    left_out = {
        other.key
        for of in people.values()
        if len(of) >= FLOODING.people_of_one_face
        for other in sorted(of, key=lambda pair: (not pair.hint, pair.score or 0.0))[:-1]
    }
    return [pair for pair in waiting if pair.key not in left_out]
