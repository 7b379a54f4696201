"""Measure what is found only beside close matches, and what is flagged only so.

    python tools/measure_close_matches.py DIR --home HOME --people 300 --references 1 --seeds 1 2

DIR holds a folder per person. HOME is a data home with the weights, nobody in the register, and an
index of DIR (likeness index DIR). For each seed people are revoked by CSV, and all photos of the
index are compared with their references alone, and beside close matches as well. Faces that cannot
be compared are not counted as flagged. Each seed works on a copy of HOME. With --per-million 10 20
50 the curve over the review threshold is measured, in false matches per million comparisons.
"""

from __future__ import annotations

import argparse
import random
import tempfile
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import replace
from pathlib import Path

from measure_open_set import photos_by_person, revoke
from measure_posting_folder import copy_of

from consent.bootstrap import build_services
from consent.matching.register_snapshot import RegisterSnapshot
from consent.services import Services
from consent.settings import Settings
from media_index.bench.setting import setting, wilson
from media_index.hashing.perceptual import sha256_hex

_BLOCK = 400


def main() -> None:
    """Run from the command line."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawTextHelpFormatter
    )
    parser.add_argument("folder", type=Path)
    parser.add_argument("--home", type=Path, required=True)
    parser.add_argument("--people", type=int, default=300)
    parser.add_argument("--references", type=int, default=1)
    parser.add_argument("--seeds", type=int, nargs="+", default=[1, 2, 3])
    parser.add_argument("--per-million", type=float, nargs="+", help="default: the policy's")
    arguments = parser.parse_args()
    print(setting(arguments.folder, arguments.seeds[0]).machine)
    totals: defaultdict[float, Counter[str]] = defaultdict(Counter)
    for seed in arguments.seeds:
        with tempfile.TemporaryDirectory() as place:
            home = copy_of(arguments.home, Path(place) / "home")
            for threshold, counts in measured(arguments, seed, home):
                totals[threshold] += counts
    for threshold, counts in totals.items():
        print(f"all seeds, {threshold:g} per million:")
        report(counts)


def measured(
    arguments: argparse.Namespace, seed: int, home: Path
) -> Iterator[tuple[float, Counter[str]]]:
    """Revoke the people of a seed, and yield each threshold with what was counted by it."""
    draw = random.Random(seed)  # noqa: S311 - a sample, no secret
    people = photos_by_person(arguments.folder, draw)
    enough = [name for name, photos in people.items() if len(photos) > arguments.references]
    revoked = draw.sample(enough, min(arguments.people, len(enough)))
    labels = revoke(home, {name: people[name][: arguments.references] for name in revoked})
    theirs = {
        sha256_hex(photo.read_bytes()): labels[name]
        for name in labels
        for photo in people[name][arguments.references :]
    }
    strangers = {
        sha256_hex(photo.read_bytes()): ""
        for name, photos in people.items()
        if name not in set(revoked)
        for photo in photos
    }
    services = build_services(Settings(home=home))
    policy = services.policy
    for threshold in arguments.per_million or [policy.matching.review_per_million]:
        matching = replace(policy.matching, review_per_million=threshold)
        used = replace(services, policy=replace(policy, matching=matching))
        counts = compared(used, theirs | strangers)
        print(f"seed {seed}, {len(labels)} people, {threshold:g} per million:")
        report(counts)
        yield threshold, counts


def compared(services: Services, photos: Mapping[str, str]) -> Counter[str]:
    """Count what is found alone and beside close matches, of the revoked and of strangers.

    Of each photo, by its SHA-256, is given the label of whom it shows; empty for strangers.
    """
    counts: Counter[str] = Counter()
    with services.reading() as unit:
        view = RegisterSnapshot(services, unit)
        labels = {case.id: case.label for case in view.revocations}
        shas = list(photos)
        for start in range(0, len(shas), _BLOCK):
            read = unit.photos.fingerprints(shas[start : start + _BLOCK])
            for sha256, photo in read.items():
                matches = list(view.faces_of(photo))
                alone = {labels[match.revocation_id] for match in matches if not match.hint}
                every = {labels[match.revocation_id] for match in matches}
                who = photos[sha256]
                kind = "theirs" if who else "strangers"
                counts[kind] += 1
                counts[f"{kind} alone"] += who in alone if who else bool(alone)
                counts[f"{kind} beside"] += who in every if who else bool(every)
    return counts


def report(counts: Counter[str]) -> None:
    """Print what was counted."""
    for how in ("alone", "beside"):
        missed, theirs = counts["theirs"] - counts[f"theirs {how}"], counts["theirs"]
        flagged, strangers = counts[f"strangers {how}"], counts["strangers"]
        low, high = wilson(missed, theirs)
        print(
            f"  {how}: {missed} of {theirs} missed ({missed / max(1, theirs):.2%}, {low:.2%} to "
            f"{high:.2%}), {flagged} of {strangers} strangers' photos flagged "
            f"({flagged / max(1, strangers):.2%})"
        )


if __name__ == "__main__":
    main()
