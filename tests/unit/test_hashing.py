"""Hashes: a copy stays near, another picture far, whatever was done to the copy."""

from __future__ import annotations

import io
from pathlib import Path

import numpy as np
import pytest
from PIL import Image, ImageOps

from media_index.hashing.perceptual import HASHING_SIDE, perceptual_hashes, sha256_hex, trimmed
from media_index.images.decode import ImageLimits, decode, reduced
from media_index.matching.copies import KnownPhotos
from media_index.types import PerceptualHashes

Hashes = tuple[PerceptualHashes, PerceptualHashes | None]
ORIGINALS = ("obama.jpg", "obama2.jpg", "obama3.jpg", "biden.jpg", "astronaut.png", "coffee.png")


def hashed(image: Image.Image) -> Hashes:
    """As a fingerprint has them."""
    small = reduced(np.asarray(image.convert("RGB")), HASHING_SIDE)
    inner = trimmed(small)
    return perceptual_hashes(small), None if inner is None else perceptual_hashes(inner)


def opened(path: Path) -> Image.Image:
    return Image.fromarray(decode(path.read_bytes(), ImageLimits()).rgb)


@pytest.fixture(scope="module")
def originals(samples: Path) -> dict[str, Image.Image]:
    return {name: opened(samples / "originals" / name) for name in ORIGINALS}


@pytest.fixture(scope="module")
def known(originals: dict[str, Image.Image]) -> KnownPhotos:
    return KnownPhotos([hashed(image) for image in originals.values()])


def recompressed(image: Image.Image) -> Image.Image:
    buffer = io.BytesIO()
    image.save(buffer, "JPEG", quality=20)
    return Image.open(buffer)


COPIES = {
    "recompressed": recompressed,
    "half the size": lambda image: image.resize((image.width // 2, image.height // 2)),
    "a thumbnail": lambda image: image.resize((image.width * 150 // image.height, 150)),
    "enlarged": lambda image: image.resize((image.width * 2, image.height * 2)),
    "bordered": lambda image: ImageOps.expand(image, 60, "black"),
    "made square": lambda image: ImageOps.pad(image, (1000, 1000), color="white"),
    "bordered twice": lambda image: ImageOps.expand(
        ImageOps.expand(image, 20, "white"), (0, 90), "black"
    ),
    "slightly cropped": lambda image: ImageOps.crop(image, round(min(image.size) * 0.015)),
    "grey": lambda image: image.convert("L"),
}


@pytest.mark.parametrize("treatment", COPIES)
@pytest.mark.parametrize("name", ORIGINALS)
def test_a_copy_is_found_and_only_its_original(
    originals: dict[str, Image.Image], known: KnownPhotos, name: str, treatment: str
) -> None:
    copies = known.copies_of(*hashed(COPIES[treatment](originals[name])))
    assert [copy.index for copy in copies] == [ORIGINALS.index(name)]
    assert copies[0].surely


@pytest.mark.parametrize(
    "name",
    ["obama-recompressed.jpg", "obama-cropped.jpg", "obama-turned.jpg", "obama.heic", "obama.webp"],
)
def test_the_sample_copies_are_found(samples: Path, known: KnownPhotos, name: str) -> None:
    [path] = samples.rglob(name)
    copies = known.copies_of(*hashed(opened(path)))
    assert [ORIGINALS[copy.index] for copy in copies] == ["obama.jpg"]


def test_scenes_that_show_the_same_people_are_no_copies(samples: Path, known: KnownPhotos) -> None:
    for name in ("panel-astronaut-obama-biden.jpg", "stage-obama-biden.jpg"):
        [path] = samples.rglob(name)
        assert known.copies_of(*hashed(opened(path))) == []


def test_borders_are_cut_away(originals: dict[str, Image.Image]) -> None:
    inside = np.asarray(originals["coffee.png"])
    framed = np.asarray(ImageOps.expand(originals["coffee.png"], (30, 10, 50, 70), "navy"))
    cut = trimmed(framed)
    assert cut is not None
    assert np.array_equal(cut, inside)
    assert trimmed(inside) is None


@pytest.mark.parametrize("size", [(1, 1, 3), (1, 40, 3), (40, 1, 3), (200, 300, 3)])
def test_a_picture_of_one_colour_has_no_inside(size: tuple[int, int, int]) -> None:
    assert trimmed(np.full(size, 40, np.uint8)) is None


def test_a_speck_on_a_large_sheet_is_not_taken_for_the_picture() -> None:
    sheet = np.full((300, 300, 3), 255, np.uint8)
    sheet[140:160, 140:160] = 0
    assert trimmed(sheet) is None


def test_two_flat_pictures_are_at_most_perhaps_copies() -> None:
    flat = hashed(Image.new("RGB", (300, 200), "grey"))
    assert flat[0].pdq_quality == 0
    [copy] = KnownPhotos([flat]).copies_of(*hashed(Image.new("RGB", (300, 200), "silver")))
    assert not copy.surely


def test_the_sha256_is_of_the_bytes() -> None:
    assert sha256_hex(b"") == "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"


@pytest.mark.parametrize("name", ["obama.jpg", "coffee.png"])
def test_hashes_of_a_photo_decoded_at_reduced_size_are_those_of_all_its_pixels(
    originals: dict[str, Image.Image], name: str
) -> None:
    buffer = io.BytesIO()
    image = originals[name]
    image.resize((4000, 4000 * image.height // image.width)).save(buffer, "JPEG", quality=92)
    reduced_size = decode(buffer.getvalue(), ImageLimits(working_side=2000))
    all_pixels = decode(buffer.getvalue(), ImageLimits(working_side=4000))
    assert (reduced_size.rgb.shape[1], all_pixels.rgb.shape[1]) == (2000, 4000)

    one, other = perceptual_hashes(reduced_size.rgb), perceptual_hashes(all_pixels.rgb)

    # Of 256, 64 and 64 bits. 50 make a copy, or 58 with pHash.
    assert differing_bits(one.pdq, other.pdq) <= 4
    assert differing_bits(one.phash, other.phash) <= 2
    assert differing_bits(one.dhash, other.dhash) <= 2


def differing_bits(one: bytes, other: bytes) -> int:
    return (int.from_bytes(one) ^ int.from_bytes(other)).bit_count()


@pytest.mark.parametrize("border", [0, 1, 3, 4, 5, 40, 99])
def test_a_border_is_cut_away_to_the_pixel(border: int) -> None:
    inside = np.random.default_rng(3).integers(60, 256, (120, 150, 3), dtype=np.uint8)
    framed = np.pad(inside, ((border, border), (border, 0), (0, 0)), constant_values=20)
    inner = trimmed(framed)
    if border == 0:
        assert inner is None
    else:
        assert inner is not None
        np.testing.assert_array_equal(inner, inside)
