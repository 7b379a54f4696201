"""A calibration fitted to a folder per person, for the shipped encoders, another one, or both."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime

import numpy as np

from media_index.bench.encoded import People
from media_index.bench.missed import missed_curves
from media_index.bench.setting import BenchError
from media_index.faces.encode import DLIB, SFACE
from media_index.matching.calibration import (
    MILLION,
    USUAL_AGREEMENT,
    Calibration,
    ModelScale,
    QualityTerm,
    fit_curve,
)
from media_index.matching.scores import fused_scores, similarity

# dlib's encoder misses ten times as many as SFace at the same false matches; with these weights
# the fused score misses fewer than either. 1 : 3 and 1 : 4 were as good within the noise.
SHIPPED_WEIGHTS = {DLIB: 1.0, SFACE: 2.0}
# Wrong labels of a set are more than the strangers beyond this.
SUREST_PER_MILLION = 10.0
# A rate is counted where so many pairs reach the score: known to a third of itself.
FEWEST_COUNTED = 10
# Down to 100 per million is counted then; from fewer the thresholds would be a guess.
FEWEST_STRANGERS = 100_000
SEED = 5
# Among 0, 0.05, 0.1, 0.15 and 0.2: what misses few in small and in large registers (ADR 17).
QUALITY = QualityTerm(per_unit=0.1)
# Pairs of photos of a person by which strangers' scores are compared.
_MOST_PAIRS = 400
_LEAST_SPREAD = 0.1


def fit(people: People, about: str, weights: Mapping[str, float], name: str) -> Calibration:
    """Fit scales and curve on all pairs of photos.

    Args:
        people: encoded by each of the models.
        about: what the photos are, for the provenance.
        weights: in the fused score, by model id.
        name: of the calibration; the day is added.

    Raises:
        BenchError: there are too few pairs of strangers to count false matches.
    """
    labels, vectors = people.labels, people.vectors
    upper = np.triu_indices(len(labels), 1)
    same = labels[upper[0]] == labels[upper[1]]
    strangers = int((~same).sum())
    if strangers < FEWEST_STRANGERS:
        raise BenchError(
            f"{strangers:,} pairs of photos of strangers are too few to count false matches; "
            f"{FEWEST_STRANGERS:,} are needed: some 450 people with a photo each."
        )
    scales: dict[str, ModelScale] = {}
    fused = np.zeros(len(same), np.float32)
    for model, weight in weights.items():
        alike = similarity(model, vectors[model], vectors[model])[upper]
        mean, deviation = float(alike[~same].mean()), float(alike[~same].std())
        scales[model] = ModelScale(round(mean, 5), round(deviation, 5), weight)
        standard = (alike - mean) / deviation
        fused += np.float32(weight / sum(weights.values())) * standard
    nothing = np.empty(0)
    unfitted = Calibration(name, about, scales, nothing, nothing, quality=QUALITY)
    terms = people.quality_terms(unfitted)
    fused += (terms[upper[0]] + terms[upper[1]]).astype(np.float32)
    surest = max(SUREST_PER_MILLION, FEWEST_COUNTED / strangers * MILLION)
    scores, rates = fit_curve(fused[~same].astype(np.float64), surest)
    day = datetime.now(UTC).date().isoformat()
    provenance = (
        f"{about}: {len(labels):,} photos of {len(people.names):,} people, {strangers:,} pairs "
        f"of strangers, {same.sum():,} pairs of the same person. Counted down to "
        f"{surest:.3g} per million, extrapolated below. {day}."
    )
    fitted = replace(
        unfitted,
        id=f"{name}-{day}",
        provenance=provenance,
        scores=scores,
        per_million=rates,
        agreement=fit_agreement(people, unfitted),
    )
    return replace(fitted, missed=missed_curves(people, fitted, np.random.default_rng(SEED)))


def fit_agreement(people: People, calibration: Calibration) -> tuple[float, float]:
    """Fit how far strangers' scores with two photos of a person go together.

    Returns:
        What `Calibration.agreement` holds.
    """
    draw = np.random.default_rng(SEED)
    several = draw.permutation(np.flatnonzero(np.bincount(people.labels) > 1))[:_MOST_PAIRS]
    if len(several) < FEWEST_COUNTED:
        return USUAL_AGREEMENT
    alike, together = [], []
    for person in several:
        pair = draw.permutation(np.flatnonzero(people.labels == person))[:2]
        strangers = np.flatnonzero(people.labels != person)
        of_pair = fused_scores(calibration, people.of(strangers), people.of(pair))
        one, other = (people.of(pair[index : index + 1]) for index in (0, 1))
        alike.append(float(fused_scores(calibration, one, other)[0, 0]))
        together.append(float(np.corrcoef(of_pair[:, 0], of_pair[:, 1]).reshape(2, 2)[0, 1]))
    if np.std(alike) < _LEAST_SPREAD:
        # As of copies of one photo: there is no line to be seen.
        return USUAL_AGREEMENT
    at_nothing, per_score = np.polynomial.Polynomial.fit(alike, together, 1).convert().coef
    return round(float(at_nothing), 4), round(float(per_score), 4)
