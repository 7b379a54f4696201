"""How fast faces and hashes are searched: made-up ones, as many as wanted, and nothing kept."""

from __future__ import annotations

import os
import statistics
import tempfile
import time
from collections.abc import Callable, Iterator
from math import log10
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from media_index.bench.setting import MIB, REVIEW_PER_MILLION, peak_mib, setting
from media_index.faces.encode import DLIB
from media_index.files.seal import KEY_BYTES, Seal
from media_index.matching.calibration import Calibration, ModelScale, shipped_calibration
from media_index.matching.copies import distances
from media_index.matching.scores import person_scores, template_weights, unrounded_scores
from media_index.matching.search import TemplateMatrix
from media_index.vectors.folder import Head, VectorFolder, search
from media_index.vectors.segment import EncodedFaces

Encodings = dict[str, NDArray[np.float32]]
Tell = Callable[[int, int], None]

# dlib's encodings are about as long as this; they are compared by distance.
DLIB_LENGTH = 1.4
DIMENSIONS = 128
_AT_ONCE = 20_000
_FEWEST = 1_000
_PLANTED = 20
_OWNER = "sought"


def measure_sweep(
    faces: int,
    templates: int = 3,
    seed: int = 1,
    folder: Path | None = None,
    tell: Tell | None = None,
) -> dict[str, Any]:
    """Search made-up faces for one person, warm and cold, and hold what is found to a plain loop.

    Twenty of the faces are of the person. `tell` is told how many are written, of how many.
    """
    calibration = shipped_calibration()
    drawn = MadeUpFaces(calibration, seed)
    person = drawn.faces(1)
    references = drawn.near(person, templates, share=0.3)
    bar = calibration.score_at(REVIEW_PER_MILLION)
    sought = TemplateMatrix(calibration, references, [_OWNER] * templates, {_OWNER: bar})
    with tempfile.TemporaryDirectory(dir=folder) as place:
        vectors = VectorFolder(Path(place), Seal(os.urandom(KEY_BYTES)))
        start = time.perf_counter()
        head = vectors.extend(
            Head("bench", tuple(calibration.scales)), _numbered(drawn, person, faces, tell), "bench"
        )
        written = time.perf_counter() - start
        cold = None
        if forget_cached(Path(place)):
            cold = median_seconds(lambda: list(search(vectors.blocks(head), sought)), 1)
        warm = median_seconds(lambda: list(search(vectors.blocks(head), sought)), 5)
        rss = peak_mib()
        found = _found(vectors, head, sought)
        start = time.perf_counter()
        expected = _by_plain_loop(vectors, head, references, np.float32(bar))
        plain = time.perf_counter() - start
        size = sum(path.stat().st_size for path in Path(place).iterdir())
    return {
        "faces": faces,
        "templates": templates,
        "write_seconds": round(written, 3),
        "cold_seconds": None if cold is None else round(cold, 6),
        "warm_seconds": round(warm, 6),
        "plain_loop_seconds": round(plain, 3),
        "times_plain_loop": round(plain / warm, 1),
        "found": len(found),
        "same_as_plain_loop": found == expected,
        "file_mib": round(size / MIB, 1),
        "rss_mib": rss,
        "seed": seed,
        "machine": setting(Path(), seed).machine,
    }


def _numbered(
    drawn: MadeUpFaces,
    person: Encodings,
    count: int,
    tell: Tell | None,
) -> Iterator[EncodedFaces]:
    planted = min(_PLANTED, count)
    yield _as_stored(1, drawn.near(person, planted))
    done = planted
    for block in drawn.blocks(count - planted):
        yield _as_stored(done + 1, block)
        done += len(next(iter(block.values())))
        if tell is not None:
            tell(done, count)


def _as_stored(first: int, vectors: Encodings) -> EncodedFaces:
    """Number faces, of good quality."""
    count = len(next(iter(vectors.values())))
    quality = np.tile(np.array([shipped_calibration().quality.usual, 1.0], np.float32), (count, 1))
    return EncodedFaces(np.arange(first, first + count), quality, vectors)


