"""likeness bench sweep, check, compare, hashes, growth, index, pages: how fast."""

from __future__ import annotations

import subprocess
import sys
from json import loads
from pathlib import Path
from typing import Annotated

import typer

from consent.cli import show
from consent.cli.options import AsJson, require_svg
from consent.domain.errors import BadInputError

Seed = Annotated[int, typer.Option(min=0, help="Seed of the random draw.")]
MadeIn = Annotated[
    Path | None,
    typer.Option(
        "--in",
        help="Folder for temporary files, 1 GiB for a million faces.",
        show_default=False,
    ),
]
FEWEST = 1000
# Some 10 GiB of files; more would fill the disk of an ordinary computer, or its memory.
MOST = 10_000_000


def add_to(bench: typer.Typer) -> None:
    """Add the commands to `likeness bench`."""
    bench.command()(sweep)
    bench.command()(check)
    bench.command()(compare)
    bench.command()(hashes)
    bench.command()(growth)
    bench.command()(index)
    bench.command()(pages)


def sweep(
    *,
    faces: Annotated[str, typer.Option(help="How many, such as 1e6.")] = "1e5",
    templates: Annotated[int, typer.Option(min=1, help="Number of photos of the person.")] = 3,
    seed: Seed = 1,
    folder: MadeIn = None,
    json: AsJson = False,
) -> None:
    """Search made-up faces for one person, cold and warm, and compare with a plain loop.

    Example: likeness bench sweep --faces 1e6 --json
    """
    from media_index.bench.speed import measure_sweep

    count = _count(faces)
    with show.progress("Making faces up") as tell:
        answer = measure_sweep(count, templates, seed, folder, tell)
    cold = "not measured" if answer["cold_seconds"] is None else f"{answer['cold_seconds']} s"
    same = "the same as" if answer["same_as_plain_loop"] else "NOT THE SAME AS"
    text = (
        f"{count:,} faces, {templates} templates: {answer['warm_seconds']} s warm, {cold} cold; a "
        f"plain loop takes {answer['times_plain_loop']} times as long. {answer['found']} found, "
        f"{same} by the plain loop. {answer['rss_mib']} MiB of memory, {answer['file_mib']} MiB "
        f"of files, seed {seed} ({answer['machine']})."
    )
    show.answer(answer, text, json=json)


def check(
    folder: Annotated[Path, typer.Argument(help="Folder of photos.", show_default=False)],
    *,
    people: Annotated[
        list[int], typer.Option(min=0, help="People in the register. You may repeat this option.")
    ] = [0, 300, 5000],  # noqa: B006 - typer copies it
    limit: Annotated[
        int, typer.Option(min=1, help="Most photos to use, drawn evenly from the folder.")
    ] = 100,
    use: Annotated[
        str, typer.Option("--use", metavar="CHANNEL", help="What the photos will be used for.")
    ] = "instagram",
    rounds: Annotated[
        int, typer.Option(min=1, help="Measure each register so often; the least time counts.")
    ] = 1,
    seed: Seed = 1,
    json: AsJson = False,
) -> None:
    """Check photos with registers of made-up people, with three photos of each.

    Each register is in its own temporary data home. The command measures the processor time of
    `likeness check` and its workers: for the first check of one photo, after everyone was recorded
    at once, and for the check of all photos after that.

    Example: likeness bench check photos/portraits --json
    """
    from consent.cli.trial_check import measure_checks

    with show.progress("Checking") as tell:
        answer = measure_checks(folder, people, limit, use, seed, rounds, tell)
    lines = [f"{answer['photos']} photos, in processor time ({answer['machine']}):"]
    lines += [
        f"{row['people']:>8,} people: {row['cpu_seconds']} s, {row['times']} times the first; "
        f"{row['first_cpu_seconds']} s for the first photo of all"
        for row in answer["registers"]
    ]
    show.answer(answer, "\n".join(lines), json=json)


def compare(
    *,
    templates: Annotated[int, typer.Option(min=1, help="People in the register.")] = 5000,
    faces: Annotated[int, typer.Option(min=1, help="Faces in the photo.")] = 5,
    seed: Seed = 1,
    json: AsJson = False,
) -> None:
    """Compare the made-up faces of one photo with a made-up register.

    Example: likeness bench compare --templates 5000 --json
    """
    from media_index.bench.speed import measure_comparing

    answer = measure_comparing(templates, faces, seed=seed)
    same = "the same as" if answer["same_as_plain"] else "NOT THE SAME AS"
    text = (
        f"{faces} faces against {templates:,} templates: {answer['milliseconds']} ms; "
        f"{answer['found']} found, {same} by plain arithmetic, which takes "
        f"{answer['plain_milliseconds']} ms. Seed {seed} ({answer['machine']})."
    )
    show.answer(answer, text, json=json)


def hashes(
    *,
    count: Annotated[str, typer.Option("--hashes", help="How many, such as 1e6.")] = "1e6",
    seed: Seed = 1,
    json: AsJson = False,
) -> None:
    """Search made-up PDQ hashes for one.

    Example: likeness bench hashes --hashes 1e6 --json
    """
    from media_index.bench.speed import measure_hashes

    answer = measure_hashes(_count(count), seed)
    same = "the same" if answer["same_as_plain"] else "NOT THE SAME"
    text = (
        f"{answer['hashes']:,} hashes of 256 bits: {answer['milliseconds']} ms; plain arithmetic "
        f"takes {answer['times_plain']} times as long and gives {same}. Seed {seed} "
        f"({answer['machine']})."
    )
    show.answer(answer, text, json=json)


