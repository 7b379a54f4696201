"""How often people are missed and strangers flagged: by pairs of photos, and by registers.

Every photo is encoded once, as the index encodes it, and compared as a check compares it
(`matching.fused_scores`, `matching.person_scores`).
"""

from __future__ import annotations

import csv
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from media_index.bench.encoded import People, encode_people, name_of
from media_index.bench.open_set import open_set
from media_index.bench.setting import BenchError, setting, wilson
from media_index.matching.calibration import shipped_calibration
from media_index.matching.scores import similarity

Floats = NDArray[np.float32]
Tell = Callable[[int, int], None]

RATES = (1e-3, 1e-4, 1e-5)
# At which the groups are compared.
GROUP_RATE = 1e-4
FUSED = "fused"
GROUPS = "groups.csv"
# Pairs of strangers above a threshold: fewer say nothing about its rate.
FEWEST_MATCHES = 10
_RESAMPLES = 300
_POINTS = 60


@dataclass(frozen=True, slots=True, eq=False)
class Pairs:
    """All pairs of photos, each once.

    Attributes:
        first: (p,) label of the person in the one photo.
        second: (p,) label of the person in the other.
        scores: by name of the way, (p,) float32, higher is more alike.
    """

    first: NDArray[np.int64]
    second: NDArray[np.int64]
    scores: dict[str, Floats]

    @property
    def same(self) -> NDArray[np.bool_]:
        """Whether both are of the same person."""
        same: NDArray[np.bool_] = self.first == self.second
        return same


def measure_faces(
    folder: Path,
    weights: Path,
    *,
    cache: Path | None = None,
    seed: int = 5,
    jobs: int | None = None,
    tell: Tell | None = None,
    encoder: Path | None = None,
) -> dict[str, Any]:
    """Measure verification and open-set identification on a folder per person.

    Args:
        folder: a folder per person; `groups.csv` in it (columns name, group) compares groups.
        weights: folder of the verified weights.
        cache: file to keep encodings in; see `encode_people`.
        seed: of every draw.
        jobs: processes; None for one per processor.
        tell: is told how many of how many photos are encoded.
        encoder: file of an ONNX model to be measured beside the shipped ones.

    Raises:
        BenchError: there is too little in the folder to compare, or groups.csv is at fault.
    """
    groups = read_groups(folder / GROUPS)
    people = encode_people(folder, weights, cache, jobs, tell, encoder)
    pairs = all_pairs(people)
    if not pairs.same.any():
        raise BenchError(f"Nobody in {folder} has two photos: nothing shows who is missed.")
    draw = np.random.default_rng(seed)
    answer = {
        "photos": len(people.labels),
        "people": len(people.names),
        "pairs": {"genuine": int(pairs.same.sum()), "strangers": int((~pairs.same).sum())},
        "left_out": [{"path": path, "reason": reason} for path, reason in people.left_out],
        "calibration": shipped_calibration().id,
        "verification": {
            name: verification(scores, pairs, draw) for name, scores in pairs.scores.items()
        },
        "det": {name: det(scores, pairs.same) for name, scores in pairs.scores.items()},
        "open_set": open_set(people, draw),
        "setting": setting(folder, seed).to_dict(),
    }
    if groups:
        answer["groups"] = by_group(pairs, people.names, groups)
    return answer


def all_pairs(people: People) -> Pairs:
    """Compare every two photos by each model alone, and by the shipped ones fused."""
    upper = np.triu_indices(len(people.labels), 1)
    shipped = shipped_calibration()
    scales = shipped.scales
    total = sum(scale.weight for scale in scales.values())
    scores: dict[str, Floats] = {}
    fused = np.zeros(len(upper[0]), np.float32)
    for model, vectors in people.vectors.items():
        alike = similarity(model, vectors, vectors)[upper]
        scores[name_of(model)] = alike
        if model in scales:
            scale = scales[model]
            fused += np.float32(scale.weight / total) * (alike - scale.mean) / scale.deviation
    terms = people.quality_terms(shipped).astype(np.float32)
    scores[FUSED] = fused + terms[upper[0]] + terms[upper[1]]
    return Pairs(people.labels[upper[0]], people.labels[upper[1]], scores)


def threshold_at(strangers: Floats, rate: float) -> float:
    """Return the score that this share of strangers' pairs reaches, `strangers` ascending."""
    return float(strangers[-max(1, int(rate * len(strangers)))])


