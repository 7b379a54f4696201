"""Make the event-like sample photographs out of the public-domain originals.

``python tools/make_samples.py`` rebuilds ``data/samples/events/`` and
``data/samples/manifest.json``; ``--out DIR`` writes both somewhere else. Deterministic:
the same encoders give the same bytes.
"""

from __future__ import annotations

import argparse
import hashlib
import io
import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pillow_heif
from PIL import Image
from sample_scenes import (
    SAMPLES,
    Picture,
    back_row,
    original,
    panel_three,
    photo_wall,
    rounded,
    screenshot,
    signing_two,
    slightly_cropped,
    stage_two,
    welcome_two,
)

TALK = "events/2026-05-14 Author talk"
SUMMER = "events/2026-06-02 Summer reading kick-off"

WHITE_HOUSE = "Public domain: official White House photograph, a work of the US government"
NASA = "Public domain: NASA photograph, a work of the US government"
CC0 = "CC0 1.0: photograph by Rachel Michetti, courtesy of Pikolo Espresso Bar"
LICENCES = {"astronaut.png": NASA, "coffee.png": CC0}

ORIENTATION, MAKE, MODEL, DATE_TIME = 0x0112, 0x010F, 0x0110, 0x0132
EXIF_IFD, TAKEN_AT, OFFSET_TIME, GPS_IFD = 0x8769, 0x9003, 0x9011, 0x8825
SHOW_TURNED_CLOCKWISE = 6  # an EXIF orientation


@dataclass(frozen=True)
class Taken:
    """The EXIF facts to write: when, with what, and where."""

    at: str
    make: str = "Sample"
    model: str = "Library camera"
    offset: str | None = None
    gps: tuple[float, float] | None = None


@dataclass(frozen=True)
class Sample:
    """One file to make: where, from what, how."""

    path: str
    make: Callable[[], Picture]
    sources: tuple[str, ...]
    kind: str
    quality: int = 88
    taken: Taken | None = None
    copy_of: str | None = None
    turned: bool = False
    kept: float = 1.0
    note: str | None = None


def scene(path: str, make: Callable[[], Picture], at: str, *stems: str) -> Sample:
    """A scene of several people, photographed ``at`` (EXIF date and time)."""
    sources = tuple("astronaut.png" if stem == "astronaut" else f"{stem}.jpg" for stem in stems)
    return Sample(path, make, sources, "scene", taken=Taken(at))


def portrait(path: str, make: Callable[[], Picture], quality: int = 88) -> Sample:
    """A copy of obama.jpg."""
    return Sample(path, make, ("obama.jpg",), "copy", quality, copy_of="originals/obama.jpg")


def phone(at: str, gps: tuple[float, float] | None = None) -> Taken:
    """The EXIF facts of a phone: it knows its offset from UTC, and may know its place."""
    return Taken(at, model="Phone", offset="-04:00", gps=gps)


def author_talk() -> Iterator[Sample]:
    """The first event."""
    stage = f"{TALK}/stage-obama-biden.jpg"
    whole = scene(stage, stage_two, "2026:05:14 18:34:10", "obama2", "biden")
    yield whole
    yield replace(
        whole,
        path=f"{TALK}/truncated.jpg",
        kind="broken",
        copy_of=stage,
        kept=0.45,
        note="the first 45 % of the file: must be reported, never passed",
    )
    three = ("astronaut", "obama3", "biden")
    panel = f"{TALK}/panel-astronaut-obama-biden.jpg"
    yield scene(panel, panel_three, "2026:05:14 18:47:02", *three)
    far = scene(f"{TALK}/back-row-small-faces.jpg", back_row, "2026:05:14 18:58:31", *three)
    yield replace(far, note="faces of about 40 px")
    yield replace(
        scene(
            f"{TALK}/signing-astronaut-biden.jpg",
            signing_two,
            "2026:05:14 19:40:55",
            "astronaut",
            "biden",
        ),
        note="nobody but these two: clear of a revocation by Obama",
    )
    yield Sample(
        f"{TALK}/refreshments-no-face.jpg",
        lambda: original("coffee.png"),
        ("coffee.png",),
        "no_face",
        taken=Taken("2026:05:14 19:15:20"),
    )
    yield portrait(f"{TALK}/obama-recompressed.jpg", lambda: original("obama.jpg").scaled(0.7), 40)
    yield portrait(f"{TALK}/obama-cropped.jpg", slightly_cropped, 85)
    yield portrait(f"{TALK}/obama-screenshot.jpg", screenshot, 80)
    yield replace(
        portrait(f"{TALK}/obama-turned.jpg", lambda: original("obama.jpg").scaled(0.9)),
        taken=phone("2026:05:14 18:31:44"),
        turned=True,
        note="pixels stored turned, EXIF orientation 6",
    )


def summer_reading() -> Iterator[Sample]:
    """The second event."""
    welcome = f"{SUMMER}/welcome-obama-astronaut.jpg"
    yield scene(welcome, welcome_two, "2026:06:02 10:05:12", "obama2", "astronaut")
    prints = f"{SUMMER}/photo-wall-small-faces.jpg"
    everybody = ("obama", "obama2", "obama3", "biden", "astronaut")
    yield replace(
        scene(prints, photo_wall, "2026:06:02 10:21:40", *everybody),
        note="eighteen faces of about 40 px",
    )
    yield Sample(
        f"{SUMMER}/phone-gps-obama.jpg",
        lambda: original("obama3.jpg").scaled(0.45),
        ("obama3.jpg",),
        "copy",
        copy_of="originals/obama3.jpg",
        taken=phone("2026:06:02 10:12:37", gps=(38.8887, -77.0047)),
        note="GPS position (Library of Congress), camera, taken-at with offset time",
    )
    heic = portrait(f"{SUMMER}/obama.heic", lambda: original("obama.jpg"), 60)
    yield replace(heic, taken=phone("2026:06:02 10:14:03"))
    yield portrait(f"{SUMMER}/obama.webp", lambda: original("obama.jpg"), 80)
    alpha = portrait(f"{SUMMER}/obama-alpha.png", rounded)
    yield replace(alpha, note="round corners, transparent")


