"""Make a data home as large as a big library's after years, to measure on.

    python tools/make_large_home.py FOLDER --photos 100000 --cases 5000 --publications 10000

Faces are made up, so that strangers look as alike as strangers do; spots for copies are those of
the sample photos, changed. Nobody in it exists. It takes some ten minutes, and 20 KiB a photo.
"""

from __future__ import annotations

import argparse
import hashlib
import os
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from uuid import UUID

import numpy as np

from consent.bootstrap import services_from_environment
from consent.domain.actors import Actor, Role
from consent.domain.cases import CaseEvent, CaseStep, Person, Template
from consent.domain.decisions import DecisionState, PersonDecision
from consent.domain.events import Event
from consent.domain.log import Action
from consent.domain.publications import Publication
from consent.domain.terms import Method, Requester, Scope, Submission, Terms
from consent.services import Services
from consent.storage.thumbnails import keep_thumbnail
from media_index.bench.speed import MadeUpFaces
from media_index.hashing.keypoints import FEATURES_SIDE, local_features
from media_index.images.decode import ImageLimits, decode, jpeg, reduced
from media_index.types import (
    Box,
    ExifFacts,
    Face,
    FaceQuality,
    FileStamp,
    Fingerprint,
    LocalFeatures,
    PerceptualHashes,
    Turning,
)

SAMPLES = Path(__file__).resolve().parent.parent / "data" / "samples"
CLERK = Actor("maker", Role.DIRECTOR)
AT_ONCE, WIDTH, HEIGHT = 1000, 4000, 3000
# Copies are looked for of the references alone.
SPOTS, FEW_SPOTS = 256, 60
FIRST_DAY = date(2020, 1, 1)
# References of each person; photos of each event; photos that can be shown on a page.
OF_EACH, OF_AN_EVENT, THUMBNAILS = 3, 200, 2000


@dataclass(frozen=True, slots=True)
class Size:
    """How much there is to be."""

    photos: int
    cases: int
    publications: int
    faces: int
    pairs: int


class Maker:
    """Draws photos, and people who are in none of them, by a seed."""

    def __init__(self, services: Services, seed: int) -> None:
        self._services = services
        self._random = np.random.default_rng(seed)
        self._people = MadeUpFaces(services.calibration, seed)
        self._descriptors = _sample_descriptors()
        gray = np.full((48, 64, 3), 128, np.uint8)
        self._thumbnail = jpeg(gray, quality=50)
        self._now = services.now().astimezone(UTC) - timedelta(days=1)

    def identity(self) -> str:
        """Return a fresh id."""
        return UUID(bytes=self._random.bytes(16)).hex

    def faces(self, count: int) -> list[dict[str, np.ndarray]]:
        """Return encodings of strangers."""
        drawn = self._people.faces(count)
        return [{model: rows[index] for model, rows in drawn.items()} for index in range(count)]

    def like(self, face: dict[str, np.ndarray]) -> dict[str, np.ndarray]:
        """Return another picture of a face."""
        rows = {model: vector[None] for model, vector in face.items()}
        return {model: drawn[0] for model, drawn in self._people.near(rows, 1, 0.42).items()}

    def photo(
        self, encodings: list[dict[str, np.ndarray]], taken: datetime, spots: int
    ) -> Fingerprint:
        """Return a photo with these faces in it."""
        random = self._random
        content = random.bytes(32)
        picked = random.integers(0, len(self._descriptors), spots)
        noise = random.normal(0, 12, (spots, self._descriptors.shape[1]))
        points = random.uniform((0, 0), (WIDTH, HEIGHT), (spots, 2)).astype(np.float32)
        return Fingerprint(
            sha256=hashlib.sha256(content).hexdigest(),
            byte_size=int(random.integers(1_000_000, 9_000_000)),
            width=WIDTH,
            height=HEIGHT,
            image_format="JPEG",
            hashes=PerceptualHashes(random.bytes(32), 100, random.bytes(8), random.bytes(8)),
            trimmed_hashes=None,
            exif=ExifFacts(taken, "Camera", has_gps=False, orientation=1),
            faces=tuple(_face(index, each) for index, each in enumerate(encodings)),
            thumbnail=self._thumbnail,
            features=LocalFeatures(
                points, np.clip(self._descriptors[picked] + noise, 0, 255).astype(np.uint8)
            ),
            turning=Turning.AGREED,
        )

    def case(self, number: int, references: list[Fingerprint]) -> None:
        """Record one person who revoked, with the photos handed in."""
        at = self._now - timedelta(minutes=number)
        with self._services.writing() as unit:
            unit.photos.add(references, at)
            person = Person(self.identity(), f"Made up {number}")
            unit.register.add_person(person, at, CLERK)
            case_id = self.identity()
            unit.register.open_case(case_id, unit.register.next_number(), person.id, at)
            day = at.date()
            terms = Terms(
                Scope(), Submission(day, Method.FORM, by="maker"), Requester(person.name), day
            )
            unit.register.append(CaseEvent(case_id, CaseStep.RECORDED, at, CLERK, day, terms))
            details = {"number": number, "method": "form", "evidence": 0}
            unit.audit.append(Action.REVOCATION_RECORDED, case_id, CLERK, at, details)
            for photo in references:
                face = photo.faces[0]
                unit.register.add_template(
                    Template(
                        self.identity(),
                        case_id,
                        photo.sha256,
                        face.box,
                        face.encodings,
                        photo.sha256,
                        at,
                        face.quality.norm,
                    )
                )
                unit.decisions.add_sighting(
                    PersonDecision(
                        photo.sha256, case_id, face.box, DecisionState.CONFIRMED, at, CLERK
                    )
                )
            unit.commit()


