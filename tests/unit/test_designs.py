"""Flyers and collages are told from photographs: only they are searched by their parts."""

from __future__ import annotations

from io import BytesIO
from pathlib import Path

import numpy as np
import pytest
from PIL import Image, ImageEnhance

from media_index import fingerprinting
from media_index.bench.designs import DESIGNS
from media_index.images.decode import Picture
from media_index.images.screens import screen_of

PHOTOS = ("obama.jpg", "biden.jpg", "coffee.png", "astronaut.png", "obama3.jpg")


@pytest.fixture(scope="module")
def photos(samples: Path) -> list[Image.Image]:
    found = []
    for name in PHOTOS:
        with Image.open(samples / "originals" / name) as opened:
            found.append(opened.convert("RGB"))
    return found


def spots(image: Image.Image) -> int:
    made = Picture(np.asarray(image), image.width, image.height, "made")
    return len(fingerprinting.copy_marks(made).design.points)


@pytest.mark.parametrize("name", DESIGNS)
def test_a_design_is_seen_to_be_one(photos: list[Image.Image], name: str):
    for photo in photos:
        others = [other for other in photos if other is not photo]
        assert spots(DESIGNS[name](photo, others)) > 256


def test_photos_are_none(photos: list[Image.Image]):
    assert [spots(photo) for photo in photos] == [0] * len(photos)


def test_in_a_small_picture_there_is_no_more_to_be_seen(photos: list[Image.Image]):
    made = DESIGNS["flyer, 40 % of its width"](photos[0], photos)

    assert spots(made.resize((made.width // 4, made.height // 4))) == 0


@pytest.mark.parametrize("size", [(1, 1), (3, 900), (900, 3), (600, 600)])
def test_one_color_has_no_spots(size: tuple[int, int]):
    assert spots(Image.new("RGB", size, "white")) == 0


def test_what_stands_out_only_at_the_edge_of_a_band_is_no_dots(samples: Path):
    with Image.open(samples / "originals" / "astronaut.png") as opened:
        photo = opened.convert("RGB")
    photo.thumbnail((420, 420))
    photo = photo.crop((12, 3, photo.width - 3, photo.height))
    buffer = BytesIO()
    ImageEnhance.Brightness(photo).enhance(0.942).save(buffer, "JPEG", quality=85)

    assert screen_of(np.asarray(Image.open(buffer))) is None


def test_photos_and_one_color_are_not_made_of_dots(photos: list[Image.Image]):
    pictures = [*photos, Image.new("RGB", (3, 900)), Image.new("RGB", (600, 600), "white")]
    screens = [screen_of(np.asarray(picture)) for picture in pictures]

    # A stripe of a suit may be.
    assert all(screen is None or screen.blocks.mean() < 0.02 for screen in screens)