def exif_of(sample: Sample) -> Image.Exif:
    """The EXIF block a sample asks for (empty if it asks for none)."""
    exif = Image.Exif()
    if sample.turned:
        exif[ORIENTATION] = SHOW_TURNED_CLOCKWISE
    if sample.taken is None:
        return exif
    taken = sample.taken
    exif[MAKE], exif[MODEL], exif[DATE_TIME] = taken.make, taken.model, taken.at
    exif.get_ifd(EXIF_IFD)[TAKEN_AT] = taken.at
    if taken.offset:
        exif.get_ifd(EXIF_IFD)[OFFSET_TIME] = taken.offset
    if taken.gps:
        latitude, longitude = taken.gps
        exif.get_ifd(GPS_IFD).update(
            {
                1: "N" if latitude >= 0 else "S",
                2: degrees(latitude),
                3: "E" if longitude >= 0 else "W",
                4: degrees(longitude),
            }
        )
    return exif


def degrees(value: float) -> tuple[float, float, float]:
    """Split into degrees, minutes and seconds, as EXIF stores them."""
    minutes, seconds = divmod(round(abs(value) * 3600, 2), 60)
    whole, minutes = divmod(minutes, 60)
    return whole, minutes, round(seconds, 2)


def encode(sample: Sample, picture: Picture) -> bytes:
    """Encode the picture as the sample's name and options say."""
    pixels = picture.pixels
    if sample.turned:
        pixels = pixels.transpose(Image.Transpose.ROTATE_90)
    suffix = Path(sample.path).suffix
    options: dict[str, dict[str, Any]] = {
        ".jpg": {"format": "JPEG", "quality": sample.quality, "optimize": True},
        ".webp": {"format": "WEBP", "quality": sample.quality},
        ".heic": {"format": "HEIF", "quality": sample.quality},
        ".png": {"format": "PNG", "optimize": True},
    }
    exif = exif_of(sample)
    if exif:
        options[suffix]["exif"] = exif.tobytes()
    out = io.BytesIO()
    pixels.save(out, **options[suffix])
    whole = out.getvalue()
    return whole[: round(len(whole) * sample.kept)]


def people_in(picture: Picture) -> list[dict[str, Any]]:
    """Names and whole-pixel boxes, for the manifest."""
    return [{"name": name, "box": [round(edge) for edge in box]} for name, box in picture.people]


def described_original(name: str) -> dict[str, Any]:
    """The manifest entry of an original."""
    white_house = name not in LICENCES
    package = (
        {
            "package": "face_recognition",
            "version": "1.3.0",
            "file": "face_recognition-1.3.0.tar.gz",
            "member": f"face_recognition-1.3.0/tests/test_images/{name}",
        }
        if white_house
        else {
            "package": "scikit-image",
            "version": "0.26.0",
            "file": "scikit_image-0.26.0-cp311-cp311-manylinux_2_24_x86_64"
            ".manylinux_2_28_x86_64.whl",
            "member": f"skimage/data/{name}",
        }
    )
    picture = original(name)
    entry: dict[str, Any] = {
        "path": f"originals/{name}",
        "sha256": sha256((SAMPLES / "originals" / name).read_bytes()),
        "kind": "original" if picture.people else "no_face",
        "people": people_in(picture),
        "licence": LICENCES.get(name, WHITE_HOUSE),
        "source": package,
    }
    if "partial" in name:
        entry["copy_of"] = "originals/obama.jpg"
        entry["note"] = "a crop that cuts the face in two, upstream's own"
    return entry


def described_sample(sample: Sample, picture: Picture, content: bytes) -> dict[str, Any]:
    """The manifest entry of a file this script made."""
    licences = {LICENCES.get(name, WHITE_HOUSE) for name in sample.sources}
    entry: dict[str, Any] = {
        "path": sample.path,
        "sha256": sha256(content),
        "kind": sample.kind,
        "people": [] if sample.kept < 1 else people_in(picture),
        "licence": "; ".join(sorted(licences)),
        "source": {
            "made_by": "tools/make_samples.py",
            "from": [f"originals/{name}" for name in sample.sources],
        },
    }
    optional = {"copy_of": sample.copy_of, "note": sample.note}
    return entry | {key: value for key, value in optional.items() if value}


def sha256(content: bytes) -> str:
    """The SHA-256 of ``content``, in hex."""
    return hashlib.sha256(content).hexdigest()


def build(out: Path) -> None:
    """Write ``events/`` and ``manifest.json`` below ``out``."""
    pillow_heif.register_heif_opener()
    originals = sorted(path.name for path in (SAMPLES / "originals").iterdir())
    entries = [described_original(name) for name in originals]
    for sample in (*author_talk(), *summer_reading()):
        picture = sample.make()
        content = encode(sample, picture)
        target = out / sample.path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(content)
        entries.append(described_sample(sample, picture, content))
    text = json.dumps({"files": entries}, indent=2, ensure_ascii=False)
    (out / "manifest.json").write_text(text + "\n", encoding="utf-8")


def main() -> None:
    """Rebuild the samples in place, or below ``--out``."""
    parser = argparse.ArgumentParser(description="Rebuild the sample photographs.")
    parser.add_argument("--out", type=Path, default=SAMPLES, help="default: data/samples")
    build(parser.parse_args().out)


if __name__ == "__main__":
    main()
