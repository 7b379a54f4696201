"""Whether a vector of a face, or numbers like it, are written in plain anywhere in a folder."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view
from numpy.typing import NDArray

Floats = NDArray[np.float32]

_AT_ONCE = 50_000
# Two pictures of one face are less alike than this; what is no vector, far less.
_ALIKE = 0.9
_KINDS = ("<f4", "<f8")
# Of so many it is looked at whether anything is like them; of all, whether they are there as kept.
_MOST = 6


def files_with_vectors(folder: Path, wanted: Iterable[Floats]) -> set[str]:
    """Return the files in which any of (128,) vectors stands, a part of one, or a scaled copy."""
    vectors = list(wanted)
    parts = [part for vector in vectors for part in parts_of(vector)]
    some = vectors[:: max(1, len(vectors) // _MOST)]
    sought = np.stack([vector / np.linalg.norm(vector) for vector in some]).astype(np.float32).T
    files = (path for path in sorted(folder.rglob("*")) if path.is_file())
    return {
        path.relative_to(folder).as_posix()
        for path in files
        if "weights" not in path.parts and _holds(path.read_bytes(), parts, sought)
    }


def parts_of(vector: Floats) -> list[bytes]:
    """Cut a vector as it is kept: a page of the database may hold but a part of it."""
    plain = vector.astype("<f4").tobytes()
    return [plain[at : at + 64] for at in range(0, len(plain) - 64, 192)]


def _holds(content: bytes, parts: list[bytes], sought: Floats) -> bool:
    return any(part in content for part in parts) or any(
        bool((windows @ sought > _ALIKE * lengths[:, None]).any())
        for windows, lengths in _windows(content, len(sought))
    )


def _windows(content: bytes, size: int) -> Iterator[tuple[Floats, Floats]]:
    """Yield all that could be vectors, (n, size), wherever they begin, and their lengths."""
    for kind in _KINDS:
        width = np.dtype(kind).itemsize
        for start in range(width):
            count = (len(content) - start) // width
            if count < size:
                continue
            with np.errstate(all="ignore"):
                numbers = np.frombuffer(content, kind, count, start).astype(np.float32)
            # No vector has such numbers, and they would drown those beside them.
            amounts = np.abs(numbers)
            numbers = np.where((amounts > 1e-6) & (amounts < 1e3), numbers, 0)
            for first in range(0, count - size + 1, _AT_ONCE):
                some = numbers[first : first + _AT_ONCE + size - 1]
                windows = sliding_window_view(some, size)
                yield windows, np.sqrt(np.einsum("nd,nd->n", windows, windows) + 1e-9)
