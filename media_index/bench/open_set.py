"""A register against a crowd: who of the enrolled is missed when few strangers are flagged."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from media_index.bench.encoded import People, name_of
from media_index.bench.fitting import fit_agreement
from media_index.bench.setting import REVIEW_PER_MILLION, wilson
from media_index.matching.calibration import Calibration, ModelScale, shipped_calibration
from media_index.matching.scores import fused_scores, person_scores, template_weights

Floats = NDArray[np.float32]
Places = NDArray[np.int64]

ENROLLED = (50, 300, 500, 1500)
REFERENCES = (1, 3)
FLAGGED = 0.01
DRAWS = 20
FUSED = "fused"
NORMALISED = "fused, normalised"
# Faces of people who are neither enrolled nor asked about; at most a third of the rest.
_COHORT = 1000
_NEAREST = 300
# Of one person at most: the much photographed would be all that counts.
_MOST_PROBES = 4
_FEWEST_STRANGERS = 100


def open_set(people: People, draw: np.random.Generator) -> list[dict[str, Any]]:
    """Enrol people at random, and look for them and for strangers in other photos.

    A photo of an enrolled person is missed where that person's score is below the one that 1 % of
    the strangers' photos reach with whomever they are most alike. Where the set has too few people
    for a size of the register, as many as there are take its place, once.

    The fused score is measured a second time, standardised on both sides by the most alike of a
    cohort of other faces (adaptive symmetric normalisation, Matejka et al. 2017); the program does
    not do that.
    """
    ways = {name_of(model): _alone(people, model) for model in people.vectors}
    ways[FUSED] = shipped_calibration()
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


def _alone(people: People, model: str) -> Calibration:
    """Return a calibration that compares by one model only."""
    shipped = shipped_calibration()
    # Only the order of the scores counts: that of a model nobody has measured yet may be as it is.
    scale = shipped.scales.get(model, ModelScale(0.0, 1.0, 1.0))
    alone = Calibration(
        model,
        shipped.provenance,
        {model: ModelScale(scale.mean, scale.deviation, 1.0)},
        shipped.scores,
        shipped.per_million,
    )
    return replace(alone, agreement=fit_agreement(people, alone))


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
    totals = {name: np.zeros(4, np.int64) for name in (*ways, NORMALISED, "shipped")}
    for _ in range(DRAWS):
        # Who has photos left to be looked for comes first; the others only fill the register.
        order = draw.permutation(enough)
        order = order[np.argsort(counts[order] <= references, kind="stable")]
        enrolled = order[:size]
        photos = [draw.permutation(np.flatnonzero(people.labels == person)) for person in enrolled]
        templates = np.concatenate([own[:references] for own in photos])
        probes = np.concatenate([own[references:][:_MOST_PROBES] for own in photos])
        others = draw.permutation(np.setdiff1d(np.arange(len(counts)), enrolled))
        faces = np.array(
            [draw.choice(np.flatnonzero(people.labels == person)) for person in others]
        )
        cohort, strangers = np.split(faces, [min(_COHORT, len(faces) // 3)])
        asked = np.concatenate([probes, strangers, cohort])
        tables = {name: people.person_scores(way, asked, templates) for name, way in ways.items()}
        tables[NORMALISED] = _normalised(people, asked, templates, cohort)
        of_each = [len(own[references:][:_MOST_PROBES]) for own in photos]
        columns = np.repeat(np.arange(size), of_each)
        for name, table in tables.items():
            own, best = table[np.arange(len(probes)), columns], table[len(probes) :].max(axis=1)
            if name == NORMALISED:
                # The cohort cannot be asked about by what it normalises.
                best = best[: len(strangers)]
            bar = float(np.sort(best)[-max(1, round(FLAGGED * len(best)))])
            totals[name] += _counts(own, best, bar)
            if name == FUSED:
                totals["shipped"] += _counts(own, best, ways[FUSED].score_at(REVIEW_PER_MILLION))
    return {name: _plain(total) for name, total in totals.items()}


def _normalised(people: People, asked: Places, templates: Places, cohort: Places) -> Floats:
    """Return (asked, people): shipped scores, standardised by the most alike of a cohort."""
    way = shipped_calibration()
    owners = [str(label) for label in people.labels[templates]]
    scores = fused_scores(way, people.of(asked), people.of(templates))
    nearest = min(_NEAREST, len(cohort))
    of_rows, of_columns = (
        np.sort(fused_scores(way, people.of(some), people.of(cohort)), axis=1)[:, -nearest:]
        for some in (asked, templates)
    )
    by_row = (scores - of_rows.mean(axis=1)[:, None]) / of_rows.std(axis=1)[:, None]
    by_column = (scores - of_columns.mean(axis=1)) / of_columns.std(axis=1)
    of_each = template_weights(way, people.of(templates), owners)
    return person_scores((by_row + by_column) / 2, owners, of_each)[1].astype(np.float32)


def _counts(own: Floats, best: Floats, bar: float) -> NDArray[np.int64]:
    return np.array([(own < bar).sum(), len(own), (best >= bar).sum(), len(best)], dtype=np.int64)


def _plain(total: NDArray[np.int64]) -> dict[str, Any]:
    missed, probes, flagged, strangers = map(int, total)
    return {
        "missed": round(missed / probes, 5) if probes else None,
        "interval": wilson(missed, probes),
        "probes": probes,
        "flagged": round(flagged / strangers, 5),
        "strangers": strangers,
    }
