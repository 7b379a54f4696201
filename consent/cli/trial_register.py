"""A register of people who are made up, to measure how what it costs grows with them."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta
from uuid import UUID

import numpy as np

from consent.domain.actors import Actor, Role
from consent.domain.cases import CaseEvent, CaseStep, Person, Template
from consent.domain.decisions import DecisionState, PersonDecision
from consent.domain.log import Action
from consent.domain.references import ReferenceTrial
from consent.domain.terms import Method, Requester, Scope, Submission, Terms
from consent.services import Services
from consent.settings import ROOT
from media_index.bench.speed import MadeUpFaces
from media_index.hashing.keypoints import FEATURES_SIDE, local_features
from media_index.images.decode import ImageLimits, decode, jpeg, reduced
from media_index.types import (
    Box,
    ExifFacts,
    Face,
    FaceQuality,
    Fingerprint,
    LocalFeatures,
    PerceptualHashes,
    Turning,
)

# References of each person, and spots by which copies of each are looked for.
OF_EACH, SPOTS = 3, 256
CLERK = Actor("maker", Role.DIRECTOR)
_SAMPLES = ROOT / "data" / "samples"
_WIDTH, _HEIGHT = 4000, 3000
_AT_ONCE = 100


class MadeUpRegister:
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
        points = random.uniform((0, 0), (_WIDTH, _HEIGHT), (spots, 2)).astype(np.float32)
        return Fingerprint(
            sha256=hashlib.sha256(content).hexdigest(),
            byte_size=int(random.integers(1_000_000, 9_000_000)),
            width=_WIDTH,
            height=_HEIGHT,
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

    def register(self, people: Sequence[dict[str, np.ndarray]]) -> Iterator[int]:
        """Record people who revoked, with the photos uploaded; yields how many are there."""
        taken = datetime(2019, 6, 1, 12, tzinfo=UTC)
        with self._services.reading() as unit:
            tried_with = unit.photos.count() + OF_EACH * len(people)
        for start in range(0, len(people), _AT_ONCE):
            some = people[start : start + _AT_ONCE]
            with self._services.writing() as unit:
                for number, face in enumerate(some, start + 1):
                    at = self._now - timedelta(minutes=number)
                    person, case = Person(self.identity(), f"Made up {number}"), self.identity()
                    photos = [self.photo([self.like(face)], taken, SPOTS) for _ in range(OF_EACH)]
                    unit.photos.add(photos, at)
                    unit.register.add_person(person, at, CLERK)
                    unit.register.open_case(case, unit.register.next_number(), person.id, at)
                    unit.register.append(_recorded(case, person, at))
                    details = {"number": number, "method": "form", "evidence": 0}
                    unit.audit.append(Action.REVOCATION_RECORDED, case, CLERK, at, details)
                    for template in (self._template(case, photo, at) for photo in photos):
                        unit.register.add_template(template)
                        unit.decisions.add_person_decision(_confirmed(template))
                        # As the day of the letter leaves it; what nobody tried is tried anew.
                        trial = (template.id, case, tried_with, 1, 0, at, CLERK)
                        unit.references.add(ReferenceTrial(*trial))
                unit.commit()
            yield start + len(some)

    def _template(self, case: str, photo: Fingerprint, at: datetime) -> Template:
        face, crop = photo.faces[0], photo.sha256
        norm = face.quality.norm
        return Template(
            self.identity(), case, photo.sha256, face.box, face.encodings, crop, at, norm
        )


def _recorded(case: str, person: Person, at: datetime) -> CaseEvent:
    day = at.date()
    terms = Terms(Scope(), Submission(day, Method.FORM, by="maker"), Requester(person.name), day)
    return CaseEvent(case, CaseStep.RECORDED, at, CLERK, day, terms)


def _confirmed(template: Template) -> PersonDecision:
    return PersonDecision(
        template.photo_sha256,
        template.revocation_id,
        template.box,
        DecisionState.CONFIRMED,
        template.added_at,
        CLERK,
    )


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
    for path in sorted(_SAMPLES.rglob("*.jpg")):
        if path.name != "truncated.jpg":
            small = reduced(decode(path.read_bytes(), ImageLimits()).rgb, FEATURES_SIDE)
            found.append(local_features(small, 1.0).descriptors)
    return np.concatenate(found).astype(np.float32)
