"""Measure which reference pictures help: three from the front, or one from each side; and how poor.

    python tools/measure_references.py DIR --home HOME

DIR holds a folder per person and is indexed in HOME (likeness index DIR). Everybody with eight
photos or more gets references chosen in several ways from five of them; their other photos are the
probes. Then single references are told apart by turn, sharpness and light. A probe is missed below
the shipped review threshold. Nothing is written.
"""

from __future__ import annotations

import argparse
import itertools
import os
import random
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from consent.bootstrap import services_from_environment
from consent.cases.references import plain_face
from consent.matching.gallery import quality_terms, stack
from consent.services import Services
from media_index.bench.setting import setting, wilson
from media_index.faces.quality import light_of
from media_index.images.decode import ImageLimits, decode
from media_index.matching.search import TemplateMatrix
from media_index.types import Face

CANDIDATES, REFERENCES, MOST_PROBES = 5, 3, 10
BANDS: dict[str, tuple[float, ...]] = {
    "turn, degrees": (0, 15, 30, 45, 60, 91),
    "sharpness": (0, 50, 100, 200, 400, 800, 1e9),
    "light, 0 to 255": (0, 40, 60, 80, 100, 140, 180, 200, 220, 256),
}


@dataclass(frozen=True, slots=True, eq=False)
class Shot:
    """A photo of somebody, by the face it is plainly of."""

    path: Path
    face: Face


def main() -> None:
    """Run from the command line."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawTextHelpFormatter
    )
    parser.add_argument("folder", type=Path)
    parser.add_argument("--home", type=Path, required=True)
    parser.add_argument("--seed", type=int, default=5)
    arguments = parser.parse_args()
    os.environ["LIKENESS_HOME"] = str(arguments.home)
    services = services_from_environment()
    draw = random.Random(arguments.seed)  # noqa: S311 - a sample, no secret
    people = by_person(services, arguments.folder)
    print(setting(arguments.folder, arguments.seed).machine)
    threes(services, [shots for shots in people if len(shots) >= CANDIDATES + REFERENCES], draw)
    singles(services, [shots for shots in people if len(shots) > 1], draw)


def by_person(services: Services, folder: Path) -> list[list[Shot]]:
    """Return the shots of each folder, from the index."""
    with services.reading() as unit:
        found: dict[str, list[Shot]] = {}
        places = {
            sha256: Path(place)
            for sha256, place in unit.photos.places_starting("")
            if Path(place).is_relative_to(folder.resolve())
        }
        for sha256, photo in unit.photos.fingerprints(list(places)).items():
            face = plain_face(photo)
            if face is not None and face.encodings:
                shot = Shot(places[sha256], face)
                found.setdefault(shot.path.parent.name, []).append(shot)
    return [sorted(shots, key=lambda shot: shot.path) for _, shots in sorted(found.items())]


def scores(services: Services, probes: Sequence[Shot], references: Sequence[Shot]) -> np.ndarray:
    """Return the score of each probe with a person who has these references."""
    calibration = services.calibration
    seen, known = ([shot.face for shot in shots] for shots in (probes, references))
    sought = TemplateMatrix(
        calibration,
        stack([face.encodings for face in known], calibration),
        [""] * len(known),
        {"": 0.0},
        quality_terms(calibration, known),
    )
    encoded = stack([face.encodings for face in seen], calibration)
    return sought.scores(encoded, quality_terms(calibration, seen))[:, 0]


def threes(services: Services, people: Sequence[list[Shot]], draw: random.Random) -> None:
    """Print the misses by how the references were chosen."""
    ways: dict[str, Callable[[list[Shot]], list[Shot]]] = {
        "one, from the front": lambda shots: by_turn(shots)[:1],
        "one, any": lambda shots: shots[:1],
        "two, from the front": lambda shots: by_turn(shots)[:2],
        "three, from the front": lambda shots: by_turn(shots)[:3],
        "three, any": lambda shots: shots[:3],
        "front, left, right": views,
        "five": lambda shots: shots,
    }
    missed = dict.fromkeys(ways, 0)
    bar, total = services.calibration.score_at(services.policy.matching.review_per_million), 0
    for person in people:
        shots = draw.sample(person, len(person))
        candidates, probes = shots[:CANDIDATES], shots[CANDIDATES:][:MOST_PROBES]
        total += len(probes)
        for name, way in ways.items():
            missed[name] += int((scores(services, probes, way(candidates)) < bar).sum())
    print(f"{len(people)} people, {total} probes; missed by choice of references:")
    for name, count in missed.items():
        print(f"  {name:<24}{said(count, total)}")


def by_turn(shots: Iterable[Shot]) -> list[Shot]:
    """Return the shots, the most frontal first."""
    return sorted(shots, key=lambda shot: abs(shot.face.quality.yaw))


def views(shots: list[Shot]) -> list[Shot]:
    """Return the most frontal one, and of the others the one turned furthest to each side."""
    front, *others = by_turn(shots)
    others.sort(key=lambda shot: shot.face.quality.yaw)
    return [front, others[0], others[-1]]


def singles(services: Services, people: Sequence[list[Shot]], draw: random.Random) -> None:
    """Print the misses of one reference by its turn, sharpness and light."""
    bar = services.calibration.score_at(services.policy.matching.review_per_million)
    rows = []
    for person in people:
        for reference in draw.sample(person, min(len(person), MOST_PROBES)):
            probes = [shot for shot in person if shot is not reference][:MOST_PROBES]
            below = (scores(services, probes, [reference]) < bar).sum()
            picture = decode(reference.path.read_bytes(), ImageLimits())
            quality = reference.face.quality
            light = light_of(picture, reference.face.box)
            rows.append((abs(quality.yaw), quality.sharpness, light, below, len(probes)))
    table = np.array(rows, dtype=float)
    for column, (name, edges) in enumerate(BANDS.items()):
        print(f"one reference, missed by its {name}:")
        for low, high in itertools.pairwise(edges):
            inside = table[(table[:, column] >= low) & (table[:, column] < high)]
            rate = said(int(inside[:, 3].sum()), int(inside[:, 4].sum()))
            print(f"  {low:g} to {high:g}: {rate}, {len(inside)} references")


def said(count: int, total: int) -> str:
    """Say a share with its interval."""
    low, high = wilson(count, total)
    return f"{count} of {total} ({count / max(1, total):.2%}, {low:.2%} to {high:.2%})"


if __name__ == "__main__":
    main()
