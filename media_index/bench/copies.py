"""How often the copies of a photo are found, by what was done to them, and how often others are.

Every photo of the folder is known. Each one's changed copy is looked for among them all as a check
looks for it: by hashes first, then by local features. Unrelated photos may be looked for too.
"""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

from media_index.bench.changes import CHANGES, changed
from media_index.bench.setting import BenchError, photos_below, setting, wilson
from media_index.errors import ImageError
from media_index.files.kinds import SUFFIXES
from media_index.fingerprinting import CopyMarks, copy_marks
from media_index.hashing.keypoints import KnownFeatures
from media_index.images.decode import ImageLimits, Picture, decode
from media_index.matching.copies import KnownPhotos

Tell = Callable[[int, int], None]

# As a check works: photos are decoded at this size at most.
_LIMITS = ImageLimits()
_FEWEST = 2


class Known:
    """The photos of the folder, ready to be recognised in copies."""

    def __init__(self, marks: list[CopyMarks]) -> None:
        self._hashes = KnownPhotos([(mark.hashes, mark.trimmed_hashes) for mark in marks])
        self._features = KnownFeatures([mark.features for mark in marks])

    def found(self, copy: CopyMarks) -> dict[int, str]:
        """Return the indices of the photos a picture is taken for, and by what."""
        by = {index: "local features" for index, _ in self._features.search(copy.features)}
        hashes = self._hashes.copies_of(copy.hashes, copy.trimmed_hashes)
        return by | {match.index: match.method for match in hashes}


def measure_copies(
    folder: Path,
    most: int = 200,
    seed: int = 3,
    tell: Tell | None = None,
    others: Path | None = None,
) -> dict[str, Any]:
    """Measure recall and false matches of the program's copy finding.

    The photos of the folder and below it are all different from one another; if there are more,
    some are drawn at random. Of `others`, none is a copy of one that was drawn; those drawn are
    left out of them. `tell` is told how many of how many photos are done.

    Raises:
        BenchError: there are fewer than two photos.
    """
    paths = photos_below(folder, SUFFIXES)
    unrelated_paths = [] if others is None else photos_below(others, SUFFIXES)
    if len(paths) > most:
        paths = sorted(random.Random(seed).sample(paths, most))  # noqa: S311 - a sample, no secret
    own = {path.resolve() for path in paths}
    unrelated_paths = [path for path in unrelated_paths if path.resolve() not in own]
    steps = len(paths) + len(unrelated_paths)
    drawn, marks, left_out = [], [], []
    for path in paths:
        try:
            picture = decode(path.read_bytes(), _LIMITS)
        except ImageError as error:
            left_out.append({"path": str(path), "reason": str(error)})
            continue
        drawn.append(path)
        marks.append(copy_marks(picture))
    if len(drawn) < _FEWEST:
        raise BenchError(f"{folder} holds {len(drawn)} photos: two or more are needed.")
    known = Known(marks)
    tallies = {name: _Tally() for name in CHANGES}
    unrelated = _Tally()
    for index, path in enumerate(drawn):
        unrelated.add(index, known.found(marks[index]), path, drawn)
        rgb = decode(path.read_bytes(), _LIMITS).rgb
        for name, change in CHANGES.items():
            made = changed(rgb, change)
            copy = copy_marks(Picture(made, made.shape[1], made.shape[0], "made"))
            tallies[name].add(index, known.found(copy), path, drawn)
        if tell is not None:
            tell(index + 1, steps)
    strangers = _unrelated(known, unrelated_paths, drawn, tell and partial(_later, tell, steps))
    found = sum(tally.found for tally in tallies.values())
    total = len(drawn) * len(tallies)
    return {
        "photos": len(drawn),
        "left_out": left_out,
        "transformations": {name: tally.to_dict(len(drawn)) for name, tally in tallies.items()},
        "recall": round(found / total, 4),
        "interval": wilson(found, total),
        "false_matches": sum(tally.wrong for tally in tallies.values()) + unrelated.wrong,
        "comparisons": (len(tallies) + 1) * len(drawn) * (len(drawn) - 1),
        "false_examples": _first([unrelated, *tallies.values()]),
        "others": strangers,
        "setting": setting(folder, seed).to_dict(),
    }


def _later(tell: Tell, steps: int, left: int) -> None:
    tell(steps - left, steps)


def _unrelated(
    known: Known, paths: list[Path], drawn: list[Path], tell: Callable[[int], None] | None
) -> dict[str, Any]:
    """Look for photos of which none is a copy; `tell` is told how many are left."""
    looked, taken = 0, []
    for left, path in zip(range(len(paths), 0, -1), paths, strict=True):
        try:
            marks = copy_marks(decode(path.read_bytes(), _LIMITS))
        except ImageError:
            # No photo, and so none that is taken for another; it is not among those looked for.
            continue
        looked += 1
        found = known.found(marks)
        taken += [[str(path), str(drawn[index]), by] for index, by in found.items()]
        if tell is not None:
            tell(left - 1)
    return {"photos": looked, "taken_for_known": len({pair[0] for pair in taken}), "pairs": taken}


class _Tally:
    """How the copies made in one way fared."""

    def __init__(self) -> None:
        self.found, self.wrong = 0, 0
        self.by: Counter[str] = Counter()
        self.missed: list[str] = []
        self.pairs: list[list[str]] = []

    def add(self, index: int, found: dict[int, str], path: Path, drawn: list[Path]) -> None:
        """Count one copy, and what it was taken for."""
        if index in found:
            self.found += 1
            self.by[found[index]] += 1
        else:
            self.missed.append(str(path))
        others = [other for other in found if other != index]
        self.wrong += len(others)
        self.pairs += [[str(path), str(drawn[other]), found[other]] for other in others]

    def to_dict(self, total: int) -> dict[str, Any]:
        return {
            "recall": round(self.found / total, 4),
            "interval": wilson(self.found, total),
            "by": dict(self.by),
            "missed": self.missed,
            "false_matches": self.wrong,
        }


def _first(tallies: list[_Tally], most: int = 20) -> list[list[str]]:
    """Return pairs of photos taken for one another, each once, to be looked at."""
    pairs = {tuple(sorted(pair[:2])): pair for tally in tallies for pair in tally.pairs}
    return list(pairs.values())[:most]
