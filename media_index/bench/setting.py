"""What an answer of a measurement says about where and how it was measured."""

from __future__ import annotations

import os
import platform
import sys
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from math import sqrt
from pathlib import Path

import cv2

from media_index.errors import MediaIndexError

# As data/policy.toml has it for "a person must look"; a test holds the two together.
REVIEW_PER_MILLION = 20.0
MIB = 1 << 20


class BenchError(MediaIndexError):
    """The folder does not hold what is measured."""


@dataclass(frozen=True, slots=True)
class Setting:
    """Where, when and how: what makes a figure repeatable."""

    folder: str
    seed: int
    date: str
    machine: str
    software: str

    def to_dict(self) -> dict[str, object]:
        """Return it for JSON."""
        return asdict(self)


def setting(folder: Path, seed: int) -> Setting:
    """Describe this machine and this day."""
    return Setting(
        folder=str(folder),
        seed=seed,
        date=datetime.now(UTC).date().isoformat(),
        machine=f"{_processor()}, {os.cpu_count()} cores, {platform.system()}",
        software=f"Python {platform.python_version()}, OpenCV {cv2.__version__}",
    )


def _processor() -> str:
    try:
        with open("/proc/cpuinfo", encoding="utf-8") as lines:  # noqa: PTH123 - no path of ours
            names = [line.partition(":")[2].strip() for line in lines if "model name" in line]
    except OSError:
        names = []
    return names[0] if names else platform.processor() or platform.machine()


def peak_mib() -> float | None:
    """Return the most memory that this process has held; None where nobody says (Windows)."""
    if sys.platform == "win32":
        return None
    import resource  # noqa: PLC0415 - not there on Windows

    most = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return round(most / MIB if sys.platform == "darwin" else most / 1024, 1)


def wilson(count: int, total: int, z: float = 1.96) -> list[float]:
    """Return the 95 % interval of a share (E. B. Wilson, 1927); [0, 1] of nothing.

    `z` is the quantile of the normal distribution.
    """
    if not total:
        return [0.0, 1.0]
    share, square = count / total, z * z
    middle = (share + square / (2 * total)) / (1 + square / total)
    inner = share * (1 - share) / total + square / (4 * total * total)
    half = z * sqrt(inner) / (1 + square / total)
    return [round(max(0.0, middle - half), 5), round(min(1.0, middle + half), 5)]


def photos_below(folder: Path, suffixes: frozenset[str] | set[str] | tuple[str, ...]) -> list[Path]:
    """Return the photos of a folder and those below it, sorted.

    Raises:
        BenchError: there is no such folder.
    """
    if not folder.is_dir():
        raise BenchError(f"{folder} is not a folder: name one that has photos.")
    return sorted(path for path in folder.rglob("*") if path.suffix.lower() in suffixes)
