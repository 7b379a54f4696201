"""likeness cover."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from consent.cli import show
from consent.cli.check import exit_code
from consent.cli.options import AsJson, AsStaff, PhotoNamed, actor, box_from, open_services
from consent.domain.actors import Role
from consent.domain.errors import BadInputError
from media_index.types import Fill


def add_to(app: typer.Typer) -> None:
    """Add the command."""
    app.command()(cover)


def cover(
    photo: PhotoNamed,
    *,
    out: Annotated[Path, typer.Option("--out", help="The copy: a new file, .jpg, .png or .webp.")],
    use: Annotated[
        str,
        typer.Option(
            "--use", metavar="CHANNEL[:PUBLICATION]", help="What the copy will be used for."
        ),
    ],
    face: Annotated[
        list[int] | None,
        typer.Option(
            "--face",
            min=1,
            help="Number of a face in likeness check, from 1. Its head is covered. You may "
            "repeat this option.",
        ),
    ] = None,
    box: Annotated[
        list[str] | None,
        typer.Option(
            "--box", help="Another area to cover: x1,y1,x2,y2 px. You may repeat this option."
        ),
    ] = None,
    fill: Annotated[
        Fill,
        typer.Option("--fill", help="solid, mosaic or blur. Others can undo mosaic and blur."),
    ] = Fill.SOLID,
    staff: AsStaff = "",
    json: AsJson = False,
) -> None:
    """Cover people in a copy of a photo. The photo does not change.

    The program checks the copy like any photo, and gives it to you only if it no longer finds those
    people in it. It records who made the copy, and from which photo. A part of the copy, or the
    copy saved again, is a different file. If someone confirmed the people in the photo, that file
    counts as showing them until someone says otherwise. If not, it is checked like any photo.

    Exit code: for the copy, the same as for likeness check.

    Example: likeness cover photo.jpg --face 2 --face 5 --use instagram --out covered.jpg
    """
    from consent.cases.references import photo_named
    from consent.domain.wording import sentences
    from consent.exporting.cover import cover_people
    from media_index.images.clean import format_of

    boxes = [drawn for text in box or [] if (drawn := box_from(text)) is not None]
    if not face and not boxes:
        raise BadInputError(
            "Say who to cover: a face with --face N, or a --box. You may repeat both."
        )
    form = format_of(out.name)
    if form is None:
        raise BadInputError(f"{out}: give the copy a name that ends in .jpg, .png or .webp.")
    if out.exists():
        raise BadInputError(f"{out} already exists: name a new file.")
    services, who = open_services(), actor(staff, Role.COMMUNICATIONS)
    made = cover_people(
        services,
        photo_named(services, photo),
        [*(number - 1 for number in face or []), *boxes],
        services.policy.use(use),
        who,
        fill=fill,
        form=form,
        path=photo if Path(photo).is_file() else "",
    )
    with out.open("xb") as file:
        file.write(made.content)
    decision = made.clearance.decision
    if json:
        show.as_json(
            {
                "file": str(out),
                "sha256": made.sha256,
                "photo": made.photo_sha256,
                "boxes": made.boxes,
                "fill": made.fill,
                "hidden": list(made.hidden),
                "verdict": decision.verdict,
                "label": decision.words,
                "sentences": sentences(decision.reasons),
                "caution": made.caution or None,
            }
        )
    else:
        show.line(f"Covered: {out}. {decision.words} for {made.clearance.use.label}.")
        for said in (*sentences(decision.reasons), *filter(None, [made.caution])):
            show.line(f"    {said}")
    raise typer.Exit(exit_code({decision.verdict}, nobody=decision.compared_with_nothing))
