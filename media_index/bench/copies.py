"""How often the copies of a photo are found, by what was done to them, and how often others are.

Photos of the folder are drawn and known. Each one's changed copy is looked for among them all as a
check looks for it: by hashes, and by local features. Unrelated photos may be looked for too. There
may be more known photos than are changed; what of a copy the search loses that comparing all known
photos in full would find is counted.
"""

from __future__ import annotations

import random
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from collections.abc import Set as AbstractSet
from contextlib import AbstractContextManager
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
from PIL import Image

from media_index.bench.changes import CHANGES, Change
from media_index.bench.designs import COLLAGE_OF_NINE, DESIGNS, Design
from media_index.bench.setting import BenchError, photos_below, setting, wilson
from media_index.errors import ImageError
from media_index.files.kinds import SUFFIXES
from media_index.fingerprinting import CopyMarks, copy_marks
from media_index.hashing.keypoints import NO_SPOTS, KnownFeatures
from media_index.images.decode import ImageLimits, Picture, decode
from media_index.matching.copies import KnownPhotos
from media_index.types import LocalFeatures
from media_index.vectors.spot_folder import SpotFolder

Tell = Callable[[int, int], None]

# Photos beside one in a collage of nine.
_MOST_BESIDE = 8
# Of a descriptor's entries, 0 to 255: as unlike as two spots that are just no longer one.
_UNLIKE = 24.0
# px: a third of the collage's width, enlarged.
_IN_A_COLLAGE = 720


def _alone(change: Change) -> Design:
    return lambda image, _others: change(image)


_MADE: dict[str, Design] = {name: _alone(change) for name, change in CHANGES.items()} | DESIGNS
# As a check works: photos are decoded at this size at most.
_LIMITS = ImageLimits()
_FEWEST = 2


class Known(AbstractContextManager["Known"]):
    """Known photos, ready to be recognized in copies; their spots are kept on the disk."""

    def __init__(self, marks: Sequence[CopyMarks]) -> None:
        self._marks = marks
        self._hashes = KnownPhotos([(mark.hashes, mark.trimmed_hashes) for mark in marks])
        self._made = tempfile.TemporaryDirectory(prefix="likeness-bench-")
        self._spots = SpotFolder(Path(self._made.name)).index(
            _Spots(marks), [_name(number) for number in range(len(marks))]
        )
        # By whether what was looked for looked like a design.
        self._seconds: dict[bool, list[float]] = {False: [], True: []}

    def __exit__(self, *_: object) -> None:
        self._made.cleanup()

    def found(self, copy: CopyMarks) -> dict[int, str]:
        """Return the indices of the photos a picture is taken for, and by what."""
        begun = time.process_time()
        parts = self._spots.search(copy.features, copy.design)
        hashes = self._hashes.copies_of(copy.hashes, copy.trimmed_hashes)
        self._seconds[len(copy.design.points) > 0].append(time.process_time() - begun)
        by = {int(self._spots.photos[index], 16): "local features" for index, _ in parts}
        return by | {match.index: match.method for match in hashes}

    def milliseconds(self, *, designs: bool) -> float | None:
        """Return how long a search took on average, in ms of CPU; None if there was none."""
        seconds = self._seconds[designs]
        return round(1000 * sum(seconds) / len(seconds), 2) if seconds else None

    def loses(self, index: int, copy: CopyMarks) -> bool:
        """Say whether comparing a photo in full finds it in a copy in which it was not found."""
        return bool(KnownFeatures([self._marks[index].features]).search(copy.features, copy.design))


class _Spots:
    """Known photos, as a database gives them."""

    def __init__(self, marks: Sequence[CopyMarks]) -> None:
        self._marks = marks

    def feature_versions(self, photos: Sequence[str]) -> dict[str, int]:
        return dict.fromkeys(photos, 1)

    def features(self, photos: Sequence[str]) -> Iterator[tuple[str, LocalFeatures]]:
        for photo in photos:
            yield photo, self._marks[int(photo, 16)].features


