"""The quick search finds what a plain loop in double precision finds: no more, and no less."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from media_index.faces.encode import DLIB, SFACE
from media_index.matching.calibration import shipped_calibration
from media_index.matching.search import TemplateMatrix

CALIBRATION = shipped_calibration()


def vectors(seed: int, count: int, spread: float) -> dict[str, np.ndarray]:
    """Encodings as the models give them: unit vectors, and dlib's of about 1.4."""
    random = np.random.default_rng(seed)
    centre = np.random.default_rng(0).normal(size=128)
    raw = centre + spread * random.normal(size=(count, 128))
    unit = raw / np.linalg.norm(raw, axis=1, keepdims=True)
    return {SFACE: unit.astype(np.float32), DLIB: (1.4 * unit).astype(np.float32)}


def by_hand(face: dict[str, list[float]], templates: list[dict[str, list[float]]]) -> float:
    """The definition, one number at a time."""
    at_nothing, per_score = CALIBRATION.agreement
    together = [
        1.0 if one is other else min(1.0, max(0.0, at_nothing + per_score * score(one, other)))
        for one in templates
        for other in templates
    ]
    deviation = math.sqrt(math.fsum(together)) / len(templates)
    return math.fsum(score(face, one) for one in templates) / len(templates) / deviation


def score(face: dict[str, list[float]], template: dict[str, list[float]]) -> float:
    total = sum(scale.weight for scale in CALIBRATION.scales.values())
    fused = 0.0
    for model, scale in CALIBRATION.scales.items():
        alike = (
            -math.dist(face[model], template[model])
            if model == DLIB
            else math.fsum(a * b for a, b in zip(face[model], template[model], strict=True))
        )
        fused += scale.weight / total * (alike - scale.mean) / scale.deviation
    return fused


def as_lists(of: dict[str, np.ndarray]) -> list[dict[str, list[float]]]:
    lists = {model: rows.astype(np.float64).tolist() for model, rows in of.items()}
    return [
        {model: rows[place] for model, rows in lists.items()}
        for place in range(len(next(iter(of.values()))))
    ]


@settings(max_examples=40, deadline=None)
@given(
    st.integers(0, 9999),
    st.integers(0, 12),
    st.lists(st.sampled_from("abc"), max_size=6),
    st.sampled_from([0.001, 0.05, 0.4, 1.0, 3.0]),
    st.floats(0, 1),
    st.floats(0, 0.5),
)
def test_what_is_found_is_what_a_plain_loop_finds(
    seed: int, count: int, owners: list[str], spread: float, quantile: float, quality: float
) -> None:
    faces, templates = vectors(seed, count, spread), vectors(seed + 1, len(owners), spread)
    random = np.random.default_rng(seed)
    of_faces = quality * random.normal(size=count)
    of_templates = quality * random.normal(size=len(owners))
    named = dict.fromkeys(owners)
    loops = {
        owner: [
            by_hand(
                face, [t for t, o in zip(as_lists(templates), owners, strict=True) if o == owner]
            )
            + of_faces[row]
            + np.mean([t for t, o in zip(of_templates, owners, strict=True) if o == owner])
            for row, face in enumerate(as_lists(faces))
        ]
        for owner in named
    }
    # A bar among the scores, where rounding would show; at a score it is met.
    bars = {
        owner: float(np.float32(np.quantile(scores, quantile, method="nearest"))) if scores else 0.0
        for owner, scores in loops.items()
    }
    matrix = TemplateMatrix(CALIBRATION, templates, owners, bars, of_templates)

    found = matrix.found(faces, of_faces)

    assert matrix.owners == list(named)
    assert set(zip(found.rows.tolist(), found.columns.tolist(), strict=True)) == {
        (row, column)
        for column, owner in enumerate(named)
        for row, score in enumerate(loops[owner])
        if np.float32(score) >= np.float32(bars[owner])
    }
    for row, column, score in zip(found.rows, found.columns, found.scores, strict=True):
        assert score == pytest.approx(loops[matrix.owners[column]][row], abs=1e-5)
        assert score == matrix.scores(faces, of_faces)[row, column]


def test_the_quick_pass_leaves_little_for_the_plain_arithmetic() -> None:
    faces, templates = vectors(3, 5000, 1.0), vectors(4, 3, 1.0)
    scores = TemplateMatrix(CALIBRATION, templates, "aab", {"a": 0, "b": 0}).scores(faces)
    bars = {"a": float(np.quantile(scores[:, 0], 0.99)), "b": float(np.quantile(scores[:, 1], 0.9))}
    matrix = TemplateMatrix(CALIBRATION, templates, "aab", bars)

    rows, columns = matrix.possible(faces)

    assert (np.diff(rows) >= 0).all()
    assert 49 <= (columns == 0).sum() <= 60
    assert 499 <= (columns == 1).sum() <= 515


def test_many_templates_are_compared_in_blocks_of_faces(monkeypatch: pytest.MonkeyPatch) -> None:
    faces, templates = vectors(5, 300, 1.0), vectors(6, 40, 1.0)
    owners = [str(number // 2) for number in range(40)]
    matrix = TemplateMatrix(CALIBRATION, templates, owners, dict.fromkeys(owners, 1.0))
    whole = matrix.found(faces)
    monkeypatch.setattr("media_index.matching.search._PRODUCTS", 40 * 7)

    parts = matrix.found(faces)

    assert len(whole.rows) > 100
    for name in ("rows", "columns", "scores"):
        assert np.array_equal(getattr(whole, name), getattr(parts, name))


def test_nobody_sought_is_nobody_found() -> None:
    empty = {model: np.empty((0, 0), np.float32) for model in CALIBRATION.scales}
    matrix = TemplateMatrix(CALIBRATION, empty, [], {})

    assert len(matrix.found(vectors(1, 5, 1.0)).rows) == 0
    assert matrix.scores(vectors(1, 5, 1.0)).shape == (5, 0)
