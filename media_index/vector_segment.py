"""Encodings of many faces in one file that never changes, read in blocks and verified in passing.

A block is ids (n,) int64, then for each model squared lengths (n,) float32 and vectors (n, d)
float32, little-endian, and zeros up to a whole 64-bit word. The sum of its words stands in the
head; the disk is not trusted.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from media_index.errors import MediaIndexError
from media_index.files import write_whole

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence
    from pathlib import Path

    from numpy.typing import NDArray

    Floats = NDArray[np.float32]

# 4 MiB of two encodings: read into the same buffer each time, it stays in the processor's cache.
BLOCK_ROWS = 4096
_WORD = 8


class DamagedVectorsError(MediaIndexError):
    """A file of vectors is not what was written; it is made anew, and nobody sees this."""


@dataclass(frozen=True, slots=True, eq=False)
class VectorBlock:
    """Encodings of some faces. The arrays are overwritten by the next block that is read.

    Attributes:
        ids: (n,) int64, ascending.
        vectors: by model id, (n, d) float32.
        squares: by model id, (n,) float32, squared lengths.
    """

    ids: NDArray[np.int64]
    vectors: dict[str, Floats]
    squares: dict[str, Floats]


@dataclass(frozen=True, slots=True)
class Segment:
    """What is known of a file.

    Attributes:
        name: of the file.
        rows: faces in it.
        last: the highest id.
        dimensions: of each model's vectors.
        sums: of each block.
    """

    name: str
    rows: int
    last: int
    dimensions: tuple[int, ...]
    sums: tuple[int, ...]

    @property
    def row_bytes(self) -> int:
        """Return how many bytes a face takes."""
        return 8 + sum(4 + 4 * one for one in self.dimensions)

    def words(self, rows: int) -> int:
        """Return how many 64-bit words a block of so many faces takes."""
        return -(-rows * self.row_bytes // _WORD)

    def blocks(self, folder: Path, models: Sequence[str]) -> Iterator[VectorBlock]:
        """Read the file, block by block.

        Raises:
            DamagedVectorsError: it is not there, or not what was written.
        """
        try:
            yield from self._blocks(folder / self.name, models)
        except OSError as error:
            raise DamagedVectorsError(f"{self.name} cannot be read ({error.strerror}).") from error

    def _blocks(self, path: Path, models: Sequence[str]) -> Iterator[VectorBlock]:
        space = np.empty(self.words(min(BLOCK_ROWS, self.rows)), np.uint64)
        with path.open("rb", buffering=0) as stream:
            for place, expected in enumerate(self.sums):
                rows = min(BLOCK_ROWS, self.rows - place * BLOCK_ROWS)
                words = space[: self.words(rows)]
                read = stream.readinto(words.view(np.uint8).data)
                if read != words.nbytes or int(np.add.reduce(words)) != expected:
                    raise DamagedVectorsError(f"{self.name} is damaged in block {place}.")
                yield self._apart(words.view(np.uint8), rows, models)

    def _apart(self, content: NDArray[np.uint8], rows: int, models: Sequence[str]) -> VectorBlock:
        ids = content[: 8 * rows].view("<i8")
        vectors, squares, start = {}, {}, 8 * rows
        for model, dimensions in zip(models, self.dimensions, strict=True):
            squares[model] = content[start : start + 4 * rows].view("<f4")
            start += 4 * rows
            flat = content[start : start + 4 * rows * dimensions].view("<f4")
            vectors[model] = flat.reshape(rows, dimensions)
            start += 4 * rows * dimensions
        return VectorBlock(ids, vectors, squares)


def write_segment(
    path: Path, blocks: Iterable[tuple[NDArray[np.int64], Mapping[str, Floats]]]
) -> Segment | None:
    """Write a file of vectors, whole or not at all.

    Args:
        path: of the new file.
        blocks: ids and, by model id, vectors, in the order of the ids; of any sizes.

    Returns:
        What to read it by; None if there were no faces, and no file then.

    Raises:
        OSError: the disk refuses.
    """
    sums: list[int] = []
    rows, last = 0, 0
    dimensions: list[int] = []

    def parts() -> Iterator[bytes]:
        nonlocal rows, last
        for ids, vectors in _even(blocks):
            if not dimensions:
                dimensions.extend(one.shape[1] for one in vectors.values())
            content = b"".join((ids.astype("<i8").tobytes(), *_columns(vectors)))
            # Of one model alone, an odd number of faces ends in half a word.
            content += bytes(-len(content) % _WORD)
            sums.append(int(np.add.reduce(np.frombuffer(content, np.uint64))))
            rows, last = rows + len(ids), int(ids[-1])
            yield content

    write_whole(path, parts())
    if not sums:
        path.unlink()
        return None
    return Segment(path.name, rows, last, tuple(dimensions), tuple(sums))


def _columns(vectors: Mapping[str, Floats]) -> Iterator[bytes]:
    for rows in vectors.values():
        yield np.einsum("nd,nd->n", rows, rows).astype("<f4").tobytes()
        yield rows.astype("<f4").tobytes()


def _even(
    blocks: Iterable[tuple[NDArray[np.int64], Mapping[str, Floats]]],
) -> Iterator[tuple[NDArray[np.int64], dict[str, Floats]]]:
    """Cut blocks of any size into those of the file."""
    waiting: list[tuple[NDArray[np.int64], Mapping[str, Floats]]] = []
    count = 0
    for ids, vectors in blocks:
        waiting.append((ids.copy(), {model: rows.copy() for model, rows in vectors.items()}))
        count += len(ids)
        if count >= BLOCK_ROWS:
            together = _joined(waiting)
            whole = count // BLOCK_ROWS * BLOCK_ROWS
            for start in range(0, whole, BLOCK_ROWS):
                yield _cut(together, slice(start, start + BLOCK_ROWS))
            waiting = [_cut(together, slice(whole, None))]
            count -= whole
    if count:
        yield _joined(waiting)


def _joined(
    blocks: Sequence[tuple[NDArray[np.int64], Mapping[str, Floats]]],
) -> tuple[NDArray[np.int64], dict[str, Floats]]:
    models = list(blocks[0][1])
    return (
        np.concatenate([ids for ids, _ in blocks]),
        {model: np.concatenate([vectors[model] for _, vectors in blocks]) for model in models},
    )


def _cut(
    block: tuple[NDArray[np.int64], Mapping[str, Floats]], some: slice
) -> tuple[NDArray[np.int64], dict[str, Floats]]:
    ids, vectors = block
    return ids[some], {model: rows[some] for model, rows in vectors.items()}
