"""Fit media_index/matching/calibration.json on a folder of labelled faces, one folder per person.

    python tools/fit_calibration.py DIR --weights data/live/weights --about "what DIR is"

What each encoder misses, alone and fused, is measured by `likeness bench faces`. That of another
encoder is fitted by `likeness bench calibration`.
"""

from __future__ import annotations

import argparse
from pathlib import Path

from media_index.bench.encoded import encode_people
from media_index.bench.fitting import SHIPPED_WEIGHTS, fit


def main() -> None:
    """Run from the command line."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawTextHelpFormatter
    )
    parser.add_argument("folder", type=Path)
    parser.add_argument("--weights", type=Path, required=True)
    parser.add_argument("--about", required=True)
    parser.add_argument("--cache", type=Path, help="encodings kept by likeness bench faces")
    parser.add_argument("--out", type=Path, default=Path("media_index/matching/calibration.json"))
    arguments = parser.parse_args()
    people = encode_people(arguments.folder, arguments.weights, arguments.cache)
    for path, reason in people.left_out:
        print(f"left out: {path}: {reason}")
    calibration = fit(people, arguments.about, SHIPPED_WEIGHTS, "fused")
    arguments.out.write_text(calibration.as_json() + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
