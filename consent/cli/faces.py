"""likeness faces."""

from __future__ import annotations

from typing import Annotated

import typer

from consent.cli import show
from consent.cli.options import AsJson, AsStaff, actor, open_services
from consent.domain.actors import Role

NOT_INDEXED = 3


def add_to(app: typer.Typer) -> None:
    """Add the commands."""
    faces = typer.Typer(
        help="Whether faces are compared, and what is kept about them.", no_args_is_help=True
    )
    faces.command("show")(faces_show)
    faces.command("set")(faces_set)
    app.add_typer(faces, name="faces")


def faces_show(*, staff: AsStaff = "", json: AsJson = False) -> None:
    """Show what the program does with faces, how much each choice misses, and who chose.

    Example: likeness faces show
    """
    from consent.domain.faces import MISSED, RESOLUTION, Faces
    from consent.retention.faces import faces_chosen

    mode, changes = faces_chosen(open_services(), actor(staff, Role.DIRECTOR))
    if json:
        show.as_json(
            {
                "faces": mode.value,
                "choices": {choice.value: MISSED[choice] for choice in Faces},
                "resolution": RESOLUTION,
                "changes": [
                    {
                        "faces": change.mode.value,
                        "reason": change.reason,
                        "at": change.at.isoformat(),
                        "by": change.actor.id,
                    }
                    for change in changes
                ],
            }
        )
        return
    for choice in Faces:
        show.line(
            f"{'* ' if choice is mode else '  '}{choice.value}: {choice.words}. {MISSED[choice]}"
        )
    show.line(f"Read before you choose, the American Library Association's of 2021: {RESOLUTION}")
    for change in changes:
        show.line(f"{change.at:%Y-%m-%d}: {change.mode.value}, {change.actor.id}: {change.reason}")


def faces_set(
    mode: Annotated[
        str, typer.Argument(metavar="MODE", help="index, register or off.", show_default=False)
    ],
    *,
    reason: Annotated[str, typer.Option(help="Why, in a few words, for the log.")] = "",
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Only show what would be erased.")
    ] = False,
    later: Annotated[
        bool,
        typer.Option(
            "--later", help="With index: do not index again now. Run likeness renew later."
        ),
    ] = False,
    staff: AsStaff = "",
    json: AsJson = False,
) -> None:
    """Choose what the program does with faces. What it should no longer keep is erased at once.

    index keeps a measurement of every face in photos, without names. register keeps only those of
    people in the register. off keeps none and compares no faces. If it is stopped halfway, run it
    again.

    Exit code: 0 done, 2 wrong usage, 3 a photo could not be indexed again.

    Example: likeness faces set register --reason "Decided by the board on May 7"
    """
    from consent.domain.errors import BadInputError
    from consent.domain.faces import Faces
    from consent.retention.faces import choose_faces

    if mode not in {choice.value for choice in Faces}:
        raise BadInputError(f"There is no {mode}: choose index, register or off.")
    services, who = open_services(), actor(staff, Role.DIRECTOR)
    with show.progress("Indexing again") as tell:
        chosen = choose_faces(
            services,
            Faces(mode),
            reason,
            who,
            dry_run=dry_run,
            read_again=not later,
            progress=tell,
        )
    renewed = chosen.renewed
    answer = {
        "faces": chosen.now.value,
        "before": chosen.before.value,
        "erased": dict(chosen.erased),
        "indexed_again": None if renewed is None else renewed.renewed,
        "dry_run": dry_run,
    }
    text = "\n".join(chosen.would_erase() if dry_run else chosen.sentences())
    show.answer(answer, text, json=json)
    if renewed is not None and (renewed.left or renewed.problems):
        raise typer.Exit(NOT_INDEXED)
