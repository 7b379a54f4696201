"""Products of many vectors, as fast on a busy machine as on an idle one."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Floats = NDArray[np.float32]

# OpenBLAS calls its threads from 2**18 multiplications on, and waits for them: on a busy machine
# ten times as long as the products take. They are worth it from some millions on.
_ALONE = 1 << 18
_TOGETHER = 1 << 26


def products(left: Floats, right: Floats) -> Floats:
    """Return (m, n) float32 products of (m, d) vectors with (n, d) others."""
    (count, dimensions), others = left.shape, len(right)
    if count * others * dimensions >= _TOGETHER:
        return left @ right.T
    few, many = (left, right) if count < others else (right, left)
    step = max(1, _ALONE // max(1, len(few) * dimensions))
    answer = np.empty((len(many), len(few)), np.float32)
    for start in range(0, len(many), step):
        some = slice(start, start + step)
        np.dot(many[some], few.T, out=answer[some])
    return np.ascontiguousarray(answer.T) if few is left else answer
