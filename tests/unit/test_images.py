"""Decoding: what phones, scanners and screenshots write is read; half a picture never is."""

from __future__ import annotations

import io
import struct
import subprocess
import sys
import zlib
from collections.abc import Callable
from pathlib import Path

import cv2
import numpy as np
import pillow_heif
import pytest
from PIL import Image, ImageCms, ImageFile, ImageOps
from PIL.PngImagePlugin import PngInfo
from PIL.TiffImagePlugin import TiffImageFile

from media_index.errors import ImageError
from media_index.images.decode import (
    ImageLimits,
    apparent_side,
    crop,
    decode,
    jpeg,
    read_photo,
    reduced,
)
from media_index.images.frames import most_different
from media_index.images.turns import OF_ORIENTATION, of_container, points_back
from media_index.types import Box, ProblemCode, Turning

pillow_heif.register_heif_opener()
LIMITS = ImageLimits()
SIDEWAYS = {5, 6, 7, 8}
# How to store an upright picture so that the orientation turns it upright again.
STORED = {
    1: None,
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_90,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_270,
}


@pytest.fixture(scope="module")
def photo(samples: Path) -> Image.Image:
    """A portrait, 300 px wide."""
    with Image.open(samples / "originals" / "obama2.jpg") as image:
        image.thumbnail((300, 400))
        return image.convert("RGB")


def saved(image: Image.Image, image_format: str, **options: object) -> bytes:
    buffer = io.BytesIO()
    image.save(buffer, image_format, **options)
    return buffer.getvalue()


def difference(content: bytes, expected: Image.Image) -> float:
    """Mean difference in grey levels."""
    rgb = decode(content, LIMITS).rgb
    assert rgb.dtype == np.uint8
    assert rgb.shape == (expected.height, expected.width, 3)
    wanted = np.asarray(expected.convert("RGB"), dtype=np.int16)
    return float(np.abs(rgb.astype(np.int16) - wanted).mean())


def refusal(content: bytes, limits: ImageLimits = LIMITS) -> ProblemCode:
    with pytest.raises(ImageError) as caught:
        decode(content, limits)
    # A sentence with the next step.
    assert ":" in str(caught.value)
    assert str(caught.value).isprintable()
    return caught.value.code


@pytest.mark.parametrize("orientation", STORED)
@pytest.mark.parametrize("image_format", ["JPEG", "TIFF", "PNG", "WEBP"])
def test_every_exif_orientation_is_turned_upright(
    photo: Image.Image, image_format: str, orientation: int
) -> None:
    turn = STORED[orientation]
    stored = photo if turn is None else photo.transpose(turn)
    exif = Image.Exif()
    exif[0x0112] = orientation
    content = saved(stored, image_format, exif=exif, quality=95)
    assert difference(content, photo) < 4
    picture = decode(content, LIMITS)
    assert (picture.width, picture.height) == photo.size


def xmp(orientation: int) -> bytes:
    return (
        '<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf='
        '"http://www.w3.org/1999/02/22-rdf-syntax-ns#"><rdf:Description '
        f'xmlns:tiff="http://ns.adobe.com/tiff/1.0/" tiff:Orientation="{orientation}"/>'
        "</rdf:RDF></x:xmpmeta>"
    ).encode()


def with_xmp(photo: Image.Image, image_format: str, orientation: int, exif: int | None) -> bytes:
    more: dict = {}
    if exif is not None:
        more["exif"] = Image.Exif()
        more["exif"][0x0112] = exif
    if image_format == "PNG":
        more["pnginfo"] = PngInfo()
        more["pnginfo"].add_itxt("XML:com.adobe.xmp", xmp(orientation).decode())
    elif image_format == "TIFF":
        more["tiffinfo"] = {700: xmp(orientation)}
        if exif is not None:
            more["tiffinfo"][0x0112] = more.pop("exif")[0x0112]
    else:
        more["xmp"] = xmp(orientation)
    return saved(photo, image_format, quality=95, **more)


@pytest.mark.parametrize("orientation", [3, 6])
@pytest.mark.parametrize("image_format", ["JPEG", "PNG", "WEBP", "TIFF", "AVIF"])
def test_an_orientation_in_xmp_alone_turns_nothing_as_in_browsers(
    photo: Image.Image, image_format: str, orientation: int
) -> None:
    content = with_xmp(photo, image_format, orientation, exif=None)
    assert difference(content, photo) < 6
    picture = decode(content, LIMITS)
    assert picture.turning is Turning.XMP_APART
    assert picture.otherwise is OF_ORIENTATION[orientation]
    agreeing = decode(with_xmp(photo, image_format, 1, exif=None), LIMITS)
    assert (agreeing.turning, agreeing.otherwise) == (Turning.AGREED, None)


