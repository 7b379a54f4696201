"""Encodings of many faces in one file that never changes, read in blocks, each of them encrypted.

A block is ids (n,) int64, quality (n, 2) float32, then for each model squared lengths (n,) float32
and vectors (n, d) float32, little-endian, and zeros up to a whole 64-bit word. It is sealed by the
file's own key, which stands in the head: to open it takes as long as a sum over it would, and tells
as surely whether it is what was written. The disk is not trusted.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from media_index.errors import MediaIndexError
from media_index.files.atomic import write_whole
from media_index.files.seal import KEY_BYTES, TAG_BYTES, FileSeal

Floats = NDArray[np.float32]

# 4 MiB of two encodings: read into the same buffer each time, it stays in the processor's cache.
BLOCK_ROWS = 4096
_WORD = 8


class DamagedVectorsError(MediaIndexError):
    """A file of vectors is not what was written; it is made anew, and nobody sees this."""


@dataclass(frozen=True, slots=True, eq=False)
class EncodedFaces:
    """Encodings of some faces, as the database holds them.

    Attributes:
        ids: (n,) int64, ascending.
        quality: (n, 2) float32, norm (NaN where it is unknown) and prominence of `FaceQuality`.
        vectors: by model id, (n, d) float32.
        unsound: how many faces were left out beside them: what is encoded of them is damaged.
    """

    ids: NDArray[np.int64]
    quality: Floats
    vectors: Mapping[str, Floats]
    unsound: int = field(default=0, kw_only=True)

    def __getitem__(self, some: slice) -> EncodedFaces:
        """Return some of the faces, copied."""
        vectors = {model: rows[some].copy() for model, rows in self.vectors.items()}
        return EncodedFaces(self.ids[some].copy(), self.quality[some].copy(), vectors)

    def columns(self) -> Iterator[bytes]:
        """Return all of it as it is laid out in a file."""
        yield self.ids.astype("<i8").tobytes()
        yield self.quality.astype("<f4").tobytes()
        for rows in self.vectors.values():
            yield np.einsum("nd,nd->n", rows, rows).astype("<f4").tobytes()
            yield rows.astype("<f4").tobytes()


@dataclass(frozen=True, slots=True, eq=False)
class VectorBlock(EncodedFaces):
    """Encodings of some faces in a file, with their squared lengths, (n,) float32 by model id.

    The arrays are overwritten by the next block's.
    """

    squares: Mapping[str, Floats]


@dataclass(frozen=True, slots=True)
class Segment:
    """What is known of a file: faces in it, their highest id, its key in hexadecimal digits."""

    name: str
    rows: int
    last: int
    dimensions: tuple[int, ...]
    key: str = field(repr=False)

    @property
    def row_bytes(self) -> int:
        """Return how many bytes a face takes."""
        return 16 + sum(4 + 4 * length for length in self.dimensions)

    def block_bytes(self, rows: int) -> int:
        """Return how many bytes a block of so many faces takes before it is sealed."""
        return -(-rows * self.row_bytes // _WORD) * _WORD

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
        seal = FileSeal(bytes.fromhex(self.key))
        most = self.block_bytes(min(BLOCK_ROWS, self.rows))
        closed, space = np.empty(most + TAG_BYTES, np.uint8), np.empty(most, np.uint8)
        with path.open("rb", buffering=0) as stream:
            for index, first in enumerate(range(0, self.rows, BLOCK_ROWS)):
                rows = min(BLOCK_ROWS, self.rows - first)
                size = self.block_bytes(rows)
                sealed, content = closed[: size + TAG_BYTES], space[:size]
                whole = stream.readinto(sealed.data) == sealed.nbytes
                about = _about(self.name, rows)
                if not whole or not seal.open_into(content.data, index, sealed.data, about):
                    raise DamagedVectorsError(f"{self.name} is damaged in block {index}.")
                yield self._apart(content, rows, models)

    def _apart(self, content: NDArray[np.uint8], rows: int, models: Sequence[str]) -> VectorBlock:
        ids = content[: 8 * rows].view("<i8")
        quality = content[8 * rows : 16 * rows].view("<f4").reshape(rows, 2)
        vectors, squares, start = {}, {}, 16 * rows
        for model, dimensions in zip(models, self.dimensions, strict=True):
            squares[model] = content[start : start + 4 * rows].view("<f4")
            start += 4 * rows
            flat = content[start : start + 4 * rows * dimensions].view("<f4")
            vectors[model] = flat.reshape(rows, dimensions)
            start += 4 * rows * dimensions
        return VectorBlock(ids, quality, vectors, squares)


def write_segment(path: Path, blocks: Iterable[EncodedFaces]) -> Segment | None:
    """Write a file of vectors, whole or not at all: blocks of any sizes, in the order of the ids.

    Returns:
        What to read it by; None if there were no faces, and no file then.

    Raises:
        OSError: the disk refuses.
    """
    key = os.urandom(KEY_BYTES)
    seal = FileSeal(key)
    rows, last = 0, 0
    dimensions: list[int] = []

    def parts() -> Iterator[bytes]:
        nonlocal rows, last
        for index, block in enumerate(_even(blocks)):
            if not dimensions:
                dimensions.extend(vectors.shape[1] for vectors in block.vectors.values())
            content = b"".join(block.columns())
            # Of one model alone, an odd number of faces ends in half a word.
            content += bytes(-len(content) % _WORD)
            rows, last = rows + len(block.ids), int(block.ids[-1])
            yield seal.sealed(index, content, _about(path.name, len(block.ids)))

    write_whole(path, parts())
    if not rows:
        path.unlink()
        return None
    return Segment(path.name, rows, last, tuple(dimensions), key.hex())


def _about(name: str, rows: int) -> str:
    return f"vectors/{name}/{rows}"


def _even(blocks: Iterable[EncodedFaces]) -> Iterator[EncodedFaces]:
    """Cut blocks of any size into those of the file."""
    waiting: list[EncodedFaces] = []
    count = 0
    for block in blocks:
        waiting.append(block[:])
        count += len(block.ids)
        if count >= BLOCK_ROWS:
            together = _joined(waiting)
            whole = count // BLOCK_ROWS * BLOCK_ROWS
            for start in range(0, whole, BLOCK_ROWS):
                yield together[start : start + BLOCK_ROWS]
            waiting = [together[whole:]]
            count -= whole
    if count:
        yield _joined(waiting)


def _joined(blocks: Sequence[EncodedFaces]) -> EncodedFaces:
    return EncodedFaces(
        np.concatenate([block.ids for block in blocks]),
        np.concatenate([block.quality for block in blocks]),
        {
            model: np.concatenate([block.vectors[model] for block in blocks])
            for model in blocks[0].vectors
        },
    )
