"""Work on somebody's file in a process of its own, which may take so much time and memory, no more.

Decoders are written in C, and files come from anywhere: one may crash its decoder, fill the memory,
or never be done. The process that asks goes on in each of these cases, and can say so.

The work is a function of a module, with arguments and a result that can be pickled. Arrays and the
like go through the pipe as they are. The process is kept for the next file, and ends when the one
that asked does.
"""

from __future__ import annotations

import atexit
import contextlib
import faulthandler
import importlib
import os
import pickle
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from enum import Enum, auto
from pathlib import Path
from typing import Any, BinaryIO, ClassVar, ParamSpec, TypeVar, cast

from media_index.errors import InstallationError, MediaIndexError

Arguments = ParamSpec("Arguments")
Result = TypeVar("Result")

MEBIBYTE = 1024 * 1024
# Not more at a time, so that many sessions of one server cannot fill the machine together.
_MOST_AT_A_TIME = 4
# One that has become so large is not kept for the next file: memory freed is not always given back.
_LARGE = 512 * MEBIBYTE
_FOR_EVER = float("inf")
# After the time is up the asking process ends this one; where it cannot, this one ends by itself.
_GRACE_SECONDS = 10
_ROOT = str(Path(__file__).resolve().parents[2])
_START = "from media_index.files.bounded import serve; serve()"
_NUMBER = 8


@dataclass(frozen=True, slots=True)
class Bounds:
    """What opening one file may take.

    Attributes:
        seconds: by the clock on the wall.
        memory: bytes; held by Linux alone. Elsewhere the bounds of pixels and bytes must do. None
            where nothing binds it.
    """

    seconds: float = 20.0
    memory: int | None = 1400 * MEBIBYTE


BOUNDS = Bounds()


class Ending(Enum):
    """How work ended that gave no result."""

    TOO_LONG = auto()
    TOO_LARGE = auto()
    DIED = auto()


class BoundsError(MediaIndexError):
    """Work that took more than it may, or whose process ended under it."""

    def __init__(self, ending: Ending, bounds: Bounds) -> None:
        """Say it in a sentence, and keep how it ended."""
        gibibytes = (bounds.memory or 0) / 1024**3
        super().__init__(
            {
                Ending.TOO_LONG: f"It takes longer than {bounds.seconds:.0f} seconds to open",
                Ending.TOO_LARGE: f"It takes more than {gibibytes:.1f} GiB of memory to open",
                Ending.DIED: "It makes the program stop",
            }[ending]
            + ": save it again in a common format and size."
        )
        self.ending = ending


@dataclass(frozen=True, slots=True)
class _Answer:
    result: Any = None
    error: BaseException | None = None
    # The most memory of the process so far, bytes; 0 where nobody can tell.
    peak: int = 0


class _Process:
    """A process that works on one file after another."""

    def __init__(self, memory: int | None, module: str) -> None:
        self.memory = memory
        self.peak = 0
        # By the monotonic clock: when it was last done with something.
        self.done_at = time.monotonic()
        environment = {
            **os.environ,
            "PYTHONPATH": os.pathsep.join(filter(None, [_ROOT, *sys.path])),
        }
        if memory is not None:
            # Each thread of a library for linear algebra reserves memory.
            environment["OPENBLAS_NUM_THREADS"] = "1"
        self._process = subprocess.Popen(  # noqa: S603 - our own interpreter, on our own module
            [sys.executable, "-c", _START, str(memory or 0), module],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            env=environment,
            creationflags=getattr(subprocess, "CREATE_NO_WINDOW", 0),
        )
        _widen(*self._pipes)
        self._lock = threading.Lock()
        self._waiting = False
        self._expired = False

    @property
    def alive(self) -> bool:
        return self._process.poll() is None

    def ask(self, bounds: Bounds, work: tuple[Any, ...]) -> _Answer:
        """Have work done within the bounds.

        Raises:
            BoundsError: it was not.
        """
        stdin, stdout = self._pipes
        self._waiting = True
        timer = threading.Timer(bounds.seconds, self._expire)
        timer.daemon = True
        timer.start()
        try:
            _write(stdin, (bounds.seconds, *work))
            answer = _read(stdout)
        except (OSError, EOFError, pickle.UnpicklingError, ValueError) as error:
            raise BoundsError(self._ending(), bounds) from error
        finally:
            timer.cancel()
            with self._lock:
                self._waiting = False
        if not isinstance(answer, _Answer) or self._expired:
            raise BoundsError(self._ending(), bounds)
        self.peak = answer.peak
        return answer

    @property
    def _pipes(self) -> tuple[BinaryIO, BinaryIO]:
        return cast("BinaryIO", self._process.stdin), cast("BinaryIO", self._process.stdout)

    def _expire(self) -> None:
        with self._lock:
            if self._waiting:
                self._expired = True
                self._process.kill()

    def _ending(self) -> Ending:
        return Ending.TOO_LONG if self._expired else Ending.DIED

    def end(self) -> None:
        """End it, and wait until it has."""
        self._process.kill()
        for pipe in self._pipes:
            # What was on its way to a process that has gone cannot be written any more.
            with contextlib.suppress(OSError):
                pipe.close()
        self._process.wait()