@pytest.mark.parametrize("image_format", ["JPEG", "PNG", "WEBP", "TIFF"])
def test_xmp_that_says_the_same_as_exif_or_otherwise(photo: Image.Image, image_format: str) -> None:
    stored = photo.transpose(Image.Transpose.ROTATE_90)
    for said, turning in ((6, Turning.AGREED), (1, Turning.XMP_APART)):
        content = with_xmp(stored, image_format, said, exif=6)
        assert difference(content, photo) < 6
        picture = decode(content, LIMITS)
        assert picture.turning is turning
    # As it is stored.
    assert picture.turned().rgb.shape == (stored.height, stored.width, 3)


def container(photo: Image.Image, image_format: str, turned: int, exif: int) -> bytes:
    """A HEIC or AVIF file that is turned by its own boxes, with an EXIF block of its own mind."""
    block = Image.Exif()
    block[0x0112] = turned
    # Pillow takes the orientation from the block of an AVIF file: another tag becomes it.
    said = 0x0112 if image_format == "HEIF" else 0x0128
    if said != 0x0112:
        block[said] = exif
    content = saved(photo, image_format, quality=95, exif=block.tobytes())
    number = bytes([0, 3, 0, 0, 0, 1, 0])
    for was in {turned, 1, exif}:
        entry = said.to_bytes(2, "big") + number + bytes([was])
        content = content.replace(entry, b"\x01\x12" + number + bytes([exif]))
    return content


@pytest.mark.parametrize("image_format", ["HEIF", "AVIF"])
@pytest.mark.parametrize("turned", range(1, 9))
@pytest.mark.parametrize("exif", [1, 3, 5, 6, 8])
def test_a_container_is_turned_as_its_boxes_say_and_looked_at_as_exif_says_too(
    photo: Image.Image, image_format: str, turned: int, exif: int
) -> None:
    small = photo.resize((90, 120))
    turn = STORED[turned]
    stored = small if turn is None else small.transpose(turn)
    picture = decode(container(stored, image_format, turned, exif), LIMITS)
    shown = Image.fromarray(picture.rgb)
    assert np.abs(np.asarray(shown, np.int16) - np.asarray(small, np.int16)).mean() < 8
    if exif == turned:
        assert (picture.turning, picture.otherwise) == (Turning.AGREED, None)
        return
    assert picture.turning is Turning.EXIF_APART
    by_exif = stored if exif == 1 else stored.transpose(OF_ORIENTATION[exif])
    other = picture.turned()
    assert (other.width, other.height) == by_exif.size
    assert np.abs(other.rgb.astype(np.int16) - np.asarray(by_exif, np.int16)).mean() < 8
    # What lies in one place there lies in the same here.
    ((x, y),) = points_back([(10.5, 20.5)], picture.otherwise, *by_exif.size)
    assert np.array_equal(picture.rgb[int(y), int(x)], other.rgb[20, 10])


@pytest.mark.parametrize("image_format", ["HEIF", "AVIF"])
def test_boxes_cut_off_anywhere_say_nothing(photo: Image.Image, image_format: str) -> None:
    content = container(photo.resize((30, 40)), image_format, 6, 6)
    assert of_container(content) is Image.Transpose.ROTATE_270
    for end in range(0, min(len(content), 900), 7):
        assert of_container(content[:end]) in {None, Image.Transpose.ROTATE_270}
    random = np.random.default_rng(7)
    for _ in range(300):
        damaged = bytearray(content)
        for place in random.integers(0, 600, 4):
            damaged[place] = random.integers(256)
        of_container(bytes(damaged))


@pytest.mark.parametrize("orientation", [0, 9, 77])
def test_an_orientation_that_does_not_exist_is_ignored(
    photo: Image.Image, orientation: int
) -> None:
    exif = Image.Exif()
    exif[0x0112] = orientation
    assert difference(saved(photo, "JPEG", exif=exif), photo) < 4


def test_a_damaged_exif_block_does_not_cost_the_photo(photo: Image.Image) -> None:
    content = saved(photo, "JPEG", exif=b"Exif\x00\x00II*\x00\xff\xff\xff\xffrubbish")
    assert difference(content, photo) < 4


@pytest.mark.parametrize("image_format", ["JPEG", "PNG", "WEBP", "TIFF", "HEIF", "AVIF"])
def test_every_format_is_read(photo: Image.Image, image_format: str) -> None:
    content = saved(photo, image_format, quality=90)
    assert difference(content, photo) < 6
    assert decode(content, LIMITS).image_format == image_format


