"""Which of many faces reach a bar: a quick pass that never misses, then the plain arithmetic.

The quick pass multiplies in float32 and adds what rounding can have taken away, so that whatever
reaches its bar is among what it lets through. Only those are scored, in float64, by `matching`.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from media_index.encoding import BY_DISTANCE
from media_index.matching import person_scores, unrounded_scores
from media_index.products import products

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from numpy.typing import NDArray

    from media_index.calibration import Calibration

    Floats = NDArray[np.float32]

# Products in one go: 16 MiB of float32, which stays in the processor's cache or near it.
_PRODUCTS = 1 << 22
_MOST_ROWS = 4096
# Rounding error of a float32 product of n terms is at most n times this, relative to the norms.
_UNIT_ROUNDOFF = 2.0**-24
# For the few operations on fused scores (of size 20 at most) that come after.
_SCORE_SLACK = 1e-4


@dataclass(frozen=True, slots=True, eq=False)
class Pairs:
    """Faces that reach the bar of an owner.

    Attributes:
        rows: (k,) of the faces, ascending.
        columns: (k,) of the owners.
        scores: (k,) float32.
    """

    rows: NDArray[np.intp]
    columns: NDArray[np.intp]
    scores: Floats


class Sought:
    """Templates that are looked for, ready to be compared with any number of faces."""

    def __init__(
        self,
        calibration: Calibration,
        templates: Mapping[str, Floats],
        owners: Sequence[str],
        bars: Mapping[str, float],
    ) -> None:
        """Put the templates of an owner side by side.

        Args:
            calibration: scales and weights.
            templates: by model id, (m, d) float32.
            owners: whose template each is.
            bars: by owner, the fused score from which a face is a find.
        """
        self.calibration = calibration
        self.owners = list(dict.fromkeys(owners))
        place = {owner: column for column, owner in enumerate(self.owners)}
        columns = np.array([place[owner] for owner in owners], np.intp)
        order = np.argsort(columns, kind="stable")
        self._counts = np.bincount(columns, minlength=len(self.owners))
        self._starts = np.concatenate([[0], np.cumsum(self._counts)[:-1]]).astype(np.intp)
        self.bars = np.array([bars[owner] for owner in self.owners], np.float32)
        self._single = bool((self._counts == 1).all())
        self._exact = {
            model: templates[model][order].astype(np.float64) for model in calibration.scales
        }
        self._names = [owners[one] for one in order]
        self._prepare()

    def _prepare(self) -> None:
        """Fold scales and weights into the templates, so that few operations are left per face."""
        total = sum(scale.weight for scale in self.calibration.scales.values())
        constant, self._parts = 0.0, []
        for model, scale in self.calibration.scales.items():
            factor = scale.weight / total / scale.deviation
            constant -= factor * scale.mean
            rows = self._exact[model]
            squares = (rows**2).sum(axis=1)
            terms = rows.shape[1] + 8 if rows.ndim == 2 else 0  # noqa: PLR2004 - a matrix
            slack = 2 * terms * _UNIT_ROUNDOFF
            multiplier = -2.0 if model in BY_DISTANCE else factor
            folded = np.ascontiguousarray(multiplier * rows, dtype=np.float32)
            self._parts.append((model, folded, squares.astype(np.float32), factor, slack))
        self._least = (self.bars - constant - _SCORE_SLACK).astype(np.float32)[:, None]

    def scores(self, faces: Mapping[str, Floats]) -> Floats:
        """Return (n, owners) float32, the exact scores of all faces with all owners."""
        if not self.owners:
            return np.empty((len(next(iter(faces.values()))), 0), np.float32)
        _, merged = person_scores(
            unrounded_scores(self.calibration, faces, self._exact), self._names
        )
        return merged

    def found(self, faces: Mapping[str, Floats]) -> Pairs:
        """Return every face that reaches an owner's bar; the same as `scores` would give.

        Args:
            faces: by model id, (n, d) float32.
        """
        rows, columns = self.possible(faces)
        scores = np.empty(len(rows), np.float32)
        for column in np.unique(columns):
            start = self._starts[column]
            own = slice(start, start + self._counts[column])
            mine = np.flatnonzero(columns == column)
            fused = unrounded_scores(
                self.calibration,
                {model: faces[model][rows[mine]] for model in self.calibration.scales},
                {model: templates[own] for model, templates in self._exact.items()},
            )
            scores[mine] = person_scores(fused, self._names[own])[1][:, 0]
        kept = scores >= self.bars[columns]
        return Pairs(rows[kept], columns[kept], scores[kept])

    def possible(
        self, faces: Mapping[str, Floats], squares: Mapping[str, Floats] | None = None
    ) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
        """Return all pairs that can reach their bar, and some that just do not.

        Args:
            faces: by model id, (n, d) float32.
            squares: by model id, (n,) float32, squared lengths of the same; counted if not given.

        Returns:
            Rows, ascending, and columns of owners.
        """
        found = list(self._blocks(faces, squares))
        rows = [rows for rows, _ in found]
        columns = [columns for _, columns in found]
        nothing = np.empty(0, np.intp)
        return np.concatenate([nothing, *rows]), np.concatenate([nothing, *columns])

    def _blocks(
        self, faces: Mapping[str, Floats], squares: Mapping[str, Floats] | None
    ) -> Iterator[tuple[NDArray[np.intp], NDArray[np.intp]]]:
        if not self.owners:
            return
        count = len(next(iter(faces.values())))
        step = min(_MOST_ROWS, max(1, _PRODUCTS // len(self._names)))
        for start in range(0, count, step):
            some = slice(start, start + step)
            total: Floats | None = None
            for model, folded, of_templates, factor, slack in self._parts:
                block = faces[model][some]
                lengths = (
                    np.einsum("nd,nd->n", block, block) if squares is None else squares[model][some]
                )
                part = products(folded, block)
                if model in BY_DISTANCE:
                    # Squared distances, made smaller by all that rounding can have added.
                    part += np.float32(1 - slack) * of_templates[:, None]
                    part += np.float32(1 - slack) * lengths
                    np.maximum(part, 0, out=part)
                    np.sqrt(part, out=part)
                    part *= np.float32(-factor)
                else:
                    longest = lengths.max()
                    part += np.float32(factor * slack) * (of_templates[:, None] + longest)
                if total is None:
                    total = part
                else:
                    total += part
            if total is None:
                return
            columns, rows = np.nonzero(self._of_owners(total) >= self._least)
            order = np.argsort(rows, kind="stable")
            yield rows[order] + start, columns[order]

    def _of_owners(self, scores: Floats) -> Floats:
        """Bring (m, n) scores of templates down to (owners, n), as `person_scores` does."""
        if self._single:
            return scores
        best = np.maximum.reduceat(scores, self._starts, axis=0)
        mean = np.add.reduceat(scores, self._starts, axis=0)
        mean /= self._counts[:, None].astype(np.float32)
        best += mean
        best *= np.float32(0.5)
        return best
