"""False-match rates and scores, there and back."""

from __future__ import annotations

import json

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from media_index.faces.encode import DLIB, SFACE
from media_index.matching.calibration import (
    QualityTerm,
    fit_curve,
    read_calibration,
    shipped_calibration,
)

SHIPPED = shipped_calibration()
rates = st.floats(float(SHIPPED.per_million[-1]), float(SHIPPED.per_million[0]))
scores = st.floats(-20, 30)


def test_the_table_is_usable_and_says_where_it_comes_from() -> None:
    assert (np.diff(SHIPPED.scores) > 0).all()
    assert (np.diff(SHIPPED.per_million) < 0).all()
    assert SHIPPED.per_million[0] <= 1_000_000
    assert len(SHIPPED.provenance) > 40
    assert SHIPPED.id
    assert {DLIB, SFACE} == set(SHIPPED.scales)


@given(rates)
def test_a_rate_comes_back_from_its_score(rate: float) -> None:
    score = SHIPPED.score_at(rate)
    assert SHIPPED.false_matches_per_million(score) == pytest.approx(rate, rel=1e-6)


@given(scores, scores)
def test_a_higher_score_is_never_a_higher_rate(one: float, other: float) -> None:
    low, high = sorted((one, other))
    assert SHIPPED.false_matches_per_million(high) <= SHIPPED.false_matches_per_million(low)


@given(st.floats(1e-9, 1e6), st.floats(1e-9, 1e6))
def test_fewer_false_matches_never_ask_for_a_lower_score(one: float, other: float) -> None:
    low, high = sorted((one, other))
    assert SHIPPED.score_at(low) >= SHIPPED.score_at(high)


@pytest.mark.parametrize("rate", [0, -1, -1e-9])
def test_a_rate_of_nothing_has_no_score(rate: float) -> None:
    with pytest.raises(ValueError, match="above zero"):
        SHIPPED.score_at(rate)


def test_the_file_is_written_as_it_is_read() -> None:
    again = read_calibration(json.loads(SHIPPED.as_json()))
    assert again.scales == SHIPPED.scales
    assert again.agreement == SHIPPED.agreement
    assert again.quality == SHIPPED.quality
    assert np.allclose(again.scores, SHIPPED.scores, atol=1e-4)
    assert np.allclose(again.per_million, SHIPPED.per_million, rtol=1e-3)


def test_a_calibration_of_before_knows_nothing_of_quality() -> None:
    document = SHIPPED.as_document()
    del document["quality"], document["agreement"]
    old = read_calibration(document)
    assert old.quality.of_one(10.0) == 0.0
    assert 0.5 < old.correlation(np.array([5.0]))[0] < 0.8


def test_the_less_the_encoder_sees_of_a_face_the_more_is_added_up_to_a_limit() -> None:
    term = QualityTerm(per_unit=0.1, usual=12.0, least=9.0, most=14.0, least_prominence=0.5)
    norms = [3.0, 9.0, 11.0, 12.0, 13.0, 14.0, 20.0, None]
    said = [0.3, 0.3, 0.1, 0.0, -0.1, -0.2, -0.2, 0.0]
    assert [term.of_one(norm) for norm in norms] == pytest.approx(said)
    assert term.of_one(9.0, prominence=0.4) == 0.0
    assert term.of_one(13.0, prominence=0.4) == pytest.approx(-0.1)


def test_a_fitted_curve_is_what_was_counted_and_goes_on_like_a_normal_tail() -> None:
    strangers = np.random.default_rng(6).normal(size=500_000)
    fitted_scores, per_million = fit_curve(strangers, surest_per_million=20)
    assert (np.diff(fitted_scores) > 0).all()
    assert (np.diff(per_million) < 0).all()

    def rate(score: float) -> float:
        return float(10 ** np.interp(score, fitted_scores, np.log10(per_million)))

    # Of a normal distribution 1,350 in a million lie above 3, and 0.287 above 5.
    assert rate(3.0) == pytest.approx(1350, rel=0.1)
    assert 0.287 / 4 < rate(5.0) < 0.287 * 4
