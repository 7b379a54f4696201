"""Measure how many photos are held only because a face in them cannot be compared.

    python tools/measure_held.py DIR... --weights data/live/weights

The folders hold photos, no labels. Somebody's revocation is taken to be in scope, whose reference
matches nobody: then a photo is held if a face in it can be recognized by a person but not compared
by the program. Each photo is fingerprinted once; the curves vary one limit of comparability in
media_index/limits.toml at a time, the others as shipped. --crops writes the held faces to a folder,
to look at: delete it afterwards.
"""

from __future__ import annotations

import argparse
from collections import Counter
from collections.abc import Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path

from media_index.bench.setting import setting, wilson
from media_index.faces.quality import is_comparable, is_recognizable
from media_index.files.places import Place
from media_index.files.pool import find_photos, ingest, prepare_worker
from media_index.fingerprinting import FingerprintSettings, fingerprint_file
from media_index.images.decode import ImageLimits, crop, decode, jpeg
from media_index.limits import COMPARABILITY as SHIPPED
from media_index.limits import Comparability
from media_index.types import Face, Fingerprint

CURVES: dict[str, tuple[float, ...]] = {
    "recognizable_score": (0.6, 0.65, 0.7, 0.75, 0.8, 0.85, 0.9, 0.95),
    "recognizable_px": (12, 16, 20, 24, 32),
    "comparable_px": (12, 16, 20, 24, 28, 32, 40),
    "comparable_sharpness": (0, 4, 5, 6, 8, 16, 32, 64),
    "recognizable_sharpness": (0, 2, 4, 6),
    "comparable_norm": (0, 7, 8, 8.5, 9, 9.5, 10),
    "comparable_yaw": (40, 50, 60, 70, 75, 80, 85, 90),
}


@dataclass(frozen=True, slots=True)
class Seen:
    """A photo and its faces."""

    path: Place
    faces: tuple[Face, ...]


def main() -> None:
    """Run from the command line."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawTextHelpFormatter
    )
    parser.add_argument("folders", type=Path, nargs="+")
    parser.add_argument("--weights", type=Path, default=Path("data/live/weights"))
    parser.add_argument("--jobs", type=int, default=2)
    parser.add_argument("--crops", type=Path)
    arguments = parser.parse_args()
    seen = look(arguments.folders, arguments.weights, arguments.jobs)
    print(setting(arguments.folders[0], 0).machine)
    print(summary(seen))
    print(*curves(seen), sep="\n")
    if arguments.crops is not None:
        write_crops(seen, arguments.crops)


def look(folders: Sequence[Path], weights: Path, jobs: int) -> list[Seen]:
    """Fingerprint every photo in and below the folders; say which could not be read."""
    paths, _ = find_photos(folders)
    pool = partial(ProcessPoolExecutor, jobs, initializer=prepare_worker)
    work = partial(fingerprint_file, settings=FingerprintSettings(weights))
    seen = []
    for done in ingest(paths, work, pool):
        if isinstance(done.outcome, Fingerprint):
            seen.append(Seen(done.path, done.outcome.faces))
        else:
            print(f"left out: {done.path}: {done.outcome.reason}")
    return seen


def held_faces(photo: Seen, limits: Comparability = SHIPPED) -> list[Face]:
    """Return the faces that hold a photo up: recognizable by a person, not comparable."""
    return [
        face
        for face in photo.faces
        if is_recognizable(face, limits) and not is_comparable(face, limits)
    ]


def held(seen: Sequence[Seen], limits: Comparability = SHIPPED) -> int:
    """Count the photos that are held up."""
    return sum(bool(held_faces(photo, limits)) for photo in seen)


def why(face: Face) -> str:
    """Name every limit a face falls short of."""
    quality = face.quality
    short = {
        "too small": quality.size_px < SHIPPED.comparable_px,
        "too blurred": quality.sharpness < SHIPPED.comparable_sharpness,
        "turned too far": abs(quality.yaw) > SHIPPED.comparable_yaw,
        "not encoded": not face.encodings,
    }
    named = ", ".join(name for name, is_short in short.items() if is_short)
    return named or "badly lit, or hardly seen by the encoder"


def summary(seen: Sequence[Seen]) -> str:
    """Say how many are held at the shipped limits, and by what."""
    count = held(seen)
    low, high = wilson(count, len(seen))
    faces = [face for photo in seen for face in photo.faces]
    recognizable = sum(is_recognizable(face, SHIPPED) for face in faces)
    reasons = Counter(why(face) for photo in seen for face in held_faces(photo))
    return (
        f"{len(seen)} photos, {len(faces)} boxes, {recognizable} of them recognizable; held: "
        f"{count} ({count / max(1, len(seen)):.1%}, {low:.1%} to {high:.1%})\n"
        f"faces that hold a photo up, by reason: {dict(reasons)}"
    )


def curves(seen: Sequence[Seen]) -> list[str]:
    """Return a table per limit, as lines of Markdown; the shipped value is in bold."""
    lines = []
    for name, values in CURVES.items():
        shipped = getattr(SHIPPED, name)
        shown = [f"**{value:g}**" if value == shipped else f"{value:g}" for value in values]
        counts = [held(seen, replace(SHIPPED, **{name: value})) for value in values]
        lines += [
            "",
            f"| {name} | {' | '.join(shown)} |",
            f"|{'---|' * (len(values) + 1)}",
            f"| photos held | {' | '.join(map(str, counts))} |",
            f"| share | {' | '.join(f'{count / max(1, len(seen)):.1%}' for count in counts)} |",
        ]
    return lines


def write_crops(seen: Sequence[Seen], folder: Path) -> None:
    """Write the held faces with some surroundings, named by what was measured of them."""
    folder.mkdir(parents=True, exist_ok=True)
    for photo in seen:
        for face in held_faces(photo):
            picture = decode(photo.path.read_bytes(), ImageLimits())
            quality = face.quality
            name = (
                f"{Path(photo.path.name).stem}-{face.index}-score{face.detector_score:.2f}"
                f"-px{quality.size_px:.0f}-sharp{quality.sharpness:.1f}-yaw{quality.yaw:.0f}.jpg"
            )
            (folder / name).write_bytes(jpeg(crop(picture, face.box)))


if __name__ == "__main__":
    main()
