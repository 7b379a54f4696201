"""Measure what encryption costs, in one run: a check of known photos, and a search of all faces.

python tools/measure_sealing.py [PEOPLE [FACES]]

Each is compared with the same without it: values that are remembered instead of opened, and vectors
in a plain file of which a sum is verified, as versions before had it.
"""

from __future__ import annotations

import hashlib
import math
import os
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from statistics import median
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

import numpy as np
from numpy.typing import NDArray

from consent.bootstrap import build_services
from consent.checking.check import check_photos
from consent.cli.trial_check import fill
from consent.domain.actors import Actor, Role
from consent.services import Services
from consent.settings import ROOT, Settings
from consent.storage import sealed
from consent.storage.index_keys import IndexSeals
from media_index.bench.setting import REVIEW_PER_MILLION
from media_index.bench.speed import MadeUpFaces
from media_index.files.seal import KEY_BYTES, Seal
from media_index.matching.calibration import shipped_calibration
from media_index.matching.search import TemplateMatrix
from media_index.vectors.folder import Head, VectorFolder, search
from media_index.vectors.segment import BLOCK_ROWS, EncodedFaces, Segment, VectorBlock

PEOPLE, FACES, TIMES, REFERENCES = 1000, 1_000_000, 15, 3
STAFF = Actor("bench", Role.DIRECTOR)


def check(services: Services, photos: list[Path]) -> float:
    """Check photos, and return the seconds of a processor."""
    begun = time.process_time()
    check_photos(services, photos, services.policy.use("instagram"), STAFF, jobs=1)
    return time.process_time() - begun


def measure_check(people: int) -> None:
    """Check photos that are known, with everything opened, and with everything remembered."""
    photos = sorted((ROOT / "data" / "samples").rglob("*.jpg"))
    known: dict[object, bytes | None] = {}
    real = sealed.open_value, IndexSeals.opened

    def value(about: str, owner: str, kept: bytes) -> bytes | None:
        key = about, owner, kept
        if key not in known:
            known[key] = real[0](about, owner, kept)
        return known[key]

    def encoding(seals: IndexSeals, face: int, model: str, kept: bytes) -> bytes | None:
        key = face, model, kept
        if key not in known:
            known[key] = real[1](seals, face, model, kept)
        return known[key]

    def use(functions: tuple[Any, Any]) -> None:
        setattr(sealed, "open_value", functions[0])  # noqa: B010 - mypy takes no other function
        setattr(IndexSeals, "opened", functions[1])  # noqa: B010 - the same

    with tempfile.TemporaryDirectory() as place:
        os.environ["LIKENESS_KEYS"] = str(Path(place) / "keys")
        home = Path(place) / "home"
        home.mkdir()
        fill(home, people, seed=1)
        services = build_services(Settings(home=home, database_url=""))
        check(services, photos)
        use((value, encoding))
        check(services, photos)
        took: dict[bool, list[float]] = {True: [], False: []}
        # In turn, so that whatever else the computer does falls on both.
        for number in range(2 * TIMES):
            opens = number % 2 == 0
            use(real if opens else (value, encoding))
            took[opens].append(check(services, photos))
        use(real)
    print(
        f"{len(photos)} known photos, {people:,} people, {len(known):,} values opened: "
        f"{median(took[True]):.2f} s with it, {_ratio(took):.3f} times as without"
    )


def measure_sweep(faces: int) -> None:
    """Search faces for one person in the files as they are, and in a plain one."""
    calibration = shipped_calibration()
    drawn = MadeUpFaces(calibration, 1)
    person = drawn.faces(1)
    owners = ["sought"] * REFERENCES
    bar = calibration.score_at(REVIEW_PER_MILLION)
    references = drawn.near(person, REFERENCES, share=0.3)
    sought = TemplateMatrix(calibration, references, owners, {"sought": bar})
    with tempfile.TemporaryDirectory() as place:
        folder = VectorFolder(Path(place), Seal(os.urandom(KEY_BYTES)))
        models = tuple(calibration.scales)
        head = folder.extend(Head("measured", models), _numbered(drawn, faces), "measured")
        (segment,) = head.segments
        plain = Path(place) / "plain"
        sums = _write_plain(plain, folder.blocks(head))
        took: dict[bool, list[float]] = {True: [], False: []}
        for number in range(2 * TIMES):
            opens = number % 2 == 0
            blocks = folder.blocks(head) if opens else _read_plain(plain, sums, segment, models)
            begun = time.process_time()
            list(search(blocks, sought))
            took[opens].append(time.process_time() - begun)
    print(
        f"A sweep of {faces:,} faces: {median(took[True]):.3f} s with it, "
        f"{_ratio(took):.3f} times as without"
    )


def measure_rows(faces: int) -> None:
    """Read encodings row by row, as where many people are compared with all of the index."""
    seal, packed = Seal(os.urandom(KEY_BYTES)), os.urandom(512)
    kept = seal.sealed(packed, "about")
    begun = time.process_time()
    for _ in range(faces):
        seal.opened(kept, "about")
    micro = (time.process_time() - begun) / faces * 1e6
    print(f"An encoding read alone: {micro:.1f} microseconds")


def _numbered(drawn: MadeUpFaces, faces: int) -> Iterator[EncodedFaces]:
    first = 1
    for vectors in drawn.blocks(faces):
        count = len(next(iter(vectors.values())))
        usual = [shipped_calibration().quality.usual, 1.0]
        quality = np.tile(np.array(usual, np.float32), (count, 1))
        yield EncodedFaces(np.arange(first, first + count), quality, vectors)
        first += count


def _write_plain(path: Path, blocks: Iterator[VectorBlock]) -> list[bytes]:
    sums = []
    with path.open("wb") as out:
        for block in blocks:
            content = b"".join(block.columns())
            out.write(content)
            sums.append(_sum(np.frombuffer(content, np.uint64)))
    return sums


def _read_plain(
    path: Path, sums: list[bytes], segment: Segment, models: tuple[str, ...]
) -> Iterator[VectorBlock]:
    space = np.empty(segment.block_bytes(BLOCK_ROWS), np.uint8)
    with path.open("rb", buffering=0) as stream:
        for index, expected in enumerate(sums):
            rows = min(BLOCK_ROWS, segment.rows - index * BLOCK_ROWS)
            content = space[: segment.block_bytes(rows)]
            stream.readinto(content.data)
            if _sum(content.view(np.uint64)) != expected:
                raise SystemExit("The plain file is damaged.")
            yield segment._apart(content, rows, models)  # noqa: SLF001 - as the program takes it apart


def _sum(words: NDArray[np.uint64]) -> bytes:
    """Return the sum that versions before verified: of rows and of columns of a square of words."""
    side = math.isqrt(len(words))
    square = words[: side * side].reshape(side, side)
    parts = [square.sum(axis=0), square.sum(axis=1), words[side * side :]]
    return hashlib.blake2b(b"".join(part.tobytes() for part in parts), digest_size=8).digest()


def _ratio(took: dict[bool, list[float]]) -> float:
    # Of neighbors in time: the middle one is of a quiet moment.
    return median(mine / other for mine, other in zip(took[True], took[False], strict=True))


def main() -> None:
    """Measure, and print."""
    people, faces, *_ = [*map(int, sys.argv[1:]), *(PEOPLE, FACES)[len(sys.argv) - 1 :]]
    measure_check(people)
    measure_sweep(faces)
    measure_rows(100_000)


if __name__ == "__main__":
    main()
