"""Faces are found where they are, whatever the size of the picture."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import pytest
from PIL import Image

from media_index.faces.detect import FaceDetector, least_sought, merged, scales, with_others
from media_index.faces.weights import YUNET_WEIGHTS
from media_index.limits import DETECTION
from media_index.types import Box, Fingerprint


@pytest.fixture(scope="module")
def detector(weights: Path) -> FaceDetector:
    # OpenCV 5 logs a warning at every load of a model.
    cv2.utils.logging.setLogLevel(cv2.utils.logging.LOG_LEVEL_ERROR)
    return FaceDetector(weights / YUNET_WEIGHTS.name)


@pytest.fixture(scope="module")
def entries(samples: Path) -> list[dict[str, Any]]:
    files = json.loads((samples / "manifest.json").read_text("utf-8"))["files"]
    return [entry for entry in files if entry["kind"] != "broken"]


def missed(people: list[list[int]], found: list[Box], overlap: float = 0.4) -> list[list[int]]:
    return [
        box for box in people if max((Box(*box).overlap(one) for one in found), default=0) < overlap
    ]


def portrait(samples: Path, width: int, height: int) -> np.ndarray:
    with Image.open(samples / "originals" / "obama2.jpg") as image:
        return np.asarray(image.convert("RGB").resize((width, height)))


def test_everybody_in_the_samples_is_found(
    entries: list[dict[str, Any]], sample_fingerprints: dict[str, Fingerprint]
) -> None:
    missing = {}
    for entry in entries:
        people = [person["box"] for person in entry["people"]]
        found = [face.box for face in sample_fingerprints[entry["path"]].faces]
        if people and missed(people, found):
            missing[entry["path"]] = missed(people, found)
    assert missing == {}


def test_pictures_without_people_hold_nobody(
    entries: list[dict[str, Any]], sample_fingerprints: dict[str, Fingerprint]
) -> None:
    empty = [entry["path"] for entry in entries if entry["kind"] == "no_face"]
    assert len(empty) == 2
    for path in empty:
        assert sample_fingerprints[path].faces == ()


@pytest.mark.parametrize("height", [48, 120, 400, 1200, 4800])
def test_a_portrait_is_found_at_every_size(
    samples: Path, detector: FaceDetector, height: int
) -> None:
    # The face takes a third of the height: 16 to 1,600 px.
    width = height * 626 // 1200
    rows = detector.detect(portrait(samples, width, height))
    best = rows[rows[:, 14].argmax()]
    found = Box(*(round(value) for value in (*best[:2], *(best[:2] + best[2:4]))))
    expected = Box(*(value * height // 1200 for value in (198, 231, 471, 619)))
    assert found.overlap(expected) > 0.6


@pytest.mark.parametrize(
    ("width", "height"),
    [(20_000, 200), (200, 20_000), (40_000, 300)],
)
def test_faces_in_a_panorama_are_found(
    samples: Path, detector: FaceDetector, width: int, height: int
) -> None:
    short, long_side = min(width, height), max(width, height)
    face = portrait(samples, short * 626 // 1200, short)
    canvas = np.full((height, width, 3), 110, np.uint8)
    places = [10, long_side // 2, long_side - 2 * short]
    for place in places:
        x, y = (place, 0) if width > height else (0, place)
        canvas[y : y + face.shape[0], x : x + face.shape[1]] = face
    rows = detector.detect(canvas)
    along = np.sort(rows[rows[:, 14] > 0.8][:, 0 if width > height else 1])
    assert len(along) == 3
    assert (np.abs(along - places) < short).all()


@pytest.mark.parametrize("size", [(1, 1), (1, 9), (9, 1), (3, 5000), (5000, 1), (40, 40)])
def test_a_picture_of_any_shape_is_looked_at(detector: FaceDetector, size: tuple[int, int]) -> None:
    rows = detector.detect(np.full((*size, 3), 128, np.uint8))
    assert rows.shape == (0, 15)
    assert rows.dtype == np.float32


def test_faces_come_from_left_to_right(sample_fingerprints: dict[str, Fingerprint]) -> None:
    group = next(one for path, one in sample_fingerprints.items() if "panel" in path)
    lefts = [face.box.x1 for face in group.faces]
    assert len(lefts) >= 3
    assert lefts == sorted(lefts)


def test_a_photo_larger_than_the_finest_look_says_what_is_not_sought() -> None:
    assert least_sought(DETECTION, 11_648, 8_736) == 1.0
    assert least_sought(DETECTION, 16_000, 12_000) > 1.3


def test_a_look_in_parts_finds_what_one_look_finds(samples: Path, detector: FaceDetector) -> None:
    """A crowd of one face, small and everywhere, across every edge between two parts."""
    with Image.open(samples / "originals" / "obama.jpg") as image:
        face = image.convert("RGB").resize((100, 125))
    crowd = Image.new("RGB", (3700, 2500), "gray")
    for left in range(20, 3600, 140):
        for top in range(15, 2400, 170):
            crowd.paste(face, (left, top))
    view = np.asarray(crowd)
    at_once = merged(detector._yunet.detect(view), 0.4)
    in_parts = merged(detector._rows_by_parts(view, np.inf), 0.4)
    at_once, in_parts = (rows[rows[:, 14] > 0.7] for rows in (at_once, in_parts))
    assert len(at_once) == len(in_parts) == 26 * 15
    apart = np.abs(at_once[:, None, :14] - in_parts[None, :, :14]).max(axis=2).min(axis=1)
    assert apart.max() < 6


def test_scales_leave_out_what_sees_the_same_twice() -> None:
    limits = replace(DETECTION, sides=(320, 800, 2000), most_enlarged=2.0)
    assert scales(limits, 3000, 2000) == pytest.approx([320 / 3000, 800 / 3000, 2 / 3])
    # A face of 20 px in a large photo has 12 in the largest look, but not without end.
    assert scales(limits, 4000, 3000) == pytest.approx([0.08, 0.2, 0.6])
    assert scales(limits, 20_000, 10_000) == pytest.approx([0.016, 0.04, 0.35])
    assert scales(limits, 2000, 1000) == pytest.approx([0.16, 0.4, 1.0])
    # Small pictures are enlarged, but not without end.
    assert scales(limits, 100, 80) == [1.0, 2.0]
    assert scales(limits, 250, 250) == [1.0, 2.0]


@pytest.mark.parametrize("squeezed", [False, True])
def test_the_box_of_a_face_has_its_shape_also_in_a_squeezed_picture(
    samples: Path, detector: FaceDetector, squeezed: bool
) -> None:
    with Image.open(
        samples / "events/2026-05-14 Author talk/panel-astronaut-obama-biden.jpg"
    ) as one:
        photo = one.convert("RGB").resize((900, 600))
    view = np.asarray(photo.resize((530, 600)) if squeezed else photo)
    rows = detector.detect(view)
    sure = rows[rows[:, 14] > 0.7]
    shapes = sure[:, 2] / sure[:, 3]
    assert len(sure) == 3
    if squeezed:
        assert (shapes < 0.56).all(), shapes
    else:
        assert (shapes > 0.6).all(), shapes


def test_another_box_counts_only_where_there_is_none() -> None:
    def row(x: float, score: float) -> list[float]:
        return [x, 0, 100, 100, *[0.0] * 10, score]

    kept = np.array([row(0, 0.5)], np.float32)
    others = np.array([row(5, 0.9), row(300, 0.6)], np.float32)
    assert sorted(with_others(kept, others, overlap=0.4)[:, 0].tolist()) == [0, 300]
    assert with_others(kept[:0], others[:0], overlap=0.4).shape == (0, 15)


def test_of_boxes_on_one_face_the_best_is_kept() -> None:
    def row(x: float, score: float) -> list[float]:
        return [x, 0, 100, 100, *[0.0] * 10, score]

    rows = np.array([row(0, 0.6), row(5, 0.9), row(300, 0.5)], np.float32)
    kept = merged(rows, 0.4)
    assert sorted(kept[:, 14].tolist()) == pytest.approx([0.5, 0.9])
    assert merged(rows[:0], 0.4).shape == (0, 15)
