"""Copies to hand out: the picture, upright, with its colors, and not a byte of anything else."""

from __future__ import annotations

import io
import shutil
import subprocess
from pathlib import Path

import numpy as np
import pytest
from PIL import Image, ImageCms, ImageOps
from PIL.PngImagePlugin import PngInfo

from media_index.images.clean import _clean_copy, clean_copy, format_of, head_around
from media_index.images.decode import ImageLimits
from media_index.types import Box, CopyForm, Cover, Fill, PictureFormat

LIMITS = ImageLimits()
# In every block that can name somebody, a place, or a camera.
SECRET = b"Zebulon Quirk"
PROFILE = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
XMP = (
    b"<x:xmpmeta xmlns:x='adobe:ns:meta/'><rdf:RDF xmlns:rdf='http://www.w3.org/1999/02/22-rdf-"
    b"syntax-ns#'><rdf:Description xmlns:Iptc4xmpExt='http://iptc.org/std/Iptc4xmpExt/2008-02-29/'>"
    b"<Iptc4xmpExt:PersonInImage><rdf:Bag><rdf:li>Zebulon Quirk</rdf:li></rdf:Bag>"
    b"</Iptc4xmpExt:PersonInImage></rdf:Description></rdf:RDF></x:xmpmeta>"
)


def photo(kind: str = "JPEG", *, orientation: int = 1) -> bytes:
    """A photo whose file says everything that a photo's file can say."""
    ramp = np.zeros((60, 90, 3), np.uint8)
    ramp[:, :, 0] = np.linspace(0, 255, 90)
    ramp[:20, :30] = (255, 255, 0)
    exif = Image.Exif()
    exif[0x0112] = orientation
    exif[0x010E] = SECRET.decode()
    exif[0x8825] = {1: "N", 2: (41.0, 45.0, 54.0), 3: "W", 4: (72.0, 40.0, 27.0)}
    buffer = io.BytesIO()
    text = PngInfo()
    text.add_itxt("XML:com.adobe.xmp", XMP.decode())
    more = {"JPEG": {"comment": SECRET}, "PNG": {"pnginfo": text}}.get(kind, {})
    Image.fromarray(ramp).save(buffer, kind, exif=exif, icc_profile=PROFILE, xmp=XMP, **more)
    content = buffer.getvalue()
    if kind == "JPEG":
        named = b"Photoshop 3.0\x008BIM\x04\x04\x00\x00\x00\x00\x00\x12\x1c\x02\x78\x00\x0d"
        iptc = named + SECRET
        jumb = b"JP\x00\x01\x00\x00\x00\x01\x00\x00\x00\x40jumb\x00\x00\x00\x20jumdc2pa" + SECRET
        blocks = b"".join(
            marker + (len(block) + 2).to_bytes(2, "big") + block
            for marker, block in ((b"\xff\xed", iptc), (b"\xff\xeb", jumb))
        )
        content = content[:2] + blocks + content[2:]
    return content + SECRET


def opened(content: bytes) -> Image.Image:
    picture = Image.open(io.BytesIO(content))
    picture.load()
    return picture


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
def test_nothing_but_the_picture_and_its_profile_is_copied(kind: str) -> None:
    content = photo(kind)
    assert SECRET in content

    copy = _clean_copy(content, CopyForm(), LIMITS, ())

    picture = opened(copy.content)
    assert picture.format == kind
    assert copy.suffix == {"JPEG": ".jpg", "PNG": ".png", "WEBP": ".webp"}[kind]
    for trace in (SECRET, b"Exif", b"xmp", b"XMP", b"Photoshop", b"c2pa", b"JFXX", b"GPS"):
        assert trace not in copy.content, trace
    assert picture.info["icc_profile"] == PROFILE
    assert dict(picture.getexif()) == {}
    assert {"camera data (EXIF)", "the place (GPS)", "XMP data"} <= set(copy.left_behind)
    if kind == "JPEG":
        assert {"IPTC data", "content credentials (C2PA)"} <= set(copy.left_behind)
        assert copy.content.endswith(b"\xff\xd9")


