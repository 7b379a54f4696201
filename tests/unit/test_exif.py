"""EXIF facts: when a photo was taken, on which clock, and what is not kept."""

from __future__ import annotations

import io
from dataclasses import fields
from datetime import UTC, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import numpy as np
import pytest
from PIL import Image

from media_index.images.exif import read_exif
from media_index.types import ExifFacts

HARTFORD = ZoneInfo("America/New_York")
ORIGINAL, OFFSET = 0x9003, 0x9011
SUBJECT, GPS = 0x8769, 0x8825


def photo(
    main: dict | None = None,
    detail: dict | None = None,
    gps: dict | None = None,
    image_format: str = "JPEG",
) -> bytes:
    exif = Image.Exif()
    exif.update(main or {})
    exif.get_ifd(SUBJECT).update(detail or {})
    exif.get_ifd(GPS).update(gps or {})
    buffer = io.BytesIO()
    Image.new("RGB", (8, 8)).save(buffer, image_format, exif=exif.tobytes())
    return buffer.getvalue()


def taken_at(content: bytes) -> datetime | None:
    return read_exif(content, HARTFORD).taken_at


def clock(hours: float, minutes: float, seconds: float, day: str) -> dict:
    return {1: "N", 2: (41.0, 45.0, 0.0), 7: (hours, minutes, seconds), 29: day}


@pytest.mark.parametrize("image_format", ["JPEG", "PNG", "WEBP", "TIFF", "HEIF", "AVIF"])
def test_the_offset_of_the_camera_is_used(image_format: str) -> None:
    detail = {ORIGINAL: "2026:06:02 10:12:37", OFFSET: "+02:00"}
    content = photo(detail=detail, image_format=image_format)
    assert taken_at(content) == datetime(2026, 6, 2, 8, 12, 37, tzinfo=UTC)


def test_without_an_offset_the_gps_clock_tells_it() -> None:
    content = photo(detail={ORIGINAL: "2026:06:02 10:12:37"}, gps=clock(8, 12, 40, "2026:06:02"))
    assert taken_at(content) == datetime(2026, 6, 2, 8, 12, 37, tzinfo=UTC)


def test_the_gps_clock_may_stand_on_another_day() -> None:
    content = photo(detail={ORIGINAL: "2026:06:02 22:00:00"}, gps=clock(2, 0, 0, "2026:06:03"))
    assert taken_at(content) == datetime(2026, 6, 3, 2, 0, tzinfo=UTC)


def test_a_gps_clock_that_cannot_be_right_is_ignored() -> None:
    content = photo(detail={ORIGINAL: "2026:06:02 10:00:00"}, gps=clock(8, 0, 0, "2020:01:01"))
    assert taken_at(content) == datetime(2026, 6, 2, 14, 0, tzinfo=UTC)


def test_without_either_the_library_s_own_time_zone_holds() -> None:
    summer = photo(detail={ORIGINAL: "2026:06:02 10:00:00"})
    winter = photo(detail={ORIGINAL: "2026:01:02 10:00:00"})
    assert taken_at(summer) == datetime(2026, 6, 2, 14, 0, tzinfo=UTC)
    assert taken_at(winter) == datetime(2026, 1, 2, 15, 0, tzinfo=UTC)


@pytest.mark.parametrize("tag", ["DateTime", "DateTimeDigitized"])
def test_the_time_of_an_edit_or_of_a_scan_is_no_time_taken(tag: str) -> None:
    when = "2026:06:02 10:00:00"
    content = photo({0x0132: when}) if tag == "DateTime" else photo(detail={0x9004: when})
    assert taken_at(content) is None


