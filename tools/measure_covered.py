"""Measure which covered faces of revoked people pass as "no match found".

    python tools/measure_covered.py DIR --weights data/live/weights

DIR holds a folder per person. One photo of each is the reference; over the face of another a cap
and glasses of several tints are drawn, where the landmarks are. Per covering: how many are found,
blocked, for somebody to look at, and neither. Then, of photos as they come, how many are held
because a face in them cannot be compared, and the same with other limits. --save writes what was
measured.
"""

from __future__ import annotations

import argparse
import pickle
import random
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import partial
from itertools import product
from pathlib import Path
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from consent.matching.gallery import face_scores
from media_index.bench.encoded import central_face
from media_index.bench.setting import REVIEW_PER_MILLION, setting
from media_index.faces.quality import is_comparable, is_recognizable, strangers_let_through
from media_index.fingerprinting import Fingerprinter, FingerprintSettings
from media_index.images.decode import ImageLimits, Picture, decode
from media_index.limits import COMPARABILITY, Comparability
from media_index.matching.calibration import shipped_calibration
from media_index.types import Face

Pixels = NDArray[np.uint8]

BLOCK_PER_MILLION = 0.01
CAP, LENS = (48, 60, 120), (30, 24, 20)
# Of the curve: what is tried for each limit.
EYE_LIGHTS, NORMS = (0.4, 0.45, 0.5), (10.0, 10.5, 11.0, 11.25)
SCORES = (1_000, 5_000, 10_000, 20_000, 50_000)
# Fractional bits of the coordinates that OpenCV draws by.
_SHIFT = 4


@dataclass(frozen=True)
class Covering:
    """A way to cover a face: gets its pixels and the face."""

    name: str
    draw: Callable[[Pixels, Face], Pixels]


def coverings() -> Iterator[Covering]:
    """Yield the ways."""
    yield Covering("as it is", uncovered)
    yield Covering("cap", capped)
    for tint in (0.75, 1.0):
        yield Covering(f"glasses, tint {tint:.0%}", partial(glasses, tint))
    for tint in (0.5, 0.75, 1.0):
        yield Covering(f"cap and glasses, tint {tint:.0%}", partial(cap_and_glasses, tint))


def uncovered(rgb: Pixels, _face: Face) -> Pixels:
    """Return the picture."""
    return rgb


def capped(rgb: Pixels, face: Face) -> Pixels:
    """Draw a cap down to the brows, and the shadow of its peak."""
    middle, across, down = _axes(face)
    made = rgb.copy()
    # The shadow falls to below the eyes.
    shadow = _polygon(
        middle, across, down, [(-1.2, -0.55), (1.2, -0.55), (1.1, 0.12), (0, 0.25), (-1.1, 0.12)]
    )
    made = _painted(made, shadow, (10, 10, 14), 0.45)
    angles = np.linspace(np.pi, 2 * np.pi, 24)
    dome = [(1.35 * np.cos(angle), -0.55 + 1.5 * np.sin(angle)) for angle in angles]
    peak = [(1.45, -0.55), (1.1, -0.28), (0, -0.12), (-1.1, -0.28), (-1.45, -0.55)]
    return _painted(made, _polygon(middle, across, down, [*dome, *peak]), CAP, 1.0)


def glasses(tint: float, rgb: Pixels, face: Face) -> Pixels:
    """Draw tinted glasses; a tint of 1 lets nothing through."""
    middle, across, down = _axes(face)
    made = rgb.copy()
    angles = np.linspace(0, 2 * np.pi, 32)
    for side in (-0.5, 0.5):
        lens = [
            (
                side + 0.42 * np.sign(np.cos(angle)) * abs(np.cos(angle)) ** 0.6,
                0.06 + 0.32 * np.sign(np.sin(angle)) * abs(np.sin(angle)) ** 0.7,
            )
            for angle in angles
        ]
        corners = _polygon(middle, across, down, lens)
        made = _painted(made, corners, LENS, tint)
        _line(made, corners, across, closed=True)
    for line in ([(-0.1, -0.05), (0.1, -0.05)], [(-0.9, 0), (-1.3, 0)], [(0.9, 0), (1.3, 0)]):
        _line(made, _polygon(middle, across, down, line), across, closed=False)
    return made