def verification(scores: Floats, pairs: Pairs, draw: np.random.Generator) -> dict[str, Any]:
    """Return the share of genuine pairs missed at each false match rate.

    A rate that the strangers' pairs are too few for, fewer than `FEWEST_MATCHES`, is null.
    Intervals are of a bootstrap over people: the pairs of one person stand or fall together.
    """
    same = pairs.same
    strangers, genuine = np.sort(scores[~same]), scores[same]
    owners = pairs.first[same]
    answer: dict[str, Any] = {}
    for rate in RATES:
        if rate * len(strangers) < FEWEST_MATCHES:
            answer[f"{rate:g}"] = None
            continue
        bar = threshold_at(strangers, rate)
        missed = genuine < bar
        answer[f"{rate:g}"] = {
            "threshold": round(bar, 4),
            "missed": round(float(missed.mean()), 5),
            "interval": bootstrapped(missed, owners, draw),
        }
    return answer


def bootstrapped(
    missed: NDArray[np.bool_], owners: NDArray[np.int64], draw: np.random.Generator
) -> list[float]:
    """Return the 95 % interval of the share missed, people drawn with replacement."""
    _, people = np.unique(owners, return_inverse=True)
    totals = np.bincount(people)
    counts = np.bincount(people, weights=missed)
    drawn = draw.integers(0, len(totals), (_RESAMPLES, len(totals)))
    shares = counts[drawn].sum(axis=1) / totals[drawn].sum(axis=1)
    low, high = np.percentile(shares, [2.5, 97.5])
    return [round(float(low), 5), round(float(high), 5)]


def det(scores: Floats, same: NDArray[np.bool_]) -> list[list[float]]:
    """Return the detection error tradeoff: pairs of false match rate and share missed."""
    strangers, genuine = np.sort(scores[~same]), np.sort(scores[same])
    least = max(FEWEST_MATCHES / len(strangers), 1e-6)
    rates = np.geomspace(0.1, min(least, 0.1), _POINTS)
    bars = [threshold_at(strangers, float(rate)) for rate in rates]
    return [
        [float(f"{rate:.4g}"), round(float(np.searchsorted(genuine, bar) / len(genuine)), 6)]
        for rate, bar in zip(rates, bars, strict=True)
    ]


def read_groups(file: Path) -> dict[str, str]:
    """Read the group of each person; nothing where there is no such file.

    Raises:
        BenchError: it lacks a column.
    """
    if not file.is_file():
        return {}
    with file.open(newline="", encoding="utf-8-sig") as stream:
        rows = csv.DictReader(stream)
        if not {"name", "group"} <= set(rows.fieldnames or ()):
            raise BenchError(f"{file}: write the columns name and group into its first line.")
        return {row["name"]: row["group"] for row in rows if row["group"]}


def by_group(pairs: Pairs, names: list[str], groups: Mapping[str, str]) -> dict[str, Any]:
    """Compare groups at one threshold for all, that of a false match rate of 1e-4 overall.

    Args:
        pairs: of everybody.
        names: by label.
        groups: by name; who has none is left out.

    Returns:
        By group: people, the share of genuine pairs missed, and of pairs of strangers within
        the group that match, each with its Wilson interval.
    """
    scores, same = pairs.scores[FUSED], pairs.same
    bar = threshold_at(np.sort(scores[~same]), GROUP_RATE)
    known = sorted(set(groups.values()))
    group_of = np.array([known.index(groups[name]) if name in groups else -1 for name in names])
    first, second = group_of[pairs.first], group_of[pairs.second]
    answer: dict[str, Any] = {"threshold": round(bar, 4), "false_match_rate": GROUP_RATE}
    for number, group in enumerate(known):
        within = (first == number) & (second == number)
        genuine, strangers = scores[within & same], scores[within & ~same]
        missed, matched = int((genuine < bar).sum()), int((strangers >= bar).sum())
        answer[group] = {
            "people": int((group_of == number).sum()),
            "genuine_pairs": len(genuine),
            "missed": round(missed / len(genuine), 5) if len(genuine) else None,
            "missed_interval": wilson(missed, len(genuine)),
            "stranger_pairs": len(strangers),
            "matched_per_million": round(1e6 * matched / len(strangers), 1)
            if len(strangers)
            else None,
            "matched_interval": [1e6 * end for end in wilson(matched, len(strangers))],
        }
    return answer
