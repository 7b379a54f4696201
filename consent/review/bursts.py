"""Pairs that one look decides: the same case in shots of one burst, or in copies of one photo."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Sequence

from consent.domain.actors import Actor
from consent.domain.review import Pair, PairKey, PairKind
from consent.domain.roles import Duty, for_roles
from consent.services import Services
from consent.storage.unit_of_work import UnitOfWork
from media_index.matching.copies import KnownPhotos

# Shots of one burst follow one another within so many seconds.
BURST_SECONDS = 10.0


@for_roles(Duty.REVIEW)
def burst_of(
    services: Services, pairs: Sequence[Pair], pair: Pair, actor: Actor
) -> tuple[Pair, ...]:
    """Return the pairs that can be decided together with one, itself among them."""
    with services.reading() as unit:
        same = [other for other in pairs if (other.kind, other.label) == (pair.kind, pair.label)]
        return _burst_of(unit, _alike(same), pair)


@for_roles(Duty.REVIEW)
def burst_numbers(services: Services, pairs: Collection[Pair], actor: Actor) -> list[int | None]:
    """Return for each pair the number of its burst; None for one by itself."""
    numbers: dict[PairKey, int] = {}
    of_case: dict[tuple[PairKind, str | None], list[Pair]] = defaultdict(list)
    for pair in pairs:
        of_case[pair.kind, pair.label].append(pair)
    alike = {asked: _alike(same) for asked, same in of_case.items()}
    with services.reading() as unit:
        for number, pair in enumerate(pairs):
            others = alike[pair.kind, pair.label]
            if pair.key in numbers or len(others) <= 1:
                continue
            burst = _burst_of(unit, others, pair)
            if len(burst) > 1:
                numbers |= {other.key: number for other in burst}
    return [numbers.get(pair.key) for pair in pairs]


def _alike(same: Sequence[Pair]) -> list[Pair]:
    """Return the pairs of one kind about one case that may stand together.

    Two faces of one photo are two people: each is asked about by itself.
    """
    faces = Counter(pair.photo_sha256 for pair in same)
    return [pair for pair in same if faces[pair.photo_sha256] == 1]


def _burst_of(unit: UnitOfWork, alike: Sequence[Pair], pair: Pair) -> tuple[Pair, ...]:
    if len(alike) <= 1 or all(other.key != pair.key for other in alike):
        return (pair,)
    hashes = {
        sha256: (whole, trimmed)
        for sha256, whole, trimmed in unit.photos.hashes([other.photo_sha256 for other in alike])
    }
    kept = [other for other in alike if other.photo_sha256 in hashes]
    known = KnownPhotos([hashes[other.photo_sha256] for other in kept])
    found: dict[PairKey, Pair] = {pair.key: pair}
    reached = [pair]
    while reached:
        one = reached.pop()
        near = [other for other in alike if _in_time(one, other)]
        if one.photo_sha256 in hashes:
            copies = known.copies_of(*hashes[one.photo_sha256])
            near += [kept[copy.index] for copy in copies if copy.surely]
        for other in near:
            if other.key not in found:
                found[other.key] = other
                reached.append(other)
    return tuple(other for other in alike if other.key in found)


def _in_time(one: Pair, other: Pair) -> bool:
    if one.taken_at is None or other.taken_at is None:
        return False
    return abs((one.taken_at - other.taken_at).total_seconds()) <= BURST_SECONDS