def _widen(*pipes: BinaryIO) -> None:
    """Let more of a picture into a pipe at a time: three times as fast, where a system can."""
    if sys.platform == "linux":
        import fcntl  # noqa: PLC0415 - of Unix alone

        for pipe in pipes:
            # Somebody who has many open pipes may not widen another one.
            with contextlib.suppress(OSError):
                fcntl.fcntl(pipe, fcntl.F_SETPIPE_SZ, MEBIBYTE)


class Processes:
    """Processes for one kind of work: so many at a time, of which one is kept for what comes next.

    Args:
        most: how many work at a time; who comes later waits.
        large: bytes; one that has become so large is not kept.
        idle: seconds after which one that nobody needed is ended.
    """

    _all: ClassVar[list[Processes]] = []

    def __init__(self, most: int, *, large: int = _LARGE, idle: float = _FOR_EVER) -> None:
        self._at_a_time = threading.BoundedSemaphore(most)
        self._lock = threading.Lock()
        self._large, self._idle_seconds = large, idle
        self._idle: list[_Process] = []
        self._watched = False
        self._all.append(self)

    def bounded(
        self,
        bounds: Bounds,
        work: Callable[Arguments, Result],
        /,
        *args: Arguments.args,
        **kwargs: Arguments.kwargs,
    ) -> Result:
        """Do work on a file in the other process, and return its result.

        Raises:
            BoundsError: it took too long or too much memory, or ended the process.
            InstallationError: the other process could not be started.
            Exception: what the work itself raised.
        """
        with self._at_a_time:
            process = self._taken(bounds.memory)
            try:
                answer = process.ask(bounds, (work, args, kwargs))
            except BaseException:
                process.end()
                raise
            self._given_back(process)
        if answer.error is None:
            return cast("Result", answer.result)
        if isinstance(answer.error, MemoryError):
            raise BoundsError(Ending.TOO_LARGE, bounds) from answer.error
        if not isinstance(answer.error, Exception):
            # A library that calls exit() ends nothing but its own work.
            raise BoundsError(Ending.DIED, bounds) from answer.error
        raise answer.error

    def make_ready(self, bounds: Bounds, module: str) -> None:
        """Start the other process, and let it import a module, before there is work for it.

        Raises:
            InstallationError: it could not be started.
        """
        with self._lock:
            if not self._idle:
                self._idle.append(_started(bounds.memory, module))

    def _taken(self, memory: int | None) -> _Process:
        with self._lock:
            while self._idle:
                process = self._idle.pop()
                if process.memory == memory and process.alive:
                    return process
                process.end()
        return _started(memory)

    def _given_back(self, process: _Process) -> None:
        process.done_at = time.monotonic()
        with self._lock:
            if process.peak <= self._large and not self._idle:
                self._idle.append(process)
                self._watch()
                return
        process.end()

    def _watch(self) -> None:
        if self._idle_seconds < _FOR_EVER and not self._watched:
            self._watched = True
            timer = threading.Timer(self._idle_seconds, self._end_idle)
            timer.daemon = True
            timer.start()

    def _end_idle(self) -> None:
        """End what nobody has needed for long."""
        before = time.monotonic() - self._idle_seconds
        with self._lock:
            self._watched = False
            ended = [process for process in self._idle if process.done_at <= before]
            self._idle[:] = [process for process in self._idle if process.done_at > before]
            if self._idle:
                self._watch()
        for process in ended:
            process.end()

    def end(self) -> None:
        """End those that wait for work."""
        with self._lock:
            while self._idle:
                self._idle.pop().end()

    @classmethod
    def end_all(cls) -> None:
        """End those of every kind."""
        for processes in cls._all:
            processes.end()

    def forget(self) -> None:
        """Leave them to the process from which this one was forked.

        Two that ask one, each through the same pipe, would get each other's answers.
        """
        self._idle.clear()

    @classmethod
    def forget_all(cls) -> None:
        """Leave those of every kind."""
        for processes in cls._all:
            processes.forget()


