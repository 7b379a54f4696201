"""Known photos looked up by visual words: the same is found as by comparing all of them."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from media_index import fingerprinting
from media_index.bench.changes import CHANGES, changed
from media_index.bench.designs import DESIGNS
from media_index.hashing.keypoints import KnownFeatures
from media_index.hashing.words import vocabulary
from media_index.images.decode import Picture
from media_index.limits import FEATURES
from media_index.types import LocalFeatures
from media_index.vectors.spot_search import SpotIndex
from media_index.vectors.spots import KnownSpots, in_memory

NAMES = ("obama.jpg", "biden.jpg", "coffee.png")


def features(rgb: np.ndarray) -> LocalFeatures:
    return fingerprinting.copy_marks(Picture(rgb, rgb.shape[1], rgb.shape[0], "made")).features


@pytest.fixture(scope="module")
def photos(samples: Path) -> list[np.ndarray]:
    found = []
    for name in NAMES:
        with Image.open(samples / "originals" / name) as opened:
            photo = opened.convert("RGB")
        photo.thumbnail((480, 480))
        found.append(np.asarray(photo))
    return found


def indexed(known: Sequence[LocalFeatures]) -> SpotIndex:
    photos = [KnownSpots(f"{number:064x}", 1, spots) for number, spots in enumerate(known)]
    words = vocabulary()
    return SpotIndex(in_memory(photos, words), {one.photo: 1 for one in photos}, words)


def strangers(like: LocalFeatures, count: int) -> list[LocalFeatures]:
    """Photos of the same spots, of which each shows a few, elsewhere and not quite as they were."""
    draw = np.random.default_rng(3)
    made = []
    for _ in range(count):
        noise = draw.integers(-40, 41, like.descriptors.shape)
        descriptors = np.clip(like.descriptors.astype(int) + noise, 0, 255).astype(np.uint8)
        made.append(LocalFeatures(draw.permutation(like.points), draw.permutation(descriptors)))
    return made


def test_what_was_made_of_a_photo_is_found_among_many_that_look_alike(photos: list[np.ndarray]):
    own = [features(photo) for photo in photos]
    known = [*own, *(stranger for spots in own for stranger in strangers(spots, 12))]
    index, full = indexed(known), KnownFeatures(known)

    for photo in photos:
        for change in CHANGES.values():
            asked = features(changed(photo, change))
            assert index.search(asked) == full.search(asked)


@pytest.mark.parametrize("name", ["flyer, 25 % of its width", "collage of nine"])
def test_a_photo_in_a_design_is_found_and_no_other(photos: list[np.ndarray], name: str):
    pictures = [Image.fromarray(photo) for photo in photos]
    own = [features(photo) for photo in photos]
    known = [*own, *(stranger for spots in own for stranger in strangers(spots, 12))]
    made = DESIGNS[name](pictures[1], [pictures[0], pictures[2]])
    marks = fingerprinting.copy_marks(Picture(np.asarray(made), made.width, made.height, "made"))

    found = indexed(known).search(marks.features, marks.design)

    # The others are in the collage four times each.
    shown = {0, 1, 2} if "collage" in name else {1}
    assert 1 in dict(found)
    assert dict(found).keys() <= shown
    full = KnownFeatures(known).search(marks.features, marks.design)
    assert dict(found).keys() == dict(full).keys()


SPOTS = st.integers(FEATURES.least_inliers, 80)


@given(seed=st.integers(0, 2**32 - 1), counts=st.lists(SPOTS, min_size=1, max_size=12))
@settings(max_examples=20, deadline=None)
def test_any_spots_are_found_as_by_comparing_all(seed: int, counts: list[int]):
    draw = np.random.default_rng(seed)
    known = [
        LocalFeatures(
            draw.uniform(0, 2000, (count, 2)).astype(np.float32),
            draw.gamma(0.6, 30, (count, 128)).clip(0, 255).astype(np.uint8),
        )
        for count in counts
    ]
    # Half of one photo's spots, moved and seen again with some noise.
    asked = known[int(draw.integers(len(known)))]
    some = draw.permutation(len(asked.points))[
        : max(FEATURES.least_inliers, len(asked.points) // 2)
    ]
    noise = draw.normal(0, 6, (len(some), 128))
    copy = LocalFeatures(
        (asked.points[some] * 0.4 + 70).astype(np.float32),
        (asked.descriptors[some] + noise).clip(0, 255).astype(np.uint8),
    )

    assert indexed(known).search(copy) == KnownFeatures(known).search(copy)


def test_all_of_a_burst_are_found(photos: list[np.ndarray]):
    """More shots of one scene than are compared at a time."""
    spots = features(photos[0])
    known = [*strangers(spots, 30), *[spots] * 40, *strangers(spots, 30)]

    found = indexed(known).search(features(changed(photos[0], CHANGES["mirrored"])))

    assert sorted(index for index, _ in found) == list(range(30, 70))


def test_nothing_is_found_where_nothing_is_known_or_asked(photos: list[np.ndarray]):
    asked = features(photos[0])
    empty = LocalFeatures(np.empty((0, 2), np.float32), np.empty((0, 128), np.uint8))

    assert indexed([]).search(asked) == []
    assert indexed([empty]).search(asked) == []
    assert indexed([asked]).search(None) == indexed([asked]).search(empty) == []
