"""Work on files, and ways to fail at it: alone here, since each worker process imports it."""

from __future__ import annotations

import os
import signal
import sys
from pathlib import Path

from media_index.types import Problem, ProblemCode


def fine(path: Path) -> Problem:
    """Work whose outcome names the file and the process."""
    return Problem(path, ProblemCode.UNREADABLE, str(os.getpid()))


def deadly(path: Path) -> Problem:
    """Work that takes its process down, as a decoder's crash does."""
    if path.name in {"003.jpg", "021.jpg"}:
        os._exit(9)
    return fine(path)


def clumsy(path: Path) -> Problem:
    """Work that fails on one file in a way nobody foresaw."""
    if path.name == "003.jpg":
        raise ZeroDivisionError
    return fine(path)


def dead(path: Path) -> Problem:
    """Work that takes its process down whatever the file."""
    os._exit(9)


def quitting(path: Path) -> Problem:
    """Work in which a library calls exit(), as face_recognition does where its models are not."""
    if path.name == "003.jpg":
        sys.exit(0)
    return fine(path)


def segfaulting(*_asked: object, **_more: object) -> None:
    """Work in which a decoder reads where it must not."""
    os.kill(os.getpid(), signal.SIGSEGV)


def killed(*_asked: object, **_more: object) -> None:
    """Work during which the system runs out of memory."""
    os.kill(os.getpid(), signal.SIGKILL)


def leaving(*_asked: object, **_more: object) -> None:
    """Work in which a library ends the process, and says that all is well."""
    os._exit(0)


def exiting(*_asked: object, **_more: object) -> None:
    """Work in which a library calls exit(), and says that all is well."""
    sys.exit(0)
