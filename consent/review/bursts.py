"""Pairs that one look decides: the same case in shots of one burst, or in copies of one photo."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from itertools import pairwise

from consent.review.pairs import Pair
from media_index.matching.copies import KnownPhotos
from media_index.types import Fingerprint

# Shots of one burst follow one another within so many seconds.
BURST_SECONDS = 10.0


def burst_numbers(pairs: Sequence[Pair], photos: Mapping[str, Fingerprint]) -> list[int | None]:
    """Return for each pair the number of its burst; None for one by itself.

    Only pairs about the same case and of the same kind stand together.
    """
    alike: dict[tuple[object, ...], list[int]] = defaultdict(list)
    for index, pair in enumerate(pairs):
        alike[pair.kind, pair.label].append(index)
    numbers: list[int | None] = [None] * len(pairs)
    for same in alike.values():
        # Two faces of one photo are two people: each is asked about by itself.
        faces = Counter(pairs[index].photo_sha256 for index in same)
        indexes = [index for index in same if faces[pairs[index].photo_sha256] == 1]
        if len(indexes) > 1:
            for first, together in _grouped(pairs, photos, indexes).items():
                for index in together if len(together) > 1 else ():
                    numbers[index] = first
    return numbers


def _grouped(
    pairs: Sequence[Pair], photos: Mapping[str, Fingerprint], indexes: Sequence[int]
) -> dict[int, list[int]]:
    head = {index: index for index in indexes}

    def find(index: int) -> int:
        while head[index] != index:
            index = head[index]
        return index

    for first, second in (*_in_time(pairs, indexes), *_copies(pairs, photos, indexes)):
        head[find(second)] = find(first)
    groups: dict[int, list[int]] = defaultdict(list)
    for index in indexes:
        groups[find(index)].append(index)
    return groups


def _in_time(pairs: Sequence[Pair], indexes: Sequence[int]) -> list[tuple[int, int]]:
    moments = [
        (taken_at, index) for index in indexes if (taken_at := pairs[index].taken_at) is not None
    ]
    return [
        (first, second)
        for (before, first), (after, second) in pairwise(sorted(moments))
        if (after - before).total_seconds() <= BURST_SECONDS
    ]


def _copies(
    pairs: Sequence[Pair], photos: Mapping[str, Fingerprint], indexes: Sequence[int]
) -> list[tuple[int, int]]:
    kept = [index for index in indexes if pairs[index].photo_sha256 in photos]
    shots = [photos[pairs[index].photo_sha256] for index in kept]
    known = KnownPhotos([(shot.hashes, shot.trimmed_hashes) for shot in shots])
    return [
        (index, kept[copy.index])
        for index, shot in zip(kept, shots, strict=True)
        for copy in known.copies_of(shot.hashes, shot.trimmed_hashes)
        if copy.surely and kept[copy.index] != index
    ]
