"""Measure misses and false flags from end to end, through the command line.

    python tools/measure_open_set.py DIR --home HOME --people 300 --references 3

DIR holds a folder per person. So many people are revoked by CSV, with so many reference photos
each; then up to four other photos of each, and one photo of each of 2,000 strangers, are checked.
HOME is a data home with the weights; it is best given an index of DIR first, and is changed.
"""

from __future__ import annotations

import argparse
import csv
import json
import os
import random
import subprocess
import sys
from collections import Counter
from pathlib import Path
from typing import Any

from media_index.files.kinds import SUFFIXES

COLUMNS = ("name", "received", "photo", "note")
PROBES, STRANGERS = 4, 2000


def likeness(home: Path, *arguments: str) -> dict[str, Any]:
    """Run a command with --json and return what it printed."""
    done = subprocess.run(
        [sys.executable, "-m", "consent.cli", *arguments, "--json", "--as", "measurement"],
        env={**os.environ, "LIKENESS_HOME": str(home)},
        capture_output=True,
        text=True,
        check=False,
    )
    if not done.stdout:
        raise SystemExit(done.stderr)
    answer: dict[str, Any] = json.loads(done.stdout)
    return answer


def main() -> None:
    """Run from the command line."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawTextHelpFormatter
    )
    parser.add_argument("folder", type=Path)
    parser.add_argument("--home", type=Path, required=True)
    parser.add_argument("--people", type=int, default=300)
    parser.add_argument("--references", type=int, default=3)
    parser.add_argument("--seed", type=int, default=5)
    arguments = parser.parse_args()
    draw = random.Random(arguments.seed)  # noqa: S311 - a sample, no secret
    people = photos_by_person(arguments.folder, draw)
    enough = [name for name, photos in people.items() if len(photos) > arguments.references]
    revoked = draw.sample(enough, min(arguments.people, len(enough)))
    labels = revoke(
        arguments.home, {name: people[name][: arguments.references] for name in revoked}
    )
    probes = {
        photo: labels[name]
        for name in labels
        for photo in people[name][arguments.references :][:PROBES]
    }
    strangers = [photos[0] for name, photos in people.items() if name not in set(revoked)]
    strangers = draw.sample(strangers, min(STRANGERS, len(strangers)))
    report(arguments.home, probes, strangers)


def photos_by_person(folder: Path, draw: random.Random) -> dict[str, list[Path]]:
    """Return everybody's photos in a random order."""
    people = {}
    for person in sorted(path for path in folder.iterdir() if path.is_dir()):
        photos = sorted(path for path in person.iterdir() if path.suffix.lower() in SUFFIXES)
        people[person.name] = draw.sample(photos, len(photos))
    return people


def revoke(home: Path, references: dict[str, list[Path]]) -> dict[str, str]:
    """Revoke everybody by CSV and return their labels; say who could not be recorded."""
    file = home / "revoked.csv"
    with file.open("w", newline="", encoding="utf-8") as stream:
        writer = csv.writer(stream)
        writer.writerow(COLUMNS)
        for name, photos in references.items():
            joined = ";".join(str(photo.resolve()) for photo in photos)
            writer.writerow([name, "2026-01-05", joined, "measured"])
    answer = likeness(home, "revoke", "--from-csv", str(file))
    print(f"{len(answer['recorded'])} revoked, {len(answer['bad'])} could not be recorded")
    names = list(references)
    return {names[row["line"] - 2]: row["revocation"] for row in answer["recorded"]}


def report(home: Path, probes: dict[Path, str], strangers: list[Path]) -> None:
    """Check everything in one go and print the rates."""
    paths = [str(path.resolve()) for path in (*probes, *strangers)]
    answer = likeness(home, "check", *paths, "--use", "instagram")
    by_path = {photo["path"]: photo for photo in answer["photos"]}
    missed = [
        path
        for path, label in probes.items()
        if label not in {why["revocation"] for why in by_path[str(path.resolve())]["reasons"]}
    ]
    print(f"photos of revoked people missed: {len(missed)} of {len(probes)}", end=" ")
    print(f"({len(missed) / max(1, len(probes)):.2%})")
    found = [by_path[str(path.resolve())] for path in strangers]
    flagged = [photo for photo in found if photo["verdict"] != "CLEAR"]
    print(f"photos of strangers flagged: {len(flagged)} of {len(found)}", end=" ")
    print(f"({len(flagged) / max(1, len(found)):.2%})")
    print("their verdicts:", dict(Counter(photo["verdict"] for photo in flagged)))
    print(
        "their reasons:",
        dict(Counter(why["code"] for photo in flagged for why in photo["reasons"])),
    )
    names = {label: path.parent.name for path, label in probes.items()}
    for photo in flagged:
        if photo["verdict"] == "BLOCKED":
            # A wrong label of the set, or a wrong match: somebody must look.
            whom = {names.get(why["revocation"] or "", "?") for why in photo["reasons"]}
            print(f"  blocked: {photo['path']}, as {', '.join(sorted(whom))}")


if __name__ == "__main__":
    main()
