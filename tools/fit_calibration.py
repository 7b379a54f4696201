"""Fit media_index/calibration.json on a folder of labelled faces, one folder per person.

    python tools/fit_calibration.py DIR --weights data/live/weights --about "what DIR is"

Prints how many genuine pairs each score misses at a number of false matches, for each encoder
alone and for the fused score.
"""

from __future__ import annotations

import argparse
from concurrent.futures import ProcessPoolExecutor
from datetime import UTC, datetime
from functools import partial
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from media_index.calibration import Calibration, ModelScale, fit_curve
from media_index.encoding import DLIB, SFACE
from media_index.fingerprinting import FingerprintSettings, fingerprint_file, prepare_worker
from media_index.images import SUFFIXES
from media_index.matching import similarity
from media_index.types import Problem

# dlib's encoder misses ten times as many as SFace at the same false matches; with these weights
# the fused score misses fewer than either. 1 : 3 and 1 : 4 were as good within the noise.
WEIGHTS = {DLIB: 1.0, SFACE: 2.0}
# Wrong labels of the set are more than the strangers beyond this.
SUREST_PER_MILLION = 10.0

Floats = NDArray[np.float32]


def encode(folder: Path, weights: Path) -> tuple[list[str], dict[str, Floats]]:
    """Encode the face nearest the middle of each photo; the person is the folder's name."""
    paths = sorted(path for path in folder.glob("*/*") if path.suffix.lower() in SUFFIXES)
    work = partial(fingerprint_file, settings=FingerprintSettings(weights))
    people: list[str] = []
    vectors: dict[str, list[Floats]] = {model: [] for model in WEIGHTS}
    with ProcessPoolExecutor(initializer=prepare_worker) as executor:
        for path, outcome in zip(paths, executor.map(work, paths, chunksize=8), strict=True):
            if isinstance(outcome, Problem) or not outcome.faces:
                print(f"left out: {path}")
                continue
            middle = outcome.width / 2, outcome.height / 2
            face = min(
                outcome.faces,
                key=lambda face: (
                    abs((face.box.x1 + face.box.x2) / 2 - middle[0])
                    + abs((face.box.y1 + face.box.y2) / 2 - middle[1])
                ),
            )
            people.append(path.parent.name)
            for model in WEIGHTS:
                vectors[model].append(face.encodings[model])
    return people, {model: np.stack(rows) for model, rows in vectors.items()}


def fit(people: list[str], vectors: dict[str, Floats], about: str) -> Calibration:
    """Fit scales and curve on all pairs, and print what each score misses."""
    labels = np.unique(np.asarray(people), return_inverse=True)[1]
    upper = np.triu_indices(len(people), 1)
    same = labels[upper[0]] == labels[upper[1]]
    scales: dict[str, ModelScale] = {}
    fused = np.zeros(len(same), np.float32)
    for model, weight in WEIGHTS.items():
        alike = similarity(model, vectors[model], vectors[model])[upper]
        mean, deviation = float(alike[~same].mean()), float(alike[~same].std())
        scales[model] = ModelScale(round(mean, 5), round(deviation, 5), weight)
        standard = (alike - mean) / deviation
        fused += np.float32(weight / sum(WEIGHTS.values())) * standard
        report(model, standard, same)
    report("fused", fused, same)
    scores, rates = fit_curve(fused[~same].astype(np.float64), SUREST_PER_MILLION)
    day = datetime.now(UTC).date().isoformat()
    provenance = (
        f"{about}: {len(people):,} photos of {labels.max() + 1:,} people, {(~same).sum():,} pairs "
        f"of strangers, {same.sum():,} pairs of the same person. Counted down to "
        f"{SUREST_PER_MILLION:g} per million, extrapolated below. {day}."
    )
    return Calibration(f"fused-{day}", provenance, scales, scores, rates)


def report(name: str, scores: Floats, same: NDArray[np.bool_]) -> None:
    """Print the share of genuine pairs missed at several false-match rates."""
    strangers, genuine = np.sort(scores[~same]), scores[same]
    for per_million in (1000.0, 100.0, 50.0, 30.0, 10.0):
        threshold = strangers[-max(1, int(per_million / 1e6 * len(strangers)))]
        missed = float((genuine < threshold).mean())
        print(f"{name}\t{per_million:g} per million\tscore {threshold:.3f}\tmissed {missed:.2%}")


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
    people, vectors = encode(arguments.folder, arguments.weights)
    calibration = fit(people, vectors, arguments.about)
    arguments.out.write_text(calibration.as_json() + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