def test_the_second_view_of_an_mpo_is_ignored(photo: Image.Image) -> None:
    aside = photo.transform(photo.size, Image.Transform.AFFINE, (1, 0, photo.width * 0.05, 0, 1, 0))
    light = Image.radial_gradient("L").resize((photo.width // 2, photo.height // 2))
    preview = photo.resize((photo.width // 4, photo.height // 4))
    for view in (aside, light, preview):
        content = saved(photo, "MPO", save_all=True, append_images=[view])
        assert difference(content, photo) < 4
        assert decode(content, LIMITS).image_format == "MPO"
    assert difference(content[: content.index(b"\xff\xd9") + 2], photo) < 4


def test_a_preview_with_black_bars_is_no_other_picture(photo: Image.Image) -> None:
    bars = Image.new("RGB", photo.size)
    bars.paste(photo.resize((photo.width // 2, photo.height)), (photo.width // 4, 0))
    content = saved(photo, "MPO", save_all=True, append_images=[bars])
    # Of a camera: CIPA DC-007, "Large Thumbnail (Full HD Equivalent)".
    first, second = b"\x00\x00\x03\x00", b"\x00\x00\x00\x00"
    at = content.index(first, content.index(b"\x02\xb0\x07\x00")) + 16
    assert content[at : at + 4] == second
    assert difference(content[:at] + b"\x02\x00\x01\x00" + content[at + 4 :], photo) < 4
    assert refusal(content) is ProblemCode.SEVERAL_PICTURES


@pytest.mark.parametrize("image_format", ["PNG", "TIFF"])
def test_sixteen_bits_become_eight(photo: Image.Image, image_format: str) -> None:
    grey = photo.convert("L")
    deep = Image.fromarray(np.asarray(grey).astype(np.uint16) * 257)
    assert difference(saved(deep, image_format), grey) < 1


@pytest.mark.parametrize("bits", [10, 12])
def test_few_bits_kept_in_sixteen_are_no_black_picture(photo: Image.Image, bits: int) -> None:
    grey = ImageOps.autocontrast(photo.convert("L"))
    deep = Image.fromarray(np.asarray(grey).astype(np.uint16) << (bits - 8))
    assert difference(saved(deep, "PNG"), grey) < 1


def test_float_and_32_bit_tiff_become_eight_bits(photo: Image.Image) -> None:
    grey = photo.convert("L")
    values = np.asarray(grey)
    shares = Image.fromarray((values / 255).astype(np.float32))
    assert difference(saved(shares, "TIFF"), grey) < 1
    huge = Image.fromarray(values.astype(np.int32) * 8_000_000)
    stretched = grey.point(lambda level: level * 255 / int(values.max()))
    assert difference(saved(huge, "TIFF"), stretched) < 1


@pytest.mark.parametrize("off", [1000.0, np.inf, np.nan])
def test_a_few_values_that_are_off_leave_a_float_picture_as_it_is(
    photo: Image.Image, off: float
) -> None:
    grey = photo.convert("L")
    values = np.asarray(grey).astype(np.float32) / 255
    values[0, :3] = off
    assert difference(saved(Image.fromarray(values), "TIFF"), grey) < 2


@pytest.mark.parametrize("image_format", ["PNG", "WEBP", "TIFF", "HEIF", "AVIF"])
def test_what_lies_beneath_transparent_parts_is_looked_at(
    photo: Image.Image, image_format: str
) -> None:
    hidden = photo.copy()
    hidden.putalpha(0)
    picture = decode(saved(hidden, image_format, exact=True), LIMITS)
    assert picture.rgb.min() == 255
    assert picture.turning is Turning.TRANSPARENT
    (beneath,) = picture.beneath
    assert np.abs(beneath - np.asarray(photo).astype(float)).mean() < 6


def test_what_shows_on_black_alone_is_looked_at(photo: Image.Image) -> None:
    drawn = Image.new("RGB", photo.size, "white")
    drawn.putalpha(photo.convert("L"))
    (on_black,) = decode(saved(drawn, "PNG"), LIMITS).beneath
    assert np.abs(on_black[..., 0] - np.asarray(photo.convert("L")).astype(float)).mean() < 2


@pytest.mark.parametrize("behind", ["black", "white", "navy"])
def test_a_cutout_with_nothing_beneath_is_looked_at_once(photo: Image.Image, behind: str) -> None:
    mask = Image.new("L", photo.size).convert("L")
    mask.paste(255, (20, 20, photo.width - 20, photo.height - 20))
    cut = Image.composite(photo, Image.new("RGB", photo.size, behind), mask)
    cut.putalpha(mask)
    assert decode(saved(cut, "PNG"), LIMITS).beneath == ()


def test_cmyk_jpeg_is_read(photo: Image.Image) -> None:
    content = saved(photo.convert("CMYK"), "JPEG", quality=95)
    assert difference(content, photo) < 4


def test_a_palette_with_transparency_is_read(photo: Image.Image) -> None:
    few = photo.quantize(256)
    assert difference(saved(few, "PNG", transparency=0), few) < 25
    assert difference(saved(few, "PNG"), few) < 1


@pytest.mark.parametrize("mode", ["RGBA", "LA"])
def test_what_is_transparent_is_white(photo: Image.Image, mode: str) -> None:
    layered = photo.convert(mode)
    layered.putalpha(Image.linear_gradient("L").resize(photo.size))
    rgb = decode(saved(layered, "PNG"), LIMITS).rgb
    assert rgb[0].min() == 255
    assert np.abs(rgb[-1].astype(int) - np.asarray(layered.convert("RGB"))[-1]).max() <= 1


def test_an_odd_colour_profile_is_ignored(photo: Image.Image) -> None:
    lab = ImageCms.ImageCmsProfile(ImageCms.createProfile("LAB")).tobytes()
    for profile in (lab, b"no profile at all"):
        assert difference(saved(photo, "JPEG", quality=95, icc_profile=profile), photo) < 4


@pytest.mark.parametrize("image_format", ["TIFF", "HEIF", "MPO"])
def test_several_pictures_in_one_file_are_refused(photo: Image.Image, image_format: str) -> None:
    other = photo.rotate(180)
    content = saved(photo, image_format, save_all=True, append_images=[other])
    assert refusal(content) is ProblemCode.SEVERAL_PICTURES


@pytest.mark.parametrize("options", [{}, {"progressive": True}, {"quality": 60, "subsampling": 2}])
@pytest.mark.parametrize("damage", ["zeros", "noise", "lost", "cut and closed"])
@pytest.mark.parametrize("share", [0.3, 0.6])
def test_a_jpeg_of_which_a_part_is_damaged_is_refused(
    photo: Image.Image, options: dict[str, object], damage: str, share: float
) -> None:
    content = saved(photo, "JPEG", **options)
    at = int(len(content) * share)
    noise = np.random.default_rng(3).integers(0, 255, 300, np.uint8).tobytes()
    rest = content[at + 300 :]
    behind = {"zeros": bytes(300) + rest, "noise": noise + rest, "lost": rest}
    damaged = content[:at] + behind.get(damage, b"\xff\xd9")
    assert refusal(damaged) is ProblemCode.UNREADABLE


def test_a_few_bytes_behind_the_last_pixel_are_no_damage(photo: Image.Image) -> None:
    content = saved(photo, "JPEG", quality=90)
    assert content.endswith(b"\xff\xd9")
    assert difference(content[:-2] + bytes(4) + content[-2:], photo) < 4
    assert difference(content + bytes(2000), photo) < 4
    # What is left over where the decoder came to the end of the picture too early.
    assert refusal(content[:-2] + b"\x53\x28\xa2\x8a" * 3 + content[-2:]) is ProblemCode.UNREADABLE


@pytest.mark.parametrize("mode", ["CMYK", "L"])
def test_a_whole_jpeg_of_any_colors_is_taken(photo: Image.Image, mode: str) -> None:
    decode(saved(photo.convert(mode), "JPEG"), LIMITS)
    half = saved(photo.convert(mode), "JPEG")
    half = half[: len(half) // 2] + b"\xff\xd9"
    assert refusal(half) is ProblemCode.UNREADABLE


def test_a_png_with_a_flipped_bit_is_refused(photo: Image.Image) -> None:
    # Stored uncompressed, a flipped bit is a flipped pixel and nothing else.
    content = bytearray(saved(photo, "PNG", compress_level=0))
    content[len(content) // 2] ^= 0x40
    assert refusal(bytes(content)) is ProblemCode.UNREADABLE


@pytest.mark.parametrize("compression", ["tiff_lzw", "tiff_adobe_deflate", "jpeg", "group4"])
def test_a_tiff_of_which_a_part_is_damaged_is_refused(
    photo: Image.Image, compression: str, capfd: pytest.CaptureFixture[str]
) -> None:
    kept = photo.convert("1") if compression == "group4" else photo
    content = saved(kept, "TIFF", compression=compression)
    decode(content, LIMITS)
    noise = np.random.default_rng(3).integers(0, 255, 300, np.uint8).tobytes()
    for share in (0.3, 0.6):
        at = int(len(content) * share)
        assert refusal(content[:at] + noise + content[at + 300 :]) is ProblemCode.UNREADABLE
    # What libtiff says is heard, and is not for whoever sits at the command line.
    assert capfd.readouterr().err == ""


def place_of_tag(tiff: bytes | bytearray, tag: int) -> int:
    """Where the value of a tag with one long value stands in a TIFF that Pillow has made."""
    (start,) = struct.unpack_from("<I", tiff, 4)
    (count,) = struct.unpack_from("<H", tiff, start)
    entries = range(start + 2, start + 2 + 12 * count, 12)
    return 8 + next(at for at in entries if struct.unpack_from("<H", tiff, at) == (tag,))


@pytest.mark.parametrize(
    ("tag", "change"),
    [
        pytest.param(279, lambda size, _end: size // 2, id="strip-too-short"),
        pytest.param(279, lambda _size, _end: 0, id="strip-empty"),
        pytest.param(279, lambda _size, _end: 2**31 - 1, id="strip-longer-than-the-file"),
        pytest.param(273, lambda _start, end: end - 50, id="strip-ends-behind-the-file"),
        pytest.param(273, lambda _start, _end: 8, id="strip-over-the-head"),
    ],
)
def test_a_tiff_whose_strip_is_not_where_it_says_is_refused(
    photo: Image.Image, tag: int, change: Callable[[int, int], int]
) -> None:
    content = bytearray(saved(photo, "TIFF"))
    place = place_of_tag(content, tag)
    (said,) = struct.unpack_from("<I", content, place)
    struct.pack_into("<I", content, place, change(said, len(content)))
    assert refusal(bytes(content)) is ProblemCode.UNREADABLE


@pytest.mark.parametrize("compression", ["raw", "tiff_adobe_deflate", "jpeg", "packbits"])
@pytest.mark.parametrize("rows", [16, 10_000])
@pytest.mark.parametrize(
    ("tag", "change"),
    [
        pytest.param(257, lambda size: size // 2, id="lower"),
        pytest.param(257, lambda size: size + 1, id="higher"),
        pytest.param(256, lambda size: size // 2, id="narrower"),
        pytest.param(256, lambda size: size + 1, id="wider"),
        pytest.param(278, lambda _size: 8, id="more-strips"),
    ],
)
def test_a_tiff_whose_sizes_disagree_is_refused(
    photo: Image.Image, compression: str, rows: int, tag: int, change: Callable[[int], int]
) -> None:
    """So many bytes are there, and the picture would be cut off, or its rows out of line."""
    content = bytearray(saved(photo, "TIFF", compression=compression, tiffinfo={278: rows}))
    decode(bytes(content), LIMITS)
    place = place_of_tag(content, tag)
    said = opened_tags(bytes(content))[tag]
    assert isinstance(said, int)
    form = "<H" if struct.unpack_from("<H", content, place - 6) == (3,) else "<I"
    struct.pack_into(form, content, place, change(said))
    assert refusal(bytes(content)) is ProblemCode.UNREADABLE


@pytest.mark.parametrize("tags", [(273, 279), (273,), (279,)])
def test_a_tiff_with_a_strip_too_few_is_refused(photo: Image.Image, tags: tuple[int, ...]) -> None:
    content = bytearray(saved(photo, "TIFF", tiffinfo={278: 16}))
    for tag in tags:
        place = place_of_tag(content, tag) - 4
        (count,) = struct.unpack_from("<I", content, place)
        struct.pack_into("<I", content, place, count - 1)
    assert refusal(bytes(content)) is ProblemCode.UNREADABLE


def test_a_tiff_that_leaves_out_what_readers_know_is_taken(photo: Image.Image) -> None:
    content = bytearray(saved(photo, "TIFF", tiffinfo={278: 16}))
    # The tag of the strips' sizes becomes a private one.
    struct.pack_into("<H", content, place_of_tag(content, 279) - 8, 65_000)
    assert difference(bytes(content), photo) == 0


def plain_tiff(size: tuple[int, int], parts: list[bytes], more: dict[int, int]) -> bytes:
    """Return an uncompressed RGB TIFF of strips or tiles, with tags that have one value each."""
    tiled = 322 in more
    starts = [8 + sum(map(len, parts[:place])) for place in range(len(parts))]
    values = {256: [size[0]], 257: [size[1]], 258: [8, 8, 8], 259: [1], 262: [2], 277: [3]}
    values |= {324 if tiled else 273: starts, 325 if tiled else 279: list(map(len, parts))}
    values |= {tag: [value] for tag, value in more.items()}
    behind = 8 + sum(map(len, parts)) + 2 + 12 * len(values) + 4
    entries, lists = b"", b""
    for tag, numbers in sorted(values.items()):
        packed = struct.pack(f"<{len(numbers)}I", *numbers)
        if len(numbers) > 1:
            lists, packed = lists + packed, struct.pack("<I", behind + len(lists))
        entries += struct.pack("<HHI", tag, 4, len(numbers)) + packed
    head = struct.pack("<2sHI", b"II", 42, 8 + sum(map(len, parts)))
    return head + b"".join(parts) + struct.pack("<H", len(values)) + entries + bytes(4) + lists


@pytest.mark.parametrize("kind", ["tiles", "planes", "strips", "full last strip"])
def test_a_tiff_of_tiles_strips_or_planes_is_taken_only_with_all_of_them(
    photo: Image.Image, kind: str
) -> None:
    pixels = np.asarray(photo)
    high, wide = pixels.shape[:2]
    across, down = -(-wide // 64) * 64, -(-high // 64) * 64
    filled = np.zeros((down, across, 3), np.uint8)
    filled[:high, :wide] = pixels
    bands = range(0, high, 64)
    parts, more = {
        "tiles": (
            [
                filled[top : top + 64, left : left + 64]
                for top in bands
                for left in range(0, across, 64)
            ],
            {322: 64, 323: 64},
        ),
        "planes": ([pixels[:, :, plane] for plane in range(3)], {278: high, 284: 2}),
        "strips": ([pixels[top : top + 64] for top in bands], {278: 64}),
        "full last strip": ([filled[top : top + 64, :wide] for top in bands], {278: 64}),
    }[kind]
    found = [part.tobytes() for part in parts]

    assert difference(plain_tiff((wide, high), found, more), photo) == 0
    for wrong in (found[:-1], [*found, b"more"]):
        # A fourth plane is none that Pillow knows.
        assert refusal(plain_tiff((wide, high), wrong, more)) in {
            ProblemCode.UNREADABLE,
            ProblemCode.UNSUPPORTED_FORMAT,
        }


@pytest.mark.parametrize("mode", ["RGB", "L", "1", "P", "CMYK"])
def test_packbits_that_unpack_to_another_length_are_refused(photo: Image.Image, mode: str) -> None:
    content = saved(photo.convert(mode), "TIFF", compression="packbits")
    decode(content, LIMITS)
    (start, *_), (size, *_) = (opened_tags(content)[tag] for tag in (273, 279))
    # The first packet becomes one of a few bytes more or fewer.
    changed = bytearray(content)
    changed[start] ^= 2
    assert size > 2
    assert refusal(bytes(changed)) is ProblemCode.UNREADABLE


def opened_tags(tiff: bytes) -> dict[int, tuple[int, ...]]:
    with Image.open(io.BytesIO(tiff)) as image:
        assert isinstance(image, TiffImageFile)
        return dict(image.tag_v2)


@pytest.mark.skipif(not cv2.haveImageWriter(".avif"), reason="OpenCV is built without AVIF")
def test_an_avif_damaged_in_any_tile_is_refused(photo: Image.Image) -> None:
    content = saved(photo, "AVIF", quality=95, autotiling=False, tile_rows=1, tile_cols=1)
    decode(content, LIMITS)
    for share in (0.4, 0.55, 0.7, 0.9):
        at = int(len(content) * share)
        damaged = content[:at] + bytes([content[at] ^ 0x10]) + content[at + 1 :]
        assert refusal(damaged) is ProblemCode.UNREADABLE


@pytest.mark.parametrize("image_format", ["WEBP", "AVIF", "HEIF"])
@pytest.mark.parametrize("with_mask", [False, True])
def test_a_webp_avif_or_heic_of_which_a_part_is_damaged_is_refused(
    photo: Image.Image, image_format: str, *, with_mask: bool
) -> None:
    picture = photo.copy()
    if with_mask:
        picture.putalpha(Image.linear_gradient("L").resize(photo.size))
    content = saved(picture, image_format, exif=b"Exif\0\0MM\0*\0\0\0\x08" + bytes(90))
    decode(content, LIMITS)
    # The mask is compressed too; of AVIF and HEIC only the picture's own data are looked at.
    shares = {"WEBP": (0.3, 0.6), "AVIF": (0.8,), "HEIF": (0.3, 0.45)}[image_format]
    for share in shares:
        at = int(len(content) * share)
        noise = np.random.default_rng(3).integers(0, 255, 40, np.uint8).tobytes()
        for damaged in (
            content[:at] + bytes(40) + content[at + 40 :],
            content[:at] + noise + content[at + 40 :],
            content[:at] + bytes([content[at] ^ 0x10]) + content[at + 1 :],
        ):
            assert refusal(damaged) is ProblemCode.UNREADABLE


def test_a_few_bytes_behind_a_webp_are_no_damage(photo: Image.Image) -> None:
    assert difference(saved(photo, "WEBP", quality=90) + bytes(12), photo) < 6


def test_a_picture_of_more_pixels_than_are_kept_is_reduced(photo: Image.Image) -> None:
    few = ImageLimits(most_kept=30_000)
    picture = decode(saved(photo, "PNG"), few)
    assert picture.rgb.shape[0] * picture.rgb.shape[1] <= few.most_kept
    assert (picture.width, picture.height) == photo.size


def test_what_is_no_photo_is_refused() -> None:
    for content in (b"", b"GIF", b"<svg xmlns='http://www.w3.org/2000/svg'/>", b"\0" * 99):
        assert refusal(content) is ProblemCode.UNSUPPORTED_FORMAT


def test_a_file_of_too_many_bytes_is_refused_unread(photo: Image.Image) -> None:
    content = saved(photo, "PNG")
    assert refusal(content, ImageLimits(max_bytes=len(content) - 1)) is ProblemCode.TOO_LARGE
    decode(content, ImageLimits(max_bytes=len(content)))


def test_too_many_pixels_are_refused_before_any_is_decoded(
    photo: Image.Image, monkeypatch: pytest.MonkeyPatch
) -> None:
    content = saved(photo, "PNG")
    pixels = photo.width * photo.height
    decode(content, ImageLimits(max_pixels=pixels))

    def never(_: object) -> None:
        pytest.fail("decoded")

    monkeypatch.setattr(ImageFile.ImageFile, "load", never)
    assert refusal(content, ImageLimits(max_pixels=pixels - 1)) is ProblemCode.TOO_LARGE


def test_a_decompression_bomb_is_refused() -> None:
    bomb = bytearray(saved(Image.new("1", (8, 8)), "PNG"))
    bomb[16:24] = (60_000).to_bytes(4, "big") * 2
    # The header's checksum.
    bomb[29:33] = zlib.crc32(bytes(bomb[12:29])).to_bytes(4, "big")
    assert refusal(bytes(bomb)) is ProblemCode.TOO_LARGE


def test_the_limit_on_pixels_is_the_one_that_is_set() -> None:
    # Pillow has a limit of its own, at 179 megapixels. JPEG, since that is decoded reduced.
    large = saved(Image.new("L", (15_000, 12_500)), "JPEG")
    assert refusal(large, ImageLimits(max_pixels=180_000_000)) is ProblemCode.TOO_LARGE
    assert decode(large, ImageLimits(max_pixels=190_000_000)).width == 15_000


@pytest.mark.parametrize("image_format", ["JPEG", "PNG", "WEBP", "HEIF", "AVIF", "TIFF"])
@pytest.mark.parametrize("share", [0.5, 0.9])
@pytest.mark.parametrize("lenient", [False, True])
def test_a_truncated_file_is_refused_whatever_another_package_has_switched_on(
    photo: Image.Image,
    image_format: str,
    share: float,
    lenient: bool,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    # face_recognition does this when it is imported.
    monkeypatch.setattr(ImageFile, "LOAD_TRUNCATED_IMAGES", lenient)
    content = saved(photo, image_format, quality=90)
    code = refusal(content[: int(len(content) * share)])
    assert code in {ProblemCode.UNREADABLE, ProblemCode.UNSUPPORTED_FORMAT}


@pytest.mark.slow
def test_face_recognition_does_switch_it_on() -> None:
    code = (
        "import warnings; warnings.simplefilter('ignore'); import face_recognition; "
        "from PIL import ImageFile; assert ImageFile.LOAD_TRUNCATED_IMAGES"
    )
    subprocess.run([sys.executable, "-c", code], check=True, timeout=60)


def test_bytes_changed_at_random_give_a_picture_or_a_sentence(photo: Image.Image) -> None:
    random = np.random.default_rng(1)
    outcomes = set()
    for image_format in ("JPEG", "PNG", "WEBP", "TIFF", "HEIF", "AVIF"):
        content = saved(photo.resize((60, 80)), image_format)
        for _ in range(60):
            damaged = bytearray(content)
            for place in random.integers(0, len(damaged), 4):
                damaged[place] = random.integers(256)
            try:
                outcomes.add(decode(bytes(damaged), LIMITS).rgb.shape[2])
            except ImageError as error:
                outcomes.add(error.code)
    assert {3, ProblemCode.UNREADABLE} <= outcomes


def test_a_large_jpeg_is_decoded_at_reduced_size_and_measured_at_full(
    photo: Image.Image,
) -> None:
    large = photo.resize((3000, 6000))
    picture = decode(saved(large, "JPEG"), ImageLimits(working_side=1500))
    assert (picture.width, picture.height) == (3000, 6000)
    assert picture.rgb.shape == (1500, 750, 3)
    assert picture.reduction == 4.0


def test_a_long_and_narrow_jpeg_is_not_reduced_to_nothing() -> None:
    narrow = saved(Image.new("RGB", (40_000, 10), "green"), "JPEG")
    picture = decode(narrow, LIMITS)
    assert (picture.width, picture.height) == (40_000, 10)


def test_a_panorama_counts_less_than_its_long_side() -> None:
    assert apparent_side(4000, 3000) == apparent_side(3000, 4000) == 4000
    assert apparent_side(4000, 2000) == 4000
    assert apparent_side(20_000, 200) == pytest.approx(2828.4, abs=0.1)


def test_reduced_pictures_fit_and_keep_a_pixel() -> None:
    wide = np.zeros((2, 4000, 3), np.uint8)
    assert reduced(wide, 512).shape == (1, 512, 3)
    assert reduced(wide[:, :100], 512).shape == (2, 100, 3)


def test_a_thumbnail_carries_no_metadata(photo: Image.Image) -> None:
    with Image.open(io.BytesIO(jpeg(np.asarray(photo)))) as image:
        assert image.format == "JPEG"
        assert not image.getexif()
        assert "icc_profile" not in image.info


def test_a_crop_is_taken_at_the_working_size(photo: Image.Image) -> None:
    picture = decode(saved(photo.resize((1200, 1600)), "JPEG"), ImageLimits(working_side=400))
    assert picture.reduction == 4.0
    cut = crop(picture, Box(400, 400, 800, 800), margin=0.5)
    assert cut.shape == (200, 200, 3)
    assert crop(picture, Box(0, 0, 1, 1)).size > 0


@pytest.mark.parametrize(
    ("content", "advice"),
    [
        (b"", "is empty"),
        (b"PK\x03\x04" + b"x" * 40, "unpack it"),
        (b"%PDF-1.7\n", "take the pictures out of it"),
        (b"GIF89a" + b"x" * 40, "as JPEG"),
        (b"Dear all,", "Not a photo"),
    ],
)
def test_what_is_no_photo_is_told_apart(content: bytes, advice: str):
    with pytest.raises(ImageError, match=advice) as error:
        decode(content, ImageLimits())
    assert error.value.code is ProblemCode.UNSUPPORTED_FORMAT


@pytest.mark.parametrize("tags", [{254: 1}, {50706: b"\1\4\0\0"}])
def test_the_preview_in_a_raw_file_is_not_taken_for_the_photo(photo: Image.Image, tags: dict):
    buffer = io.BytesIO()
    photo.save(buffer, "TIFF", tiffinfo=tags)
    with pytest.raises(ImageError, match="raw file: export it"):
        decode(buffer.getvalue(), LIMITS)


@pytest.mark.parametrize(
    ("name", "start", "said"),
    [
        ("clip.mov", b"\0\0\0\x14ftypqt  ", "A video"),
        ("clip.jpg", b"\0\0\0\x14ftypqt  ", "A video"),
        ("IMG_1.NEF", b"MM\0*\0\0\0\x08", "raw file"),
        ("IMG_1.CR3", b"\0\0\0\x18ftypcrx ", "raw file"),
        ("IMG_1.jpg", b"\xff\xd8\xff\xe0", "larger than 200 MiB"),
    ],
)
def test_what_is_no_photo_by_its_beginning_is_not_read_to_its_end(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str, start: bytes, said: str
):
    path = tmp_path / name
    with path.open("wb") as file:
        file.write(start)
        # A hole, which takes no room on the disk.
        file.truncate(300 * 1024 * 1024)
    monkeypatch.setattr(Path, "read_bytes", lambda _: pytest.fail("read whole"))
    with pytest.raises(ImageError, match=said):
        read_photo(path, LIMITS)


@pytest.mark.parametrize("image_format", ["GIF", "PNG", "WEBP"])
def test_an_animation_becomes_a_sheet_of_the_frames_that_differ(
    photo: Image.Image, image_format: str
) -> None:
    other = photo.rotate(180)
    frames = [photo, photo, other, photo, other.copy()]
    buffer = io.BytesIO()
    frames[0].save(
        buffer, image_format, save_all=True, append_images=frames[1:], duration=[90, 80, 70, 60, 50]
    )
    picture = decode(buffer.getvalue(), LIMITS)
    assert picture.frames is not None
    assert picture.frames.seen == picture.frames.count
    (_, first), (box, second) = picture.parts()
    assert (first.width, first.height) == photo.size
    assert (box.x1 >= photo.width, box.y1) == (True, 0)
    for shown, expected in ((first, photo), (second, other)):
        assert np.abs(shown.rgb.astype(int) - np.asarray(expected, int)).mean() < 12


def test_a_small_face_in_one_frame_is_a_difference() -> None:
    small = np.full((40, 90, 160, 3), 100, np.uint8)
    small[17, 50:53, 80:83] = 130
    small[30] += 4
    assert most_different(small, 9) == ([0, 17], 40)
    assert most_different(small, 1) == ([0], 39)


def test_an_animated_png_that_counts_its_frames_wrong_is_refused(photo: Image.Image) -> None:
    content = saved(
        photo, "PNG", save_all=True, append_images=[photo.rotate(90), photo.rotate(180)]
    )
    at = content.index(b"acTL")
    body = (2).to_bytes(4, "big") + content[at + 8 : at + 12]
    said = b"acTL" + body + zlib.crc32(b"acTL" + body).to_bytes(4, "big")
    assert refusal(content[:at] + said + content[at + 16 :]) is ProblemCode.UNREADABLE
