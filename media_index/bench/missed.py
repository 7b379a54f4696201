"""How many photos of a person are missed at a score, by the number of references."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from media_index.bench.encoded import People
from media_index.matching.calibration import Calibration

REFERENCES = (1, 2, 3)
DRAWS = 3
# Of one person at most: the much photographed would be all that counts.
_MOST_PROBES = 4
_POINTS = 40
# The curve is drawn up to where half of the photos are missed: nobody works beyond.
_MOST_MISSED = 0.5


def missed_curves(
    people: People, calibration: Calibration, draw: np.random.Generator
) -> dict[int, NDArray[np.float64]]:
    """Measure what `Calibration.missed` holds, for people with more photos than references."""
    counts = np.bincount(people.labels)
    curves = {}
    for references in REFERENCES:
        scores = np.concatenate(
            [
                np.empty(0),
                *(
                    _own_scores(people, calibration, int(person), references, draw)
                    for person in np.flatnonzero(counts > references)
                    for _ in range(DRAWS)
                ),
            ]
        )
        if len(scores) > _POINTS:
            curves[references] = _curve(scores)
    return curves


def _own_scores(
    people: People,
    calibration: Calibration,
    person: int,
    references: int,
    draw: np.random.Generator,
) -> NDArray[np.float64]:
    photos = draw.permutation(np.flatnonzero(people.labels == person))
    templates, probes = photos[:references], photos[references:][:_MOST_PROBES]
    return people.person_scores(calibration, probes, templates)[:, 0].astype(np.float64)


def _curve(scores: NDArray[np.float64]) -> NDArray[np.float64]:
    shares = np.geomspace(1 / len(scores), _MOST_MISSED, _POINTS)
    points = np.column_stack([np.quantile(scores, shares), shares])
    first = [[points[0, 0] - 1.0, 0.0]]
    return np.concatenate([first, points[np.concatenate([[True], np.diff(points[:, 0]) > 0])]])
