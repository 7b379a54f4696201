"""The sample photographs: the manifest tells the truth, and they can be made again."""

from __future__ import annotations

import hashlib
import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pillow_heif
import pytest
from PIL import Image, ImageOps

ROOT = Path(__file__).resolve().parents[2]
SAMPLES = ROOT / "data" / "samples"
DESCRIPTIONS = {"README.md", "manifest.json", "outlines.json"}
KINDS = {"original", "scene", "copy", "broken", "no_face"}
SMALLEST_FACE = 60
SMALLEST_FACE_FAR_AWAY = 38
# Encoders of other versions may round differently: grey levels, mean over the picture.
TOLERANCE = 2.0

pillow_heif.register_heif_opener()


def files_in(manifest: Path) -> list[dict[str, Any]]:
    """The entries of a manifest."""
    files: list[dict[str, Any]] = json.loads(manifest.read_text(encoding="utf-8"))["files"]
    return files


FILES = files_in(SAMPLES / "manifest.json")
each_file = pytest.mark.parametrize("entry", FILES, ids=[entry["path"] for entry in FILES])


def upright(path: Path) -> Image.Image:
    """Decode a picture as it is to be seen."""
    with Image.open(path) as image:
        return ImageOps.exif_transpose(image).convert("RGB")


@pytest.fixture(scope="module")
def rebuilt(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The samples made again, somewhere else."""
    out = tmp_path_factory.mktemp("samples")
    script = str(ROOT / "tools" / "make_samples.py")
    subprocess.run([sys.executable, script, "--out", str(out)], check=True, timeout=120)
    return out


def test_every_file_is_listed_and_every_listed_file_is_there() -> None:
    found = {path.relative_to(SAMPLES).as_posix() for path in SAMPLES.rglob("*") if path.is_file()}
    listed = [entry["path"] for entry in FILES]
    assert len(listed) == len(set(listed))
    assert set(listed) == found - DESCRIPTIONS


@each_file
def test_the_manifest_describes_the_file(entry: dict[str, Any]) -> None:
    content = (SAMPLES / entry["path"]).read_bytes()
    assert hashlib.sha256(content).hexdigest() == entry["sha256"]
    assert entry["licence"].startswith(("Public domain", "CC0"))
    assert entry["kind"] in KINDS
    listed = {other["path"] for other in FILES}
    assert entry.get("copy_of", entry["path"]) in listed
    source = entry["source"]
    if "made_by" in source:
        assert (ROOT / source["made_by"]).is_file()
        assert source["from"]
        assert set(source["from"]) <= listed
    else:
        assert set(source) == {"package", "version", "file", "member"}


@each_file
def test_boxes_lie_in_the_picture_and_are_large_enough(entry: dict[str, Any]) -> None:
    if entry["kind"] in {"no_face", "broken"}:
        assert entry["people"] == []
        return
    assert entry["people"]
    width, height = upright(SAMPLES / entry["path"]).size
    smallest = SMALLEST_FACE_FAR_AWAY if "small-faces" in entry["path"] else SMALLEST_FACE
    for person in entry["people"]:
        x1, y1, x2, y2 = person["box"]
        assert 0 <= x1 < x2 <= width
        assert 0 <= y1 < y2 <= height
        assert y2 - y1 >= smallest


def test_the_truncated_file_cannot_be_decoded() -> None:
    [broken] = [entry for entry in FILES if entry["kind"] == "broken"]
    with pytest.raises(OSError, match="truncated"):
        upright(SAMPLES / broken["path"])


def test_the_turned_copy_is_stored_turned() -> None:
    [turned] = [entry for entry in FILES if entry["path"].endswith("obama-turned.jpg")]
    with Image.open(SAMPLES / turned["path"]) as image:
        assert image.getexif()[0x0112] == 6
        assert image.width > image.height
    seen = upright(SAMPLES / turned["path"])
    assert seen.width < seen.height


def test_the_phone_picture_has_place_time_offset_and_camera() -> None:
    [phone] = [entry for entry in FILES if "gps" in entry["path"]]
    with Image.open(SAMPLES / phone["path"]) as image:
        exif = image.getexif()
    assert exif[0x0110] == "Phone"
    assert exif.get_ifd(0x8769)[0x9003] == "2026:06:02 10:12:37"
    assert exif.get_ifd(0x8769)[0x9011] == "-04:00"
    assert exif.get_ifd(0x8825)[1] == "N"


@pytest.mark.slow
def test_making_the_samples_again_gives_the_same_manifest(rebuilt: Path) -> None:
    def without_hashes(files: list[dict[str, Any]]) -> list[dict[str, Any]]:
        return [{key: value for key, value in e.items() if key != "sha256"} for e in files]

    assert without_hashes(files_in(rebuilt / "manifest.json")) == without_hashes(FILES)


@pytest.mark.slow
@each_file
def test_making_the_samples_again_gives_the_same_pixels(
    rebuilt: Path, entry: dict[str, Any]
) -> None:
    if entry["kind"] == "broken" or "made_by" not in entry["source"]:
        return
    stored, again = upright(SAMPLES / entry["path"]), upright(rebuilt / entry["path"])
    assert stored.size == again.size
    difference = np.abs(np.asarray(stored, dtype=np.int16) - np.asarray(again, dtype=np.int16))
    assert difference.mean() <= TOLERANCE
