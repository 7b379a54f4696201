"""Local features: a known photo is found again in what was made of it, and where its pixels lie."""

from __future__ import annotations

import io
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from PIL import Image, ImageDraw, ImageOps

from media_index.hashing.keypoints import FEATURES_SIDE, KnownFeatures, local_features
from media_index.hashing.perceptual import HASHING_SIDE
from media_index.images.decode import reduced
from media_index.limits import FEATURES
from media_index.types import Box, LocalFeatures, Placement

NAMES = ("obama.jpg", "obama2.jpg", "obama3.jpg", "biden.jpg", "astronaut.png", "coffee.png")
OBAMA = NAMES.index("obama.jpg")
FLIP, TURN = Image.Transpose.FLIP_LEFT_RIGHT, Image.Transpose.ROTATE_90
EMPTY = LocalFeatures(np.empty((0, 2), np.float32), np.empty((0, 128), np.uint8))


def features(image: Image.Image) -> LocalFeatures:
    """As a fingerprint has them."""
    tiny = reduced(reduced(np.asarray(image.convert("RGB")), HASHING_SIDE), FEATURES_SIDE)
    return local_features(tiny, image.width / tiny.shape[1])


@pytest.fixture(scope="module")
def photos(samples: Path) -> list[Image.Image]:
    found = []
    for name in NAMES:
        with Image.open(samples / "originals" / name) as opened:
            photo = opened.convert("RGB")
        # Large enough for all that is tested, and quick.
        photo.thumbnail((640, 640))
        found.append(photo)
    return found


@pytest.fixture(scope="module")
def known(photos: list[Image.Image]) -> KnownFeatures:
    return KnownFeatures([features(photo) for photo in photos])


def half(image: Image.Image) -> Image.Image:
    """Cut out the middle, half of the area."""
    side = 0.5**0.5
    left, top = (round(length * (1 - side) / 2) for length in image.size)
    return image.crop((left, top, image.width - left, image.height - top))


