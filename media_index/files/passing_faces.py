"""Encodings that are compared and not kept: in memory, for as long as somebody holds them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import Executor
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from typing import Protocol

from media_index.files.places import Place, is_file_now, place_of
from media_index.files.pool import IN_FLIGHT, ingest
from media_index.types import Face, Fingerprint, Problem

# Some 2 kB each; beyond that the oldest are forgotten, and their photos read again.
_MOST_FACES = 100_000
# A pool of processes takes seconds to load its models.
_FEW_PHOTOS = 4


class Places(Protocol):
    """Where photos lie."""

    def places_of(self, photos: Sequence[str]) -> Mapping[str, Sequence[str]]:
        """Return the paths of photos by SHA-256."""
        ...


@dataclass(slots=True)
class _Held:
    faces: dict[str, tuple[Face, ...]] = field(default_factory=dict)
    count: int = 0
    unread: set[str] = field(default_factory=set)


class PassingFaces:
    """Reads the files of photos again for their encodings, while they are held; else never."""

    def __init__(
        self,
        fingerprint: Callable[[Place], Fingerprint | Problem],
        make_executor: Callable[[int], Executor],
        workers: int,
        place: Callable[[str], Place] = place_of,
    ) -> None:
        """Say how a file is fingerprinted, by how many processes, and where a path leads."""
        self._fingerprint, self._make_executor, self._place = fingerprint, make_executor, place
        self._workers = workers
        self._held: ContextVar[_Held | None] = ContextVar("held", default=None)

    @contextmanager
    def held(self) -> Iterator[None]:
        """Hold what is read or noted, and forget it at the end of the outermost block."""
        if self._held.get() is not None:
            yield
            return
        token = self._held.set(_Held())
        try:
            yield
        finally:
            self._held.reset(token)

    @property
    def is_held(self) -> bool:
        """Whether files are read again where encodings are asked for."""
        return self._held.get() is not None

    @property
    def unread(self) -> int:
        """How many photos could not be read again since the outermost block began."""
        held = self._held.get()
        return 0 if held is None else len(held.unread)

    def note(self, photos: Iterable[Fingerprint]) -> None:
        """Hold the faces of photos that were just read; nothing where nobody holds any."""
        held = self._held.get()
        if held is None:
            return
        for photo in photos:
            held.count += len(photo.faces) - len(held.faces.pop(photo.sha256, ()))
            held.faces[photo.sha256] = photo.faces
            held.unread.discard(photo.sha256)
        while held.count > _MOST_FACES and len(held.faces) > 1:
            held.count -= len(held.faces.pop(next(iter(held.faces))))

    def __call__(self, places: Places, photos: Sequence[str]) -> dict[str, tuple[Face, ...]]:
        """Return the faces of photos with their encodings, of those that can be read."""
        held = self._held.get()
        if held is None:
            return {}
        found = {sha256: held.faces[sha256] for sha256 in photos if sha256 in held.faces}
        wanted = [one for one in photos if one not in found and one not in held.unread]
        lying = places.places_of(wanted) if wanted else {}
        for photo in self._read(lying):
            self.note([photo])
            found[photo.sha256] = photo.faces
        # What never lay anywhere came with a case, and is compared as its reference.
        held.unread |= {sha256 for sha256, paths in lying.items() if paths and sha256 not in found}
        return found

    def _read(self, lying: Mapping[str, Sequence[str]]) -> Iterator[Fingerprint]:
        wanted: dict[Place, str] = {}
        for sha256, paths in lying.items():
            there = next(filter(is_file_now, map(self._place, paths)), None)
            if there is not None:
                wanted[there] = sha256
        workers = 1 if len(wanted) <= _FEW_PHOTOS else min(self._workers, len(wanted))
        outcomes = ingest(
            list(wanted),
            self._fingerprint,
            lambda: self._make_executor(workers),
            max(IN_FLIGHT, 2 * workers),
        )
        for item in outcomes:
            # The file may be another photo by now.
            if isinstance(item.outcome, Fingerprint) and item.outcome.sha256 == wanted[item.path]:
                yield item.outcome
