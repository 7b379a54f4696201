"""likeness bench: measure what is found and missed, and how fast, with figures to be repeated."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any

import typer

from consent.cli import bench_calibration, bench_speed, show
from consent.cli.bench_calibration import Cache, Encoder, People
from consent.cli.options import AsJson, Jobs, require_svg
from consent.domain.wording import counted

Folder = Annotated[Path, typer.Argument(help="Folder of labeled photos.", show_default=False)]


def add_to(app: typer.Typer) -> None:
    """Add the commands."""
    bench = typer.Typer(
        help="Measure what is found and missed, and how fast.",
        no_args_is_help=True,
    )
    bench.command()(detect)
    bench.command()(faces)
    bench.command()(copies)
    bench_calibration.add_to(bench)
    bench_speed.add_to(bench)
    app.add_typer(bench, name="bench")


def detect(
    folder: Folder,
    *,
    score: Annotated[
        float | None,
        typer.Option(
            min=0.05,
            max=1.0,
            help="Detector score that counts as a face, instead of the program's.",
            show_default=False,
        ),
    ] = None,
    json: AsJson = False,
) -> None:
    """Measure how many labeled faces are found, by size, and compare with plain YuNet.

    The folder has images/ and labels/ in the YOLO layout, or labels next to the photos. A face
    counts as found if a box covers it with an intersection over union of 0.5 or more. Each box and
    each label counts once. Sizes are px of the shorter side of the labeled box. Then the same is
    measured in large photos made of these photos, and in some photos with the heads turned.

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
        f"{answer['seconds']:.2f} s of CPU, {answer['cost']:.1f} times plain YuNet "
        f"({answer['setting']['machine']})."
    )
    wide, high = answer["large"]["size"]
    lines.append(f"In photos of {wide * high / 1e6:.0f} megapixels: {_recalls(answer['large'])}.")
    lines += [
        f"With heads turned by {degrees} degrees: {_recalls(row)}."
        for degrees, row in answer["turned"].items()
    ]
    return "\n".join(lines)


def _recalls(row: dict[str, Any]) -> str:
    """Return the share found by size, of those sizes that there are."""
    found = [
        f"{name} px {row['recall'][name]:.1%} of {count}"
        for name, count in row["labelled"].items()
        if count
    ]
    return ", ".join(found) or "none labeled"


def faces(
    folder: People,
    *,
    plot: Annotated[
        Path | None,
        typer.Option("--plot", help="Draw the error trade-off as an SVG.", show_default=False),
    ] = None,
    cache: Cache = None,
    encoder: Encoder = None,
    seed: Annotated[int, typer.Option(help="Seed of the random draws.")] = 5,
    jobs: Jobs = 0,
    json: AsJson = False,
) -> None:
    """Measure how many people are missed, and how many strangers are flagged.

    It measures pairs of photos at false match rates of 1e-3, 1e-4 and 1e-5. It also measures
    registers of 50, 300, 500 and 1,500 people with 1 and 3 photos of each, with 1 % of strangers
    flagged. A groups.csv (name, group) in the folder compares groups. It keeps only what --plot and
    --cache ask for.

    Example: likeness bench faces photos/people --plot det.svg --json
    """
    from consent.settings import Settings
    from media_index.bench.faces import measure_faces
    from media_index.bench.plot import det_svg

    require_svg(plot)
    with show.progress("Encoding faces") as tell:
        answer = measure_faces(
            folder,
            Settings().weights,
            cache=cache,
            seed=seed,
            jobs=jobs or None,
            tell=tell,
            encoder=encoder,
        )
    if plot is not None:
        title = f"{answer['people']} people, {answer['photos']} photos"
        show.write_file(plot, det_svg(answer["det"], title).encode())
    show.answer(answer, _faces(answer), json=json)


