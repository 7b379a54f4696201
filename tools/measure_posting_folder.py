"""Measure a posting folder from end to end, through the command line: who slips through?

    python tools/measure_posting_folder.py DIR --home HOME --seeds 1 2 3

DIR holds a folder per person. For each seed ten people are revoked by CSV with three reference
photos each; a folder of 2,000 photos is checked, 60 of which show them and the others one stranger
each. None of the 60 may be "no match found", and at most 1 in 100 of the others may be flagged.
HOME is a data home with the weights, nobody in the register and nothing in the index: where other
photos of the revoked are indexed already, they help to find these. Each seed works on a copy of it.
"""

from __future__ import annotations

import argparse
import random
import shutil
import tempfile
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from measure_open_set import likeness, photos_by_person, revoke

from media_index.bench.setting import setting, wilson

MOST_FLAGGED = 0.01


@dataclass(frozen=True, slots=True)
class Folder:
    """What is handed in for checking.

    Attributes:
        references: photos of the revoked, by name.
        shown: photos to be checked that show a revoked person, with the name.
        others: photos of strangers.
    """

    references: dict[str, list[Path]]
    shown: dict[Path, str]
    others: list[Path]


def main() -> None:
    """Run from the command line."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawTextHelpFormatter
    )
    parser.add_argument("folder", type=Path)
    parser.add_argument("--home", type=Path, required=True)
    parser.add_argument("--photos", type=int, default=2000)
    parser.add_argument("--shown", type=int, default=60)
    parser.add_argument("--people", type=int, default=10)
    parser.add_argument("--references", type=int, default=3)
    parser.add_argument("--seeds", type=int, nargs="+", default=[1, 2, 3])
    parser.add_argument("--use", default="instagram")
    arguments = parser.parse_args()
    print(setting(arguments.folder, arguments.seeds[0]).machine)
    totals: Counter[str] = Counter()
    for seed in arguments.seeds:
        folder = drawn(arguments, seed)
        with tempfile.TemporaryDirectory() as place:
            home = copy_of(arguments.home, Path(place) / "home")
            totals += report(seed, folder, checked(home, folder, arguments.use))
    for part, count in (("shown", "clear"), ("others", "flagged")):
        low, high = wilson(totals[count], totals[part])
        print(
            f"all seeds, {part}: {totals[count]} of {totals[part]} {count} "
            f"({totals[count] / max(1, totals[part]):.2%}, {low:.2%} to {high:.2%})"
        )


def drawn(arguments: argparse.Namespace, seed: int) -> Folder:
    """Draw the people, their references and the photos of one posting.

    Raises:
        SystemExit: the folder holds too few photos of enough people.
    """
    draw = random.Random(seed)  # noqa: S311 - a sample, no secret
    people = photos_by_person(arguments.folder, draw)
    each, over = divmod(arguments.shown, arguments.people)
    needed = arguments.references + each + (over > 0)
    enough = [name for name, photos in people.items() if len(photos) >= needed]
    if len(enough) < arguments.people:
        raise SystemExit(f"{len(enough)} people have {needed} photos: ask for fewer.")
    revoked = draw.sample(enough, arguments.people)
    references = {name: people[name][: arguments.references] for name in revoked}
    shown = {
        photo: name
        for index, name in enumerate(revoked)
        for photo in people[name][arguments.references :][: each + (index < over)]
    }
    # Everybody once, before anybody a second time: a posting of one event has many faces.
    rest = [photos for name, photos in people.items() if name not in set(revoked)]
    first, further = (
        [photos[0] for photos in rest],
        [photo for photos in rest for photo in photos[1:]],
    )
    draw.shuffle(first)
    draw.shuffle(further)
    return Folder(references, shown, [*first, *further][: arguments.photos - len(shown)])


def copy_of(home: Path, copy: Path) -> Path:
    """Copy a data home; the weights are linked."""
    copy.mkdir()
    for path in home.iterdir():
        if path.name == "weights":
            (copy / path.name).symlink_to(path.resolve())
        elif path.is_dir():
            shutil.copytree(path, copy / path.name)
        else:
            shutil.copy2(path, copy / path.name)
    return copy


def checked(home: Path, folder: Folder, use: str) -> dict[Path, dict[str, Any]]:
    """Revoke, check the whole folder in one go, and return what was said of each photo."""
    labels = revoke(home, folder.references)
    if len(labels) < len(folder.references):
        missing = sorted(folder.references.keys() - labels.keys())
        print("  not recorded, their photos stay in the count:", ", ".join(missing))
    paths = {str(path.resolve()): path for path in (*folder.shown, *folder.others)}
    answer = likeness(home, "check", *paths, "--use", use)
    return {paths[photo["path"]]: photo for photo in answer["photos"]}


def report(seed: int, folder: Folder, said: dict[Path, dict[str, Any]]) -> Counter[str]:
    """Print the figures of one seed and return the counts."""
    clear = [path for path in folder.shown if said[path]["verdict"] == "CLEAR"]
    flagged = [said[path] for path in folder.others if said[path]["verdict"] != "CLEAR"]
    print(
        f"seed {seed}: {len(clear)} of {len(folder.shown)} photos of the revoked are CLEAR; "
        f"{len(flagged)} of {len(folder.others)} others flagged "
        f"({len(flagged) / max(1, len(folder.others)):.2%})"
    )
    print("  verdicts, shown: ", verdicts(said[path] for path in folder.shown))
    print("  verdicts, others:", verdicts(said[path] for path in folder.others))
    print("  reasons, others: ", dict(reasons(flagged)))
    print("  by case, others: ", dict(cases(flagged)))
    for path in clear:
        print("  slipped through:", path)
    return Counter(
        shown=len(folder.shown),
        clear=len(clear),
        others=len(folder.others),
        flagged=len(flagged),
    )


def verdicts(photos: object) -> dict[str, int]:
    """Count photos by verdict."""
    return dict(Counter(photo["verdict"] for photo in photos))  # type: ignore[attr-defined]


def reasons(photos: Sequence[dict[str, Any]]) -> Counter[str]:
    """Count photos by the reasons of their verdicts, each photo once by reason."""
    return Counter(code for photo in photos for code in {why["code"] for why in photo["reasons"]})


def cases(photos: Sequence[dict[str, Any]]) -> Counter[str]:
    """Count photos by the case they are flagged for, each photo once by case."""
    named = ({why["revocation"] for why in photo["reasons"]} - {None} for photo in photos)
    return Counter(label for labels in named for label in labels)


if __name__ == "__main__":
    main()
