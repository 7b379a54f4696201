"""Measure how many photos of strangers a reference matches alone, good ones and bad ones.

    python tools/measure_trials.py DIR --home HOME

DIR holds a folder per person and is indexed in HOME (likeness index DIR), with whatever else is
there: photos of crowds are where bad references match. Each person's first photo is tried as a
reference against the index, and then faces that a person might hardly recognize or that are none,
by what the encoder saw of them. Then the same portraits, half of each face behind something gray.
Their own photos are left out of the count. Nothing is written.
"""

from __future__ import annotations

import argparse
import os
import random
from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np

from consent.bootstrap import services_from_environment
from consent.cases.references import plain_face
from consent.domain.cases import Template
from consent.domain.decisions import same_face
from consent.domain.references import floods
from consent.matching.gallery import Gallery, passing_template
from consent.services import Services
from consent.storage.unit_of_work import UnitOfWork
from media_index.bench.setting import setting
from media_index.faces.quality import is_comparable, is_recognizable
from media_index.images.decode import ImageLimits, decode, jpeg
from media_index.limits import FLOODING
from media_index.types import Face, Fingerprint

# Trials at once: each needs the whole index compared.
MOST = 200
UNSURE, SHORT = 0.6, 8.0
SHARES = (50, 90, 99, 100)
# Of the face's box: what is hidden, from the left and above, as shares.
HALVES = {
    "lower": (0.0, 0.5, 1.0, 1.2),
    "upper": (0.0, -0.3, 1.0, 0.5),
    "left": (-0.2, -0.3, 0.5, 1.2),
}
GRAY = 110


def main() -> None:
    """Run from the command line."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawTextHelpFormatter
    )
    parser.add_argument("folder", type=Path)
    parser.add_argument("--home", type=Path, required=True)
    parser.add_argument("--seed", type=int, default=5)
    parser.add_argument("--hidden", type=int, default=60, help="portraits with half a face")
    arguments = parser.parse_args()
    os.environ["LIKENESS_HOME"] = str(arguments.home)
    services = services_from_environment()
    draw = random.Random(arguments.seed)  # noqa: S311 - a sample, no secret
    with services.reading() as unit:
        people = by_person(unit, arguments.folder)
        photos = unit.photos.fingerprints([sha256 for sha256, _ in unit.photos.places_starting("")])
        print(setting(arguments.folder, arguments.seed).machine)
        print(f"{len(photos)} photos in the index, {len(people)} people")
        good = [
            (photo, face, own)
            for own in people
            for photo in own[:1]
            if (face := plain_face(photo)) is not None
            and is_comparable(face, services.comparability)
        ]
        tried(services, unit, "a portrait, good enough to compare", good, len(photos), draw)
        for name, wanted in bad_kinds(services).items():
            found = [
                (photo, face, [photo])
                for photo in photos.values()
                for face in photo.faces
                if face.encodings and wanted(face)
            ]
            tried(services, unit, name, found, len(photos), draw)
        places = dict(unit.photos.places_starting(""))
        some = draw.sample(good, min(arguments.hidden, len(good)))
        for half, part in HALVES.items():
            hidden = []
            for photo, face, own in some:
                seen = half_hidden(services, Path(places[photo.sha256]), face, part)
                if seen is not None:
                    hidden.append((photo, seen, own))
            name = f"{half} half of the face hidden, as it is found in {len(some)} portraits"
            tried(services, unit, name, hidden, len(photos), draw)
            offered = [found for found in hidden if is_comparable(found[1], services.comparability)]
            tried(services, unit, "  and good enough to compare", offered, len(photos), draw)


def half_hidden(
    services: Services, path: Path, face: Face, part: tuple[float, float, float, float]
) -> Face | None:
    """Return the face as it is found with a part of it painted over; None if it is not."""
    rgb = decode(path.read_bytes(), ImageLimits()).rgb.copy()
    box, (left, top, right, bottom) = face.box, part
    down = slice(max(0, int(box.y1 + top * box.height)), int(box.y1 + bottom * box.height))
    rgb[down, max(0, int(box.x1 + left * box.width)) : int(box.x1 + right * box.width)] = GRAY
    found, _ = services.fingerprint_bytes(jpeg(rgb, 95))
    there = [other for other in found.faces if other.encodings and same_face(other.box, box)]
    return next(iter(there), None)


def bad_kinds(services: Services) -> dict[str, Callable[[Face], bool]]:
    """Return what makes a face a bad reference, by name."""
    limits = services.comparability
    return {
        "not comparable": lambda face: not is_comparable(face, limits),
        "nobody recognizes it": lambda face: not is_recognizable(face, limits),
        f"detector score below {UNSURE}": lambda face: face.detector_score < UNSURE,
        f"hardly seen, norm below {SHORT}": lambda face: (face.quality.norm or SHORT) < SHORT,
    }


def by_person(unit: UnitOfWork, folder: Path) -> list[list[Fingerprint]]:
    """Return the photos of each folder, from the index."""
    places = {
        sha256: Path(place)
        for sha256, place in unit.photos.places_starting("")
        if Path(place).is_relative_to(folder.resolve())
    }
    found: dict[str, list[tuple[Path, Fingerprint]]] = {}
    for sha256, photo in unit.photos.fingerprints(list(places)).items():
        found.setdefault(places[sha256].parent.name, []).append((places[sha256], photo))
    return [[photo for _, photo in sorted(shots)] for _, shots in sorted(found.items())]


def tried(
    services: Services,
    unit: UnitOfWork,
    name: str,
    references: Sequence[tuple[Fingerprint, Face, Sequence[Fingerprint]]],
    photos: int,
    draw: random.Random,
) -> None:
    """Print how many photos of others each reference matches, and how many would be withheld."""
    chosen = draw.sample(list(references), min(MOST, len(references)))
    templates: list[Template] = []
    own: dict[str, set[str]] = {}
    for number, (photo, face, others) in enumerate(chosen):
        templates.append(passing_template(str(number), photo.sha256, face, services.now()))
        own[str(number)] = {photo.sha256 for photo in others}
    gallery = Gallery(templates, services.calibration, services.policy.matching)
    matched: dict[str, dict[str, int]] = {owner: {} for owner in own}
    for sha256, found in gallery.search(services, unit):
        faces = matched[found.revocation_id]
        if sha256 not in own[found.revocation_id]:
            faces[sha256] = faces.get(sha256, 0) + 1
    counts = np.array([len(found) for found in matched.values()])
    crowded = np.array(
        [
            sum(count >= FLOODING.faces_of_one_photo for count in found.values())
            for found in matched.values()
        ]
    )
    withheld = [
        floods(int(count), photos) or crowd >= FLOODING.crowded_photos
        for count, crowd in zip(counts, crowded, strict=True)
    ]
    if not len(counts):
        print(f"{name}: none")
        return
    shares = ", ".join(
        f"{share} % of them up to {100 * np.percentile(counts, share) / photos:.1f} %"
        for share in SHARES
    )
    print(f"{name}: {len(counts)} references of {len(references)}")
    print(f"  photos of others matched: {shares}")
    print(f"  several faces of one photo in {int((crowded > 0).sum())} of them")
    print(f"  withheld: {sum(withheld)}")


if __name__ == "__main__":
    main()
