"""Make a data home as large as a big library's after years, to measure on.

    python tools/make_large_home.py FOLDER --photos 100000 --cases 5000 --publications 10000

Faces are made up, so that strangers look as alike as strangers do; spots for copies are those of
the sample photos, changed. Nobody in it exists. It takes some ten minutes, and 20 KiB a photo.
"""

from __future__ import annotations

import argparse
import os
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import numpy as np

from consent.bootstrap import services_from_environment
from consent.cli.trial_register import CLERK, MadeUpRegister
from consent.domain.events import Event
from consent.domain.publications import Publication
from consent.services import Services
from consent.storage.thumbnails import keep_thumbnails
from media_index.types import (
    FileStamp,
)

AT_ONCE = 1000
# Copies are looked for of the references alone.
FEW_SPOTS = 60
FIRST_DAY = date(2020, 1, 1)
# Photos of each event; photos that can be shown on a page.
OF_AN_EVENT, THUMBNAILS = 200, 2000


@dataclass(frozen=True, slots=True)
class Size:
    """How much there is to be."""

    photos: int
    cases: int
    publications: int
    faces: int
    pairs: int


def _blocks(count: int) -> Iterator[range]:
    for start in range(0, count, AT_ONCE):
        yield range(start, min(start + AT_ONCE, count))


def make(services: Services, size: Size, seed: int) -> None:
    """Fill an empty data home."""
    maker = MadeUpRegister(services, seed)
    revoked = maker.faces(size.cases)
    shas = [
        sha256
        for block in _blocks(size.photos)
        for sha256 in _index(services, maker, block, size, revoked)
    ]
    for done in maker.register(revoked):
        print(f"\r{done:,} cases     ", end="", flush=True)
    _publish(services, maker, shas, size.publications)
    print(f"\r{len(shas):,} photos, {len(revoked):,} cases, {size.publications:,} publications")


def _index(
    services: Services,
    maker: MadeUpRegister,
    block: range,
    size: Size,
    revoked: list[dict[str, np.ndarray]],
) -> list[str]:
    """Add photos with their events; the first ones of all show somebody who revoked."""
    strangers = maker.faces(len(block) * size.faces)
    photos = []
    for row, number in enumerate(block):
        faces = strangers[row * size.faces : (row + 1) * size.faces]
        if number < size.pairs and revoked:
            faces[0] = maker.like(revoked[number % len(revoked)])
        day = FIRST_DAY + timedelta(days=number // OF_AN_EVENT)
        taken = datetime(day.year, day.month, day.day, 18, tzinfo=UTC)
        photos.append(maker.photo(faces, taken + timedelta(seconds=5 * row), FEW_SPOTS))
    with services.writing() as unit:
        unit.photos.add(photos, services.now())
        for first in range(0, len(block), OF_AN_EVENT):
            day = FIRST_DAY + timedelta(days=block[first] // OF_AN_EVENT)
            name = f"Event of {day}"
            event = Event(maker.identity(), name, day, "Main library", public_space=True)
            unit.events.add(event, services.now())
            shown = photos[first : first + OF_AN_EVENT]
            for number, photo in enumerate(shown, block[first]):
                path = f"/archive/{day}/IMG_{number:06}.jpg"
                stamp = FileStamp(photo.byte_size, 1_700_000_000_000_000_000)
                unit.photos.put_place(path, photo.sha256, stamp, event.id, services.now())
        shown = [photo for number, photo in zip(block, photos, strict=True) if number < THUMBNAILS]
        keep_thumbnails(services.settings.thumbnails, shown)
        unit.commit()
    print(f"\r{block.stop:,} photos", end="", flush=True)
    return [photo.sha256 for photo in photos]


def _publish(services: Services, maker: MadeUpRegister, shas: list[str], count: int) -> None:
    random = np.random.default_rng(count)
    channels = [channel.id for channel in services.policy.channels]
    with services.writing() as unit:
        for number in range(count):
            made = Publication(
                maker.identity(),
                shas[int(random.integers(0, len(shas)))],
                channels[number % len(channels)],
                "",
                f"https://example.org/{number}",
                FIRST_DAY + timedelta(days=int(random.integers(0, 2000))),
                CLERK.id,
            )
            unit.publications.add(made, services.now())
        unit.commit()


def main() -> None:
    """Run from the command line."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawTextHelpFormatter
    )
    parser.add_argument("folder", type=Path)
    parser.add_argument("--photos", type=int, default=100_000)
    parser.add_argument("--cases", type=int, default=5_000)
    parser.add_argument("--publications", type=int, default=10_000)
    parser.add_argument("--faces", type=int, default=2, help="in each photo")
    parser.add_argument("--pairs", type=int, default=500, help="photos that may show somebody")
    parser.add_argument("--seed", type=int, default=1)
    asked = parser.parse_args()
    if asked.folder.exists() and any(asked.folder.iterdir()):
        parser.error(f"{asked.folder} is not empty")
    os.environ["LIKENESS_HOME"] = str(asked.folder)
    size = Size(asked.photos, asked.cases, asked.publications, asked.faces, asked.pairs)
    make(services_from_environment(), size, asked.seed)


if __name__ == "__main__":
    main()
