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
from consent.cli.check import FLAGGED, NOT_CHECKED, NOTHING_TO_COMPARE
from consent.cli.trial_register import OF_EACH, MadeUpRegister
from consent.settings import ROOT, Settings
from media_index.bench.setting import BenchError, photos_below, setting
from media_index.files.kinds import SUFFIXES

Tell = Callable[[int, int], None]

# Whatever is made once for a register is made by the check before the one that is measured.
_BEFORE = ROOT / "data" / "samples" / "originals"


def measure_checks(
    folder: Path, people: Sequence[int], limit: int, use: str, seed: int, rounds: int, tell: Tell
) -> dict[str, Any]:
    """Check photos as `likeness check` does, in processes of their own, and say what each costs.

    Args:
        folder: of photos, searched with those below it.
        people: how many there are in the register, each time.
        limit: photos at most, drawn evenly from the folder.
        use: what the photos are wanted for.
        seed: of the draw.
        rounds: how often each register is measured, one after another; the least counts, for
            what else the computer does can only add to it.
        tell: told how many checks are done.

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
    with tempfile.TemporaryDirectory() as place:
        homes = [_ready(Path(place), size, use, seed) for size in people]
        every_round: list[list[float]] = [[] for _ in people]
        for number in range(rounds):
            for done, ((home, _), taken) in enumerate(zip(homes, every_round, strict=True), 1):
                # What is in the index is not looked at again, so that each round has its own.
                own = Path(place) / "own"
                shutil.copytree(home, own)
                taken.append(cpu_seconds(own, photos, use))
                shutil.rmtree(own)
                tell(number * len(people) + done, rounds * len(people))
    rows: list[dict[str, Any]] = [
        {"people": size, "first_cpu_seconds": first, "cpu_seconds": min(taken), "rounds": taken}
        for size, (_, first), taken in zip(people, homes, every_round, strict=True)
    ]
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


def _ready(place: Path, people: int, use: str, seed: int) -> tuple[Path, float]:
    """Make a data home in which one photo was checked, and say what that took."""
    home = place / f"home-{people}"
    home.mkdir()
    fill(home, people, seed)
    first = place / "first.jpg"
    shutil.copy(next(_BEFORE.rglob("*.jpg")), first)
    return home, cpu_seconds(home, [first], use)


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
    if ran.returncode not in {0, FLAGGED, NOT_CHECKED, NOTHING_TO_COMPARE}:
        said = (ran.stderr.strip().splitlines() or ["it ended"])[-1]
        raise BenchError(f"The photos could not be checked: {said}")
    spent = (after.children_user - before.children_user) + (
        after.children_system - before.children_system
    )
    return round(spent, 2)
