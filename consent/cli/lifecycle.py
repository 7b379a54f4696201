"""likeness hold, amend, rescind, merge, unmerge."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Annotated

import typer

from consent.cli import show
from consent.cli.field_options import (
    Branch,
    By,
    Evidence,
    Face,
    HowItCame,
    Minor,
    Name,
    OriginalAt,
    Received,
    put_all,
    with_field_options,
)
from consent.cli.options import (
    AsJson,
    AsStaff,
    actor,
    day,
    given,
    open_services,
    refuse_unused,
    second_person,
)
from consent.cli.revoke import references_named
from consent.domain.actors import Role
from consent.domain.cases import Revocation
from consent.domain.errors import BadInputError
from consent.domain.fields import Door, what_is
from consent.domain.intake import Pictured
from consent.domain.takedowns import Takedown
from consent.domain.terms import (
    Amendment,
    Method,
    NewRevocation,
    Objection,
    Relationship,
    Rescission,
    Submission,
)
from consent.services import Services

Label = Annotated[str, typer.Argument(help="Such as R-0001.", show_default=False)]
Photo = Annotated[
    list[str] | None,
    typer.Option(
        metavar="REF", help="Photo of the person. You may repeat this option.", show_default=False
    ),
]
Reason = Annotated[str, typer.Option(help="Why, in a few words.")]
# What says that a writing came, and how; and what is said of an oral request too.
_OF_WRITING = ("received", "method", "evidence", "original_at")
_OF_EITHER = ("by", "branch")
_OF_PHOTOS = ("photo", "face", "keep_face", "keep_face_until")
_FOR_WRITING = ("writing_for", *_OF_WRITING, *_OF_EITHER, *_OF_PHOTOS, "confirm", "staff", "json")


def add_to(app: typer.Typer) -> None:
    """Add the commands."""
    app.command()(hold)
    app.command()(amend)
    app.command()(rescind)
    app.command("agree")(agree_to_rescission)
    app.command("object")(object_to)
    app.command()(settle)
    app.command()(merge)
    app.command()(unmerge)


@with_field_options(Door.HOLD)
def hold(
    context: typer.Context,
    *,
    name: Name = "",
    requested: Annotated[str, typer.Option(help="Day of the spoken request.")] = "",
    photo: Photo = None,
    face: Face = None,
    scope: Annotated[str, typer.Option(help="As in likeness revoke.")] = "all",
    minor: Minor = False,
    guardian: Annotated[str, typer.Option(help="Who asked for a minor.")] = "",
    note: Annotated[str, typer.Option(help="What was said.")] = "",
    writing_for: Annotated[
        str,
        typer.Option(
            "--writing-for", metavar="R-0001", help="The hold that this written request belongs to."
        ),
    ] = "",
    received: Received = "",
    method: HowItCame = Method.OTHER_WRITING,
    evidence: Evidence = None,
    original_at: OriginalAt = "",
    by: By = "",
    branch: Branch = "",
    confirm: Annotated[
        bool, typer.Option("--confirm", help="Record it: skip the questions.")
    ] = False,
    staff: AsStaff = "",
    json: AsJson = False,
    **said: object,
) -> None:
    """Record a spoken request as a hold, or the letter that turns a hold into a revocation.

    A saved face measurement needs a separate agreement. If the person gave it, use --keep-face.

    Example: likeness hold --name "A. Reader" --requested 2026-06-01 --photo portrait.jpg

    Example: likeness hold --writing-for R-0007 --received 2026-06-08 --evidence letter.pdf
    """
    from consent.cases.change import place_hold, record_writing
    from consent.cases.intake import QuestionKind, scope_from_text
    from consent.takedowns.open_due import noting_opened

    typed = given(context)
    if "writing_for" in typed:
        why = "a hold that becomes a revocation keeps what it says; change it with likeness amend."
        refuse_unused(typed, typed.keys() - _FOR_WRITING, why)
    else:
        why = (
            "a spoken request has no signed request; use --writing-for with the hold whose "
            "request came."
        )
        refuse_unused(typed, _OF_WRITING, why)
    services, who = open_services(), actor(staff, Role.DESK)
    answered = frozenset(QuestionKind) if confirm else frozenset()
    if "writing_for" in typed:
        came = _letter(received, method, evidence, original_at, by, branch)
        until = str(said["keep_face_until"] or "")
        pictured = _pictured(services, photo, face, until, keep_face=said["keep_face"] is True)
        with noting_opened(services, who) as opened:
            case = record_writing(services, writing_for, came, who, pictured, confirmed=answered)
        _say(case, opened, json=json)
        return
    asked = Submission(day(requested, "--requested"), Method.ORAL, by=by, branch=branch)
    new = NewRevocation(
        name,
        asked,
        scope=scope_from_text(services, scope),
        references=references_named(services, photo or [], face or []),
        minor=minor,
        guardian=guardian,
        note=note,
    )
    recorded = place_hold(services, put_all(new, said), who, confirmed=answered)
    _say(recorded.revocation, json=json)


def amend(
    context: typer.Context,
    revocation: Label,
    *,
    reason: Annotated[
        str, typer.Option(help="Why, in a few words. Not needed for a written request.")
    ] = "",
    scope: Annotated[str, typer.Option(help="New scope, as in likeness revoke.")] = "",
    contact: Annotated[
        str | None, typer.Option(help="New contact of the requester.", show_default=False)
    ] = None,
    until: Annotated[str, typer.Option(help="Last day, if temporary.")] = "",
    lasting: Annotated[bool, typer.Option("--lasting", help="Remove the last day.")] = False,
    safety: Annotated[
        bool | None, typer.Option(help="A safety concern, or none.", show_default=False)
    ] = None,
    photo: Photo = None,
    face: Face = None,
    keep_face: Annotated[
        bool,
        typer.Option(
            "--keep-face", help="They agree to a saved face measurement from these photos."
        ),
    ] = False,
    keep_face_until: Annotated[str, typer.Option(help=what_is("keep_face_until"))] = "",
    effective: Annotated[
        str, typer.Option(help="First day of the change. The default is today.")
    ] = "",
    received: Received = "",
    method: HowItCame = Method.OTHER_WRITING,
    evidence: Evidence = None,
    original_at: OriginalAt = "",
    by: By = "",
    branch: Branch = "",
    confirm: Annotated[
        bool, typer.Option("--confirm", help="The photos are right: skip the questions.")
    ] = False,
    staff: AsStaff = "",
    json: AsJson = False,
) -> None:
    """Change what a case covers. To change the scope or the last day, you need a written request.

    Example: likeness amend R-0001 --scope print --received 2026-07-01 --evidence letter.pdf
    """
    from consent.cases.change import amend as amend_case
    from consent.cases.intake import QuestionKind, scope_from_text
    from consent.takedowns.open_due import noting_opened

    typed = given(context)
    written = "received" in typed
    if not written:
        why = "use --received with the signed request: the day it came."
        refuse_unused(typed, (*_OF_WRITING, *_OF_EITHER), why)
    if "until" in typed and lasting:
        raise BadInputError(
            "--until and --lasting contradict each other: give a last day, or none."
        )
    services = open_services()
    letter = _letter(received, method, evidence, original_at, by, branch) if written else None
    pictured = _pictured(services, photo, face, keep_face_until, keep_face=keep_face)
    change = Amendment(
        reason,
        letter,
        effective_on=day(effective, "--effective") if effective else None,
        scope=scope_from_text(services, scope) if scope else None,
        contact=contact,
        until=day(until, "--until") if until else None,
        lasting=lasting,
        safety=safety,
        references=pictured.references,
        keep_face=pictured.keep_face,
        keep_face_until=pictured.keep_face_until,
    )
    who = actor(staff, Role.DESK)
    with noting_opened(services, who) as opened:
        answered = frozenset(QuestionKind) if confirm else frozenset()
        case = amend_case(services, revocation, change, who, confirmed=answered)
    _say(case, opened, json=json)


def rescind(
    revocation: Label,
    *,
    received: Received,
    signed_by: Annotated[str, typer.Option("--signed-by", help="Who signed.")],
    relationship: Annotated[
        Relationship, typer.Option(help="Relationship of the signer to the person in the photos.")
    ] = Relationship.SELF,
    authority: Annotated[
        str, typer.Option(help="How you checked that another person may sign.")
    ] = "",
    method: HowItCame = Method.OTHER_WRITING,
    evidence: Evidence = None,
    original_at: OriginalAt = "",
    by: By = "",
    branch: Branch = "",
    staff: AsStaff = "",
    json: AsJson = False,
) -> None:
    """Withdraw a revocation, in writing, by the same person or guardian.

    Example: likeness rescind R-0001 --received 2026-08-01 --signed-by "A. Reader"
    --evidence letter.pdf
    """
    from consent.cases.change import rescind as rescind_case

    taken_back = Rescission(
        _letter(received, method, evidence, original_at, by, branch),
        by_name=signed_by,
        relationship=relationship,
        authority_note=authority,
    )
    services, who = open_services(), actor(staff, Role.DESK)
    _say(rescind_case(services, revocation, taken_back, who), json=json)


def agree_to_rescission(revocation: Label, *, staff: AsStaff = "", json: AsJson = False) -> None:
    """Agree, as the second person, that a revocation is withdrawn with another person's signature.

    The second person first signs in with likeness login, and agrees within five minutes.

    Example: likeness agree R-0001
    """
    from consent.cases.change import second_rescission

    services, who = open_services(), second_person(staff, Role.DESK)
    _say(second_rescission(services, revocation, who), json=json)


def object_to(
    revocation: Label,
    *,
    received: Received,
    signed_by: Annotated[str, typer.Option("--signed-by", help="Person who objects.")],
    relationship: Annotated[
        Relationship,
        typer.Option(help="Relationship of the person who objects to the person in the photos."),
    ] = Relationship.PARENT,
    note: Annotated[str, typer.Option(help="How you checked who they are.")] = "",
    method: HowItCame = Method.OTHER_WRITING,
    evidence: Evidence = None,
    original_at: OriginalAt = "",
    by: By = "",
    branch: Branch = "",
    staff: AsStaff = "",
    json: AsJson = False,
) -> None:
    """File an objection to a revocation. It stays in effect until a director decides.

    Example: likeness object R-0001 --received 2026-06-08 --signed-by "B. Reader" --evidence
    letter.pdf
    """
    from consent.cases.dispute import object_to as file_objection

    letter = _letter(received, method, evidence, original_at, by, branch)
    objection = Objection(letter, signed_by, relationship, note)
    case = file_objection(open_services(), revocation, objection, actor(staff, Role.DESK))
    if json:
        _say(case, json=True)
    else:
        show.line(f"The objection is filed. {case.label} holds until a director decides.")


def settle(
    revocation: Label,
    *,
    stands: Annotated[
        bool | None, typer.Option("--stands/--ends", help="What is decided.", show_default=False)
    ] = None,
    reason: Reason,
    staff: AsStaff = "",
    json: AsJson = False,
) -> None:
    """Decide an objection to a revocation, as a director.

    Example: likeness settle R-0001 --stands --reason "Both have custody" --as "D. Rossi:director"
    """
    from consent.cases.dispute import settle as decide_objection

    if stands is None:
        raise BadInputError("Say what is decided: --stands or --ends.")
    who = actor(staff, Role.DESK)
    _say(decide_objection(open_services(), revocation, reason, who, stands=stands), json=json)


def merge(
    revocation: Label,
    into: Annotated[str, typer.Argument(help="A case of the same person.", show_default=False)],
    *,
    reason: Reason,
    staff: AsStaff = "",
    json: AsJson = False,
) -> None:
    """Record that two cases are about the same person.

    Example: likeness merge R-0008 R-0001 --reason "Same letterhead, same child"
    """
    from consent.cases.people import merge_people

    who = actor(staff, Role.DESK)
    merge_people(open_services(), revocation, into, reason, who)
    show.answer(
        {"revocation": revocation, "same_person_as": into},
        f"{revocation} and {into} are shown as one person's.",
        json=json,
    )


def unmerge(
    revocation: Label, *, reason: Reason, staff: AsStaff = "", json: AsJson = False
) -> None:
    """Undo a merge.

    Example: likeness unmerge R-0008 --reason "Two brothers"
    """
    from consent.cases.people import unmerge_person

    unmerge_person(open_services(), revocation, reason, actor(staff, Role.DESK))
    show.answer(
        {"revocation": revocation, "same_person_as": None},
        f"{revocation} is a separate person again.",
        json=json,
    )


def _pictured(
    services: Services,
    photos: list[str] | None,
    faces: list[int] | None,
    until: str,
    *,
    keep_face: bool,
) -> Pictured:
    """Read the photos that came for a case, and whether a face may be kept of them.

    Raises:
        BadInputError: an agreement without a photo, or as `references_named` does.
    """
    if not photos and (keep_face or until):
        raise BadInputError("--keep-face is about photos of the person: give them with --photo.")
    references = references_named(services, photos or [], faces or [])
    last = day(until, "--keep-face-until") if until else None
    return Pictured(references, keep_face, last)


def _letter(
    received: str,
    method: Method,
    evidence: list[Path] | None,
    original_at: str,
    by: str,
    branch: str,
) -> Submission:
    from consent.cases.csv_import import read_evidence

    pages = [read_evidence(path) for path in evidence or []]
    return Submission(day(received, "--received"), method, pages, original_at, by, branch)


def _say(case: Revocation, opened: Sequence[Takedown] | None = None, *, json: bool) -> None:

    state = case.state(open_services().today())
    if json:
        document: dict[str, object] = {"revocation": case.label, "state": state.value}
        if opened is not None:
            document["takedowns"] = [takedown.label for takedown in opened]
        show.as_json(document)
    else:
        show.line(f"{case.label} is {state.value}.")
        if case.awaits_second is not None:
            show.line(
                "The signer is not the person who revoked: it stays in effect until a second "
                f"person agrees with likeness agree {case.label}."
            )
        show.opened(opened or ())
