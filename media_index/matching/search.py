"""Which of many faces reach a bar: a quick pass that never misses, then the plain arithmetic.

The quick pass multiplies in float32 and adds what rounding can have taken away, so that whatever
reaches its bar is among what it lets through. Only those are scored, in float64, by `scores`.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

from media_index.matching.calibration import BY_DISTANCE, Calibration
from media_index.matching.scores import (
    person_scores,
    similarity_of_pairs,
    template_weights,
    unrounded_scores,
)

Floats = NDArray[np.float32]

# OpenBLAS calls its threads from 2**18 multiplications on, and waits for them: on a busy machine
# ten times as long as the products take. They are worth it from some millions on.
_ALONE = 1 << 18
_TOGETHER = 1 << 26

Real = TypeVar("Real", np.float32, np.float64)

# Products in one go: 16 MiB of float32, which stays in the processor's cache or near it.
_PRODUCTS = 1 << 22
_MOST_ROWS = 4096
# Faces beside templates in one go: 16 MiB of float64 for each model.
_PAIRS = 1 << 13
# Rounding error of a float32 product of n terms is at most n times this, relative to the norms.
_UNIT_ROUNDOFF = 2.0**-24
# For the few operations on fused scores (of size 20 at most) that come after.
_SCORE_SLACK = 1e-4


@dataclass(frozen=True, slots=True, eq=False)
class Pairs:
    """Faces that reach the bar of an owner, (k,) each: rows, ascending, and columns of owners."""

    rows: NDArray[np.intp]
    columns: NDArray[np.intp]
    scores: Floats


class TemplateMatrix:
    """Templates that are looked for, ready to be compared with any number of faces."""

    def __init__(
        self,
        calibration: Calibration,
        templates: Mapping[str, Floats],
        owners: Sequence[str],
        bars: Mapping[str, float],
        terms: NDArray[np.float64] | None = None,
    ) -> None:
        """Put the templates of an owner side by side.

        Args:
            calibration: scales and weights.
            templates: by model id, (m, d) float32.
            owners: whose template each is.
            bars: by owner, the score from which a face is a find.
            terms: (m,) what the quality of each template adds to its scores, see `QualityTerm`.
        """
        self.calibration = calibration
        self.owners = list(dict.fromkeys(owners))
        column_of = {owner: column for column, owner in enumerate(self.owners)}
        columns = np.array([column_of[owner] for owner in owners], np.intp)
        order = np.argsort(columns, kind="stable")
        self._counts = np.bincount(columns, minlength=len(self.owners))
        self._starts = np.concatenate([[0], np.cumsum(self._counts)[:-1]]).astype(np.intp)
        self.bars = np.array([bars[owner] for owner in self.owners], np.float32)
        self._exact = {
            model: templates[model][order].astype(np.float64) for model in calibration.scales
        }
        self._names = [owners[row] for row in order]
        self._weights = template_weights(calibration, self._exact, self._names)
        if terms is None:
            terms = np.zeros(len(owners))
        self._terms = self._of_owners(terms[order]) / np.maximum(self._counts, 1)
        self._prepare()

    def _prepare(self) -> None:
        """Fold scales and weights into the templates: few operations are left per face."""
        self._parts: list[_Part] = []
        if not self.owners:
            return
        total = sum(scale.weight for scale in self.calibration.scales.values())
        constants = np.zeros(len(self.owners))
        for model, scale in self.calibration.scales.items():
            rows = self._exact[model]
            factors = scale.weight / total / scale.deviation * self._weights
            constants -= self._of_owners(factors * scale.mean)
            slack = 2 * (rows.shape[1] + 8) * _UNIT_ROUNDOFF
            if model in BY_DISTANCE:
                squares = (rows**2).sum(axis=1)
                folded = -2.0 * rows
            else:
                # A cosine is linear: the sum over an owner's templates is that of their sum.
                folded = self._of_owners(factors[:, None] * rows)
                squares = (folded**2).sum(axis=1)
            self._parts.append(
                _Part(
                    model,
                    np.ascontiguousarray(folded, dtype=np.float32),
                    squares.astype(np.float32)[:, None],
                    factors.astype(np.float32)[:, None],
                    slack,
                )
            )
        least = self.bars - self._terms - constants - _SCORE_SLACK
        self._least = least.astype(np.float32)[:, None]

    def scores(
        self, faces: Mapping[str, Floats], terms: NDArray[np.float64] | None = None
    ) -> Floats:
        """Return (n, owners) float32, the exact scores of all faces with all owners.

        Args:
            faces: by model id, (n, d) float32.
            terms: (n,) what the quality of each adds to its scores.
        """
        face_terms = _terms_of_each(terms, faces)
        if not self.owners:
            return np.empty((len(face_terms), 0), np.float32)
        fused = unrounded_scores(
            self.calibration,
            {model: faces[model] for model in self.calibration.scales},
            self._exact,
        )
        _, merged = person_scores(fused, self._names, self._weights)
        return (merged + face_terms[:, None] + self._terms).astype(np.float32)

    def _scores_of(
        self,
        faces: Mapping[str, Floats],
        face_terms: NDArray[np.float64],
        rows: NDArray[np.intp],
        columns: NDArray[np.intp],
    ) -> Floats:
        """Return (k,) the scores of some faces, each with one owner."""
        counts = self._counts[columns]
        first = np.cumsum(counts) - counts
        templates = np.arange(counts.sum()) - np.repeat(first - self._starts[columns], counts)
        of_faces = np.repeat(rows, counts)
        total = sum(scale.weight for scale in self.calibration.scales.values())
        fused = np.zeros(len(templates), np.float64)
        for model, scale in self.calibration.scales.items():
            ours = faces[model][of_faces].astype(np.float64)
            alike = similarity_of_pairs(model, ours, self._exact[model][templates])
            fused += scale.weight / total * (alike - scale.mean) / scale.deviation
        merged = np.add.reduceat(fused * self._weights[templates], first)
        return (merged + face_terms[rows] + self._terms[columns]).astype(np.float32)

    def found(self, faces: Mapping[str, Floats], terms: NDArray[np.float64] | None = None) -> Pairs:
        """Return every face that reaches an owner's bar; what `scores` takes, and would give."""
        rows, columns = self.possible(faces, terms)
        face_terms = _terms_of_each(terms, faces)
        scores = np.empty(len(rows), np.float32)
        step = max(1, _PAIRS // max(self._counts, default=1))
        for start in range(0, len(rows), step):
            some = slice(start, start + step)
            scores[some] = self._scores_of(faces, face_terms, rows[some], columns[some])
        kept = scores >= self.bars[columns]
        return Pairs(rows[kept], columns[kept], scores[kept])

    def possible(
        self,
        faces: Mapping[str, Floats],
        terms: NDArray[np.float64] | None = None,
        squares: Mapping[str, Floats] | None = None,
    ) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
        """Return all pairs that can reach their bar, and some that just do not.

        Args:
            faces: by model id, (n, d) float32.
            terms: (n,) what the quality of each adds to its scores.
            squares: by model id, (n,) float32, squared lengths of the same; counted if not given.

        Returns:
            Rows, ascending, and columns of owners.
        """
        nothing = np.empty(0, np.intp), np.empty(0, np.intp)
        rows, columns = zip(nothing, *self._blocks(faces, terms, squares), strict=True)
        return np.concatenate(rows), np.concatenate(columns)

    def _blocks(
        self,
        faces: Mapping[str, Floats],
        terms: NDArray[np.float64] | None,
        squares: Mapping[str, Floats] | None,
    ) -> Iterator[tuple[NDArray[np.intp], NDArray[np.intp]]]:
        if not self.owners:
            return
        count = len(next(iter(faces.values())))
        step = min(_MOST_ROWS, max(1, _PRODUCTS // len(self._names)))
        for start in range(0, count, step):
            some = slice(start, start + step)
            total: Floats | None = None
            for part in self._parts:
                block = faces[part.model][some]
                lengths = (
                    np.einsum("nd,nd->n", block, block)
                    if squares is None
                    else squares[part.model][some]
                )
                if part.model in BY_DISTANCE:
                    at_most = self._of_owners(part.by_distance(block, lengths))
                else:
                    at_most = part.by_cosine(block, lengths)
                total = at_most if total is None else np.add(total, at_most, out=total)
            if total is None:
                return
            if terms is not None:
                total += terms[some].astype(np.float32)
            columns, rows = np.nonzero(total >= self._least)
            order = np.argsort(rows, kind="stable")
            yield rows[order] + start, columns[order]

    def _of_owners(self, of_templates: NDArray[Real]) -> NDArray[Real]:
        """Add up what each template of an owner gives, (m, ...) to (owners, ...)."""
        if len(self.owners) == len(self._names):
            return of_templates
        return np.add.reduceat(of_templates, self._starts, axis=0)


def _terms_of_each(
    terms: NDArray[np.float64] | None, faces: Mapping[str, Floats]
) -> NDArray[np.float64]:
    return np.zeros(len(next(iter(faces.values())))) if terms is None else terms


@dataclass(frozen=True, slots=True, eq=False)
class _Part:
    """Templates by one model, made ready: what they give is never less than the exact score.

    Attributes:
        folded: (m, d) templates with all factors, or (owners, d) their sums.
        squares: (m, 1) or (owners, 1), their squared lengths; of distances, of the templates.
        factors: (m, 1) what a distance is multiplied with.
        slack: what rounding can add to a product, relative to the lengths.
    """

    model: str
    folded: Floats
    squares: Floats
    factors: Floats
    slack: float

    def by_distance(self, block: Floats, lengths: Floats) -> Floats:
        """Return (m, n) negative distances, made smaller by all that rounding can have added."""
        part = products(self.folded, block)
        part += np.float32(1 - self.slack) * self.squares
        part += np.float32(1 - self.slack) * lengths
        np.maximum(part, 0, out=part)
        np.sqrt(part, out=part)
        part *= -self.factors
        return part

    def by_cosine(self, block: Floats, lengths: Floats) -> Floats:
        """Return (owners, n) products, made larger by all that rounding can have taken."""
        part = products(self.folded, block)
        part += np.float32(self.slack) * np.sqrt(self.squares * lengths.max())
        return part


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
