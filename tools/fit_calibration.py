"""Fit media_index/calibration.json on a folder of labelled faces, one folder per person.

    python tools/fit_calibration.py DIR --weights data/live/weights --about "what DIR is"

What each encoder misses, alone and fused, is measured by `likeness bench faces`.
"""

from __future__ import annotations

import argparse
from datetime import UTC, datetime
from pathlib import Path

import numpy as np

from media_index.bench.encoded import People, encode_people
from media_index.calibration import Calibration, ModelScale, fit_curve
from media_index.encoding import DLIB, SFACE
from media_index.matching import similarity

# dlib's encoder misses ten times as many as SFace at the same false matches; with these weights
# the fused score misses fewer than either. 1 : 3 and 1 : 4 were as good within the noise.
WEIGHTS = {DLIB: 1.0, SFACE: 2.0}
# Wrong labels of the set are more than the strangers beyond this.
SUREST_PER_MILLION = 10.0


def fit(people: People, about: str) -> Calibration:
    """Fit scales and curve on all pairs."""
    labels, vectors = people.labels, people.vectors
    upper = np.triu_indices(len(labels), 1)
    same = labels[upper[0]] == labels[upper[1]]
    scales: dict[str, ModelScale] = {}
    fused = np.zeros(len(same), np.float32)
    for model, weight in WEIGHTS.items():
        alike = similarity(model, vectors[model], vectors[model])[upper]
        mean, deviation = float(alike[~same].mean()), float(alike[~same].std())
        scales[model] = ModelScale(round(mean, 5), round(deviation, 5), weight)
        standard = (alike - mean) / deviation
        fused += np.float32(weight / sum(WEIGHTS.values())) * standard
    scores, rates = fit_curve(fused[~same].astype(np.float64), SUREST_PER_MILLION)
    day = datetime.now(UTC).date().isoformat()
    provenance = (
        f"{about}: {len(labels):,} photos of {len(people.names):,} people, {(~same).sum():,} pairs "
        f"of strangers, {same.sum():,} pairs of the same person. Counted down to "
        f"{SUREST_PER_MILLION:g} per million, extrapolated below. {day}."
    )
    return Calibration(f"fused-{day}", provenance, scales, scores, rates)


def main() -> None:
    """Run from the command line."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawTextHelpFormatter
    )
    parser.add_argument("folder", type=Path)
    parser.add_argument("--weights", type=Path, required=True)
    parser.add_argument("--about", required=True)
    parser.add_argument("--out", type=Path, default=Path("media_index/calibration.json"))
    arguments = parser.parse_args()
    people = encode_people(arguments.folder, arguments.weights)
    for path, reason in people.left_out:
        print(f"left out: {path}: {reason}")
    calibration = fit(people, arguments.about)
    arguments.out.write_text(calibration.as_json() + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
