"""Folders to fingerprints and problems, over any executor, with flat memory."""

from __future__ import annotations

import multiprocessing
import os
import signal
import stat
import threading
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import BrokenExecutor, Executor, Future
from dataclasses import dataclass
from multiprocessing.process import BaseProcess
from pathlib import Path
from typing import Generic, ParamSpec, Protocol, TypeVar

import cv2

from media_index.errors import ImageError, InstallationError
from media_index.files.apart import STOPPED
from media_index.files.kinds import (
    RAW_SUFFIXES,
    Kind,
    kind_of,
    may_be_looked_at,
    suffix_of,
)
from media_index.files.places import Place, absolute, head_of, mode_of
from media_index.files.shots import SHOT_BYTES, shot_of
from media_index.files.urls import UrlPlace
from media_index.types import Problem, ProblemCode

Arguments = ParamSpec("Arguments")
Result = TypeVar("Result")

# Enough to keep every worker busy, few enough that results never pile up.
IN_FLIGHT = 16
_NOTHING_THERE = "There is no such file or folder: check the path."


class OfFile(Protocol):
    """Work on a file that needs more than its path."""

    @property
    def path(self) -> Place:
        """Of the file."""
        ...


Task = TypeVar("Task", bound=Path | UrlPlace | OfFile)


@dataclass(frozen=True, slots=True)
class Ingested(Generic[Task, Result]):
    """What came of one file: of the work, or why there is none."""

    task: Task
    outcome: Result | Problem

    @property
    def path(self) -> Place:
        """Of the file."""
        return _path(self.task)


def _path(task: Place | OfFile) -> Place:
    return task if isinstance(task, Path | UrlPlace) else task.path


def find_photos(
    paths: Sequence[Place], leave_out: Path | None = None
) -> tuple[list[Place], list[Problem]]:
    """List the files named, whatever they are, and the pictures in folders named and below.

    Of a folder all is listed that its content does not show to be no picture: what cannot be read
    here must be named. Only a camera's raw file is left out, where the JPEG of the same shot lies
    beside it. The folder to leave out is not searched when one above it is: the data home with its
    thumbnails.

    Returns:
        Absolute paths in order, each once; and a problem for each path that is not there.
    """
    found: dict[Place, None] = {}
    named = {absolute(path) for path in paths}
    problems: list[Problem] = []
    for path in paths:
        place = absolute(path)
        if isinstance(place, UrlPlace):
            found.update(dict.fromkeys(_photos_at(place, problems, leave_out)))
            continue
        for photo in _photos_of(place, problems, leave_out):
            refusal = _refusal(photo)
            if refusal is None:
                found[photo] = None
            else:
                problems.append(Problem(_shown(photo), ProblemCode.UNREADABLE, refusal))
    beside: dict[str, list[Place]] = {}
    for other in found:
        if not _is_raw(other):
            beside.setdefault(_stem(other), []).append(other)
    return [
        photo
        for photo in found
        if photo in named
        or not _is_raw(photo)
        or not _shows_the_shot_of(photo, beside.get(_stem(photo), ()))
    ], problems


def _photos_of(place: Path, problems: list[Problem], leave_out: Path | None) -> Iterator[Path]:
    try:
        mode = mode_of(place)
    except OSError as error:
        problems.append(Problem(_shown(place), ProblemCode.UNREADABLE, _hidden(error)))
        return
    if mode is not None and stat.S_ISDIR(mode):
        yield from _photos_below(place, problems, leave_out)
    elif os.path.lexists(place):
        yield place
    else:
        problems.append(Problem(_shown(place), ProblemCode.UNREADABLE, _NOTHING_THERE))


def _hidden(error: OSError) -> str:
    return (
        f"It could not be looked at ({error.strerror}): check its name, and that you may open "
        "its folder."
    )


def _photos_at(
    place: UrlPlace, problems: list[Problem], leave_out: Path | None
) -> Iterator[UrlPlace]:
    def refused(found: UrlPlace, reason: str) -> None:
        problems.append(Problem(found, ProblemCode.UNREADABLE, reason))

    try:
        for file in place.files_below(refused, leave_out):
            if file == place or _is_listed(file):
                yield file
    except FileNotFoundError:
        refused(place, _NOTHING_THERE)
    except OSError as error:
        why = f"It could not be opened ({error.strerror or error})"
        refused(place, f"{why}: check that it can be reached, and that you may read it.")


def _is_listed(place: Place) -> bool:
    try:
        return may_be_looked_at(place.name, lambda size: head_of(place, size))
    except OSError:
        # Who reads it words the problem. Programs hide locks and links that lead nowhere.
        return not place.name.startswith(".")


def _is_raw(place: Place) -> bool:
    return suffix_of(place.name) in RAW_SUFFIXES


def _shows_the_shot_of(raw: Place, others: Sequence[Place]) -> bool:
    """Say whether one of the other files is the same shot: by camera and moment, not by name."""
    if not others:
        return False
    try:
        shot = shot_of(head_of(raw, SHOT_BYTES))
        heads = (head_of(other, SHOT_BYTES) for other in others) if shot else ()
        return any(
            kind_of(head) is Kind.PHOTO and shot is not None and shot.is_same_as(shot_of(head))
            for head in heads
        )
    except OSError:
        return False


def _stem(place: Place) -> str:
    """Return a place without its suffix, in which two formats of one picture agree."""
    return str(place)[: -len(Path(place.name).suffix)].casefold()


