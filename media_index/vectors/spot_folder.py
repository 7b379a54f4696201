"""The spots of known photos beside the database, laid out to be searched; never the truth itself.

Photos are added when they are first asked for, and again when the database holds another version of
their spots: each entry names the version that it is of, and only those of today's versions are
searched. What is damaged is made anew.
"""

from __future__ import annotations

import contextlib
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from itertools import islice
from pathlib import Path
from threading import Lock
from typing import Protocol
from uuid import uuid4

from media_index.files.atomic import remove_drafts
from media_index.hashing.words import Vocabulary, vocabulary
from media_index.types import LocalFeatures
from media_index.vectors.kept import KeptDocument
from media_index.vectors.spot_search import SpotIndex
from media_index.vectors.spots import (
    MOST_PHOTOS,
    DamagedSpotsError,
    KnownSpots,
    SpotFile,
    SpotSegment,
    in_memory,
    open_segment,
    write_segment,
)

_HEAD = "head.json"
_FORMAT = 1
_SUFFIX = ".spots"
# A reader may still need the files of a head that was just replaced.
_KEPT_SECONDS = 600


class SpotSource(Protocol):
    """The database, as far as it is needed here."""

    def feature_versions(self, photos: Sequence[str]) -> dict[str, int]:
        """Return which version of its local features is kept of each photo that has any."""
        ...

    def features(self, photos: Sequence[str]) -> Iterator[tuple[str, LocalFeatures]]:
        """Yield the local features of photos."""
        ...


@dataclass(frozen=True, slots=True)
class Head:
    """What lies in the folder: files, oldest first, and the vocabulary of their words."""

    vocabulary: str
    files: tuple[SpotFile, ...] = ()


class SpotFolder:
    """The files of one data home. Those that are open stay so, and are verified once."""

    def __init__(self, folder: Path) -> None:
        """Name the folder; it is made when it is needed."""
        self._folder = folder
        self._head_file = KeptDocument(folder / _HEAD)
        self._open: dict[SpotFile, SpotSegment] = {}
        # Several people work at once, each in a thread of the server's.
        self._lock = Lock()

    def index(self, source: SpotSource, photos: Sequence[str], *, anew: bool = False) -> SpotIndex:
        """Return the photos that have local features, ready to be searched.

        The source is the database, in one transaction. `anew` distrusts the files there are.
        """
        words, versions = vocabulary(), source.feature_versions(photos)
        with self._lock:
            for mistrusted in (anew, True):
                try:
                    head = Head(words.digest) if mistrusted else self._head(words)
                    segments = self._brought_up(head, source, versions, words)
                    return SpotIndex(segments, versions, words)
                except DamagedSpotsError:
                    # All of it is made anew; where that is no better, the disk is of no use.
                    continue
                except OSError:
                    break
        # The disk is full, read-only or broken: memory is dearer, and finds the same.
        return SpotIndex(in_memory(_known(source, versions), words), versions, words)

    def forget(self) -> None:
        """Remove all files.

        Raises:
            OSError: the disk refuses.
        """
        with self._lock:
            self._open.clear()
            self._head_file.forget()
            for path in self._folder.glob(f"*{_SUFFIX}"):
                path.unlink(missing_ok=True)

    def _brought_up(
        self, head: Head, source: SpotSource, versions: Mapping[str, int], words: Vocabulary
    ) -> list[SpotSegment]:
        """Return the segments of the folder, with all that is asked for added to it.

        Raises:
            DamagedSpotsError: a file is not what was written.
            OSError: the disk refuses.
        """
        kept = {file: self._opened(file) for file in head.files}
        there = {
            entry
            for segment in kept.values()
            for entry in zip(segment.photos, segment.versions.tolist(), strict=True)
        }
        missing = {photo: at for photo, at in versions.items() if (photo, at) not in there}
        if missing:
            # Like doubling an array: few files, and each photo is written again a few times.
            waiting = _known(source, missing)
            while added := list(islice(waiting, MOST_PHOTOS)):
                while kept and (last := next(reversed(kept))).photos <= 2 * len(added):
                    if last.photos + len(added) > MOST_PHOTOS:
                        break
                    added = [*_others(kept.pop(last), added), *added]
                file = write_segment(self._folder, f"{uuid4().hex}{_SUFFIX}", added, words)
                kept[file] = self._opened(file)
                # Whoever is stopped meanwhile goes on from here.
                self._write_head(Head(words.digest, tuple(kept)))
            kept = _without_superseded(kept)
            self._write_head(Head(words.digest, tuple(kept)))
            self._tidy(kept)
        self._open = kept
        return list(kept.values())

    def _opened(self, file: SpotFile) -> SpotSegment:
        return self._open.get(file) or open_segment(self._folder, file)

    def _head(self, words: Vocabulary) -> Head:
        """Return what lies in the folder; an empty head if nothing that can be used."""
        empty = Head(words.digest)
        document = self._head_file.read()
        if document is None:
            return empty
        if document["format"] != _FORMAT or document["vocabulary"] != words.digest:
            return empty
        return Head(words.digest, tuple(SpotFile(**file) for file in document["files"]))

    def _write_head(self, head: Head) -> None:
        self._head_file.write({"format": _FORMAT, **asdict(head)})

    def _tidy(self, kept: Mapping[SpotFile, SpotSegment]) -> None:
        """Remove files that no head names any more."""
        named = {file.name for file in kept}
        long_ago = time.time() - _KEPT_SECONDS
        remove_drafts(self._folder)
        for path in self._folder.glob(f"*{_SUFFIX}"):
            with contextlib.suppress(OSError):
                if path.name not in named and path.stat().st_mtime < long_ago:
                    path.unlink()


def _known(source: SpotSource, versions: Mapping[str, int]) -> Iterator[KnownSpots]:
    for photo, features in source.features(list(versions)):
        yield KnownSpots(photo, versions[photo], features)


def _others(segment: SpotSegment, added: Sequence[KnownSpots]) -> list[KnownSpots]:
    """Return the photos of a segment of which no newer spots were added."""
    newer = {known.photo for known in added}
    return [known for known in segment.everything() if known.photo not in newer]


def _without_superseded(kept: dict[SpotFile, SpotSegment]) -> dict[SpotFile, SpotSegment]:
    """Leave out the files that hold no photo of which no later file has newer spots."""
    later: set[str] = set()
    needed = []
    for file, segment in reversed(kept.items()):
        if not later.issuperset(segment.photos):
            needed.append(file)
        later.update(segment.photos)
    return {file: kept[file] for file in reversed(needed)}
