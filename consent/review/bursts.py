"""Pairs that one look decides: the same case in shots of one burst, or in copies of one photo."""

from __future__ import annotations

from collections import Counter, defaultdict
from itertools import pairwise
from typing import TYPE_CHECKING

from media_index.matching.copies import KnownPhotos

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from consent.review.pairs import Pair
    from media_index.types import Fingerprint

# Shots of one burst follow one another within so many seconds.
BURST_SECONDS = 10.0


def burst_numbers(pairs: Sequence[Pair], photos: Mapping[str, Fingerprint]) -> list[int | None]:
    """Return for each pair the number of its burst; None for one by itself.

    Only pairs about the same case and of the same kind stand together.

    Args:
        pairs: in any order.
        photos: those of the pairs, by SHA-256.
    """
    alike: dict[tuple[object, ...], list[int]] = defaultdict(list)
    for place, pair in enumerate(pairs):
        alike[pair.kind, pair.label].append(place)
    numbers: list[int | None] = [None] * len(pairs)
    for same in alike.values():
        # Two faces of one photo are two people: each is asked about by itself.
        faces = Counter(pairs[place].photo_sha256 for place in same)
        places = [place for place in same if faces[pairs[place].photo_sha256] == 1]
        if len(places) > 1:
            for first, together in _grouped(pairs, photos, places).items():
                for place in together if len(together) > 1 else ():
                    numbers[place] = first
    return numbers


def _grouped(
    pairs: Sequence[Pair], photos: Mapping[str, Fingerprint], places: Sequence[int]
) -> dict[int, list[int]]:
    head = {place: place for place in places}

    def find(place: int) -> int:
        while head[place] != place:
            place = head[place]
        return place

    for one, other in (*_in_time(pairs, places), *_copies(pairs, photos, places)):
        head[find(other)] = find(one)
    groups: dict[int, list[int]] = defaultdict(list)
    for place in places:
        groups[find(place)].append(place)
    return groups


def _in_time(pairs: Sequence[Pair], places: Sequence[int]) -> list[tuple[int, int]]:
    moments = [
        (taken_at, place) for place in places if (taken_at := pairs[place].taken_at) is not None
    ]
    return [
        (one, other)
        for (before, one), (after, other) in pairwise(sorted(moments))
        if (after - before).total_seconds() <= BURST_SECONDS
    ]


def _copies(
    pairs: Sequence[Pair], photos: Mapping[str, Fingerprint], places: Sequence[int]
) -> list[tuple[int, int]]:
    kept = [place for place in places if pairs[place].photo_sha256 in photos]
    prints = [photos[pairs[place].photo_sha256] for place in kept]
    known = KnownPhotos([(one.hashes, one.trimmed_hashes) for one in prints])
    return [
        (place, kept[copy.index])
        for place, one in zip(kept, prints, strict=True)
        for copy in known.copies_of(one.hashes, one.trimmed_hashes)
        if copy.surely and kept[copy.index] != place
    ]
