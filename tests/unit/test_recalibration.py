"""Rates fitted anew to a library's own scores."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from media_index.matching.calibration import MILLION, Calibration, shipped_calibration
from media_index.matching.refit import OwnScores, TooFewStrangersError, counted_down_to, refitted

SHIPPED = shipped_calibration()
NOTHING = np.empty(0)


def drawn(calibration: Calibration, count: int, seed: int = 0) -> np.ndarray:
    """Scores of strangers as a calibration has them."""
    random = np.random.default_rng(seed)
    logs = np.log10(calibration.per_million)[::-1]
    return np.interp(np.log10(random.uniform(1e-9, MILLION, count)), logs, calibration.scores[::-1])


def own(strangers: np.ndarray, rejected: np.ndarray = NOTHING, comparisons: int = 0) -> OwnScores:
    return OwnScores(strangers, rejected, comparisons, NOTHING)


@pytest.mark.parametrize("moved", [-0.5, 0.0, 0.8])
def test_strangers_who_look_more_alike_need_a_higher_score(moved: float) -> None:
    strangers = drawn(SHIPPED, 50_000) + moved

    after = refitted(SHIPPED, own(strangers), "own", "made up")

    for rate in (50_000, 5_000, 500):
        assert after.score_at(rate) == pytest.approx(SHIPPED.score_at(rate) + moved, abs=0.1)
    # Where nothing can be counted the curve of before goes on.
    assert after.score_at(0.01) == pytest.approx(SHIPPED.score_at(0.01) + moved, abs=0.2)


def test_what_people_rejected_counts_where_pairs_of_one_photo_are_few() -> None:
    random = np.random.default_rng(3)
    strangers = drawn(SHIPPED, 3_000)
    # In truth twice as many strangers reach the review threshold as the shipped curve says.
    comparisons = 4_000_000
    rates = random.uniform(0, 50, round(2 * 50e-6 * comparisons))
    rejected = np.array([SHIPPED.score_at(max(rate, 1e-3)) for rate in rates])

    plain = refitted(SHIPPED, own(strangers), "own", "made up")
    after = refitted(SHIPPED, own(strangers, rejected, comparisons), "own", "made up")

    at = SHIPPED.score_at(20)
    assert after.false_matches_per_million(at) == pytest.approx(40, rel=0.25)
    assert counted_down_to(own(strangers)) == pytest.approx(10 / 3_000 * MILLION)
    assert counted_down_to(own(strangers, rejected, comparisons)) == pytest.approx(2.5)
    assert plain.false_matches_per_million(at) < 40


def test_with_too_few_pairs_nothing_is_fitted() -> None:
    with pytest.raises(TooFewStrangersError, match=r"1,999 pairs .* 2,000 are needed"):
        refitted(SHIPPED, own(drawn(SHIPPED, 1_999)), "own", "made up")


@settings(max_examples=30, deadline=None)
@given(
    st.integers(0, 1_000),
    st.lists(st.floats(4, 15), max_size=40),
    st.integers(0, 10**7),
    st.floats(-3, 3),
)
def test_the_curve_falls_whatever_was_measured(
    seed: int, rejected: list[float], comparisons: int, moved: float
) -> None:
    strangers = drawn(SHIPPED, 2_500, seed) + moved
    comparisons += len(rejected)

    after = refitted(SHIPPED, own(strangers, np.array(rejected), comparisons), "own", "made up")

    assert (np.diff(after.scores) > 0).all()
    assert (np.diff(after.per_million) < 0).all()
    assert after.per_million[0] <= MILLION
