"""likeness consent: what people said when they were asked."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path
from typing import Annotated

import typer

from consent.cli import show
from consent.cli.options import AsJson, AsStaff, actor, day, open_services
from consent.domain.actors import Role
from consent.domain.decisions import VerbalConsent
from consent.domain.wording import counted
from media_index.types import Box

_PROBLEMS = 1


def add_to(app: typer.Typer) -> None:
    """Add the commands."""
    asked = typer.Typer(
        help="Verbal consents: who was asked, and what they said.", no_args_is_help=True
    )
    asked.command("add")(add)
    asked.command("list")(list_all)
    asked.command("import")(import_list)
    asked.command("take-back")(take_back)
    app.add_typer(asked, name="consent")


def add(
    photo: Annotated[
        str, typer.Argument(help="Path or SHA-256. Leave out for a whole event.")
    ] = "",
    *,
    yes: Annotated[bool | None, typer.Option("--yes/--no", help="What was answered.")] = None,
    uses: Annotated[str, typer.Option(help="Kinds or channels, such as print,facebook.")],
    faces: Annotated[
        str,
        typer.Option(
            help="Numbers of faces, row by row from the left, such as 1,3,4. The default is all."
        ),
    ] = "",
    event: Annotated[str, typer.Option(help="The whole room at this event was asked.")] = "",
    on: Annotated[
        str, typer.Option(help="The day, such as 2026-05-14. The default is today.")
    ] = "",
    asked_by: Annotated[str, typer.Option(help="Who asked. The default is you.")] = "",
    name: Annotated[
        str, typer.Option(help="Name of the person, if they gave it and there is only one.")
    ] = "",
    child: Annotated[bool, typer.Option("--child", help="The person is a child.")] = False,
    guardian: Annotated[str, typer.Option(help="Who answered for the child.")] = "",
    note: Annotated[str, typer.Option(help="How they were asked.")] = "",
    staff: AsStaff = "",
    json: AsJson = False,
) -> None:
    """Record what people in a photo, or a whole room, answered when asked.

    Example: likeness consent add photo.jpg --faces 1,3 --yes --uses print
    """
    from consent.cases.references import photo_named
    from consent.domain.errors import BadInputError
    from consent.printing.answers import Answer
    from consent.printing.answers_import import event_asked, face_numbers, read_uses
    from consent.printing.asking import photo_to_ask, record_in_photo

    if yes is None:
        raise BadInputError("Say what was answered: --yes or --no.")
    services, who = open_services(), actor(staff, Role.COMMUNICATIONS)
    sha256 = photo_named(services, photo) if photo else None
    boxes: tuple[Box, ...] = ()
    if sha256 is not None and faces.casefold() not in {"", "all"}:
        boxes = photo_to_ask(services, sha256, who).boxes(face_numbers(faces))
    kinds, channels = read_uses(services, uses)
    answer = Answer(
        given=yes,
        asked_on=day(on, "--on") if on else services.today(),
        kinds=kinds,
        channels=channels,
        photo_sha256=sha256,
        boxes=boxes,
        event_id=None if sha256 is not None else event_asked(services, event).id,
        asked_by=asked_by,
        name=name,
        minor=child,
        guardian=guardian,
        note=note,
    )
    recorded = record_in_photo(services, answer, who)
    if json:
        left_out = [person.number for person in recorded.left_out]
        plain = [_plain(consent) for consent in recorded.answers]
        show.as_json({"recorded": plain, "left_out": left_out})
        return
    show.line(f"{len(recorded.answers)} recorded: {'yes' if yes else 'no'}.")
    if recorded.remark:
        show.line(recorded.remark)
    if sha256 is not None:
        show.line(photo_to_ask(services, sha256, who).coverage.words)


def list_all(
    *,
    photo: Annotated[str, typer.Option(help="Only this photo: path or SHA-256.")] = "",
    event: Annotated[str, typer.Option(help="Only this event and its photos.")] = "",
    staff: AsStaff = "",
    json: AsJson = False,
) -> None:
    """List verbal consents and refusals, newest first.

    Example: likeness consent list --event "Author talk"
    """
    from consent.cases.references import photo_named
    from consent.indexing.events import event_named
    from consent.printing.answers import list_consents

    services, who = open_services(), actor(staff, Role.COMMUNICATIONS)
    found = list_consents(
        services,
        who,
        photo=photo_named(services, photo) if photo else None,
        event=event_named(services, event).id if event else None,
    )
    if json:
        show.as_json({"consents": [_plain(consent) for consent in found]})
        return
    for consent in found:
        about = "the whole room" if consent.photo_sha256 is None else consent.photo_sha256[:16]
        uses = ", ".join([*sorted(consent.kinds), *sorted(consent.channels)])
        answer = "yes" if consent.given else "no"
        front = f"{consent.id}  {consent.asked_on}  {answer:<3}  {about:<16}"
        show.line(f"{front}  {uses}, asked by {consent.asked_by}")
    show.line(f"{counted(len(found), 'answer')}.")


def take_back(
    answers: Annotated[
        list[str], typer.Argument(help="Ids in likeness consent list.", show_default=False)
    ],
    *,
    reason: Annotated[str, typer.Option(help="Why, such as: entered for the wrong face.")],
    staff: AsStaff = "",
    json: AsJson = False,
) -> None:
    """Undo answers entered by mistake. They stay on file but no longer count.

    Example: likeness consent take-back 3f2a9c --reason "The wrong face"
    """
    from consent.printing.answers import take_back_answers

    who = actor(staff, Role.COMMUNICATIONS)
    take_back_answers(open_services(), answers, reason, who)
    words = f"{counted(len(answers), 'answer')} undone."
    show.answer({"taken_back": answers}, words, json=json)


def import_list(
    file: Annotated[Path, typer.Argument(help="CSV: photo or event, faces, answer, uses, ...")],
    *,
    staff: AsStaff = "",
    json: AsJson = False,
) -> None:
    """Record answers from a list. The command names bad rows and records the others.

    Columns: photo, event, faces, answer, uses, asked_by, asked_on, name, child, guardian, note.

    Exit code: 0 done, 1 a row could not be recorded.

    Example: likeness consent import asked.csv
    """
    from consent.printing.answers_import import import_consents

    who = actor(staff, Role.COMMUNICATIONS)
    report = import_consents(open_services(), file, who)
    if json:
        show.as_json(
            {
                "recorded": len(report.recorded),
                "bad": [asdict(row) for row in report.bad],
                "hidden": report.hidden,
            }
            | ({"already": report.already} if report.already else {})
        )
    else:
        if report.hidden:
            show.line(report.hidden)
        for row in report.bad:
            show.line(f"Line {row.line}: {row.reason}")
        if report.already:
            rows = counted(report.already, "row is", "rows are")
            show.line(f"{rows} already imported from this list.")
        answers = counted(len(report.recorded), "answer")
        show.line(f"{answers} recorded, {counted(len(report.bad), 'row')} not.")
    raise typer.Exit(_PROBLEMS if report.bad else 0)


def _plain(consent: VerbalConsent) -> dict[str, object]:
    return {
        "consent": consent.id,
        "given": consent.given,
        "photo": consent.photo_sha256,
        "box": consent.box,
        "event": consent.event_id,
        "kinds": sorted(consent.kinds),
        "channels": sorted(consent.channels),
        "asked_by": consent.asked_by,
        "asked_on": consent.asked_on,
        "expires_on": consent.expires_on,
        "name": consent.name or None,
        "guardian": consent.guardian or None,
        "note": consent.note or None,
    }
