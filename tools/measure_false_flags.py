"""Measure how many photos of people who revoked nothing are flagged or held, by verdict.

    python tools/measure_false_flags.py PEOPLE --others DIR... --weights data/live/weights

PEOPLE holds a folder per person. So many of them are revoked, with so many reference photos each;
then one photo of each of so many others is checked, and the photos of the other folders, in which
nobody of PEOPLE should be. The draw depends on the seed alone, so that versions can be compared:
--checkout runs the commands of another one. Photos that a folder names after one of the revoked
are left out.
"""

from __future__ import annotations

import argparse
import os
import random
import tempfile
import time
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from measure_open_set import likeness, photos_by_person, revoke

from media_index.bench.setting import setting, wilson
from media_index.files.kinds import SUFFIXES

VERDICTS = ("BLOCKED", "NOT_CHECKED", "REVIEW", "CONSENT_MISSING", "CLEAR")


def main() -> None:
    """Run from the command line."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawTextHelpFormatter
    )
    parser.add_argument("people", type=Path)
    parser.add_argument("--others", type=Path, nargs="*", default=[])
    parser.add_argument("--weights", type=Path, default=Path("data/live/weights"))
    parser.add_argument("--revoked", type=int, default=20)
    parser.add_argument("--references", type=int, default=2)
    parser.add_argument("--strangers", type=int, default=600)
    parser.add_argument("--use", default="instagram")
    parser.add_argument("--jobs", type=int, default=1)
    parser.add_argument("--seed", type=int, default=16)
    parser.add_argument("--checkout", type=Path)
    arguments = parser.parse_args()
    draw = random.Random(arguments.seed)  # noqa: S311 - a sample, no secret
    people = photos_by_person(arguments.people, draw)
    enough = [name for name, photos in people.items() if len(photos) >= arguments.references]
    revoked = set(draw.sample(enough, arguments.revoked))
    references = {
        name: [path.resolve() for path in people[name][: arguments.references]]
        for name in sorted(revoked)
    }
    strangers = [photos[0] for name, photos in people.items() if name not in revoked]
    folders = {arguments.people.name: sorted(draw.sample(strangers, arguments.strangers))}
    folders |= {
        f"{folder.parent.name}/{folder.name}": photos_below(folder, revoked)
        for folder in arguments.others
    }
    folders = {name: [path.resolve() for path in photos] for name, photos in folders.items()}
    print(setting(arguments.people, arguments.seed).machine)
    weights = arguments.weights.resolve()
    if arguments.checkout is not None:
        # "python -m" looks there first, before what is installed.
        os.environ["PYTHONPATH"] = str(arguments.checkout.resolve())
        os.chdir(arguments.checkout)
    with tempfile.TemporaryDirectory() as made:
        home = Path(made)
        (home / "weights").symlink_to(weights)
        revoke(home, references)
        print(f"| photos | count | flagged or held | {' | '.join(VERDICTS)} | seconds |")
        print(f"|{'---|' * (len(VERDICTS) + 4)}")
        every: list[dict[str, Any]] = []
        for name, photos in folders.items():
            begun = time.perf_counter()
            found = check(home, photos, arguments.use, arguments.jobs)
            print(row(name, found, time.perf_counter() - begun), flush=True)
            every += found
        print(row("all", every, 0.0))
    flagged = [photo for photo in every if photo["verdict"] != "CLEAR"]
    reasons = Counter(
        code for photo in flagged for code in sorted({why["code"] for why in photo["reasons"]})
    )
    print("photos by reason:", dict(reasons))
    for photo in flagged:
        print(f"  {photo['verdict']:<12} {photo['path']}: {photo['sentences'][0]}")


def photos_below(folder: Path, revoked: set[str]) -> list[Path]:
    """Return the photos in and below a folder, without those of the revoked."""
    return sorted(
        path
        for path in folder.rglob("*")
        if path.suffix.lower() in SUFFIXES and path.parent.name not in revoked
    )


def check(home: Path, photos: Sequence[Path], use: str, jobs: int) -> list[dict[str, Any]]:
    """Check photos for a use, and return what was said of each."""
    answer = likeness(home, "check", *map(str, photos), "--use", use, "--jobs", str(jobs))
    said: list[dict[str, Any]] = answer["photos"]
    return said


def row(name: str, found: Sequence[dict[str, Any]], seconds: float) -> str:
    """Return a line of a Markdown table."""
    counts = Counter(photo["verdict"] for photo in found)
    flagged = len(found) - counts["CLEAR"]
    low, high = wilson(flagged, len(found))
    share = flagged / max(1, len(found))
    each = " | ".join(str(counts[verdict]) for verdict in VERDICTS)
    return (
        f"| {name} | {len(found)} | {flagged} ({share:.1%}, {low:.1%} to {high:.1%}) "
        f"| {each} | {seconds:.0f} |"
    )


if __name__ == "__main__":
    main()
