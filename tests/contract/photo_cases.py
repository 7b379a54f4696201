"""Photos made up for the index, and the index with them in it."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import numpy as np

from consent.domain.events import Event
from consent.services import Services
from media_index.types import (
    Box,
    ExifFacts,
    Face,
    FaceQuality,
    FileStamp,
    Fingerprint,
    PerceptualHashes,
    Problem,
    ProblemCode,
)

NOW = datetime(2026, 6, 2, 14, 0, tzinfo=UTC)
MODELS = ("model-a", "model-b")


def sha(number: int) -> str:
    return f"{number:064x}"


def hashes(random: np.random.Generator) -> PerceptualHashes:
    quality = int(random.integers(0, 101))
    return PerceptualHashes(random.bytes(32), quality, random.bytes(8), random.bytes(8))


def face(random: np.random.Generator, index: int, models: tuple[str, ...] = MODELS) -> Face:
    x, y = (int(value) for value in random.integers(0, 3000, 2))
    points = tuple((float(a), float(b)) for a, b in random.normal(500, 99, (5, 2)))
    return Face(
        index=index,
        box=Box(x, y, x + 40, y + 50),
        landmarks=points,
        detector_score=float(random.random()),
        quality=FaceQuality(40.0, float(random.random() * 999), float(random.normal())),
        encodings={model: random.normal(size=128).astype(np.float32) for model in models},
    )


def fingerprint(number: int, faces: int = 2, **changes: object) -> Fingerprint:
    random = np.random.default_rng(number)
    made = Fingerprint(
        sha256=sha(number),
        byte_size=1000 + number,
        width=4000,
        height=3000,
        image_format="JPEG",
        hashes=hashes(random),
        trimmed_hashes=hashes(random) if number % 2 else None,
        exif=ExifFacts(NOW + timedelta(days=number), "Phone", has_gps=True, orientation=6),
        faces=tuple(face(random, index) for index in range(faces)),
        thumbnail=b"jpeg",
    )
    return replace(made, **changes)


def add(services: Services, *fingerprints: Fingerprint) -> None:
    with services.writing() as unit:
        unit.photos.add(fingerprints, NOW)
        unit.commit()


def place(services: Services, path: str, number: int, event: str | None = None) -> None:
    with services.writing() as unit:
        unit.photos.put_place(path, sha(number), FileStamp(1, 2), event, NOW)
        unit.commit()


def problem(path: str) -> Problem:
    return Problem(Path(path), ProblemCode.UNREADABLE, "It is damaged: copy it again.")


def event(services: Services, event_id: str) -> Event:
    made = Event(event_id, f"Event {event_id}", date(2026, 6, 2), "Main library", True)
    with services.writing() as unit:
        unit.events.add(made, NOW)
        unit.commit()
    return made
