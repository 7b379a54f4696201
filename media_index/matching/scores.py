"""Faces compared with templates: by one model, by all together, and with a person's several."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

from media_index.matching.calibration import BY_DISTANCE, Calibration

Floats = NDArray[np.float32]

Real = TypeVar("Real", np.float32, np.float64)
Precise = TypeVar("Precise", np.float32, np.float64)
FUSED_UNIT = "fused z-score"


def similarity(model_id: str, faces: NDArray[Real], templates: NDArray[Real]) -> NDArray[Real]:
    """Compare encodings of one model, (..., n, d) with (..., m, d) of the same precision.

    dlib's are compared by negative Euclidean distance, as it was trained, all others by cosine.

    Returns:
        (..., n, m) of that precision, higher is more alike.
    """
    products: NDArray[Real] = faces @ np.swapaxes(templates, -1, -2)
    if model_id not in BY_DISTANCE:
        return products
    squares = (faces**2).sum(axis=-1)[..., :, None] + (templates**2).sum(axis=-1)[..., None, :]
    return _by_distance(squares, products)


def similarity_of_pairs(
    model_id: str, faces: NDArray[Real], templates: NDArray[Real]
) -> NDArray[Real]:
    """Compare each face with one template, (n, d) with (n, d): (n,) of what `similarity` gives."""
    products: NDArray[Real] = np.einsum("nd,nd->n", faces, templates)
    if model_id not in BY_DISTANCE:
        return products
    return _by_distance((faces**2).sum(axis=-1) + (templates**2).sum(axis=-1), products)


def _by_distance(squares: NDArray[Real], products: NDArray[Real]) -> NDArray[Real]:
    distances: NDArray[Real] = np.sqrt(np.maximum(squares - 2 * products, 0.0))
    return -distances


def fused_scores(
    calibration: Calibration,
    faces: Mapping[str, NDArray[Real]],
    templates: Mapping[str, NDArray[Precise]],
) -> Floats:
    """Compare faces with templates by all models together.

    Each model's similarity is standardised on strangers, then averaged with the calibration's
    weights. Every model of the calibration must have encodings on both sides.

    Args:
        calibration: scales and weights.
        faces: by model id, (n, d), float32 or float64.
        templates: by model id, (m, d), float32 or float64.

    Returns:
        (n, m) float32 fused z-scores.
    """
    return unrounded_scores(calibration, faces, templates).astype(np.float32)


def unrounded_scores(
    calibration: Calibration,
    faces: Mapping[str, NDArray[Real]],
    templates: Mapping[str, NDArray[Precise]],
) -> NDArray[np.float64]:
    """Do what `fused_scores` does, and return (n, m) float64."""
    total = sum(scale.weight for scale in calibration.scales.values())
    fused = np.zeros(1, np.float64)
    for model_id, scale in calibration.scales.items():
        # In float64, so that a score does not depend on what else was compared in the same go.
        ours = np.asarray(faces[model_id], np.float64)
        theirs = np.asarray(templates[model_id], np.float64)
        alike = similarity(model_id, ours, theirs)
        fused = fused + scale.weight / total * (alike - scale.mean) / scale.deviation
    return np.asarray(fused)


def template_weights(
    calibration: Calibration, templates: Mapping[str, NDArray[Real]], owners: Sequence[str]
) -> NDArray[np.float64]:
    """Return how much the score against each template adds to its owner's.

    A person's score is the mean over their templates, divided by the standard deviation that such
    a mean has among strangers: 1 for one template, the less the more their templates differ. So a
    score says as much of somebody with five references as of somebody with one (docs/matching.md).

    Args:
        calibration: knows how far strangers' scores with two templates of a person go together.
        templates: by model id, (m, d).
        owners: whose each is.

    Returns:
        (m,) 1 / (templates of the owner x standard deviation).
    """
    column_of = {owner: column for column, owner in enumerate(dict.fromkeys(owners))}
    columns = np.array([column_of[owner] for owner in owners], np.intp)
    counts = np.bincount(columns) if len(columns) else np.empty(0, np.intp)
    answer = np.ones(len(owners))
    for count in np.unique(counts[counts > 1]):
        # All people with so many templates at once.
        several = np.flatnonzero(counts[columns] == count)
        rows = several[np.argsort(columns[several], kind="stable")].reshape(-1, count)
        own = {model: templates[model][rows] for model in calibration.scales}
        together = calibration.correlation(unrounded_scores(calibration, own, own))
        together[:, np.arange(count), np.arange(count)] = 1.0
        answer[rows] = (1 / (count * np.sqrt(together.mean(axis=(1, 2)))))[:, None]
    return answer


def person_scores(
    scores: NDArray[Real], owners: Sequence[str], weights: NDArray[np.float64]
) -> tuple[list[str], NDArray[np.float64]]:
    """Bring the scores against several templates of a person down to one.

    Args:
        scores: (n, m) as `fused_scores` returns them.
        owners: whose template each column is.
        weights: (m,) as `template_weights` returns them.

    Returns:
        The owners, each once, and (n, owners) float64.
    """
    names = list(dict.fromkeys(owners))
    if not names:
        return [], np.empty((scores.shape[0], 0))
    column_of = {owner: column for column, owner in enumerate(names)}
    columns = np.array([column_of[owner] for owner in owners])
    order = np.argsort(columns, kind="stable")
    weighted = scores[:, order].astype(np.float64) * weights[order]
    counts = np.bincount(columns)
    merged: NDArray[np.float64] = np.add.reduceat(weighted, np.cumsum(counts) - counts, axis=1)
    return names, merged
