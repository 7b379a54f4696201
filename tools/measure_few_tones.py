"""Measure how many faces of other pictures are taken for posters, or shown by one channel alone.

    python tools/measure_few_tones.py DIR... --weights data/live/weights

Per folder of photos, drawings or logos: how many faces a person may recognize, how many pictures
are held because a face cannot be compared, and how many of those for its few tones alone. Then the
highest shares of few tones, of the faces that the other two limits would let hold their picture,
and the least that two channels vary in parts of the third, over the boxes of all faces.
"""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

from media_index.errors import ImageError
from media_index.faces.quality import is_comparable, is_recognizable
from media_index.files.kinds import SUFFIXES
from media_index.fingerprinting import Fingerprinter, FingerprintSettings
from media_index.images.decode import ImageLimits, crop, decode
from media_index.limits import COMPARABILITY
from media_index.types import Face

# No face has so many: the rule is off.
_OFF = replace(COMPARABILITY, few_tones=2.0)
_SHOWN = 5


@dataclass(frozen=True)
class Measured:
    """A picture's faces that a person may recognize, and how alone a channel is in each."""

    faces: Sequence[Face]
    alone: Sequence[float]


def main() -> None:
    """Run from the command line."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawTextHelpFormatter
    )
    parser.add_argument("folders", type=Path, nargs="+")
    parser.add_argument("--weights", type=Path, default=Path("data/live/weights"))
    parser.add_argument("--most", type=int, default=500, help="pictures of a folder")
    arguments = parser.parse_args()
    models = Fingerprinter(FingerprintSettings(arguments.weights))
    print("| folder | pictures | faces | held | for few tones alone | few tones | channels |")
    print("|---|---|---|---|---|---|---|")
    for folder in arguments.folders:
        paths = sorted(path for path in folder.rglob("*") if path.suffix.lower() in SUFFIXES)
        every = max(1, len(paths) // arguments.most)
        seen = [measured(models, path) for path in paths[::every]]
        print(row(folder.name, [one for one in seen if one is not None]), flush=True)


def measured(models: Fingerprinter, path: Path) -> Measured | None:
    """Look at one picture; None where it cannot be read."""
    try:
        picture = decode(path.read_bytes(), ImageLimits())
    except ImageError:
        return None
    faces = [face for face in models.faces(picture) if is_recognizable(face, COMPARABILITY)]
    parts = [crop(picture, face.box, margin=0.0) for face in faces]
    spreads = [np.sort(part.reshape(-1, 3).std(axis=0)) for part in parts]
    return Measured(faces, [float(spread[1] / max(spread[2], 1.0)) for spread in spreads])


def row(name: str, pictures: Sequence[Measured]) -> str:
    """Return a line of a Markdown table."""
    held = [any(not is_comparable(face, COMPARABILITY) for face in one.faces) for one in pictures]
    without = [any(not is_comparable(face, _OFF) for face in one.faces) for one in pictures]
    faces = [face for one in pictures for face in one.faces]
    tones = sorted(
        face.quality.few_tones or 0.0
        for face in faces
        if face.quality.sharpness >= COMPARABILITY.few_tones_sharpness
        and (face.quality.norm or 0.0) < COMPARABILITY.few_tones_norm
    )
    highest = " ".join(f"{share:.2f}" for share in tones[-_SHOWN:])
    least = min((alone for one in pictures for alone in one.alone), default=1.0)
    return (
        f"| {name} | {len(pictures)} | {len(faces)} | {sum(held)} | {sum(held) - sum(without)} "
        f"| {highest} | {least:.2f} |"
    )


if __name__ == "__main__":
    main()
