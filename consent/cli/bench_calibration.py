"""likeness bench calibration: the calibration of another encoder."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from consent.cli import show
from consent.cli.options import AsJson, Jobs
from consent.domain.errors import BadInputError

People = Annotated[
    Path, typer.Argument(help="A folder per person, photos in each.", show_default=False)
]
Cache = Annotated[
    Path | None,
    typer.Option(
        "--cache",
        help="Keep the encodings in this .npz file, for the next time. They are of faces: "
        "delete it afterwards.",
        show_default=False,
    ),
]
Encoder = Annotated[
    Path | None,
    typer.Option(
        "--encoder",
        help="File of an ONNX model of aligned faces, 112 x 112 px. Check its license.",
        show_default=False,
    ),
]


def add_to(bench: typer.Typer) -> None:
    """Add the command."""
    bench.command()(calibration)


def calibration(
    folder: People,
    *,
    encoder: Encoder = None,
    out: Annotated[
        Path | None,
        typer.Option("--out", help="File to write. Give it a new name.", show_default=False),
    ] = None,
    fused: Annotated[
        bool,
        typer.Option("--fused/--alone", help="Use it with the two shipped encoders, or alone."),
    ] = False,
    weight: Annotated[
        float,
        typer.Option(
            min=0.1, max=100.0, help="With --fused: its weight. The other two have 1 and 2."
        ),
    ] = 4.0,
    about: Annotated[
        str, typer.Option(help="What the photos are, for the person who reads the figures.")
    ] = "",
    cache: Cache = None,
    jobs: Jobs = 0,
    json: AsJson = False,
) -> None:
    """Measure how many strangers match at each score of another encoder, and save it.

    Then name the file in LIKENESS_ENCODER_CALIBRATION. You need photos of about 450 people or more.
    `likeness bench faces --encoder` shows which of --alone and --fused misses fewer.

    Example: likeness bench calibration photos/people --encoder auraface.onnx --out auraface.json
    """
    from consent.settings import Settings
    from media_index.bench.encoded import encode_people, name_of
    from media_index.bench.fitting import SHIPPED_WEIGHTS, fit
    from media_index.faces.onnx_encoder import LICENCES, model_file

    if encoder is None or out is None:
        raise BadInputError("Name the model with --encoder, and the file to write with --out.")
    if out.resolve() == encoder.resolve():
        raise BadInputError(f"{out} is the model itself: give the calibration another name.")
    model = model_file(encoder).model_id
    with show.progress("Encoding faces") as tell:
        people = encode_people(folder, Settings().weights, cache, jobs or None, tell, encoder)
    weights = {**SHIPPED_WEIGHTS, model: weight} if fused else {model: 1.0}
    name = name_of(model).removeprefix("onnx:") + ("-fused" if fused else "")
    found = fit(people, about.strip() or folder.name, weights, name)
    show.write_file(out, (found.as_json() + "\n").encode())
    text = (
        f"{out}: {found.provenance}\n"
        f"Next step: set LIKENESS_ENCODER={encoder} and LIKENESS_ENCODER_CALIBRATION={out}, then "
        f"run likeness renew --encoder.\n{LICENCES}"
    )
    answer = {
        "file": str(out),
        "calibration": found.id,
        "models": list(found.scales),
        "provenance": found.provenance,
        "left_out": [{"path": path, "reason": reason} for path, reason in people.left_out],
    }
    show.answer(answer, text, json=json)