def _name(number: int) -> str:
    return f"{number:064x}"


def measure_copies(
    folder: Path,
    most: int = 200,
    seed: int = 3,
    tell: Tell | None = None,
    others: Path | None = None,
    known: int = 0,
) -> dict[str, Any]:
    """Measure recall and false matches of the program's copy finding.

    The photos of the folder and below it are all different from one another; if there are more,
    some are drawn at random. Of `others`, none is a copy of one that was drawn; those drawn are
    left out of them. So many photos as `known` are known if that is more than are drawn: others of
    the folder, then some made up of their spots. `tell` is told how many of how many are done.

    Raises:
        BenchError: there are fewer than two photos.
    """
    every = photos_below(folder, SUFFIXES)
    unrelated_paths = [] if others is None else photos_below(others, SUFFIXES)
    draw = random.Random(seed)  # noqa: S311 - a sample, no secret
    paths = sorted(draw.sample(every, most)) if len(every) > most else every
    own = {path.resolve() for path in paths}
    further = [path for path in every if path.resolve() not in own]
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
    beside = list(_read(further[: max(0, known - len(drawn))]))
    names = [*drawn, *(path for path, _ in beside)]
    every_mark = [*marks, *(mark for _, mark in beside)]
    made_up = list(_made_up(every_mark, known - len(every_mark), seed))
    tallies = {name: _Tally() for name in _MADE}
    order, beside_it = random.Random(seed), min(_MOST_BESIDE + 1, len(drawn))  # noqa: S311 - likewise
    unrelated = _Tally()
    with Known([*every_mark, *made_up]) as photos:
        for index, path in enumerate(drawn):
            unrelated.add(index, photos.found(marks[index]), path, names)
            rgb = decode(path.read_bytes(), _LIMITS).rgb
            around = [
                other for other in order.sample(range(len(drawn)), beside_it) if other != index
            ]
            others_shown = [
                Image.fromarray(decode(drawn[one].read_bytes(), _LIMITS).rgb) for one in around
            ]
            for name, make in _MADE.items():
                copy = _marked(make(Image.fromarray(rgb), others_shown or [Image.fromarray(rgb)]))
                found = photos.found(copy)
                # What is beside it in a collage is found as well, and rightly.
                tallies[name].add(
                    index, found, path, names, set(around) if name in DESIGNS else set()
                )
                tallies[name].lost += index not in found and photos.loses(index, copy)
            if tell is not None:
                tell(index + 1, steps)
        strangers = _unrelated(
            photos, unrelated_paths, names, tell and partial(_later, tell, steps)
        )
        search_ms, design_ms = (photos.milliseconds(designs=designs) for designs in (False, True))
    total_found = sum(tally.found for tally in tallies.values())
    total = len(drawn) * len(tallies)
    return {
        "photos": len(drawn),
        "known": {"photos": len(every_mark), "made_up": len(made_up)},
        "left_out": left_out,
        "transformations": {name: tally.to_dict(len(drawn)) for name, tally in tallies.items()},
        "recall": round(total_found / total, 4),
        "interval": wilson(total_found, total),
        "lost": sum(tally.lost for tally in tallies.values()),
        "search_ms": search_ms,
        "design_search_ms": design_ms,
        "false_matches": sum(tally.wrong for tally in tallies.values()) + unrelated.wrong,
        "comparisons": (len(tallies) + 1) * len(drawn) * (len(every_mark) + len(made_up) - 1),
        "false_examples": _first([unrelated, *tallies.values()]),
        "others": strangers,
        "setting": setting(folder, seed).to_dict(),
    }


def _marked(image: Image.Image) -> CopyMarks:
    return copy_marks(Picture(np.asarray(image, np.uint8), image.width, image.height, "made"))


def _read(paths: Sequence[Path]) -> Iterator[tuple[Path, CopyMarks]]:
    for path in paths:
        try:
            yield path, copy_marks(decode(path.read_bytes(), _LIMITS))
        except ImageError:
            # No photo, and so none that is known.
            continue