def cap_and_glasses(tint: float, rgb: Pixels, face: Face) -> Pixels:
    """Draw both, the cap above."""
    return capped(glasses(tint, rgb, face), face)


def _axes(face: Face) -> tuple[NDArray[np.float64], NDArray[np.float64], NDArray[np.float64]]:
    """Return the middle between the eyes, and an eye's distance across and down the face; px."""
    right, left, _, right_mouth, left_mouth = (
        np.asarray(point, np.float64) for point in face.landmarks
    )
    middle = (right + left) / 2
    across = left - right
    down = (right_mouth + left_mouth) / 2 - middle
    # A head that is turned away is as high as one that is not.
    length = max(float(np.linalg.norm(across)), 0.8 * float(np.linalg.norm(down)))
    return (
        middle,
        across / np.linalg.norm(across) * length,
        down / np.linalg.norm(down) * length,
    )


def _polygon(
    middle: NDArray[np.float64],
    across: NDArray[np.float64],
    down: NDArray[np.float64],
    points: Sequence[tuple[float, float]],
) -> NDArray[np.int32]:
    """Return points given in eye distances from between the eyes, as OpenCV draws them."""
    placed = [middle + x * across + y * down for x, y in points]
    return np.asarray(np.rint(np.array(placed) * 2**_SHIFT), np.int32)


def _painted(
    rgb: Pixels, corners: NDArray[np.int32], color: tuple[int, int, int], tint: float
) -> Pixels:
    mask = np.zeros(rgb.shape[:2], np.uint8)
    cv2.fillPoly(mask, [corners], 255, cv2.LINE_AA, _SHIFT)
    share = tint * (cv2.GaussianBlur(mask, (0, 0), 0.7).astype(np.float32) / 255)[..., None]
    return np.asarray(np.rint(rgb * (1 - share) + np.array(color) * share), np.uint8)


def _line(
    rgb: Pixels, corners: NDArray[np.int32], across: NDArray[np.float64], *, closed: bool
) -> None:
    thick = max(1, round(0.05 * float(np.linalg.norm(across))))
    cv2.polylines(rgb, [corners], closed, (20, 18, 18), thick, cv2.LINE_AA, _SHIFT)


