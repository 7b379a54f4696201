"""likeness correct."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import Annotated, Any

import typer

from consent.cli import show
from consent.cli.field_options import with_field_options
from consent.cli.options import AsJson, AsStaff, actor, day, given, open_services, refuse_unused
from consent.domain.actors import Role
from consent.domain.errors import BadInputError
from consent.domain.fields import Door, fields_at
from consent.domain.terms import Correction


def add_to(app: typer.Typer) -> None:
    """Add the command."""
    app.command()(correct)


@with_field_options(Door.CORRECTION)
def correct(
    context: typer.Context,
    revocation: Annotated[str, typer.Argument(help="Such as R-0001.", show_default=False)],
    *,
    reason: Annotated[str, typer.Option(help="What happened, in a few words.")],
    evidence: Annotated[
        list[Path] | None,
        typer.Option(
            help="A page that was forgotten. You may repeat this option.", show_default=False
        ),
    ] = None,
    wrong_face: Annotated[
        str,
        typer.Option(
            "--wrong-face",
            metavar="REF",
            help="Photo of the person in which the wrong face was picked: path or SHA-256.",
        ),
    ] = "",
    face: Annotated[
        int | None,
        typer.Option(
            help="The right face, counted from 0 from the left. Without it, the photo has no "
            "face of the person.",
            show_default=False,
        ),
    ] = None,
    mistake: Annotated[
        bool, typer.Option("--mistake", help="The whole case was entered by mistake.")
    ] = False,
    confirm: Annotated[
        bool, typer.Option("--confirm", help="It is right: skip the questions.")
    ] = False,
    staff: AsStaff = "",
    json: AsJson = False,
    **said: object,
) -> None:
    """Correct what was entered differently from the letter. The history keeps both.

    To change what is covered, or until when, use likeness amend.

    Example: likeness correct R-0001 --branch Downtown --reason "Picked the wrong branch"

    Example: likeness correct R-0001 --wrong-face portrait.jpg --face 1 --reason "Her brother"

    Example: likeness correct R-0002 --mistake --reason "Entered twice, see R-0001"
    """
    from consent.cases.correct import correct as put_right
    from consent.cases.correct import correct_face_in, enter_mistake
    from consent.cases.csv_import import read_evidence
    from consent.cases.intake import QuestionKind

    typed = given(context)
    rest = typed.keys() - {"revocation", "reason", "staff", "json"}
    services, who = open_services(), actor(staff, Role.DESK)
    answered = frozenset(QuestionKind) if confirm else frozenset()
    if mistake:
        why = "a case that was entered by mistake is not corrected besides."
        refuse_unused(typed, rest - {"mistake"}, why)
        case = enter_mistake(services, revocation, reason, who)
    elif wrong_face:
        why = "a face is corrected by itself; run the command again for the rest."
        refuse_unused(typed, rest - {"wrong_face", "face", "confirm"}, why)
        case = correct_face_in(
            services, revocation, wrong_face, face, who, reason, confirmed=answered
        )
    else:
        refuse_unused(typed, {"face"}, "say --wrong-face with the photo.")
        pages = [read_evidence(path) for path in evidence or []]
        slip = Correction(reason, _said(said, typed), pages)
        case = put_right(services, revocation, slip, who, confirmed=answered)
    state = case.state(services.today())
    show.answer(
        {"revocation": case.label, "state": state.value},
        f"{case.label} is corrected; it is {state.words.lower()}.",
        json=json,
    )


def _said(said: Mapping[str, object], typed: Mapping[str, str]) -> dict[str, Any]:
    """Return what was typed, by the field's name; an empty text empties the field."""
    found: dict[str, Any] = {}
    for field in fields_at(Door.CORRECTION):
        if field.name not in typed or field.name not in said:
            continue
        value = said[field.name]
        if field.kind is date:
            value = day(str(value), typed[field.name])
        elif field.kind is str and not isinstance(value, str):
            raise BadInputError(f"{typed[field.name]} is a text.")
        found[field.name] = value
    return found
