"""Folders to fingerprints and problems, over any executor, with flat memory."""

from __future__ import annotations

import os
from collections import deque
from concurrent.futures import BrokenExecutor, Executor, Future
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, ParamSpec, TypeVar

from media_index.images import SUFFIXES
from media_index.types import Fingerprint, Problem, ProblemCode

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

Outcome = Fingerprint | Problem
Arguments = ParamSpec("Arguments")
Result = TypeVar("Result")

# Enough to keep every worker busy, few enough that results never pile up.
IN_FLIGHT = 16


@dataclass(frozen=True, slots=True)
class Ingested:
    """What came of one file."""

    path: Path
    outcome: Outcome


def find_photos(paths: Sequence[Path]) -> tuple[list[Path], list[Problem]]:
    """List the photos named, and those in the folders named and below.

    Args:
        paths: files, taken whatever their suffix, and folders, searched for photo suffixes.

    Returns:
        Absolute paths in order, each once; and a problem for each path that is not there.
    """
    found: dict[Path, None] = {}
    problems: list[Problem] = []
    for path in paths:
        place = Path(os.path.abspath(path))  # noqa: PTH100 - resolve() would follow links
        if place.is_dir():
            found.update(dict.fromkeys(_photos_below(place, problems)))
        elif place.exists():
            found[place] = None
        else:
            problems.append(
                Problem(
                    place,
                    ProblemCode.UNREADABLE,
                    "There is no such file or folder: check the path.",
                ),
            )
    return list(found), problems


def _photos_below(folder: Path, problems: list[Problem]) -> Iterator[Path]:
    def refused(error: OSError) -> None:
        problems.append(
            Problem(
                Path(error.filename or folder),
                ProblemCode.UNREADABLE,
                f"The folder could not be opened ({error.strerror}): ask who may read it.",
            ),
        )

    for parent, folders, names in os.walk(folder, onerror=refused):
        folders.sort()
        for name in sorted(names):
            # ._name files are what macOS leaves on network shares; no photos.
            if Path(name).suffix.lower() in SUFFIXES and not name.startswith("._"):
                yield Path(parent) / name


def ingest(
    paths: Iterable[Path],
    work: Callable[[Path], Outcome],
    make_executor: Callable[[], Executor],
) -> Iterator[Ingested]:
    """Fingerprint files in parallel.

    A file that kills its worker costs the others in flight a second try and is then itself
    reported as a problem.

    Args:
        paths: files.
        work: the unit of work; picklable for executors of other processes.
        make_executor: gives a fresh executor; called again when one has broken.

    Yields:
        Each file with its outcome, in the order given unless a worker died.
    """
    waiting = deque(paths)
    while waiting:
        suspects: list[Path] = []
        with make_executor() as executor:
            yield from _until_broken(executor, waiting, work, suspects)
        for path in suspects:
            yield Ingested(path, _alone(path, work, make_executor))


def _until_broken(
    executor: Executor,
    waiting: deque[Path],
    work: Callable[[Path], Outcome],
    suspects: list[Path],
) -> Iterator[Ingested]:
    """Work through the queue; on a broken executor leave the files in flight as suspects."""
    flying: deque[tuple[Path, Future[Outcome]]] = deque()
    while waiting or flying:
        try:
            while waiting and len(flying) < IN_FLIGHT:
                flying.append((waiting[0], executor.submit(work, waiting[0])))
                waiting.popleft()
            path, future = flying[0]
            outcome = future.result()
        except BrokenExecutor:
            suspects.extend(path for path, _ in flying)
            return
        flying.popleft()
        yield Ingested(path, outcome)


def _alone(
    path: Path,
    work: Callable[[Path], Outcome],
    make_executor: Callable[[], Executor],
) -> Outcome:
    with make_executor() as executor:
        try:
            return executor.submit(work, path).result()
        except BrokenExecutor:
            return Problem(
                path,
                ProblemCode.DECODER_CRASHED,
                "Reading the photo made the program that reads it stop: export it again as JPEG.",
            )


class InProcessExecutor(Executor):
    """Runs the work at once in this process; for a handful of files, where a pool costs more."""

    def submit(
        self, fn: Callable[Arguments, Result], /, *args: Arguments.args, **kwargs: Arguments.kwargs
    ) -> Future[Result]:
        """Run, and return a future that is done."""
        future: Future[Result] = Future()
        try:
            future.set_result(fn(*args, **kwargs))
        except Exception as error:  # noqa: BLE001 - an executor hands any error to the caller
            future.set_exception(error)
        return future
