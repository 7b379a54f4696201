"""Check photos beside registers of more and more people who are made up, each in its own home."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from consent.bootstrap import build_services
from consent.cli.check import FLAGGED, NOTHING_TO_COMPARE
from consent.cli.trial_register import OF_EACH, MadeUpRegister
from consent.settings import ROOT, Settings
from media_index.bench.setting import BenchError, photos_below, setting
from media_index.files.kinds import SUFFIXES

Tell = Callable[[int, int], None]

# Whatever is made once for a register is made by the check before the one that is measured.
_BEFORE = ROOT / "data" / "samples" / "originals"


def measure_checks(
    folder: Path, people: Sequence[int], limit: int, use: str, seed: int, tell: Tell
) -> dict[str, Any]:
    """Check photos as `likeness check` does, in processes of their own, and say what each costs.

    Args:
        folder: of photos, searched with those below it.
        people: how many there are in the register, each time.
        limit: photos at most, drawn evenly from the folder.
        use: what the photos are wanted for.
        seed: of the draw.
        tell: told how many registers are done.

    Raises:
        BenchError: there are no photos, the check fails, or no system tells what it costs.
    """
    if sys.platform == "win32":
        raise BenchError(
            "On Windows, the cost of another process can't be measured: use another system."
        )
    every = photos_below(folder, SUFFIXES)
    if not every:
        raise BenchError(f"{folder} has no photos.")
    count = min(limit, len(every))
    photos = [every[number * len(every) // count] for number in range(count)]
    rows = []
    for done, size in enumerate(people):
        with tempfile.TemporaryDirectory() as place:
            home = Path(place) / "home"
            home.mkdir()
            fill(home, size, seed)
            first = Path(place) / "first.jpg"
            shutil.copy(next(_BEFORE.rglob("*.jpg")), first)
            rows.append(
                {
                    "people": size,
                    "first_cpu_seconds": cpu_seconds(home, [first], use),
                    "cpu_seconds": cpu_seconds(home, photos, use),
                }
            )
        tell(done + 1, len(people))
    least = rows[0]["cpu_seconds"]
    for row in rows:
        row["times"] = round(row["cpu_seconds"] / least, 3)
    return {
        "photos": len(photos),
        "references": OF_EACH,
        "registers": rows,
        "seed": seed,
        "machine": setting(folder, seed).machine,
    }


def fill(home: Path, count: int, seed: int) -> None:
    """Make a data home with so many made-up people in its register."""
    shutil.copytree(Settings().weights, home / "weights")
    maker = MadeUpRegister(build_services(Settings(home=home, database_url="")), seed)
    list(maker.register(maker.faces(count)))


def cpu_seconds(home: Path, photos: Sequence[Path], use: str) -> float:
    """Return the processor time of a check, with that of its workers."""
    words = [sys.executable, "-m", "consent.cli", "check", "--use", use, "--json"]
    environment = {**os.environ, "LIKENESS_HOME": str(home), "LIKENESS_DATABASE_URL": ""}
    before = os.times()
    ran = subprocess.run(  # noqa: S603 - ours
        [*words, "--", *map(str, photos)],
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    after = os.times()
    if ran.returncode not in {0, FLAGGED, NOTHING_TO_COMPARE}:
        said = (ran.stderr.strip().splitlines() or ["it ended"])[-1]
        raise BenchError(f"The photos could not be checked: {said}")
    spent = (after.children_user - before.children_user) + (
        after.children_system - before.children_system
    )
    return round(spent, 2)