def _face(index: int, encodings: dict[str, np.ndarray]) -> Face:
    left = 200 + 300 * index
    box = Box(left, 500, left + 180, 720)
    eyes, mouth = box.y1 + 80.0, box.y1 + 170.0
    points = ((left + 50.0, eyes), (left + 130.0, eyes), (left + 90.0, eyes + 45))
    landmarks = (*points, (left + 60.0, mouth), (left + 120.0, mouth))
    quality = FaceQuality(180.0, 60.0, 0.0, contrast=60.0, burnt_out=0.0, norm=13.0, prominence=1.0)
    return Face(index, box, landmarks, 0.95, quality, encodings)


def _sample_descriptors() -> np.ndarray:
    found = []
    for path in sorted(SAMPLES.rglob("*.jpg")):
        if path.name != "truncated.jpg":
            small = reduced(decode(path.read_bytes(), ImageLimits()).rgb, FEATURES_SIDE)
            found.append(local_features(small, 1.0).descriptors)
    return np.concatenate(found).astype(np.float32)


def _blocks(count: int) -> Iterator[range]:
    for start in range(0, count, AT_ONCE):
        yield range(start, min(start + AT_ONCE, count))


def make(services: Services, size: Size, seed: int) -> None:
    """Fill an empty data home."""
    maker = Maker(services, seed)
    revoked = maker.faces(size.cases)
    shas = [
        sha256
        for block in _blocks(size.photos)
        for sha256 in _index(services, maker, block, size, revoked)
    ]
    for number, face in enumerate(revoked, 1):
        taken = datetime(2019, 6, 1, 12, tzinfo=UTC)
        maker.case(number, [maker.photo([maker.like(face)], taken, SPOTS) for _ in range(OF_EACH)])
        if number % 100 == 0:
            print(f"\r{number:,} cases     ", end="", flush=True)
    _publish(services, maker, shas, size.publications)
    print(f"\r{len(shas):,} photos, {len(revoked):,} cases, {size.publications:,} publications")


def _index(
    services: Services,
    maker: Maker,
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
        unit.commit()
    for number, photo in zip(block, photos, strict=True):
        if number < THUMBNAILS:
            keep_thumbnail(services.settings.thumbnails, photo)
    print(f"\r{block.stop:,} photos", end="", flush=True)
    return [photo.sha256 for photo in photos]


def _publish(services: Services, maker: Maker, shas: list[str], count: int) -> None:
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
