"""From which score somebody must look: poorer pictures and older references widen the band."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from consent.domain.cases import Template
from consent.domain.policy import Matching
from consent.matching.gallery import Gallery, Pictured, face_scores
from media_index.matching.calibration import shipped_calibration
from media_index.matching.search import Pairs
from media_index.storage.contents import FaceBlock
from media_index.types import Box, Face, FaceQuality

CALIBRATION = shipped_calibration()
MATCHING = Matching(0.01, 50.0, 1.0, 3.0, 6.0, 1.5, 2.0)
NOW = datetime(2026, 6, 2, tzinfo=UTC)
GOOD = FaceQuality(90.0, 150.0, 0.0, 120.0, 0.0, 0.25)
YEAR = timedelta(days=365.25)
CHILD, ADULT = "child", "adult"


def face(quality: FaceQuality = GOOD) -> Face:
    random = np.random.default_rng(1)
    encodings = {model: random.normal(size=128).astype("f4") for model in CALIBRATION.scales}
    return Face(0, Box(0, 0, 90, 90), ((0.0, 0.0),) * 5, 0.9, quality, encodings)


def gallery(taken: datetime = NOW) -> Gallery:
    templates = [
        Template(owner, owner, "0" * 64, Box(0, 0, 9, 9), face().encodings, "", NOW)
        for owner in (CHILD, ADULT)
    ]
    at = frozenset({taken})
    pictured = {CHILD: Pictured(True, at, NOW), ADULT: Pictured(False, at, NOW)}
    return Gallery(templates, CALIBRATION, MATCHING, pictured)


def let_through(owner: str, quality: FaceQuality = GOOD, taken: datetime | None = NOW) -> float:
    """False matches per million at the review threshold."""
    score = gallery().review_score(owner, face(quality), taken)
    return CALIBRATION.false_matches_per_million(score)


def test_a_good_face_of_the_day_is_judged_as_the_policy_says():
    for owner in (CHILD, ADULT, "somebody without dates"):
        assert let_through(owner) == pytest.approx(50)


@pytest.mark.parametrize(
    "poor",
    [
        {"size_px": 26.0},
        {"sharpness": 17.0},
        {"contrast": 40.0},
        {"burnt_out": 0.2},
        {"feature_contrast": 0.1},
        {"yaw": -50.0},
    ],
)
def test_a_poor_face_is_looked_at_from_a_lower_score_and_a_worse_one_from_a_lower_yet(
    poor: dict[str, float],
):
    assert let_through(ADULT, replace(GOOD, **poor)) == pytest.approx(200)
    worse = replace(replace(GOOD, **poor), size_px=21.0)
    assert let_through(ADULT, worse) == pytest.approx(800)


def test_of_faces_indexed_before_light_was_measured_nothing_is_made_up():
    assert let_through(ADULT, FaceQuality(90.0, 150.0, 0.0)) == pytest.approx(50)


def test_a_photo_far_from_the_reference_is_looked_at_from_a_lower_score_a_childs_sooner():
    before, after = NOW - 3 * YEAR, NOW + 3 * YEAR
    assert let_through(ADULT, taken=before) == pytest.approx(50)
    for far in (before, after):
        assert let_through(CHILD, taken=far) == pytest.approx(50 * 3**2)
    assert let_through(ADULT, taken=NOW - 8 * YEAR) == pytest.approx(50 * 1.5**2)
    assert let_through(CHILD, taken=NOW - 60 * YEAR) == pytest.approx(2_000)


def test_a_photo_of_an_unknown_day_counts_as_of_today():
    old = gallery(taken=NOW - 3 * YEAR)
    score = old.review_score(CHILD, face(), None)
    assert CALIBRATION.false_matches_per_million(score) == pytest.approx(450)


def test_the_nearest_reference_counts():
    pictured = Pictured(True, frozenset({NOW, NOW - 5 * YEAR}), NOW)
    assert pictured.years_from(NOW - 4.5 * YEAR) == pytest.approx(0.5)


def test_a_score_below_its_own_threshold_is_no_match_though_another_face_would_have_one():
    poor = face(replace(GOOD, size_px=26.0))
    score = CALIBRATION.score_at(100)
    assert gallery().match(score, face(), ADULT, NOW) is None
    match = gallery().match(score, poor, ADULT, NOW)
    assert match is not None
    assert match.match.threshold == pytest.approx(CALIBRATION.score_at(200), abs=1e-3)


def scored(norm: float | None, of_reference: float | None = None) -> float:
    """Somebody's score, by how much the encoder sees of the face and of the reference."""
    seen = face(replace(GOOD, norm=norm))
    references = [
        Template("t", ADULT, "0" * 64, Box(0, 0, 9, 9), seen.encodings, "", NOW, of_reference)
    ]
    (match,) = Gallery(references, CALIBRATION, MATCHING).of_faces([seen])
    return match.match.score