def growth(
    *,
    most: Annotated[str, typer.Option(help="Most faces and photos, such as 1e6.")] = "1e5",
    plot: Annotated[
        Path | None,
        typer.Option("--plot", help="Draw it as an SVG.", show_default=False),
    ] = None,
    seed: Seed = 1,
    folder: MadeIn = None,
    json: AsJson = False,
) -> None:
    """Search made-up faces and photos: 1,000, then ten times as many each time.

    Example: likeness bench growth --most 1e6 --plot growth.svg
    """
    from media_index.bench.plot import growth_svg
    from media_index.bench.speed import growth_curves, measure_growth

    require_svg(plot)
    count = _count(most, FEWEST)
    with show.progress("Searching") as tell:
        answer = measure_growth(count, seed, folder, tell)
    if plot is not None:
        title = f"What a search costs ({answer['machine']})"
        show.write_file(plot, growth_svg(growth_curves(answer), title).encode())
    lines = [
        f"{sweep['faces']:>12,}: a sweep of so many faces {1000 * sweep['warm_seconds']:.3g} ms, "
        f"{sweep['times_plain_loop']} times as fast as a plain loop; so many photos searched for "
        f"copies in {hashes['milliseconds']:.3g} ms, {hashes['times_plain']} times as fast"
        for sweep, hashes in zip(answer["sweeps"], answer["hashes"], strict=True)
    ]
    show.answer(answer, "\n".join(lines), json=json)


def index(
    folder: Annotated[Path, typer.Argument(help="Folder of photos.", show_default=False)],
    *,
    limit: Annotated[
        int, typer.Option(min=1, help="Most photos to use, drawn evenly from the folder.")
    ] = 40,
    json: AsJson = False,
) -> None:
    """Index photos into a temporary data home, and compare with other programs.

    The others are face_recognition (HOG, photo enlarged once), imagededup's PHash if it is
    installed, and as the minimum OpenCV's YuNet once and SFace, saving nothing. Each runs in one
    process. This program runs with one process for each processor, with one and with two. Models
    are loaded before.

    Example: likeness bench index photos/event --limit 40 --json
    """
    from consent.cli.trial_index import index_seconds
    from consent.settings import Settings
    from media_index.bench.pipeline import measure_indexing

    with show.progress("Indexing") as tell:
        answer = measure_indexing(folder, Settings().weights, index_seconds, limit, tell)
    lines = [f"{answer['photos']} photos. Photos per second ({answer['machine']}):"]
    rates, stages = answer["photos_per_second"], answer["stages_ms"]
    for name, rate in rates.items():
        why = answer["not_measured"].get(name)
        faces = answer["faces"].get(name)
        found = "" if faces is None else f", {faces} faces found"
        lines.append(f"  {name:<18}{why if rate is None else f'{rate:8.2f}{found}'}")
    lines.append(
        f"With {answer['processes']} processes {answer['times_face_recognition']} times "
        f"face_recognition; one process {answer['times_face_recognition_one_process']} times, and "
        f"{answer['times_opencv_floor']} times OpenCV alone; two processes "
        f"{answer['two_processes']} times one."
    )
    lines.append("Milliseconds per photo: " + ", ".join(f"{k} {v}" for k, v in stages.items()))
    show.answer(answer, "\n".join(lines), json=json)


def _count(text: str, fewest: int = 1) -> int:
    """Read a number such as 1e6.

    Raises:
        BadInputError: it is none, too few, or above MOST.
    """
    try:
        count = int(float(text))
    except (ValueError, OverflowError) as error:
        raise BadInputError(f"{text!r} is not a number: write it as 1000000 or 1e6.") from error
    if count < fewest:
        raise BadInputError(f"{text} is too few: at least {fewest} is needed.")
    if count > MOST:
        raise BadInputError(f"{text} is too many: at most {MOST:,} (1e7) can be measured.")
    return count


def pages(*, json: AsJson = False) -> None:
    """Open every page of the data home, and measure how long each takes.

    It shows seconds of processor time for the first time that a person opens the page, and for the
    second time; then for a filter, a page and a photo of the last check. `tools/make_large_home.py`
    makes a large data home (`LIKENESS_HOME`) to measure.

    Example: likeness bench pages --json
    """
    # The pages import the commands' use cases; a command does not import pages.
    words = [sys.executable, "-m", "pages.ui.measure"]
    with show.progress("Opening pages"):
        ran = subprocess.run(words, capture_output=True, text=True, check=False)  # noqa: S603 - ours
    if ran.returncode:
        last = ran.stderr.strip().splitlines()[-1:]
        raise BadInputError(f"A page could not be opened: {last[0] if last else 'it ended'}")
    answer = loads(ran.stdout)
    lines = [
        f"{name:<28} {' s, then '.join(f'{seconds:.2f}' for seconds in taken)} s"
        for name, taken in answer["cpu_seconds"].items()
    ]
    show.answer(answer, "\n".join(lines), json=json)