def left_half(image: Image.Image) -> Image.Image:
    return image.crop((0, 0, image.width // 2, image.height))


def instagram(image: Image.Image) -> Image.Image:
    """Make a square with a white border, at quality 60."""
    side = min(image.size)
    bordered = ImageOps.expand(ImageOps.fit(image, (side, side)), side // 20, "white")
    buffer = io.BytesIO()
    bordered.resize((1080, 1080)).save(buffer, "JPEG", quality=60)
    return Image.open(buffer)


def captioned(image: Image.Image) -> Image.Image:
    made = image.copy()
    draw = ImageDraw.Draw(made)
    draw.rectangle((0, made.height * 3 // 4, made.width, made.height), "navy")
    size = made.height // 10
    draw.text((size, made.height * 4 // 5), "SUMMER READING", "white", font_size=size)
    return made


COPIES: dict[str, Callable[[Image.Image], Image.Image]] = {
    "half of its area": half,
    "a square with a border": instagram,
    "turned by 90 degrees": lambda image: image.transpose(TURN),
    "turned by 20 degrees": lambda image: image.rotate(20),
    "mirrored": lambda image: image.transpose(FLIP),
    "half mirrored": lambda image: left_half(image).transpose(FLIP),
    "a third of its size": lambda image: image.resize((image.width // 3, image.height // 3)),
    "twice its size": lambda image: image.resize((image.width * 2, image.height * 2)),
    "captioned": captioned,
}


@pytest.mark.parametrize("change", COPIES.values(), ids=COPIES.keys())
@pytest.mark.parametrize("name", ["biden.jpg", "coffee.png"])
def test_a_photo_is_found_in_what_was_made_of_it_and_in_nothing_else(
    photos: list[Image.Image], known: KnownFeatures, name: str, change
):
    place = NAMES.index(name)

    found = known.search(features(change(photos[place])))

    assert [one for one, _ in found] == [place]


def test_no_photo_is_taken_for_another(photos: list[Image.Image]):
    every = [features(photo) for photo in photos]

    for place, asked in enumerate(every):
        others = KnownFeatures([one for one in every if one is not asked])
        assert others.search(asked) == [], NAMES[place]


PLACES: dict[str, tuple[Callable[[Image.Image], Image.Image], Callable[[Box, int, int], Box]]] = {
    "as it is": (lambda image: image, lambda box, _w, _h: box),
    "its left half": (left_half, lambda box, _w, _h: box),
    "mirrored": (
        lambda image: image.transpose(FLIP),
        lambda box, width, _h: Box(width - box.x2, box.y1, width - box.x1, box.y2),
    ),
    "turned by 90 degrees": (
        lambda image: image.transpose(TURN),
        lambda box, width, _h: Box(box.y1, width - box.x2, box.y2, width - box.x1),
    ),
    "half its size": (
        lambda image: image.resize((image.width // 2, image.height // 2)),
        lambda box, _w, _h: Box(box.x1 // 2, box.y1 // 2, box.x2 // 2, box.y2 // 2),
    ),
}


@pytest.mark.parametrize(("change", "moved"), PLACES.values(), ids=PLACES.keys())
def test_a_face_of_the_photo_is_found_at_its_place_in_the_copy(
    photos: list[Image.Image], known: KnownFeatures, change, moved
):
    photo = photos[OBAMA]
    across, down = photo.width // 10, photo.height // 10
    face = Box(across, 3 * down, 3 * across, 6 * down)

    [(place, placement)] = known.search(features(change(photo)))

    expected = moved(face, photo.width, photo.height)
    assert place == OBAMA
    assert placement.box(face).overlap(expected) > 0.9
    assert placement.inliers >= FEATURES.least_inliers


BARE = {
    "blank": Image.new("RGB", (800, 600), "white"),
    "tiny": Image.effect_noise((4, 4), 80),
    "one pixel": Image.new("RGB", (1, 1)),
    "a gradient": Image.linear_gradient("L").resize((600, 600)),
}


@pytest.mark.parametrize("image", BARE.values(), ids=BARE.keys())
def test_a_picture_with_nothing_in_it_has_no_features_and_is_like_nothing(
    known: KnownFeatures, image: Image.Image
):
    bare = features(image)

    assert len(bare.points) < FEATURES.least_inliers
    assert bare.points.shape == (len(bare.points), 2)
    assert bare.descriptors.shape == (len(bare.points), 128)
    assert known.search(bare) == []
    assert KnownFeatures([bare, None]).search(bare) == []


def test_nothing_is_found_where_nothing_is_known_or_asked(
    photos: list[Image.Image], known: KnownFeatures
):
    asked = features(photos[OBAMA])

    assert known.search(None) == known.search(EMPTY) == []
    for nothing in ([], [None], [EMPTY, None]):
        assert KnownFeatures(nothing).search(asked) == []


def test_a_photo_keeps_its_place_among_those_without_features(photos: list[Image.Image]):
    asked = features(photos[OBAMA])
    # More than are compared at once.
    among = [None, EMPTY] * 200
    known = KnownFeatures([*among, asked, *among, asked])

    assert [place for place, _ in known.search(asked)] == [len(among), 2 * len(among) + 1]


def test_the_surest_comes_first(photos: list[Image.Image]):
    photo = photos[OBAMA]
    known = KnownFeatures([features(half(photo)), features(photo)])

    found = known.search(features(photo))

    assert [place for place, _ in found] == [1, 0]
    assert found[0][1].inliers > found[1][1].inliers


def test_a_logo_in_both_is_no_copy(photos: list[Image.Image]):
    logo = photos[0].resize((120, 120))
    one, other = photos[OBAMA].copy(), photos[OBAMA + 1].copy()
    for image in (one, other):
        image.thumbnail((900, 900))
        image.paste(logo, (image.width - 130, image.height - 130))

    assert KnownFeatures([features(one)]).search(features(other)) == []


def test_a_banner_behind_both_is_no_copy(photos: list[Image.Image]):
    """As of two people photographed before the same wall of logos."""
    one, other = (photos[place].resize((600, 600)) for place in (OBAMA, OBAMA + 1))
    banner = photos[0].resize((600, 500)).crop((0, 150, 600, 260))
    for image in (one, other):
        image.paste(banner, (0, 10))
    known, asked = KnownFeatures([features(one)]), features(other)
    as_wide = replace(FEATURES, least_area=0.0)

    assert len(KnownFeatures([features(one)], as_wide).search(asked)) == 1, "else nothing is shown"
    assert known.search(asked) == []


def test_features_lie_in_the_photo_and_the_strongest_are_kept(photos: list[Image.Image]):
    photo = photos[OBAMA]
    made = features(photo)

    assert len(made.points) == 256
    assert made.points.dtype == np.float32
    assert made.descriptors.dtype == np.uint8
    assert made.points.min() >= 0
    assert (made.points.max(axis=0) <= photo.size).all()
    # Full-size px, not those of the small picture they were found in.
    assert made.points.max() > FEATURES_SIDE


def test_a_box_is_carried_over_by_shift_and_scale():
    moved = Placement((0.5, 0, 10, 0, 0.5, 20), 30)

    assert moved.box(Box(100, 100, 200, 300)) == Box(60, 70, 110, 170)