def _refusal(path: Path) -> str | None:
    """Say why a path is not even opened, if so; links that lead nowhere fail when opened."""
    try:
        mode = mode_of(path)
    except OSError as error:
        return _hidden(error)
    if mode is not None and not stat.S_ISREG(mode):
        return "It is not a file but a device or a pipe: name the photo itself."
    if str(_shown(path)) != str(path):
        return "The file name can't be read: rename the file."
    return None


def _shown(path: Path) -> Path:
    """Return a path that can be printed and kept: some names are bytes that are no text."""
    return Path(os.fsencode(path).decode("utf-8", "backslashreplace"))


def _photos_below(folder: Path, problems: list[Problem], leave_out: Path | None) -> Iterator[Path]:
    def refused(error: OSError) -> None:
        problems.append(
            Problem(
                _shown(Path(error.filename or folder)),
                ProblemCode.UNREADABLE,
                f"The folder could not be opened ({error.strerror}): ask who may read it.",
            ),
        )

    walked = {os.path.realpath(folder)}
    if leave_out is not None:
        walked.add(os.path.realpath(leave_out))
    for parent, folders, names in os.walk(folder, onerror=refused, followlinks=True):
        real = {name: os.path.realpath(Path(parent) / name) for name in folders}
        # A link to a folder already walked would lead round in circles.
        folders[:] = sorted(name for name in folders if real[name] not in walked)
        walked.update(real.values())
        for name in sorted(names):
            if _is_listed(Path(parent) / name):
                yield Path(parent) / name


def ingest(
    tasks: Iterable[Task],
    work: Callable[[Task], Result | Problem],
    make_executor: Callable[[], Executor],
    in_flight: int = IN_FLIGHT,
) -> Iterator[Ingested[Task, Result]]:
    """Work on files in parallel.

    A file that kills its worker costs the others in flight a second try, one by one, and is then
    itself reported as a problem. So is a file that the work fails on in any other way.

    Tasks and work are picklable for executors of other processes. `make_executor` is called again
    when an executor has broken.

    Yields:
        Each file with its outcome, in the order given unless a worker died.
    """
    waiting = deque(tasks)
    while waiting:
        suspects: deque[Task] = deque()
        with make_executor() as executor:
            yield from _until_broken(executor, waiting, work, suspects, in_flight)
        while suspects:
            with make_executor() as executor:
                yield from _one_by_one(executor, suspects, work)


def _until_broken(
    executor: Executor,
    waiting: deque[Task],
    work: Callable[[Task], Result | Problem],
    suspects: deque[Task],
    in_flight: int,
) -> Iterator[Ingested[Task, Result]]:
    """Work through the queue; on a broken executor leave the unfinished files as suspects."""
    flying: deque[tuple[Task, Future[Result | Problem]]] = deque()
    try:
        while waiting or flying:
            try:
                while waiting and len(flying) < in_flight:
                    flying.append((waiting[0], executor.submit(work, waiting[0])))
                    waiting.popleft()
            except BrokenExecutor:
                # The files in flight tell which; the one at hand was not handed out.
                if not flying:
                    suspects.append(waiting.popleft())
            if flying:
                task, future = flying.popleft()
                if isinstance(future.exception(), BrokenExecutor):
                    suspects.append(task)
                else:
                    yield Ingested(task, _outcome(task, future))
            if suspects and not flying:
                return
    finally:
        # Stopped in between: what no worker has begun is not waited for.
        for _, future in flying:
            future.cancel()


def _one_by_one(
    executor: Executor, suspects: deque[Task], work: Callable[[Task], Result | Problem]
) -> Iterator[Ingested[Task, Result]]:
    """Work through the suspects until one breaks the executor: that one it was."""
    while suspects:
        task = suspects.popleft()
        try:
            future = executor.submit(work, task)
        except BrokenExecutor as error:
            future = Future()
            future.set_exception(error)
        yield Ingested(task, _outcome(task, future))
        if isinstance(future.exception(), BrokenExecutor):
            return


def _outcome(task: Task, future: Future[Result | Problem]) -> Result | Problem:
    error = future.exception()
    if error is None:
        return future.result()
    if not isinstance(error, Exception | SystemExit):
        raise error
    if isinstance(error, ImageError | InstallationError):
        code = error.code if isinstance(error, ImageError) else ProblemCode.UNREADABLE
        return Problem(_path(task), code, str(error), may_pass=True)
    if isinstance(error, BrokenExecutor | SystemExit):
        # A library that calls exit() ends no more than one that crashes. Nothing may be wrong with
        # the file: a system without memory left ends programs, too.
        return Problem(_path(task), ProblemCode.DECODER_CRASHED, STOPPED, may_pass=True)
    reason = (
        f"Reading the photo failed unexpectedly ({type(error).__name__}): export it again as JPEG."
    )
    return Problem(_path(task), ProblemCode.DECODER_CRASHED, reason)


def use_one_thread() -> None:
    """Leave the other processors to the other workers."""
    cv2.setNumThreads(1)


def prepare_worker() -> None:
    """Prepare a process that works beside others: one OpenCV thread, and no longer life than ours.

    A worker whose parent was killed would wait for work for ever, with its models in memory. Ctrl-C
    reaches every process of a terminal: the parent hears it, and lets its workers end.
    """
    use_one_thread()
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    parent = multiprocessing.parent_process()
    if parent is not None:
        threading.Thread(target=_end_after, args=(parent,), daemon=True).start()


def _end_after(parent: BaseProcess) -> None:
    parent.join()
    os._exit(1)