def _started(memory: int | None, module: str = __name__) -> _Process:
    try:
        return _Process(memory, module)
    except OSError as error:
        raise InstallationError(
            f"No process could be started to open files in ({error.strerror}): end other "
            "programs, and try again."
        ) from error


_opening = Processes(_MOST_AT_A_TIME)
bounded = _opening.bounded
make_ready = _opening.make_ready

atexit.register(Processes.end_all)
if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=Processes.forget_all)


def serve() -> None:
    """Do what is asked through the pipe, until nobody is at its other end any more."""
    _bind(int(sys.argv[1]))
    questions = os.fdopen(os.dup(0), "rb", buffering=0)
    answers = os.fdopen(os.dup(1), "wb", buffering=0)
    # What decoders print is for nobody, and would spoil the answers.
    nowhere = os.open(os.devnull, os.O_RDWR)
    for stream in (0, 1, 2):
        os.dup2(nowhere, stream)
    importlib.import_module(sys.argv[2])
    while True:
        try:
            seconds, *question = _read(questions)
        except EOFError:
            return
        except (ImportError, AttributeError) as error:
            _write(answers, _Answer(error=error))
            continue
        faulthandler.dump_traceback_later(seconds + _GRACE_SECONDS, exit=True, file=nowhere)
        answer = _answer(*question)
        faulthandler.cancel_dump_traceback_later()
        try:
            _write(answers, answer)
        except BrokenPipeError:
            return
        except (MemoryError, pickle.PicklingError, TypeError, AttributeError) as error:
            _write(answers, _Answer(error=RuntimeError(f"{type(error).__name__}: {error}")))


def _answer(work: Callable[..., object], args: Any, kwargs: Any) -> _Answer:  # noqa: ANN401
    try:
        return _Answer(work(*args, **kwargs), peak=_peak())
    except BaseException as error:  # noqa: BLE001 - a library that calls exit() too
        return _Answer(error=error.with_traceback(None), peak=_peak())


def _bind(memory: int) -> None:
    """Bind this process to so many bytes, if any, and leave nothing of what it read behind."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    if sys.platform != "win32":
        import resource  # noqa: PLC0415 - Windows has none

        if memory:
            _, most = resource.getrlimit(resource.RLIMIT_DATA)
            allowed = memory if most == resource.RLIM_INFINITY else min(memory, most)
            resource.setrlimit(resource.RLIMIT_DATA, (allowed, most))
        # A crash would write the photo in memory to the disk.
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def _peak() -> int:
    """Return the most memory that this process had, bytes; 0 where it is not known.

    Not by `getrusage`: that counts what the process had from which this one was made.
    """
    if sys.platform != "linux":
        return 0
    lines = Path("/proc/self/status").read_text("ascii", "replace").splitlines()
    return next(int(line.split()[1]) * 1024 for line in lines if line.startswith("VmHWM"))


def _write(pipe: BinaryIO, message: object) -> None:
    """Write a message: how many parts, how long each is, and the parts, the pickle first."""
    buffers: list[pickle.PickleBuffer] = []
    pickled = pickle.dumps(message, protocol=5, buffer_callback=buffers.append)
    parts = [memoryview(pickled), *(buffer.raw() for buffer in buffers)]
    lengths = [len(parts), *(part.nbytes for part in parts)]
    _write_all(pipe, memoryview(b"".join(number.to_bytes(_NUMBER, "big") for number in lengths)))
    for part in parts:
        _write_all(pipe, part)
    pipe.flush()


def _write_all(pipe: BinaryIO, part: memoryview) -> None:
    while part:
        part = part[pipe.write(part) :]


def _read(pipe: BinaryIO) -> Any:  # noqa: ANN401 - whatever was written
    """Read a message.

    Raises:
        EOFError: there is none, or only its beginning.
    """
    count = _number(pipe)
    lengths = [_number(pipe) for _ in range(count)]
    pickled, *buffers = [_read_all(pipe, length) for length in lengths]
    # Only our own process writes here.
    return pickle.loads(pickled, buffers=buffers)  # noqa: S301


def _number(pipe: BinaryIO) -> int:
    return int.from_bytes(_read_all(pipe, _NUMBER), "big")


def _read_all(pipe: BinaryIO, length: int) -> bytearray:
    found = bytearray(length)
    left = memoryview(found)
    while left:
        some = pipe.readinto(left)  # type: ignore[attr-defined]
        if not some:
            raise EOFError
        left = left[some:]
    return found
