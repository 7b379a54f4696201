"""A calibration fitted anew to the scores of a library's own photos."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from media_index.errors import MediaIndexError
from media_index.matching.calibration import MILLION, Calibration

Scores = NDArray[np.float64]

# Of pairs of strangers; with fewer nothing can be counted near where it matters.
FEWEST_STRANGERS = 2_000
# A rate is counted where so many reach the score: known to a third of itself.
FEWEST_COUNTED = 10
_MOST_PER_MILLION = 300_000.0
_STEPS = 40


class TooFewStrangersError(MediaIndexError):
    """There are not enough pairs to count anything."""


@dataclass(frozen=True, slots=True, eq=False)
class OwnScores:
    """What a library's own photos and decisions say.

    Attributes:
        strangers: (n,) fused scores of pairs of people who certainly are two.
        rejected: (k,) scores of possible matches that somebody looked at and rejected, of cases
            of which everything that reached the review threshold was decided.
        comparisons: of faces with these cases, out of which the rejected are all that reached the
            threshold without being the person.
        confirmed: (m,) scores of what somebody confirmed.
    """

    strangers: Scores
    rejected: Scores
    comparisons: int
    confirmed: Scores


def refitted(before: Calibration, own: OwnScores, name: str, provenance: str) -> Calibration:
    """Fit the rates anew; how scores are made stays, so that old and new ones can be compared.

    The rates are counted as far down as there are pairs: on pairs of strangers, and beyond the
    review threshold on what people rejected. From there on the curve of before goes on, moved to
    where counting ended.

    Raises:
        TooFewStrangersError: says how many there are and how many are needed.
    """
    found = len(own.strangers)
    if found < FEWEST_STRANGERS:
        raise TooFewStrangersError(
            f"{found:,} pairs of faces of one photo are too few to count false matches; "
            f"{FEWEST_STRANGERS:,} are needed. Index more photos with several people."
        )
    scores, rates = _counted(own)
    last, least = float(scores[-1]), float(rates[-1])
    moved = last - before.score_at(least)
    beyond = before.scores + moved > last
    beyond &= before.per_million < least
    return replace(
        before,
        id=name,
        provenance=provenance,
        scores=np.concatenate([scores, before.scores[beyond] + moved]),
        per_million=np.concatenate([rates, before.per_million[beyond]]),
    )


def counted_down_to(own: OwnScores) -> float:
    """Return the lowest rate that is counted, false matches per million."""
    return float(_counted(own)[1][-1])


def _counted(own: OwnScores) -> tuple[Scores, Scores]:
    """Return ascending scores, and how many strangers of a million reach them."""
    strangers = np.sort(own.strangers)[::-1]
    surest = FEWEST_COUNTED / len(strangers) * MILLION
    rates = np.geomspace(_MOST_PER_MILLION, surest, _STEPS)
    ranks = np.maximum(np.rint(rates / MILLION * len(strangers)).astype(int), FEWEST_COUNTED)
    scores = strangers[ranks - 1]
    rejected = np.sort(own.rejected)[::-1]
    if own.comparisons and len(rejected) >= FEWEST_COUNTED:
        counts = np.unique(np.geomspace(FEWEST_COUNTED, len(rejected), 8).astype(int))
        looked_at = rejected[counts - 1]
        # What people looked at counts where it is; pairs of one photo are few up there.
        below = scores < looked_at.min()
        scores = np.concatenate([scores[below], looked_at])
        rates = np.concatenate([rates[below], counts / own.comparisons * MILLION])
    # Two counts of one thing need not agree: sorted, the curve falls (Chernozhukov,
    # Fernandez-Val, Galichon, "Improving estimators of monotone functions by rearrangement").
    scores, first = np.unique(scores, return_index=True)
    falling = np.sort(rates[first])[::-1]
    kept = np.concatenate([[True], np.diff(falling) < 0])
    return scores[kept], falling[kept]