@pytest.mark.parametrize("beside_another", [0x9010, 0x9012])
def test_an_offset_belongs_to_the_time_it_stands_beside(beside_another: int) -> None:
    detail = {ORIGINAL: "2026:06:02 10:00:00", beside_another: "+09:00"}
    assert taken_at(photo(detail=detail)) == datetime(2026, 6, 2, 14, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("hours", "minutes", "day"),
    [
        (8, 0, "2026:06:01"),  # a fix of the day before
        (6, 40, "2026:06:02"),  # of an hour and more before: no clock stands at +03:20
        (23, 30, "2026:06:02"),  # -13:30
    ],
)
def test_a_stale_gps_clock_is_not_used(hours: int, minutes: int, day: str) -> None:
    content = photo(detail={ORIGINAL: "2026:06:02 10:00:00"}, gps=clock(hours, minutes, 0, day))
    assert taken_at(content) == datetime(2026, 6, 2, 14, 0, tzinfo=UTC)


@pytest.mark.parametrize("offset", ["+05:45", "-03:30", "+14:00"])
def test_every_offset_in_use_is_read(offset: str) -> None:
    content = photo(detail={ORIGINAL: "2026:06:02 10:00:00", OFFSET: offset})
    assert taken_at(content) == datetime.fromisoformat(f"2026-06-02T10:00:00{offset}")


@pytest.mark.parametrize(
    "text",
    ["0000:00:00 00:00:00", "    :  :     :  :  ", "2026:02:30 10:00:00", "yesterday", "\x00" * 20],
)
def test_a_nonsense_date_is_no_date(text: str) -> None:
    assert taken_at(photo(detail={ORIGINAL: text})) is None


@pytest.mark.parametrize("year", ["0001", "1600", "9999"])
def test_a_year_without_photography_is_no_date(year: str) -> None:
    content = photo(detail={ORIGINAL: f"{year}:01:01 00:00:00", OFFSET: "+00:00"})
    assert taken_at(content) is None


@pytest.mark.parametrize("offset", ["+2", "summer", "  :  ", "+99:00", "+23:00", "-05:17"])
def test_a_nonsense_offset_is_ignored(offset: str) -> None:
    content = photo(detail={ORIGINAL: "2026:06:02 10:00:00", OFFSET: offset})
    assert taken_at(content) == datetime(2026, 6, 2, 14, 0, tzinfo=UTC)


def test_a_position_is_noted_and_not_kept(samples: Path) -> None:
    [phone] = samples.rglob("phone-gps-obama.jpg")
    facts = read_exif(phone.read_bytes(), HARTFORD)
    assert facts.has_gps
    assert facts.taken_at == datetime(2026, 6, 2, 14, 12, 37, tzinfo=UTC)
    assert {field.name for field in fields(facts)} == {
        "taken_at",
        "camera",
        "has_gps",
        "orientation",
    }
    assert not read_exif(photo(), HARTFORD).has_gps


def test_make_and_model_are_one_name() -> None:
    def camera(make: str, model: str) -> str | None:
        return read_exif(photo(main={0x010F: make, 0x0110: model}), HARTFORD).camera

    assert camera("Canon", "Canon EOS 90D") == "Canon EOS 90D"
    assert camera("NIKON", "D750") == "NIKON D750"
    assert camera("", "") is None
    assert camera("Evil\x1b[2J", "Phone") == "Evil[2J Phone"
    assert len(camera("x" * 500, "y") or "") == 100


@pytest.mark.parametrize("orientation", range(1, 9))
def test_the_orientation_is_a_number(orientation: int) -> None:
    content = photo(main={0x0112: orientation})
    assert read_exif(content, HARTFORD).orientation == orientation


def test_no_file_however_damaged_raises(samples: Path) -> None:
    [phone] = samples.rglob("phone-gps-obama.jpg")
    content = phone.read_bytes()[:4000]
    random = np.random.default_rng(2)
    for _ in range(300):
        damaged = bytearray(content)
        for place in random.integers(0, 700, 6):
            damaged[place] = random.integers(256)
        assert isinstance(read_exif(bytes(damaged), HARTFORD), ExifFacts)
    for content in (b"", b"\xff\xd8", b"II*\x00", b"rubbish" * 99):
        assert read_exif(content, HARTFORD) == ExifFacts()
