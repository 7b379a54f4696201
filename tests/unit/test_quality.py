"""What can be compared, and what a person might recognize."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from media_index.faces.quality import (
    is_comparable,
    is_recognizable,
    measure,
    prominences,
    strangers_let_through,
)
from media_index.limits import COMPARABILITY as LIMITS
from media_index.types import Box, Face, FaceQuality

# Of a good portrait.
NORM = 13.0
CROP = np.random.default_rng(8).integers(0, 256, (112, 112, 3)).astype(np.uint8)
FRONTAL = [(40.0, 50.0), (80.0, 50.0), (60.0, 70.0), (45.0, 90.0), (75.0, 90.0)]
GOOD = Face(
    index=0,
    box=Box(0, 0, 90, 120),
    landmarks=tuple(FRONTAL),
    detector_score=0.9,
    quality=FaceQuality(
        size_px=90, sharpness=300, yaw=0, contrast=120, burnt_out=0, feature_contrast=0.2, norm=NORM
    ),
    encodings={"model": np.zeros(128, np.float32)},
)


def yaw(nose_x: float, turn: float = 0.0) -> float:
    """With the nose there, and the whole head leaning by so many degrees."""
    points = [(40.0, 50.0), (80.0, 50.0), (nose_x, 70.0), (45.0, 90.0), (75.0, 90.0)]
    cos, sin = np.cos(np.radians(turn)), np.sin(np.radians(turn))
    leaning = [(cos * x - sin * y, sin * x + cos * y) for x, y in points]
    return measure(Box(0, 0, 9, 9), leaning, CROP, NORM).yaw


def test_a_turned_head_has_a_yaw_of_its_side() -> None:
    assert yaw(60) == pytest.approx(0)
    assert yaw(80) == pytest.approx(45)
    assert yaw(40) == pytest.approx(-45)
    assert 45 < yaw(95) < 90


def test_a_head_that_leans_has_the_same_yaw() -> None:
    assert yaw(70, turn=30) == pytest.approx(yaw(70))


def test_eyes_in_one_place_are_a_profile() -> None:
    points = [(40.0, 50.0)] * 5
    assert measure(Box(0, 0, 9, 9), points, CROP, NORM).yaw == 90.0


def test_size_is_the_shorter_side_and_blur_is_not_sharp() -> None:
    assert measure(Box(10, 10, 40, 60), FRONTAL, CROP, NORM).size_px == 30
    flat = np.full_like(CROP, 99)
    assert measure(Box(0, 0, 9, 9), FRONTAL, flat, NORM).sharpness == 0
    assert measure(Box(0, 0, 9, 9), FRONTAL, CROP, NORM).sharpness > 1000


@pytest.mark.parametrize(
    "change",
    [
        {"size_px": LIMITS.comparable_px - 1},
        {"yaw": LIMITS.comparable_yaw + 1},
        {"yaw": -LIMITS.comparable_yaw - 1},
        {"sharpness": LIMITS.comparable_sharpness - 1},
        {"contrast": LIMITS.comparable_contrast - 1},
        {"burnt_out": LIMITS.comparable_burnt_out + 0.1},
        {"norm": LIMITS.comparable_norm - 0.1},
    ],
)
def test_a_poor_face_is_not_comparable(change: dict[str, float]) -> None:
    assert is_comparable(GOOD, LIMITS)
    assert not is_comparable(replace(GOOD, quality=replace(GOOD.quality, **change)), LIMITS)


def test_a_face_without_encodings_is_not_comparable() -> None:
    assert not is_comparable(replace(GOOD, encodings={}), LIMITS)


def test_a_short_vector_holds_up_only_the_face_that_a_photo_is_of() -> None:
    short = replace(GOOD.quality, norm=LIMITS.comparable_norm - 0.1)
    assert not is_comparable(replace(GOOD, quality=short), LIMITS)
    for change in ({"prominence": 0.9}, {"size_px": 39}, {"norm": LIMITS.no_face_norm - 0.1}):
        assert is_comparable(replace(GOOD, quality=replace(short, **change)), LIMITS)


def test_prominence_is_of_the_largest_that_surely_is_a_face() -> None:
    sizes, scores = np.array([50, 100, 200], np.float32), np.array([0.9, 0.9, 0.5], np.float32)
    assert prominences(sizes, scores).tolist() == [0.5, 1.0, 2.0]
    assert prominences(sizes[2:], scores[2:]).tolist() == [1.0]
    assert prominences(sizes[:0], scores[:0]).tolist() == []


def test_a_small_blurred_or_doubtful_face_is_not_recognizable() -> None:
    small = replace(GOOD.quality, size_px=LIMITS.recognizable_px - 1)
    assert is_recognizable(GOOD, LIMITS)
    assert not is_recognizable(replace(GOOD, quality=small), LIMITS)
    blurred = replace(GOOD.quality, sharpness=LIMITS.recognizable_sharpness - 1, prominence=0.9)
    assert is_recognizable(replace(GOOD, quality=replace(blurred, prominence=1.0)), LIMITS), (
        "the largest face in the photo"
    )
    assert not is_recognizable(replace(GOOD, quality=blurred), LIMITS)
    assert not is_recognizable(replace(GOOD, detector_score=0.5), LIMITS)


def lit(gain: float, *, mask: bool = False) -> FaceQuality:
    """What is measured of the crop with more or less light, and with something over the mouth."""
    crop = np.clip((CROP * 0.4 + 60) * gain, 0, 255).astype(np.uint8)
    if mask:
        crop[72:, :] = (40, 45, 60)
    return measure(Box(0, 0, 90, 120), FRONTAL, crop, NORM)


def test_light_and_what_covers_a_face_are_measured() -> None:
    assert lit(0.2).contrast == pytest.approx(lit(1.0).contrast * 0.2, rel=0.1)
    assert (lit(1.0).burnt_out, lit(9.0).burnt_out) == (0.0, 1.0)
    assert lit(1.0).feature_contrast == pytest.approx(lit(0.5).feature_contrast, rel=0.05)
    assert lit(1.0, mask=True).feature_contrast == 0.0


def test_a_covered_or_dark_face_is_harder_to_compare() -> None:
    assert strangers_let_through(lit(1.0)) == 1
    assert strangers_let_through(lit(0.6)) == 4
    assert strangers_let_through(lit(1.0, mask=True)) == 16


def test_eyes_in_the_dark_are_measured_by_the_persons_own_cheeks() -> None:
    def light(eyes: int, cheeks: int) -> float:
        crop = np.full((112, 112, 3), cheeks, np.uint8)
        crop[40:64, 20:92] = eyes
        return measure(Box(0, 0, 90, 120), FRONTAL, crop, NORM).eye_light or 0.0

    assert light(90, 100) == pytest.approx(light(45, 50), abs=0.01) == pytest.approx(0.9)
    assert light(30, 120) == pytest.approx(0.25)


@pytest.mark.parametrize(
    ("eye_light", "norm", "size_px", "compared"),
    [
        pytest.param(0.4, 10.0, 90, False, id="a cap and tinted glasses"),
        pytest.param(0.3, 12.0, 90, True, id="dark glasses alone"),
        pytest.param(0.9, 10.0, 90, True, id="a poor picture"),
        pytest.param(0.4, 10.0, 30, True, id="small, in a crowd"),
        pytest.param(0.1, 7.3, 90, True, id="cut off by the edge, further back"),
        pytest.param(None, 10.0, 90, True, id="indexed before"),
    ],
)
def test_a_covered_face_is_for_a_person_to_look_at(eye_light, norm, size_px, compared) -> None:
    quality = replace(GOOD.quality, eye_light=eye_light, norm=norm, size_px=size_px, prominence=0.8)

    assert is_comparable(replace(GOOD, quality=quality), LIMITS) is compared


@pytest.mark.parametrize(
    ("few_tones", "sharpness", "norm", "compared"),
    [
        pytest.param(0.95, 900.0, 9.0, False, id="a stencil"),
        pytest.param(0.95, 900.0, 12.0, True, id="of which the encoder sees enough"),
        pytest.param(0.9, 15.0, 9.0, True, id="a blur"),
        pytest.param(0.5, 900.0, 9.0, True, id="a photo"),
        pytest.param(None, 900.0, 9.0, True, id="indexed before"),
    ],
)
def test_a_face_in_few_tones_is_for_a_person_to_look_at(
    few_tones, sharpness, norm, compared
) -> None:
    quality = replace(GOOD.quality, few_tones=few_tones, sharpness=sharpness, norm=norm)

    assert is_comparable(replace(GOOD, quality=quality), LIMITS) is compared


@pytest.mark.parametrize("tones", [2, 3, 4])
def test_tones_are_counted(tones: int) -> None:
    shades = np.tile(np.linspace(30, 220, 112), (112, 1))
    drawn = np.round((shades - 30) / 190 * (tones - 1)) * 190 / (tones - 1) + 30

    def few_tones(gray) -> float:
        crop = np.repeat(gray.astype(np.uint8)[:, :, None], 3, axis=2)
        return measure(Box(0, 0, 90, 120), FRONTAL, crop, NORM).few_tones or 0.0

    assert few_tones(drawn) == 1.0
    assert few_tones(shades) < 0.3


def test_for_eyes_in_the_dark_more_strangers_are_let_through() -> None:
    times = [
        strangers_let_through(replace(GOOD.quality, eye_light=light)) for light in (0.9, 0.5, 0.3)
    ]
    assert times == [1.0, 4.0, 16.0]