def _made_up(marks: Sequence[CopyMarks], count: int, seed: int) -> Iterator[CopyMarks]:
    """Make up photos, each of spots like those of any of the others, at the places of one's.

    Not the same spots: of a small folder the same few would be in every photo.
    """
    if count <= 0:
        return
    draw = np.random.default_rng(seed)
    descriptors = np.concatenate([mark.features.descriptors for mark in marks])
    for _ in range(count):
        like = marks[int(draw.integers(len(marks)))]
        points = like.features.points
        some = descriptors[draw.integers(len(descriptors), size=len(points))]
        noisy = some + draw.normal(0, _UNLIKE, some.shape)
        some = noisy.clip(0, 255).astype(np.uint8)
        hashes = replace(like.hashes, pdq=draw.bytes(32), phash=draw.bytes(8))
        yield CopyMarks(hashes, None, LocalFeatures(points, some), NO_SPOTS)


def _later(tell: Tell, steps: int, left: int) -> None:
    tell(steps - left, steps)


def _unrelated(
    known: Known, paths: list[Path], drawn: list[Path], tell: Callable[[int], None] | None
) -> dict[str, Any]:
    """Look for photos of which none is a copy; `tell` is told how many are left."""
    looked, collages, taken = 0, 0, []
    waiting: list[tuple[Path, Image.Image]] = []
    for left, path in zip(range(len(paths), 0, -1), paths, strict=True):
        try:
            picture = decode(path.read_bytes(), _LIMITS)
        except ImageError:
            # No photo, and so none that is taken for another; it is not among those looked for.
            continue
        looked += 1
        found = known.found(copy_marks(picture))
        taken += [[str(path), _said(drawn, index), by] for index, by in found.items()]
        # Each is shown once in a collage too, but for those that were found by themselves.
        if not found:
            small = Image.fromarray(picture.rgb)
            small.thumbnail((_IN_A_COLLAGE, _IN_A_COLLAGE))
            waiting.append((path, small))
        if len(waiting) > _MOST_BESIDE:
            own, *others = (image for _, image in waiting)
            found = known.found(_marked(COLLAGE_OF_NINE(own, others)))
            first = f"a collage of nine with {waiting[0][0]}"
            taken += [[first, _said(drawn, index), by] for index, by in found.items()]
            collages, waiting = collages + 1, []
        if tell is not None:
            tell(left - 1)
    return {
        "photos": looked,
        "collages": collages,
        "taken_for_known": len({pair[0] for pair in taken}),
        "pairs": taken,
    }


def _said(paths: list[Path], index: int) -> str:
    return str(paths[index]) if index < len(paths) else "a made-up photo"


class _Tally:
    """How the copies made in one way fared."""

    def __init__(self) -> None:
        self.found, self.wrong, self.lost = 0, 0, 0
        self.by: Counter[str] = Counter()
        self.missed: list[str] = []
        self.pairs: list[list[str]] = []

    def add(
        self,
        index: int,
        found: dict[int, str],
        path: Path,
        drawn: list[Path],
        shown: AbstractSet[int] = frozenset(),
    ) -> None:
        """Count one copy, and what it was taken for; `shown` are in it too."""
        if index in found:
            self.found += 1
            self.by[found[index]] += 1
        else:
            self.missed.append(str(path))
        others = [other for other in found if other != index and other not in shown]
        self.wrong += len(others)
        self.pairs += [[str(path), _said(drawn, other), found[other]] for other in others]

    def to_dict(self, total: int) -> dict[str, Any]:
        return {
            "recall": round(self.found / total, 4),
            "interval": wilson(self.found, total),
            "by": dict(self.by),
            "missed": self.missed,
            "lost": self.lost,
            "false_matches": self.wrong,
        }


def _first(tallies: list[_Tally], most: int = 20) -> list[list[str]]:
    """Return pairs of photos taken for one another, each once, to be looked at."""
    pairs = {tuple(sorted(pair[:2])): pair for tally in tallies for pair in tally.pairs}
    return list(pairs.values())[:most]