def test_a_face_of_which_the_encoder_sees_little_scores_more_and_so_does_such_a_reference():
    usual = scored(CALIBRATION.quality.usual)
    assert scored(None) == usual
    assert scored(10.5) == pytest.approx(usual + 2 * CALIBRATION.quality.per_unit, abs=2e-3)
    assert scored(14.0) < usual
    assert scored(None, 10.5) == scored(10.5)


def test_two_faces_are_compared_by_the_same_rule_as_a_face_and_a_reference():
    one, other = face(replace(GOOD, norm=11.0)), face(replace(GOOD, norm=10.5))
    (score,) = face_scores(CALIBRATION, [one], [other])[0]
    assert score == pytest.approx(scored(11.0, 10.5), abs=2e-3)
    assert face_scores(CALIBRATION, [], [one]).shape == (0, 1)


def test_beside_close_matches_half_as_many_strangers_pass_and_no_match_blocks():
    seen = face()
    references = [Template("t", ADULT, "0" * 64, Box(0, 0, 9, 9), seen.encodings, "", NOW)]
    alone = Gallery(references, CALIBRATION, MATCHING)
    expanded = Gallery(references, CALIBRATION, MATCHING, expanded_by={ADULT: 2})

    (sure,) = alone.of_faces([seen])
    (possible,) = expanded.of_faces([seen])

    assert sure.blocks
    assert sure.hint == ""
    assert not possible.blocks
    assert possible.match.threshold == pytest.approx(CALIBRATION.score_at(25), abs=1e-3)
    assert possible.hint == "2 other photos that match closely"


@given(
    st.floats(0, 80),
    st.sampled_from([1.0, 4.0, 16.0]),
    st.booleans(),
    st.floats(0, 80),
    st.sampled_from([1.0, 4.0, 16.0]),
)
def test_the_band_never_narrows_and_never_exceeds_what_is_compared(
    years: float, times: float, minor: bool, more: float, worse: float
):
    one = MATCHING.review_for(minor=minor, years=years, times=times)
    other = MATCHING.review_for(minor=minor, years=years + more, times=max(times, worse))
    assert MATCHING.review_per_million <= one <= other <= MATCHING.widest_per_million


def test_what_is_left_out_at_once_reaches_no_threshold_of_its_own():
    random = np.random.default_rng(3)
    owners = [str(number) for number in range(60)]
    templates = [
        Template(owner, owner, "0" * 64, Box(0, 0, 9, 9), face().encodings, "", NOW)
        for owner in owners
    ]
    pictured = {
        owner: Pictured(
            number % 2 == 0, frozenset(NOW - YEAR * age for age in random.uniform(0, 20, 2)), NOW
        )
        for number, owner in enumerate(owners[10:])
    }
    many = Gallery(templates, CALIBRATION, MATCHING, pictured, dict.fromkeys(owners[:30], 2))
    faces = [face(replace(GOOD, size_px=size)) for size in random.uniform(18, 60, 40)]
    photos = [str(number) for number in range(len(faces))]
    block = FaceBlock([*range(len(faces))], photos, faces, {}, 0)
    taken = {sha256: NOW - YEAR * random.uniform(-1, 30) for sha256 in photos[5:]}
    rows, columns = (each.ravel() for each in np.indices((len(faces), len(owners))))
    lowest, highest = CALIBRATION.score_at(2000), CALIBRATION.score_at(20)
    pairs = Pairs(rows, columns, random.uniform(lowest, highest, len(rows)).astype("f4"))

    kept = many._may_reach(block, pairs, taken)

    matched = np.array(
        [
            many.match(float(score), faces[row], owners[column], taken.get(photos[row])) is not None
            for row, column, score in zip(rows, columns, pairs.scores, strict=True)
        ]
    )
    assert 100 < matched.sum() < len(rows) - 100
    assert not (matched & ~kept).any()
    assert kept.sum() < 1.3 * matched.sum()
