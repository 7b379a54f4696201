"""How fast faces and hashes are searched: made-up ones, as many as wanted, and nothing kept."""

from __future__ import annotations

import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from media_index.bench.made_up import MadeUpFaces
from media_index.bench.setting import REVIEW_PER_MILLION, setting
from media_index.bench.timing import MIB, forget_cached, median_seconds, peak_mib
from media_index.matching.calibration import shipped_calibration
from media_index.matching.copies import distances
from media_index.matching.scores import person_scores, template_weights, unrounded_scores
from media_index.matching.search import TemplateMatrix
from media_index.vectors.folder import Head, VectorFolder, search
from media_index.vectors.segment import EncodedFaces

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from numpy.typing import NDArray

    from media_index.bench.made_up import Encodings

_PLANTED = 20
_OWNER = "sought"


def measure_sweep(
    faces: int,
    templates: int = 3,
    seed: int = 1,
    folder: Path | None = None,
    tell: Callable[[int, int], None] | None = None,
) -> dict[str, Any]:
    """Search made-up faces for one person, warm and cold, and hold what is found to a plain loop.

    Args:
        faces: how many, twenty of them of the person.
        templates: of the person.
        seed: of the draw.
        folder: where the files are made, and removed again; the system's own by default.
        tell: told how many faces are written, of how many.
    """
    calibration = shipped_calibration()
    drawn = MadeUpFaces(calibration, seed)
    person = drawn.faces(1)
    references = drawn.near(person, templates, share=0.3)
    bar = calibration.score_at(REVIEW_PER_MILLION)
    sought = TemplateMatrix(calibration, references, [_OWNER] * templates, {_OWNER: bar})
    with tempfile.TemporaryDirectory(dir=folder) as place:
        vectors = VectorFolder(Path(place))
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
        "cold_seconds": None if cold is None else round(cold, 4),
        "warm_seconds": round(warm, 4),
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
    tell: Callable[[int, int], None] | None,
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


def measure_check(
    templates: int = 5000, faces: int = 5, references: int = 2, seed: int = 1
) -> dict[str, Any]:
    """Compare the faces of one photo with a register.

    Args:
        templates: in the register.
        faces: in the photo.
        references: templates of each person.
        seed: of the draw.
    """
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
    """Search PDQ hashes for one.

    Args:
        count: hashes of 256 bits.
        seed: of the draw.
    """
    random = np.random.default_rng(seed)
    words = random.integers(0, 1 << 64, (4, count), dtype=np.uint64)
    one = random.bytes(32)
    taken = median_seconds(lambda: distances(words, one), 11)
    rows = np.ascontiguousarray(words.T).view(np.uint8)
    asked = np.frombuffer(one, np.uint8)

    def plainly() -> NDArray[np.int64]:
        return np.asarray(np.bitwise_count(rows ^ asked).sum(axis=1, dtype=np.int64))

    plain = median_seconds(plainly, 3)
    return {
        "hashes": count,
        "bits": 256,
        "milliseconds": round(taken * 1000, 3),
        "plain_milliseconds": round(plain * 1000, 3),
        "times_plain": round(plain / taken, 1),
        "same_as_plain": bool((distances(words, one) == plainly()).all()),
        "rss_mib": peak_mib(),
        "seed": seed,
        "machine": setting(Path(), seed).machine,
    }
