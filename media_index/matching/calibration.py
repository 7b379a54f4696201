"""From scores to false-match rates: a measured table with its provenance."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from functools import cache
from importlib import resources
from typing import Any, TypeVar

import numpy as np
from numpy.typing import NDArray

from media_index.faces.encode import DLIB

Real = TypeVar("Real", np.float32, np.float64)
MILLION = 1_000_000.0
# Beyond what a set of this size can show, a false-match rate is an extrapolation; nothing is
# claimed below this.
_LEAST_PER_MILLION = 1e-6
# Of calibrations from before it was measured with each.
USUAL_AGREEMENT = (0.23, 0.086)

# Compared by distance, as they were trained; all others by cosine.
BY_DISTANCE = frozenset({DLIB})


@dataclass(frozen=True, slots=True)
class ModelScale:
    """How one model's similarity is standardised: by that of strangers; its weight when fused."""

    mean: float
    deviation: float
    weight: float


@dataclass(frozen=True, slots=True)
class QualityTerm:
    """What is added to a score for how much the encoder sees of a face.

    Of a face of which it sees little, the person's own references look less alike, and strangers
    hardly more: such a quality measure function gives the same recall at fewer false matches
    (Mandasari et al., "Quality Measure Functions for Calibration of Speaker Recognition Systems in
    Various Duration Conditions", 2013).

    Attributes:
        per_unit: added for each unit that SFace's vector is shorter than usual.
        usual: length of that of a portrait; nothing is added there, nor where it is unknown.
        least: a shorter vector counts as so long.
        most: and a longer one as so long.
        least_prominence: faces smaller than this share of the largest in the photo are given
            nothing: further back, what is short is cut off or half hidden, and there are many.
    """

    per_unit: float = 0.0
    usual: float = 12.5
    least: float = 9.0
    most: float = 15.0
    least_prominence: float = 0.5

    def of(self, norms: NDArray[Real], prominences: NDArray[Real]) -> NDArray[np.float64]:
        """Return what is added to the scores of faces, (n,); norms are NaN where unknown."""
        lengths = np.clip(norms.astype(np.float64), self.least, self.most)
        further_back = prominences < self.least_prominence
        lengths[further_back] = np.maximum(lengths[further_back], self.usual)
        return np.nan_to_num(self.per_unit * (self.usual - lengths), nan=0.0)

    def of_one(self, norm: float | None, prominence: float = 1.0) -> float:
        """Return what is added to the score of a face."""
        known = np.array([np.nan if norm is None else norm])
        return float(self.of(known, np.array([prominence]))[0])