def main() -> None:
    """Run from the command line."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawTextHelpFormatter
    )
    parser.add_argument("folder", type=Path)
    parser.add_argument("--weights", type=Path, default=Path("data/live/weights"))
    parser.add_argument("--people", type=int, default=40)
    parser.add_argument("--uncovered", type=int, default=200)
    parser.add_argument("--seed", type=int, default=27)
    parser.add_argument("--save", type=Path)
    parser.add_argument("--pictures", type=Path)
    arguments = parser.parse_args()
    # As in the index's workers.
    cv2.setNumThreads(1)
    models = Fingerprinter(FingerprintSettings(arguments.weights))
    draw = random.Random(arguments.seed)  # noqa: S311 - a sample, no secret
    folders = sorted(path for path in arguments.folder.iterdir() if path.is_dir())
    photos = [sorted(folder.iterdir()) for folder in folders]
    several = draw.sample([own for own in photos if len(own) > 1], arguments.people)
    others = draw.sample([own[0] for own in photos if own not in several], arguments.uncovered)
    print(setting(arguments.folder, arguments.seed).machine)
    pairs = []
    for own in several:
        reference, probe = (
            decode(path.read_bytes(), ImageLimits()) for path in draw.sample(own, 2)
        )
        known, face = found(models, reference.rgb), found(models, probe.rgb)
        if known is not None and face is not None:
            pairs.append((known, probe.rgb, face))
    saved: dict[str, Any] = {}
    print("| covering | faces | found | blocked | to be looked at | held | no match found |")
    print("|---|---|---|---|---|---|---|")
    for covering in coverings():
        made = [covering.draw(rgb, face) for _, rgb, face in pairs]
        if arguments.pictures is not None:
            write(arguments.pictures, covering.name, made)
        seen = [(known, found(models, rgb)) for (known, _, _), rgb in zip(pairs, made, strict=True)]
        print(row(covering.name, seen), flush=True)
        saved[covering.name] = list(seen)
    held = 0
    saved["others"] = []
    for path in others:
        picture = decode(path.read_bytes(), ImageLimits())
        faces = models.faces(picture)
        saved["others"].append(faces)
        held += any(is_held(face) for face in faces)
    print_curve(saved)
    print(f"photos as they come, held: {held} of {len(others)} ({held / len(others):.2%})")
    if arguments.save is not None:
        arguments.save.write_bytes(pickle.dumps(saved))


def found(models: Fingerprinter, rgb: Pixels) -> Face | None:
    """Return the face nearest the middle."""
    height, width = rgb.shape[:2]
    faces = models.faces(Picture(np.ascontiguousarray(rgb), width, height, "made"))
    return central_face(faces, width, height)


def is_held(face: Face, limits: Comparability = COMPARABILITY) -> bool:
    """Say whether a person must look because the encoder cannot compare it."""
    return is_recognizable(face, limits) and not is_comparable(face, limits)


def outcome(known: Face, face: Face | None, limits: Comparability = COMPARABILITY) -> str:
    """Return what becomes of a photo with a face of somebody who revoked."""
    if face is None:
        return "not found"
    calibration = shipped_calibration()
    score = float(face_scores(calibration, [face], [known])[0, 0])
    if score >= calibration.score_at(BLOCK_PER_MILLION):
        return "blocked"
    if score >= calibration.score_at(REVIEW_PER_MILLION * strangers_let_through(face.quality)):
        return "looked at"
    return "held" if is_held(face, limits) else "clear"


def row(name: str, seen: Sequence[tuple[Face, Face | None]]) -> str:
    """Return a line of a Markdown table."""
    counts = Counter(outcome(known, face) for known, face in seen)
    # A face that is not found lets the photo pass, too.
    passed = counts["clear"] + counts["not found"]
    there = len(seen) - counts["not found"]
    return (
        f"| {name} | {len(seen)} | {there} | {counts['blocked']} | {counts['looked at']} "
        f"| {counts['held']} | {passed} ({passed / max(1, len(seen)):.1%}) |"
    )


def print_curve(saved: dict[str, Any]) -> None:
    """Print what passes, and how many photos are held as they come, as the two limits move."""
    names = [name for name in saved if name != "others"]
    print(f"| eyes darker than | vector shorter than | {' | '.join(names)} | photos held |")
    print("|---|---|" + "---|" * (len(names) + 1))
    for light, norm in product(EYE_LIGHTS, NORMS):
        limits = replace(COMPARABILITY, covered_eye_light=light, covered_norm=norm)
        passed = [
            sum(
                outcome(known, face, limits) in {"clear", "not found"}
                for known, face in saved[name]
            )
            for name in names
        ]
        held = sum(any(is_held(face, limits) for face in faces) for faces in saved["others"])
        print(f"| {light} | {norm} | {' | '.join(map(str, passed))} | {held} |")
    print("\n| strangers let through, per million | covered faces held | of them below the score |")
    print("|---|---|---|")
    calibration = shipped_calibration()
    covered = [
        float(face_scores(calibration, [face], [known])[0, 0])
        for name in names
        for known, face in saved[name]
        if face is not None and outcome(known, face) == "held"
    ]
    for per_million in SCORES:
        below = sum(score < calibration.score_at(per_million) for score in covered)
        print(f"| {per_million:,} | {len(covered)} | {below} |")


def write(folder: Path, name: str, made: Sequence[Pixels]) -> None:
    """Write a few pictures, to look at: delete them afterwards."""
    folder.mkdir(parents=True, exist_ok=True)
    strip = np.concatenate([cv2.resize(rgb, (250, 250)) for rgb in made[:5]], axis=1)
    cv2.imwrite(str(folder / f"{name}.jpg"), cv2.cvtColor(strip, cv2.COLOR_RGB2BGR))


if __name__ == "__main__":
    main()
