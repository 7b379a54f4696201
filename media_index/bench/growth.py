"""How the cost of a search grows with the index."""

from __future__ import annotations

from math import log10
from typing import TYPE_CHECKING, Any

from media_index.bench.speed import measure_hashes, measure_sweep

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    Tell = Callable[[int, int], None]

_LEAST = 1_000


def measure_growth(
    most: int, seed: int = 1, folder: Path | None = None, tell: Tell | None = None
) -> dict[str, Any]:
    """Search made-up faces and photos, ten times as many each time, from 1,000 on.

    Args:
        most: faces, and photos.
        seed: of the draws.
        folder: where the files are made, and removed again; the system's own by default.
        tell: told how many of the sizes are done.
    """
    counts = [10**power for power in range(round(log10(_LEAST)), int(log10(most)) + 1)]
    sweeps, hashes = [], []
    for done, count in enumerate(counts, start=1):
        sweeps.append(measure_sweep(count, seed=seed, folder=folder))
        hashes.append(measure_hashes(count, seed))
        if tell is not None:
            tell(done, len(counts))
    return {"sweeps": sweeps, "hashes": hashes, "seed": seed, "machine": sweeps[0]["machine"]}


def growth_curves(answer: dict[str, Any]) -> dict[str, list[list[float]]]:
    """Return milliseconds over how many, by what was done."""
    sweeps, hashes = answer["sweeps"], answer["hashes"]
    return {
        "Sweep, warm": [[one["faces"], 1000 * one["warm_seconds"]] for one in sweeps],
        "Plain loop": [[one["faces"], 1000 * one["plain_loop_seconds"]] for one in sweeps],
        "Copies, by PDQ": [[one["hashes"], one["milliseconds"]] for one in hashes],
        "PDQ, plainly": [[one["hashes"], one["plain_milliseconds"]] for one in hashes],
    }