@dataclass(frozen=True, slots=True, eq=False)
class Calibration:
    """Turns fused scores into false matches per million comparisons and back.

    Attributes:
        id: name and date; stands in every match.
        provenance: what it was measured on, in a sentence.
        scales: by model id.
        scores: (n,) ascending fused scores.
        per_million: (n,) false matches per million at these scores, descending.
        agreement: of two templates of a person with a score of z between them, the correlation of
            strangers' scores is the first number plus the second times z.
        quality: what is added to a score for a face, and for a template.
        missed: by number of references, (k, 2): ascending scores, and the share of a person's
            photos that do not reach them. Empty where it was not measured.
    """

    id: str
    provenance: str
    scales: Mapping[str, ModelScale]
    scores: NDArray[np.float64]
    per_million: NDArray[np.float64]
    agreement: tuple[float, float] = USUAL_AGREEMENT
    quality: QualityTerm = QualityTerm()
    missed: Mapping[int, NDArray[np.float64]] = field(default_factory=dict)

    def correlation(self, scores: NDArray[np.float64]) -> NDArray[np.float64]:
        """Return how far strangers' scores with two templates go together, 0 to 1.

        `scores` are those of the templates with one another.
        """
        at_nothing, per_score = self.agreement
        return np.clip(at_nothing + per_score * scores, 0.0, 1.0)

    def false_matches_per_million(self, score: float) -> float:
        """Return how many of a million comparisons of strangers score at least this."""
        if score > self.scores[-1]:
            return _LEAST_PER_MILLION
        logs = np.log10(self.per_million)
        return float(10 ** np.interp(score, self.scores, logs))

    def score_at(self, per_million: float) -> float:
        """Return the fused score that this many of a million strangers reach.

        Raises:
            ValueError: not above zero.
        """
        if per_million <= 0:
            raise ValueError("False matches per million must be above zero.")
        logs = np.log10(self.per_million)[::-1]
        return float(np.interp(np.log10(per_million), logs, self.scores[::-1]))

    def missed_at(self, score: float, references: int) -> float | None:
        """Return the share of a person's photos that do not reach a score, 0 to 1.

        What was measured for the next lower number of references counts; None if nothing was.
        """
        known = [number for number in self.missed if number <= references]
        if not known:
            return None
        curve = self.missed[max(known)]
        return float(np.interp(score, curve[:, 0], curve[:, 1]))

    def as_document(self) -> dict[str, Any]:
        """Return what `read_calibration` reads."""
        return {
            "id": self.id,
            "provenance": self.provenance,
            "models": {model: asdict(scale) for model, scale in self.scales.items()},
            "agreement": list(self.agreement),
            "quality": asdict(self.quality),
            "curve": [
                [round(float(score), 4), float(f"{rate:.4g}")]
                for score, rate in zip(self.scores, self.per_million, strict=True)
            ],
            "missed": {
                str(references): [
                    [round(float(score), 3), round(float(share), 5)] for score, share in curve
                ]
                for references, curve in self.missed.items()
            },
        }

    def as_json(self) -> str:
        """Return the file's text."""
        return json.dumps(self.as_document(), indent=1)


@cache
def shipped_calibration() -> Calibration:
    """Return the calibration that comes with the program."""
    text = resources.files("media_index.matching").joinpath("calibration.json").read_text("utf-8")
    return read_calibration(json.loads(text))


def read_calibration(document: Mapping[str, Any]) -> Calibration:
    """Read a calibration from its JSON document."""
    curve = np.asarray(document["curve"], dtype=np.float64)
    return Calibration(
        id=document["id"],
        provenance=document["provenance"],
        scales={model: ModelScale(**scale) for model, scale in document["models"].items()},
        scores=curve[:, 0],
        per_million=curve[:, 1],
        agreement=tuple(document.get("agreement", USUAL_AGREEMENT)),
        quality=QualityTerm(**document.get("quality", {})),
        missed={
            int(references): np.asarray(points, dtype=np.float64)
            for references, points in document.get("missed", {}).items()
        },
    )


def fit_curve(
    impostors: NDArray[np.float64],
    surest_per_million: float,
    floor_per_million: float = 1e-4,
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Fit false matches per million to the fused scores of pairs of strangers.

    Down to `surest_per_million` the curve is what was counted. Below, wrong labels of the set
    outnumber strangers who look alike, so the curve goes on as a parabola in the logarithm (the
    tail of a normal distribution), fitted to the decades above.

    Returns:
        Ascending scores, and false matches per million at them.
    """
    ordered = np.sort(impostors)
    rates: Sequence[float] = list(np.geomspace(300_000, surest_per_million, 40))
    counted = np.array([ordered[-max(1, int(rate / MILLION * len(ordered)))] for rate in rates])
    logs = np.log10(np.asarray(rates))
    tail = logs <= np.log10(surest_per_million) + 3
    parabola = np.polynomial.Polynomial.fit(counted[tail], logs[tail], 2)
    beyond = np.arange(counted[-1] + 0.1, counted[-1] + 6.0, 0.1)
    guessed = np.asarray(parabola(beyond))
    kept = (guessed < logs[-1]) & (guessed >= np.log10(floor_per_million))
    kept &= np.concatenate([[True], np.diff(guessed) < 0])
    return (
        np.concatenate([counted, beyond[kept]]),
        10 ** np.concatenate([logs, guessed[kept]]),
    )