def _found(vectors: VectorFolder, head: Head, sought: TemplateMatrix) -> set[int]:
    """Do what a sweep does: score exactly what the search lets through."""
    possible = set(search(vectors.blocks(head), sought))
    found: set[int] = set()
    for block in vectors.blocks(head):
        rows = np.flatnonzero(np.isin(block.ids, list(possible)))
        if len(rows):
            pairs = sought.found({model: kept[rows] for model, kept in block.vectors.items()})
            found.update(block.ids[rows[pairs.rows]].tolist())
    return found


def _by_plain_loop(
    vectors: VectorFolder, head: Head, references: Encodings, bar: np.float32
) -> set[int]:
    """Score every face in float64."""
    owners = [_OWNER] * len(next(iter(references.values())))
    of_each = template_weights(shipped_calibration(), references, owners)
    found: set[int] = set()
    for block in vectors.blocks(head):
        fused = unrounded_scores(shipped_calibration(), block.vectors, references)
        scores = person_scores(fused, owners, of_each)[1][:, 0].astype(np.float32)
        found.update(block.ids[scores >= bar].tolist())
    return found


def measure_comparing(
    templates: int = 5000, faces: int = 5, references: int = 2, seed: int = 1
) -> dict[str, Any]:
    """Compare the faces of one photo with a register of so many templates."""
    calibration = shipped_calibration()
    drawn = MadeUpFaces(calibration, seed)
    known, photo = drawn.faces(templates), drawn.faces(faces)
    owners = [str(number // references) for number in range(templates)]
    bar = calibration.score_at(REVIEW_PER_MILLION)
    start = time.perf_counter()
    sought = TemplateMatrix(calibration, known, owners, dict.fromkeys(owners, bar))
    loaded = time.perf_counter() - start
    taken = median_seconds(lambda: sought.found(photo), 51)
    plain = median_seconds(lambda: sought.scores(photo), 11)
    scores, pairs = sought.scores(photo), sought.found(photo)
    expected = {(int(row), int(column)) for row, column in np.argwhere(scores >= sought.bars)}
    return {
        "templates": templates,
        "references": references,
        "faces": faces,
        "stack_milliseconds": round(loaded * 1000, 2),
        "milliseconds": round(taken * 1000, 3),
        "plain_milliseconds": round(plain * 1000, 3),
        "found": len(expected),
        "same_as_plain": set(zip(pairs.rows.tolist(), pairs.columns.tolist(), strict=True))
        == expected,
        "rss_mib": peak_mib(),
        "seed": seed,
        "machine": setting(Path(), seed).machine,
    }


def measure_hashes(count: int, seed: int = 1) -> dict[str, Any]:
    """Search so many PDQ hashes, of 256 bits, for one."""
    random = np.random.default_rng(seed)
    words = random.integers(0, 1 << 64, (4, count), dtype=np.uint64)
    sought = random.bytes(32)
    taken = median_seconds(lambda: distances(words, sought), 11)
    rows = np.ascontiguousarray(words.T).view(np.uint8)
    asked = np.frombuffer(sought, np.uint8)

    def plainly() -> NDArray[np.int64]:
        return np.asarray(np.bitwise_count(rows ^ asked).sum(axis=1, dtype=np.int64))

    plain = median_seconds(plainly, 3)
    return {
        "hashes": count,
        "bits": 256,
        "milliseconds": round(taken * 1000, 3),
        "plain_milliseconds": round(plain * 1000, 3),
        "times_plain": round(plain / taken, 1),
        "same_as_plain": bool((distances(words, sought) == plainly()).all()),
        "rss_mib": peak_mib(),
        "seed": seed,
        "machine": setting(Path(), seed).machine,
    }


def measure_growth(
    most: int, seed: int = 1, folder: Path | None = None, tell: Tell | None = None
) -> dict[str, Any]:
    """Search made-up faces and photos, ten times as many each time, from 1,000 to the most.

    `tell` is told how many of the sizes are done.
    """
    counts = [10**power for power in range(round(log10(_FEWEST)), int(log10(most)) + 1)]
    sweeps, hashes = [], []
    for done, count in enumerate(counts, start=1):
        sweeps.append(measure_sweep(count, seed=seed, folder=folder))
        hashes.append(measure_hashes(count, seed))
        if tell is not None:
            tell(done, len(counts))
    return {"sweeps": sweeps, "hashes": hashes, "seed": seed, "machine": sweeps[0]["machine"]}


def growth_curves(answer: dict[str, Any]) -> dict[str, list[list[float]]]:
    """Return milliseconds over how many, by what was done."""
    sweeps, searches = answer["sweeps"], answer["hashes"]
    return {
        "Sweep, warm": [[sweep["faces"], 1000 * sweep["warm_seconds"]] for sweep in sweeps],
        "Plain loop": [[sweep["faces"], 1000 * sweep["plain_loop_seconds"]] for sweep in sweeps],
        "Copies, by PDQ": [[search["hashes"], search["milliseconds"]] for search in searches],
        "PDQ, plainly": [[search["hashes"], search["plain_milliseconds"]] for search in searches],
    }


def median_seconds(work: Callable[[], object], times: int) -> float:
    """Run something so often and return the median of the seconds that it took."""
    taken = []
    for _ in range(times):
        start = time.perf_counter()
        work()
        taken.append(time.perf_counter() - start)
    return statistics.median(taken)


def forget_cached(folder: Path) -> bool:
    """Have the system forget what it keeps in memory of a folder's files; say whether it can."""
    advise = getattr(os, "posix_fadvise", None)
    if advise is None:
        return False
    for path in folder.iterdir():
        with path.open("rb") as stream:
            os.fsync(stream.fileno())
            advise(stream.fileno(), 0, 0, os.POSIX_FADV_DONTNEED)
    return True


class MadeUpFaces:
    """Draws encodings whose similarity has the mean and the deviation that strangers' has.

    All lie around one direction, as far from it as the mean says, and spread over as many
    dimensions as the deviation says. Which strangers look most alike is not drawn from life.
    """

    def __init__(self, calibration: Calibration, seed: int) -> None:
        self._calibration = calibration
        self._random = np.random.default_rng(seed)

    def faces(self, count: int) -> Encodings:
        """Draw faces of strangers: by model id, (count, 128) float32."""
        drawn: Encodings = {}
        for model, scale in self._calibration.scales.items():
            length, middle, dimensions = _shape(model, scale)
            spread = self._random.standard_normal((count, dimensions), dtype=np.float32)
            spread /= np.linalg.norm(spread, axis=1, keepdims=True)
            rows = np.zeros((count, DIMENSIONS), np.float32)
            rows[:, :dimensions] = spread * np.float32(length * np.sqrt(1 - middle))
            rows[:, -1] = length * np.sqrt(middle)
            drawn[model] = rows
        return drawn

    def near(self, face: Encodings, count: int, share: float = 0.5) -> Encodings:
        """Draw faces that look like one: `share` of a stranger mixed in."""
        drawn: Encodings = {}
        for model, others in self.faces(count).items():
            mixed = (1 - share) * face[model][0] + share * others
            lengths = np.linalg.norm(mixed, axis=1, keepdims=True)
            drawn[model] = (mixed * np.linalg.norm(face[model][0]) / lengths).astype(np.float32)
        return drawn

    def blocks(self, count: int) -> Iterator[Encodings]:
        """Draw faces of strangers, 20,000 at a time."""
        for start in range(0, count, _AT_ONCE):
            yield self.faces(min(_AT_ONCE, count - start))


def _shape(model: str, scale: ModelScale) -> tuple[float, float, int]:
    """Return length, mean cosine and dimensions of the spread."""
    if model == DLIB:
        length = DLIB_LENGTH
        cosine = 1 - (scale.mean**2 + scale.deviation**2) / (2 * length**2)
        deviation = -scale.mean * scale.deviation / length**2
    else:
        length, cosine, deviation = 1.0, scale.mean, scale.deviation
    return length, cosine, min(DIMENSIONS - 1, round(((1 - cosine) / deviation) ** 2))
