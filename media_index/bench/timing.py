"""Seconds and memory of this process."""

from __future__ import annotations

import os
import statistics
import sys
import time
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

MIB = 1 << 20


def median_seconds(work: Callable[[], object], times: int) -> float:
    """Run something so often and return the median of the seconds that it took."""
    taken = []
    for _ in range(times):
        start = time.perf_counter()
        work()
        taken.append(time.perf_counter() - start)
    return statistics.median(taken)


def peak_mib() -> float | None:
    """Return the most memory that this process has held; None where nobody says (Windows)."""
    if sys.platform == "win32":
        return None
    import resource  # noqa: PLC0415 - not there on Windows

    most = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return round(most / MIB if sys.platform == "darwin" else most / 1024, 1)


def forget_cached(folder: Path) -> bool:
    """Have the system forget what it keeps in memory of the files of a folder.

    Returns:
        Whether it can be asked to.
    """
    advise = getattr(os, "posix_fadvise", None)
    if advise is None:
        return False
    for path in folder.iterdir():
        with path.open("rb") as stream:
            os.fsync(stream.fileno())
            advise(stream.fileno(), 0, 0, os.POSIX_FADV_DONTNEED)
    return True
