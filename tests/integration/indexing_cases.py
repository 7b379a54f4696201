"""What the tests of indexing make and ask."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import numpy as np
from PIL import Image

from consent.indexing.events import NewEvent
from consent.services import Services

EVENT = NewEvent("Author talk", date(2026, 5, 14), "Main library")


def picture(path: Path, seed: int) -> Path:
    """A small picture of its own, quick to fingerprint."""
    path.parent.mkdir(parents=True, exist_ok=True)
    colours = np.random.default_rng(seed).integers(0, 256, (4, 5, 3)).astype(np.uint8)
    Image.fromarray(colours).resize((100, 80)).save(path, "PNG")
    return path


def counts(services: Services) -> dict[str, int]:
    with services.reading() as unit:
        return {**unit.photos.counts(), "events": unit.events.count()}


def places(services: Services, folder: Path) -> dict[str, str]:
    """Photo by file name below a folder."""
    with services.reading() as unit:
        stamps = unit.photos.stamps(unit.photos.paths_below(folder))
    return {Path(path).relative_to(folder).as_posix(): sha for path, (_, sha) in stamps.items()}


def audit(services: Services) -> list[tuple[str, dict]]:
    with services.reading() as unit:
        return [(entry.action, dict(entry.details)) for entry in unit.audit.entries()]