@pytest.mark.parametrize("orientation", range(1, 9))
def test_a_copy_stands_upright(orientation: int) -> None:
    content = photo(orientation=orientation)
    shown = np.asarray(ImageOps.exif_transpose(opened(content)).convert("RGB"), np.int16)

    picture = opened(_clean_copy(content, CopyForm(quality=100), LIMITS, ()).content)

    assert np.abs(np.asarray(picture, np.int16) - shown).mean() < 2


def test_size_and_format_are_those_of_the_channel() -> None:
    form = CopyForm(45, PictureFormat.WEBP, 80)
    copy = _clean_copy(photo(), form, LIMITS, ())
    assert (copy.width, copy.height) == opened(copy.content).size == (45, 30)
    assert (opened(copy.content).format, copy.suffix) == ("WEBP", ".webp")
    assert _clean_copy(photo(), CopyForm(4000), LIMITS, ()).width == 90, "nothing is blown up"


def test_a_profile_of_print_inks_is_left_behind_with_the_inks() -> None:
    buffer = io.BytesIO()
    grey = ImageCms.ImageCmsProfile(ImageCms.createProfile("LAB")).tobytes()
    Image.new("CMYK", (20, 20), (0, 255, 255, 0)).save(buffer, "JPEG", icc_profile=grey)
    picture = opened(_clean_copy(buffer.getvalue(), CopyForm(), LIMITS, ()).content)
    assert (picture.mode, picture.info.get("icc_profile")) == ("RGB", None)


@pytest.mark.parametrize("fill", Fill)
def test_a_part_is_covered_and_the_rest_stays(fill: Fill) -> None:
    content = photo("PNG")
    box = Box(20, 10, 60, 40)
    before = np.asarray(opened(content).convert("RGB"), np.int16)

    copy = _clean_copy(content, CopyForm(), LIMITS, (Cover(box, fill),))

    after = np.asarray(opened(copy.content).convert("RGB"), np.int16)
    changed = np.abs(after - before).max(axis=2) > 0
    inside = np.zeros_like(changed)
    inside[10:40, 20:60] = True
    assert changed[inside].mean() > 0.5
    assert not changed[~inside].any()
    if fill is Fill.SOLID:
        assert len(np.unique(after[10:40, 20:60].reshape(-1, 3), axis=0)) == 1


def test_the_head_is_more_than_the_face_and_stays_in_the_photo() -> None:
    head = head_around(Box(40, 40, 80, 90), 100, 120)
    assert (head.x1, head.x2, head.y2) == (22, 98, 108)
    assert head.y1 == 8
    assert head_around(Box(0, 0, 50, 50), 60, 60) == Box(0, 0, 60, 60)


def test_a_name_asks_for_a_format() -> None:
    assert format_of("a/B.JPEG") is PictureFormat.JPEG
    assert format_of("x.webp") is PictureFormat.WEBP
    assert format_of("x.heic") is None


@pytest.mark.slow
@pytest.mark.skipif(shutil.which("exiftool") is None, reason="exiftool is not installed")
@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
def test_exiftool_finds_nothing_but_the_format(kind: str, tmp_path: Path) -> None:
    """Its groups say where each tag was read from."""

    def groups(content: bytes) -> set[str]:
        file = tmp_path / "photo"
        file.write_bytes(content)
        said = subprocess.run(
            ["exiftool", "-G1", "-a", "-u", "-ee", "-s", str(file)],
            capture_output=True,
            text=True,
            check=True,
        )
        return {line[1:].partition("]")[0] for line in said.stdout.splitlines()}

    assert {"IFD0", "GPS"} <= groups(photo(kind))
    left = groups(clean_copy(photo(kind), CopyForm(), LIMITS).content)
    of_format = {"ExifTool", "System", "File", "JFIF", "PNG", "RIFF", "Composite"}
    assert {group for group in left if not group.startswith("ICC")} <= of_format
