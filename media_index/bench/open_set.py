"""A register against a crowd: who of the enrolled is missed when few strangers are flagged."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from media_index.bench.encoded import name_of
from media_index.bench.setting import wilson
from media_index.calibration import Calibration, ModelScale, shipped_calibration
from media_index.matching import fused_scores, person_scores

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from media_index.bench.encoded import People

    Floats = NDArray[np.float32]

ENROLLED = (50, 500, 1500)
REFERENCES = (1, 3)
FLAGGED = 0.01
# As data/policy.toml has it for "a person must look".
REVIEW_PER_MILLION = 50.0
DRAWS = 5
# Of one person at most: the much photographed would be all that counts.
_MOST_PROBES = 4
_FEWEST_STRANGERS = 100


def open_set(people: People, draw: np.random.Generator) -> list[dict[str, Any]]:
    """Enrol people at random, and look for them and for strangers in other photos.

    A photo of an enrolled person is missed where that person's score is below the one that 1 % of
    the strangers' photos reach with whomever they are most alike. Where the set has too few people
    for a size of the register, as many as there are take its place, once.

    Args:
        people: encoded.
        draw: of the draws, five for each size.
    """
    ways = {name_of(model): _alone(model) for model in people.vectors}
    ways["fused"] = shipped_calibration()
    answers = []
    for references in REFERENCES:
        enough = int((np.bincount(people.labels) >= references).sum())
        for size in sorted({min(size, enough) for size in ENROLLED}):
            tallies = _drawn(people, size, references, ways, draw)
            if tallies:
                answers.append(
                    {"enrolled": size, "references": references, "draws": DRAWS, **tallies}
                )
    return answers


def _alone(model: str) -> Calibration:
    """Return a calibration that compares by one model only."""
    shipped = shipped_calibration()
    # Only the order of the scores counts: that of a model nobody has measured yet may be as it is.
    scale = shipped.scales.get(model, ModelScale(0.0, 1.0, 1.0))
    return Calibration(
        model,
        shipped.provenance,
        {model: ModelScale(scale.mean, scale.deviation, 1.0)},
        shipped.scores,
        shipped.per_million,
    )


def _drawn(
    people: People,
    size: int,
    references: int,
    ways: dict[str, Calibration],
    draw: np.random.Generator,
) -> dict[str, Any]:
    counts = np.bincount(people.labels)
    enough = np.flatnonzero(counts >= references)
    if size < min(ENROLLED) or len(counts) - size < _FEWEST_STRANGERS:
        return {}
    totals = {name: np.zeros(4, np.int64) for name in (*ways, "shipped")}
    for _ in range(DRAWS):
        # Who has photos left to be looked for comes first; the others only fill the register.
        order = draw.permutation(enough)
        order = order[np.argsort(counts[order] <= references, kind="stable")]
        enrolled = order[:size]
        photos = [draw.permutation(np.flatnonzero(people.labels == one)) for one in enrolled]
        templates = np.concatenate([one[:references] for one in photos])
        probes = np.concatenate([one[references:][:_MOST_PROBES] for one in photos])
        others = np.setdiff1d(np.arange(len(counts)), enrolled)
        strangers = np.array([draw.choice(np.flatnonzero(people.labels == one)) for one in others])
        for name, way in ways.items():
            own, best = _scores(people, templates, probes, strangers, way)
            bar = float(np.sort(best)[-max(1, int(FLAGGED * len(best)))])
            totals[name] += _counts(own, best, bar)
            if name == "fused":
                totals["shipped"] += _counts(own, best, way.score_at(REVIEW_PER_MILLION))
    return {name: _plain(total) for name, total in totals.items()}


def _scores(
    people: People,
    templates: NDArray[np.int64],
    probes: NDArray[np.int64],
    strangers: NDArray[np.int64],
    way: Calibration,
) -> tuple[Floats, Floats]:
    """Return each probe's score with its own person, and each stranger's best with anybody."""
    asked = np.concatenate([probes, strangers])
    scores = fused_scores(
        way,
        {model: rows[asked] for model, rows in people.vectors.items()},
        {model: rows[templates] for model, rows in people.vectors.items()},
    )
    owners, merged = person_scores(scores, [str(label) for label in people.labels[templates]])
    place = {owner: column for column, owner in enumerate(owners)}
    columns = [place[str(label)] for label in people.labels[probes]]
    own: Floats = merged[np.arange(len(probes)), columns]
    best: Floats = merged[len(probes) :].max(axis=1)
    return own, best


def _counts(own: Floats, best: Floats, bar: float) -> NDArray[np.int64]:
    return np.array([(own < bar).sum(), len(own), (best >= bar).sum(), len(best)], dtype=np.int64)


def _plain(total: NDArray[np.int64]) -> dict[str, Any]:
    missed, probes, flagged, strangers = (int(one) for one in total)
    return {
        "missed": round(missed / probes, 5) if probes else None,
        "interval": wilson(missed, probes),
        "probes": probes,
        "flagged": round(flagged / strangers, 5),
        "strangers": strangers,
    }
