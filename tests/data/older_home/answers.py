"""What is asked of the data home, of the code that made it and of today's: stores and commands."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import fields, is_dataclass
from datetime import UTC, date, datetime, timedelta
from enum import Enum
from itertools import count
from pathlib import PurePath
from typing import Any

import numpy as np

# Commands with --json; a photo stands for its file among the samples.
PHOTOS = {
    name: f"events/2026-05-14 Author talk/{name}.jpg"
    for name in ("stage-obama-biden", "refreshments-no-face", "back-row-small-faces")
}
COMMANDS = (
    "register list --as Eve:director",
    "register list quirk --as Ed:communications",
    *(f"register show R-000{number} --as Eve:director" for number in (1, 2, 3, 4)),
    "register reminders",
    "takedowns list",
    "appeals list --as Rex:records",
    "publications list",
    "publications sources",
    "print list",
    "print signed",
    "consent list",
    "override list --as Eve:director",
    "review list",
    f"check {' '.join(PHOTOS)} --use instagram --as Ed:communications",
    f"check {' '.join(PHOTOS)} --use newsletter:Spring --as Ed:communications",
    "sweep R-0001 --as Eve:director",
    "audit P-0001 --as Ed:print_editor",
)


def stored(unit: Any) -> dict[str, Any]:
    """Return whatever the stores of a unit of work hold."""
    register, decisions, made, photos = (
        unit.register,
        unit.decisions,
        unit.publications,
        unit.photos,
    )
    cases, pieces = register.revocations(), unit.pieces.all()
    known = sorted({photo for photo, _, _ in photos.hashes()})
    return {
        "cases": cases,
        "templates": register.templates(),
        "evidence": [register.evidence_of(case.id) for case in cases],
        "sightings": decisions.person_decisions(),
        "looks": decisions.looks(),
        "consents": decisions.consents(),
        "overrides": decisions.overrides(),
        "checks": decisions.checked_since(datetime(2000, 1, 1, tzinfo=UTC)),
        "publications": made.all(planned=True),
        "source_checks": made.source_checks(),
        "scheduled": made.scheduled(),
        "takedowns": unit.takedowns.all(),
        "appeals": unit.takedowns.appeals(),
        "pieces": pieces,
        "placed": [unit.pieces.placed(piece.id) for piece in pieces],
        "audits": unit.pieces.audits(),
        "calibrations": unit.calibrations.all(),
        "jobs": [unit.jobs.get("j1"), unit.jobs.get("j2")],
        "log": list(unit.audit.entries()),
        "register_version": unit.audit.register_version(),
        "photos": photos.with_features(known),
        "events": unit.events.all(),
        "events_of": unit.events.of_photos(known),
        "places": photos.places_of(known),
        "problems": photos.problems(),
    }


def plain(value: Any) -> Any:
    """Return what JSON takes: of vectors and bytes, a digest."""
    made = value
    if is_dataclass(value):
        made = {field.name: plain(getattr(value, field.name)) for field in fields(value)}
    elif isinstance(value, Mapping):
        made = {str(key): plain(each) for key, each in value.items()}
    elif isinstance(value, set | frozenset):
        made = sorted((plain(each) for each in value), key=str)
    elif isinstance(value, tuple | list):
        made = [plain(each) for each in value]
    elif isinstance(value, np.ndarray):
        made = [str(value.dtype), list(value.shape), plain(value.tobytes())]
    elif isinstance(value, bytes):
        made = hashlib.sha256(value).hexdigest()[:16]
    elif isinstance(value, Enum):
        made = value.value
    elif isinstance(value, date):
        made = value.isoformat()
    elif isinstance(value, PurePath):
        made = value.as_posix()
    return made


def answered(run: Callable[[list[str]], str], samples: str) -> dict[str, Any]:
    """Return what each of the commands answers; the samples lie in the folder given."""
    found = {}
    for command in COMMANDS:
        words = [
            f"{samples}/{PHOTOS[word]}" if word in PHOTOS else word for word in command.split()
        ]
        found[command] = _lasting(json.loads(run([*words, "--json"])))
    return found


# Where the samples lie; what is written for people, and may be said better one day; and scores,
# which depend on the calibration that comes with the program.
_NOT_LASTING = {
    *("path", "paths"),
    *("sentence", "sentences", "note_sentences", "label", "coverage", "next_step", "whereabouts"),
    *("hint", "how", "matched_by", "unit"),
    *("score", "threshold", "false_matches_per_million", "model"),
}


def _lasting(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _lasting(each) for key, each in value.items() if key not in _NOT_LASTING}
    return [_lasting(each) for each in value] if isinstance(value, list) else value


LATER = datetime(2026, 6, 4, 12, 0, tzinfo=UTC)


def ticking() -> Iterator[datetime]:
    """Yield one moment after another of the day on which the home was made."""
    start = datetime(2026, 6, 3, 14, 0, 0, 250_000, UTC)
    return (start + timedelta(seconds=37 * tick) for tick in count())
