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
        typer.Option("--use", metavar="CHANNEL[:PUBLICATION]", help="What the copy is wanted for."),
    ],
    face: Annotated[
        list[int] | None,
        typer.Option(
            "--face",
            min=1,
            help="Number of a face as likeness check says it, from 1; its head is covered. May be "
            "repeated.",
        ),
    ] = None,
    box: Annotated[
        list[str] | None,
        typer.Option("--box", help="What to cover, too: x1,y1,x2,y2 px. May be repeated."),
    ] = None,
    fill: Annotated[
        Fill,
        typer.Option("--fill", help="solid; mosaic and blur can be undone by others."),
    ] = Fill.SOLID,
    staff: AsStaff = "",
    json: AsJson = False,
) -> None:
    """Cover people in a copy of a photo; the photo stays as it is.

    The copy is checked as any photo is, and handed over only if those people are no longer seen in
    it. It is recorded of which photo it was made, by whom. A part of the copy, or the copy saved
    again, is another photo: where a person confirmed them in the photo, it counts as showing them
    until a person says otherwise; else it is checked like any photo.

    Exit code: of the copy, as of likeness check.

    Example: likeness cover photo.jpg --face 2 --face 5 --use instagram --out covered.jpg
    """
    from consent.cases.references import photo_named
    from consent.domain.wording import sentences
    from consent.exporting.cover import cover_people
    from media_index.images.clean import format_of

    boxes = [drawn for text in box or [] if (drawn := box_from(text)) is not None]
    if not face and not boxes:
        raise BadInputError(
            "Say whom to cover: a face with --face N, or a --box; several if need be."
        )
    form = format_of(out.name)
    if form is None:
        raise BadInputError(f"{out}: give the copy a name that ends in .jpg, .png or .webp.")
    if out.exists():
        raise BadInputError(f"{out} is there already: name a new file.")
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