def _faces(answer: dict[str, Any]) -> str:
    pairs = answer["pairs"]
    lines = [
        (
            f"{answer['photos']} photos of {answer['people']} people; {pairs['genuine']:,} pairs "
            f"of the same person, {pairs['strangers']:,} of strangers."
        ),
        "Genuine pairs missed, by false match rate:",
    ]
    for name, rates in answer["verification"].items():
        said = ", ".join(
            f"{rate}: {found['missed']:.2%}" if found else f"{rate}: too few pairs"
            for rate, found in rates.items()
        )
        lines.append(f"  {name:<18}{said}")
    for setting in answer["open_set"]:
        said = ", ".join(
            f"{name} {found['missed']:.2%}"
            for name, found in setting.items()
            if isinstance(found, dict) and name != "shipped"
        )
        shipped = setting["shipped"]
        lines.append(
            f"{setting['enrolled']} people, {setting['references']} references, missed at 1 % of "
            f"strangers flagged: {said}; at the shipped threshold {shipped['missed']:.2%} missed, "
            f"{shipped['flagged']:.2%} flagged."
        )
    for group, found in answer.get("groups", {}).items():
        if isinstance(found, dict):
            missed, matched = found["missed"], found["matched_per_million"]
            # Nothing to count is not nothing missed.
            of_own = "no two photos of anybody" if missed is None else f"{missed:.2%} missed"
            of_others = (
                "no pairs of strangers"
                if matched is None
                else f"{matched:g} of a million strangers matched"
            )
            lines.append(
                f"  {group}: {counted(found['people'], 'person', 'people')}, {of_own}, {of_others}."
            )
    return "\n".join(lines)


def copies(
    folder: Annotated[
        Path,
        typer.Argument(help="Folder of photos. None may be a copy of another.", show_default=False),
    ],
    *,
    most: Annotated[
        int,
        typer.Option(min=2, help="Number of photos. If there are more, they are drawn at random."),
    ] = 200,
    others: Annotated[
        Path | None,
        typer.Option(
            help="Folder of other photos to search for too. None may be a copy of one of these.",
            show_default=False,
        ),
    ] = None,
    known: Annotated[
        int,
        typer.Option(
            help="Number of known photos: others in the folder, then photos made up from their "
            "spots.",
        ),
    ] = 0,
    seed: Annotated[int, typer.Option(help="Seed of the random draw.")] = 3,
    json: AsJson = False,
) -> None:
    """Measure how many copies are found, by kind of change, and how many other photos by mistake.

    It crops, squares, compresses, scales, turns and mirrors each photo, adds a caption, and puts it
    on a phone screen, on flyers and in collages. Then it searches for it among all photos, the same
    way a check searches for copies of decided photos.

    Example: likeness bench copies photos/portraits --most 100 --json
    """
    from media_index.bench.copies import measure_copies

    with show.progress("Changing photos") as tell:
        answer = measure_copies(folder, most, seed, tell, others, known)
    lines = [f"{answer['photos']} photos. Copies found:"]
    for name, found in answer["transformations"].items():
        low, high = found["interval"]
        lines.append(f"  {name:<36}{found['recall']:7.1%} ({low:.1%} to {high:.1%})")
    among, lost = answer["known"], answer["lost"]
    took = [
        f"{ms:.1f} ms of CPU for {what}"
        for what, ms in (
            ("each photo", answer["search_ms"]),
            ("each design", answer["design_search_ms"]),
        )
        if ms is not None
    ]
    lines.append(
        f"Looked for among {among['photos'] + among['made_up']:,} known photos: "
        f"{', '.join(took)}. {lost} lost that comparing all would find."
    )
    lines.append(
        f"Mistaken for another photo: {answer['false_matches']} of {answer['comparisons']:,} "
        "comparisons."
    )
    unrelated = answer["others"]
    if unrelated["photos"]:
        lines.append(
            f"Of {unrelated['photos']:,} other photos, and {unrelated['collages']:,} collages of "
            f"nine of them, {unrelated['taken_for_known']} were taken for one of these."
        )
    examples = [*answer["false_examples"], *unrelated["pairs"]]
    lines += [show.escaped(f"  {first} and {second}, by {by}") for first, second, by in examples]
    show.answer(answer, "\n".join(lines), json=json)
