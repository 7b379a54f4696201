"""likeness bench: measure what is found and what is missed, on folders of labelled photos."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any

import typer

from consent.cli import show
from consent.cli.options import AsJson

Folder = Annotated[Path, typer.Argument(help="Folder of labelled photos.", show_default=False)]


def add_to(app: typer.Typer) -> None:
    """Add the commands."""
    bench = typer.Typer(
        help="Measure what is found and what is missed, on labelled photos of your own.",
        no_args_is_help=True,
    )
    bench.command()(detect)
    bench.command()(copies)
    app.add_typer(bench, name="bench")


def detect(
    folder: Folder,
    *,
    score: Annotated[
        float | None,
        typer.Option(
            min=0.05,
            max=1.0,
            help="Detector score asked of a face, instead of the program's own.",
            show_default=False,
        ),
    ] = None,
    json: AsJson = False,
) -> None:
    """Measure the share of labelled faces that are found, by size, beside plain YuNet.

    The folder holds images/ and labels/ as YOLO has them, or labels beside the photos. A face is
    found where a box covers it with an intersection over union of 0.5 or more, each box and each
    label once; sizes are px of the shorter side of the labelled box.

    Example: likeness bench detect photos/labelled --json
    """
    from consent.settings import Settings
    from media_index.bench.detect import measure_detection

    with show.progress("Looking for faces") as tell:
        answer = measure_detection(folder, Settings().weights, score, tell)
    show.answer(answer, _detection(answer), json=json)


def _detection(answer: dict[str, Any]) -> str:
    baseline = answer["baseline"]
    lines = [f"{answer['photos']} photos. Labelled faces found, by px of the shorter side:"]
    for name, count in answer["labelled"].items():
        if count:
            low, high = answer["intervals"][name]
            lines.append(
                f"  {name:>6}: {answer['recall'][name]:6.1%} ({low:.1%} to {high:.1%}) "
                f"of {count}; plain YuNet {baseline['recall'][name]:.1%}"
            )
    lines.append(
        f"Boxes on a labelled face: {answer['precision'] or 0:.1%} of {answer['boxes']}; plain "
        f"YuNet {baseline['precision'] or 0:.1%} of {baseline['boxes']}."
    )
    lines.append(
        f"{answer['seconds']:.2f} s, {answer['cost']:.1f} times plain YuNet "
        f"({answer['setting']['machine']})."
    )
    return "\n".join(lines)


def copies(
    folder: Annotated[
        Path, typer.Argument(help="Folder of photos, none a copy of another.", show_default=False)
    ],
    *,
    most: Annotated[int, typer.Option(min=2, help="Photos, drawn where there are more.")] = 200,
    seed: Annotated[int, typer.Option(help="Of the draw.")] = 3,
    json: AsJson = False,
) -> None:
    """Measure how many copies are found, by what was done to them, and how many photos wrongly.

    Each photo is cropped, squared, compressed, scaled, turned, mirrored, captioned and shown in a
    phone, and looked for among all of them as a check looks for copies of decided photos.

    Example: likeness bench copies photos/portraits --most 100 --json
    """
    from media_index.bench.copies import measure_copies

    with show.progress("Changing photos") as tell:
        answer = measure_copies(folder, most, seed, tell)
    lines = [f"{answer['photos']} photos. Copies found:"]
    for name, one in answer["transformations"].items():
        low, high = one["interval"]
        lines.append(f"  {name:<36}{one['recall']:7.1%} ({low:.1%} to {high:.1%})")
    lines.append(
        f"Taken for another photo: {answer['false_matches']} of {answer['comparisons']:,} "
        "comparisons."
    )
    lines += [f"  {one} and {other}, by {by}" for one, other, by in answer["false_examples"]]
    show.answer(answer, "\n".join(lines), json=json)
