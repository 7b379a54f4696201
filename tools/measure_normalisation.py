"""Measure whether scores are better when they are normalised against a cohort of other faces.

    python tools/measure_normalisation.py DIR --weights data/live/weights --cache people.npz

DIR holds a folder per person. People with one photo are the cohort, or strangers; of the others
some are revoked, with one reference photo or three. Printed is the share of their other photos
that is missed where 1 % of the strangers are flagged: for the fused score as it is, and
normalised on both sides against the most alike of the cohort (adaptive symmetric normalisation,
Matejka et al. 2017).
"""

from __future__ import annotations

import argparse
import json
from collections import defaultdict
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from media_index.bench.encoded import People, encode_people
from media_index.calibration import shipped_calibration
from media_index.matching import similarity

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Floats = NDArray[np.float32]
    Places = NDArray[np.int64]

COHORT, MOST_PROBES, FLAGGED = 1000, 5, 0.01
REGISTERS = ((300, 1), (300, 3))
NEAREST = (100, 300)


def main() -> None:
    """Run from the command line."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawTextHelpFormatter
    )
    parser.add_argument("folder", type=Path)
    parser.add_argument("--weights", type=Path, required=True)
    parser.add_argument("--cache", type=Path)
    parser.add_argument("--draws", type=int, default=6)
    parser.add_argument("--seed", type=int, default=7)
    arguments = parser.parse_args()
    people = encode_people(arguments.folder, arguments.weights, arguments.cache)
    draw = np.random.default_rng(arguments.seed)
    missed: dict[str, list[float]] = defaultdict(list)
    for _ in range(arguments.draws):
        for count, references in REGISTERS:
            for way, share in measured(people, count, references, draw).items():
                missed[f"{count} people, {references} references, {way}"].append(share)
    found = {
        name: {"missed": round(float(np.mean(all_)), 5), "deviation": round(float(np.std(all_)), 5)}
        for name, all_ in missed.items()
    }
    print(json.dumps({"seed": arguments.seed, "draws": arguments.draws, **found}, indent=2))


def measured(
    people: People, count: int, references: int, draw: np.random.Generator
) -> dict[str, float]:
    """Return the share missed by each way of scoring, in one draw."""
    photos = np.bincount(people.labels)
    single = draw.permutation(np.flatnonzero(photos[people.labels] == 1))
    cohort, strangers = single[:COHORT], single[COHORT:]
    enrolled = draw.permutation(np.flatnonzero(photos > references))[:count]
    templates, probes, owners = [], [], []
    for place, person in enumerate(enrolled):
        own = draw.permutation(np.flatnonzero(people.labels == person))
        others = own[references : references + MOST_PROBES]
        templates += list(own[:references])
        probes += list(others)
        owners += [place] * len(others)
    known, asked = np.array(templates), np.array([*probes, *strangers])
    scores = fused(people, asked, known)
    ways = {"fused": scores}
    of_known = np.sort(fused(people, cohort, known), axis=0)
    of_asked = np.sort(fused(people, asked, cohort), axis=1)
    for nearest in NEAREST:
        column, row = of_known[-nearest:], of_asked[:, -nearest:]
        from_known = (scores - column.mean(axis=0)) / column.std(axis=0)
        mean, deviation = row.mean(axis=1)[:, None], row.std(axis=1)[:, None]
        ways[f"normalised by {nearest}"] = (from_known + (scores - mean) / deviation) / 2
    return {
        way: share_missed(table.reshape(len(asked), len(enrolled), references), np.array(owners))
        for way, table in ways.items()
    }


def fused(people: People, rows: Places, columns: Places) -> Floats:
    """Return the fused score of every row's face with every column's, (rows, columns)."""
    scales = shipped_calibration().scales
    total = sum(scale.weight for scale in scales.values())
    answer = np.zeros((len(rows), len(columns)), np.float32)
    for model, scale in scales.items():
        vectors = people.vectors[model]
        alike = similarity(model, vectors[rows], vectors[columns])
        answer += np.float32(scale.weight / total) * (alike - scale.mean) / scale.deviation
    return answer


def share_missed(scores: Floats, owners: Places) -> float:
    """Return the share of probes below the score that 1 % of the strangers reach.

    Args:
        scores: (probes and then strangers, people, references).
        owners: (probes,) the person of each.
    """
    person = (scores.max(axis=2) + scores.mean(axis=2)) / 2
    own = person[np.arange(len(owners)), owners]
    bar = np.quantile(person[len(owners) :].max(axis=1), 1 - FLAGGED)
    return float((own < bar).mean())


if __name__ == "__main__":
    main()
