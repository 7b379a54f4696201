"""likeness review."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from consent.cli import show
from consent.cli.options import AsJson, AsStaff, PhotoNamed, actor, box_from, open_services
from consent.domain.actors import Role
from consent.domain.decisions import FaceKind
from consent.domain.review import Pair
from consent.domain.wording import counted

if TYPE_CHECKING:
    from consent.review.decide import FaceSeen


def add_to(app: typer.Typer) -> None:
    """Add the commands."""
    review = typer.Typer(help="What a person must look at.", no_args_is_help=True)
    review.command("list")(list_all)
    review.command("decide")(decide)
    review.command("references")(references)
    review.command("confirm-reference")(confirm)
    review.command("face")(face)
    app.add_typer(review, name="review")


def list_all(*, staff: AsStaff = "", json: AsJson = False) -> None:
    """List what nobody has decided yet, the most public photos first.

    Example: likeness review list --json
    """
    from consent.domain.wording import rarity
    from consent.review.bursts import burst_numbers
    from consent.review.queue import review_queue

    services, who = open_services(), actor(staff, Role.COMMUNICATIONS)
    pairs = review_queue(services, who).pairs
    if json:
        numbers = burst_numbers(services, pairs, who)
        plain = [_plain(pair, burst) for pair, burst in zip(pairs, numbers, strict=True)]
        show.as_json({"pairs": plain})
        return
    for pair in pairs:
        rate = pair.false_matches_per_million
        likeness = f": {rarity(rate)}" if rate else f" {pair.hint}" if pair.hint else ""
        said = pair.kind.replace("_", " ")
        show.line(f"{pair.photo_sha256[:16]}  {pair.label or '-':<8} {said}{likeness}")
    show.line(f"{len(pairs)} to decide.")


def decide(
    photo: PhotoNamed,
    *,
    revocation: Annotated[str, typer.Option(help="Such as R-0042.")],
    state: Annotated[str, typer.Option(help="confirmed, rejected or cannot_tell.")],
    box: Annotated[
        str, typer.Option(help="The face, x1,y1,x2,y2 px. Without it, the whole photo.")
    ] = "",
    wearing: Annotated[
        str, typer.Option(help="What they wear, to find them in other photos.")
    ] = "",
    staff: AsStaff = "",
    json: AsJson = False,
) -> None:
    """Decide whether a photo shows the person in a case; also for a box drawn by hand.

    Example: likeness review decide photo.jpg --revocation R-0001 --state confirmed
    --box 10,20,110,140
    """
    from consent.cases.references import photo_named
    from consent.domain.decisions import DecisionState
    from consent.domain.errors import BadInputError
    from consent.review.decide import NewDecision, record_decisions
    from consent.takedowns.open_due import noting_opened

    if state not in set(DecisionState):
        raise BadInputError(f"{state!r} is not a decision: use confirmed, rejected or cannot_tell.")
    services, who = open_services(), actor(staff, Role.COMMUNICATIONS)
    ruling = NewDecision(
        revocation,
        photo_named(services, photo),
        box_from(box),
        DecisionState(state),
        wearing=wearing,
    )
    with noting_opened(services, who) as opened:
        record_decisions(services, [ruling], who)
    if json:
        show.as_json(
            {
                "revocation": revocation,
                "photo": ruling.photo_sha256,
                "state": state,
                "takedowns": [takedown.label for takedown in opened],
            },
        )
        return
    show.line(f"{revocation}: {state.replace('_', ' ')}.")
    show.opened(opened)


def references(*, staff: AsStaff = "", json: AsJson = False) -> None:
    """List photos of people that match too many photos.

    The program does not compare photos with them until someone confirms them.

    Example: likeness review references
    """
    from consent.matching.trials import try_references, withheld_references

    services, who = open_services(), actor(staff, Role.COMMUNICATIONS)
    try_references(services)
    with services.reading() as unit:
        found = withheld_references(services, unit, who)
    if json:
        plain = [
            {
                "reference": reference.trial.template_id,
                "revocation": reference.label,
                "photos": reference.trial.photos,
                "matched": reference.trial.matched,
                "only": reference.only,
            }
            for reference in found
        ]
        show.as_json({"references": plain})
        return
    for reference in found:
        show.line(f"{reference.trial.template_id}  {reference.label:<8} {reference.trial.sentence}")
    show.line(f"{len(found)} to look at.")


def confirm(
    reference: Annotated[
        str, typer.Argument(help="Id in likeness review references.", show_default=False)
    ],
    *,
    undo: Annotated[bool, typer.Option("--undo", help="Undo an earlier confirmation.")] = False,
    staff: AsStaff = "",
    json: AsJson = False,
) -> None:
    """Confirm that a photo of the person is good, so that photos are compared with it again.

    Example: likeness review confirm-reference 0b6f2c1e
    """
    from consent.matching.trials import confirm_reference

    who = actor(staff, Role.COMMUNICATIONS)
    confirm_reference(open_services(), reference, who, taken_back=undo)
    compared = "no longer compared" if undo else "compared"
    show.answer({"reference": reference}, f"Photos are {compared} with it from now on.", json=json)


def face(
    photo: PhotoNamed,
    *,
    number: Annotated[
        list[int] | None,
        typer.Option("--face", help="Number of the face in the check. You may repeat this option."),
    ] = None,
    kind: Annotated[
        FaceKind | None,
        typer.Option("--is", help="What it shows. person undoes an earlier answer."),
    ] = None,
    note: Annotated[
        str, typer.Option(help="Why. Required if it surely looks like someone. Don't use names.")
    ] = "",
    staff: AsStaff = "",
    json: AsJson = False,
) -> None:
    """Record that a face is not a person (a doll, a statue, a dog), or is a picture of a person.

    This counts in every copy of the photo. Undo it with --is person. A picture of a person counts
    like the person and is still compared. Without --is, the command lists the photo's faces.

    Example: likeness review face photo.jpg --face 2 --is no_person
    """
    from consent.cases.references import photo_named
    from consent.domain.errors import BadInputError
    from consent.review.decide import decide_faces, faces_seen

    services, who = open_services(), actor(staff, Role.COMMUNICATIONS)
    sha256 = photo_named(services, photo)
    numbers = number or []
    if kind is not None:
        boxes = {seen.number: seen.box for seen in faces_seen(services, sha256, who)}
        if unknown := [str(number) for number in numbers if number not in boxes]:
            raise BadInputError(
                f"There is no face {', '.join(unknown)} in the photo, which has {len(boxes)}: list "
                "them with likeness review face, without --is."
            )
        chosen = [boxes[number] for number in dict.fromkeys(numbers)]
        decide_faces(services, sha256, chosen, kind, who, note)
    elif numbers or note:
        raise BadInputError("Say what the face shows: --is no_person, picture or person.")
    faces = faces_seen(services, sha256, who)
    if json:
        show.as_json({"photo": sha256, "faces": [_plain_face(seen) for seen in faces]})
        return
    for seen in faces:
        words = "not said" if seen.said is None else seen.said.kind.words
        by = "" if seen.said is None else f" ({seen.said.actor.id}, {seen.said.at:%Y-%m-%d})"
        show.line(f"face {seen.number}  {','.join(map(str, seen.box.as_list()))}  {words}{by}")
    show.line(f"{counted(len(faces), 'face')}.")


def _plain_face(seen: FaceSeen) -> dict[str, object]:
    said = seen.said
    return {
        "number": seen.number,
        "box": seen.box.as_list(),
        "is": None if said is None else said.kind,
        "by": None if said is None else said.actor.id,
        "at": None if said is None else said.at.isoformat(),
        "note": None if said is None else said.note or None,
        "copied_from": None if said is None else said.carried_from,
    }


def _plain(pair: Pair, burst: int | None) -> dict[str, object]:
    return {
        "kind": pair.kind,
        "photo": pair.photo_sha256,
        "revocation": pair.label,
        "boxes": list(pair.boxes),
        "score": pair.score,
        "false_matches_per_million": pair.false_matches_per_million,
        "hint": pair.hint or None,
        "published_on": pair.published_on,
        "burst": burst,
    }
