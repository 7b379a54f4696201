"""likeness revoke."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from consent.cli import show
from consent.cli.field_options import (
    By,
    Evidence,
    Face,
    HowItCame,
    Minor,
    Name,
    Received,
    put_all,
    with_field_options,
)
from consent.cli.options import AsJson, AsStaff, actor, day, given, open_services, refuse_unused
from consent.cli.stopping import INTERRUPTED
from consent.domain.actors import Role
from consent.domain.errors import BadInputError
from consent.domain.fields import Door, fields_at, what_is
from consent.domain.intake import Reference
from consent.domain.terms import Method, NewRevocation, Submission
from consent.domain.wording import counted
from consent.services import Services

if TYPE_CHECKING:
    from consent.cases.csv_import import ImportReport
    from consent.cases.open import RecordedRevocation

BAD_ROWS = 1
_WITH_CSV = ("from_csv", "confirm", "by", "staff", "json")


def add_to(app: typer.Typer) -> None:
    """Add the command, with the CSV columns in its help."""
    columns = ", ".join(field.name for field in fields_at(Door.CSV))
    app.command(help=(revoke.__doc__ or "").replace("COLUMNS", columns))(revoke)


@with_field_options(Door.REVOKE)
def revoke(
    context: typer.Context,
    *,
    name: Name = "",
    received: Received = "",
    method: HowItCame = Method.OTHER_WRITING,
    evidence: Evidence = None,
    photo: Annotated[
        list[str] | None,
        typer.Option(
            metavar="REF",
            help="Photo of the person: a path, or the SHA-256 of an indexed photo. You may "
            "repeat this option.",
            show_default=False,
        ),
    ] = None,
    face: Face = None,
    scope: Annotated[
        str,
        typer.Option(help="all, online, print, press, or channels separated by commas."),
    ] = "all",
    minor: Minor = False,
    guardian: Annotated[str, typer.Option(help=what_is("guardian"))] = "",
    by: By = "",
    note: Annotated[str, typer.Option(help=what_is("note"))] = "",
    confirm: Annotated[
        bool, typer.Option("--confirm", help="Record it even if it seems to be in the register.")
    ] = False,
    add_to_hold: Annotated[
        str,
        typer.Option(
            "--add-to", metavar="R-0007", help="Add the letter to this hold. Make no new case."
        ),
    ] = "",
    letter_of: Annotated[
        str,
        typer.Option(
            "--letter-of",
            metavar="R-0001",
            help="Record another person on the letter of this case.",
        ),
    ] = "",
    same_person_as: Annotated[
        str,
        typer.Option("--same-person-as", metavar="R-0003", help="Another case of the same person."),
    ] = "",
    from_csv: Annotated[
        Path | None,
        typer.Option("--from-csv", help="Record every row of a CSV file.", show_default=False),
    ] = None,
    staff: AsStaff = "",
    json: AsJson = False,
    **said: object,
) -> None:
    """Record a written revocation, or many from a CSV file.

    CSV columns: COLUMNS.

    A saved face measurement needs a separate agreement. If the person gave it, use --keep-face.

    Example: likeness revoke --name "A. Reader" --received 2026-06-01 --method letter
    --evidence letter.pdf --photo portrait.jpg --keep-face
    """
    from consent.cases.change import add_letter
    from consent.cases.correspondence import letter_of as letter_of_case
    from consent.cases.csv_import import import_revocations, read_evidence
    from consent.cases.intake import QuestionKind, scope_from_text
    from consent.cases.open import record_revocation
    from consent.takedowns.open_due import noting_opened

    who = actor(staff, Role.DESK)
    answered = frozenset(QuestionKind) if confirm else frozenset()
    if from_csv is not None:
        typed = given(context)
        why = "with --from-csv, this is in each row."
        refuse_unused(typed, typed.keys() - _WITH_CSV, why)
        with show.progress("Recording") as tell:
            report = import_revocations(
                open_services(), from_csv, who, tell, confirmed=answered, received_by=by
            )
        _imported(report, json=json)
        return
    if letter_of:
        why = "with --letter-of, this comes from that letter."
        refuse_unused(given(context), ("received", "method", "evidence", "scope", "by"), why)
    if not name.strip() or not (received.strip() or letter_of):
        raise BadInputError(
            "Give --name with the person's name and --received with a day, or --from-csv with a "
            "file."
        )
    services = open_services()
    references = references_named(services, photo or [], face or [])
    if letter_of:
        first = letter_of_case(services, letter_of, who)
        new = replace(
            first,
            name=name,
            references=references,
            minor=minor or first.minor,
            guardian=guardian or first.guardian,
            note=note or first.note,
        )
        answered |= {QuestionKind.SAME_WRITING}
    else:
        pages = [read_evidence(path) for path in evidence or []]
        new = NewRevocation(
            name,
            Submission(day(received, "--received"), method, pages, by=by),
            scope=scope_from_text(services, scope),
            references=references,
            minor=minor,
            guardian=guardian,
            note=note,
        )
    if add_to_hold and same_person_as:
        raise BadInputError("--add-to is always the same person: leave out --same-person-as.")
    full = put_all(new, said)
    if add_to_hold:
        with noting_opened(services, who) as opened:
            added = add_letter(services, add_to_hold, full, who, confirmed=answered)
        recorded = replace(added, takedowns=tuple(opened))
    else:
        recorded = record_revocation(
            services, full, who, confirmed=answered, same_person_as=same_person_as
        )
    label = recorded.revocation.label
    if json:
        show.as_json(
            {
                "revocation": label,
                "templates": recorded.templates,
                "enrolment": recorded.enrolment.to_dict(),
                "remarks": list(recorded.remarks),
                "takedowns": [takedown.label for takedown in recorded.takedowns],
            },
        )
        return
    for remark in recorded.remarks:
        show.line(remark)
    _say_photos(label, recorded)
    show.opened(recorded.takedowns)
    show.line(f"To find the person in your photos: likeness sweep {label}")


def _say_photos(label: str, recorded: RecordedRevocation) -> None:
    pictures = counted(recorded.references, "photo of the person", "photos of the person")
    with_them = f"with {pictures}" if recorded.references else "without a photo of the person"
    show.line(f"Recorded as {label}, {with_them}.")
    for sentence in recorded.advice:
        show.line(sentence)
    if not recorded.references:
        show.line(f"To add photos: likeness amend {label} --photo FILE")


def references_named(services: Services, photos: list[str], faces: list[int]) -> list[Reference]:
    """Read the photos of --photo, each with its --face.

    Raises:
        BadInputError: not one face for each photo, or none at all.
        NotFoundError: there is no such photo.
    """
    from consent.cases.references import read_reference

    if faces and len(faces) != len(photos):
        raise BadInputError("Give one --face for each --photo, or none.")
    chosen: list[int | None] = [*faces] if faces else [None] * len(photos)
    return [
        read_reference(services, photo, face) for photo, face in zip(photos, chosen, strict=True)
    ]


def _imported(report: ImportReport, *, json: bool) -> None:
    if json:
        show.as_json(
            {
                "recorded": [
                    {"line": line, "revocation": label} for line, label in report.recorded
                ],
                "bad": [{"line": row.line, "reason": row.reason} for row in report.bad],
                "remarks": [{"line": line, "remark": text} for line, text in report.remarks],
                "takedowns": [takedown.label for takedown in report.takedowns],
                "stopped_at": report.stopped_at,
                "hidden": report.hidden,
            },
        )
    else:
        if report.hidden:
            show.line(report.hidden)
        for line, label in report.recorded:
            show.line(f"Line {line}: {label}.")
        for line, text in report.remarks:
            show.line(f"Line {line}, recorded. Look at it again: {text}")
        for row in report.bad:
            show.line(f"Line {row.line}: not recorded. {row.reason}")
        show.opened(report.takedowns)
        done, bad = counted(len(report.recorded), "row"), counted(len(report.bad), "row")
        show.line(f"{done} recorded, {bad} not.")
    if report.stopped_at is not None:
        show.error_line(
            f"Stopped at line {report.stopped_at}; rows recorded: {len(report.recorded)}. See with "
            f"likeness register list whether line {report.stopped_at} was recorded too, and leave "
            "out what was when you go on."
        )
        raise typer.Exit(INTERRUPTED)
    if report.bad:
        raise typer.Exit(BAD_ROWS)
