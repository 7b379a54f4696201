"""Spots of many photos in one file that never changes, to be looked up by visual word.

First what is searched, and verified when the file is opened: which photos, which version of each,
and every spot's signature and photo in the order of the words. Then each photo's spots as they are,
memory-mapped and verified when they are compared. Whole 64-bit words, little-endian; the disk is
not trusted.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from media_index.errors import MediaIndexError
from media_index.files.atomic import write_whole
from media_index.hashing.words import WORDS, Vocabulary, units_of
from media_index.types import LocalFeatures

Words = NDArray[np.uint64]

# 150 MiB: what is held in memory while a file is written.
MOST_PHOTOS = 4096
_SHA256 = 32
# A point, two float32, and a descriptor.
_SPOT_BYTES = 8 + 128
_WORD = 8


class DamagedSpotsError(MediaIndexError):
    """A file of spots is not what was written; it is made anew, and nobody sees this."""


@dataclass(frozen=True, slots=True, eq=False)
class KnownSpots:
    """The spots of a photo, and which version of them: it changes when the photo is read anew."""

    photo: str
    version: int
    features: LocalFeatures


@dataclass(frozen=True, slots=True)
class SpotFile:
    """What is known of a file: photos and spots in it, and the sum of what is searched."""

    name: str
    photos: int
    spots: int
    sum: int

    @property
    def searched_words(self) -> int:
        """Return how many 64-bit words are read when the file is opened."""
        return _searched_words(self.photos, self.spots)


class SpotSegment:
    """An open file."""

    def __init__(self, words: Words, file: SpotFile) -> None:
        """Take the content of a file.

        Raises:
            DamagedSpotsError: it is not what was written.
        """
        searched = words[: file.searched_words]
        expected = file.searched_words + file.spots * _SPOT_BYTES // _WORD
        if len(words) != expected or _sum(searched) != file.sum:
            raise DamagedSpotsError(f"{file.name} is damaged.")
        self._name = file.name
        parts = _Parts(searched)
        names = parts.take(file.photos * _SHA256).tobytes()
        self.photos = [
            names[start : start + _SHA256].hex() for start in range(0, len(names), _SHA256)
        ]
        self.versions = parts.take(file.photos * 8).view("<i8")
        self._firsts = parts.take((file.photos + 1) * 8).view("<i8")
        self._sums = parts.take(file.photos * 8).view("<u8")
        self.starts = parts.take((WORDS + 1) * 4).view("<u4")
        self.signatures = parts.take(file.spots * 8).view("<u8")
        self.owners = parts.take(file.spots * 2).view("<u2")
        self._contents = words[file.searched_words :].view(np.uint8)

    @property
    def spots_of_photos(self) -> NDArray[np.int64]:
        """Return how many spots each photo has, (photos,)."""
        found: NDArray[np.int64] = np.diff(self._firsts)
        return found

    def features(self, row: int) -> LocalFeatures:
        """Return the spots of a photo of the file, by its place there.

        Raises:
            DamagedSpotsError: they are not what was written.
        """
        first, last = int(self._firsts[row]), int(self._firsts[row + 1])
        content = self._contents[first * _SPOT_BYTES : last * _SPOT_BYTES]
        if _sum(content.view(np.uint64)) != int(self._sums[row]):
            raise DamagedSpotsError(f"{self._name} is damaged at photo {row}.")
        points = content[: (last - first) * 8].view("<f4").reshape(-1, 2)
        return LocalFeatures(points, content[(last - first) * 8 :].reshape(-1, 128))

    def everything(self) -> Iterator[KnownSpots]:
        """Yield all that the file holds.

        Raises:
            DamagedSpotsError: some of it is not what was written.
        """
        for row, photo in enumerate(self.photos):
            yield KnownSpots(photo, int(self.versions[row]), self.features(row))


class _Parts:
    """Takes arrays off the front of words, one after another."""

    def __init__(self, words: Words) -> None:
        self._words = words

    def take(self, size: int) -> NDArray[np.uint8]:
        """Return so many bytes, and go on at the next whole word."""
        count = -(-size // _WORD)
        taken, self._words = self._words[:count], self._words[count:]
        return taken.view(np.uint8)[:size]


def open_segment(folder: Path, file: SpotFile) -> SpotSegment:
    """Map a file into memory.

    Raises:
        DamagedSpotsError: it is not there, or not what was written.
    """
    try:
        words = np.memmap(folder / file.name, np.uint64, "r")
    except (OSError, ValueError) as error:
        # An empty file cannot be mapped, nor one that ends within a word.
        raise DamagedSpotsError(f"{file.name} cannot be read ({error}).") from error
    return SpotSegment(words, file)


def segment_parts(
    name: str, photos: Sequence[KnownSpots], vocabulary: Vocabulary
) -> tuple[SpotFile, list[bytes]]:
    """Return what to know of a file that holds photos, `MOST_PHOTOS` at most, and its content."""
    words, signatures = [np.empty(0, np.uint16)], [np.empty(0, np.uint64)]
    for known in photos:
        found = vocabulary.words(units_of(known.features.descriptors))
        words.append(found[0])
        signatures.append(found[1])
    every_word, every_signature = np.concatenate(words), np.concatenate(signatures)
    counts = np.array([len(known.features.points) for known in photos], np.int64)
    owners = np.repeat(np.arange(len(photos), dtype=np.uint16), counts)
    order = np.argsort(every_word, kind="stable")
    starts = np.searchsorted(every_word[order], np.arange(WORDS + 1, dtype=np.int64))
    contents = [
        known.features.points.astype("<f4").tobytes()
        + np.ascontiguousarray(known.features.descriptors).tobytes()
        for known in photos
    ]
    searched = b"".join(
        part + bytes(-len(part) % _WORD)
        for part in (
            bytes.fromhex("".join(known.photo for known in photos)),
            np.array([known.version for known in photos], "<i8").tobytes(),
            np.concatenate([[0], np.cumsum(counts)]).astype("<i8").tobytes(),
            np.array([_sum_of(content) for content in contents], "<u8").tobytes(),
            starts.astype("<u4").tobytes(),
            every_signature[order].astype("<u8").tobytes(),
            owners[order].astype("<u2").tobytes(),
        )
    )
    return SpotFile(name, len(photos), int(counts.sum()), _sum_of(searched)), [searched, *contents]


def write_segment(
    folder: Path, name: str, photos: Sequence[KnownSpots], vocabulary: Vocabulary
) -> SpotFile:
    """Write a file of spots, whole or not at all.

    Raises:
        OSError: the disk refuses.
    """
    file, parts = segment_parts(name, photos, vocabulary)
    write_whole(folder / name, parts)
    return file


def in_memory(photos: Iterable[KnownSpots], vocabulary: Vocabulary) -> list[SpotSegment]:
    """Lay photos out as in files, without a disk."""
    waiting, found = list(photos), []
    for start in range(0, len(waiting), MOST_PHOTOS):
        file, parts = segment_parts("memory", waiting[start : start + MOST_PHOTOS], vocabulary)
        found.append(SpotSegment(np.frombuffer(b"".join(parts), np.uint64), file))
    return found


def _searched_words(photos: int, spots: int) -> int:
    sizes = (photos * _SHA256, photos * 8, (photos + 1) * 8, photos * 8, (WORDS + 1) * 4, spots * 8)
    return sum(-(-size // _WORD) for size in (*sizes, spots * 2))


def _sum(words: Words) -> int:
    return int(np.add.reduce(words, dtype=np.uint64))


def _sum_of(content: bytes) -> int:
    return _sum(np.frombuffer(content, np.uint64))
