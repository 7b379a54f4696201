"""likeness review and likeness override."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from consent.cli import show
from consent.cli.options import AsJson, AsStaff, actor, day
from consent.domain import Role

if TYPE_CHECKING:
    from consent.domain import Override
    from consent.review import Pair
    from media_index.types import Box

_CORNERS = 4
Photo = Annotated[
    str, typer.Argument(help="Path, or SHA-256 of an indexed photo.", show_default=False)
]


def add_to(app: typer.Typer) -> None:
    """Add the commands."""
    review = typer.Typer(help="What needs a person's eye.", no_args_is_help=True)
    review.command("list")(list_all)
    review.command("decide")(decide)
    app.add_typer(review, name="review")
    override = typer.Typer(help="Use a photo although something speaks against it.")
    override.command("add")(add)
    override.command("list")(list_overrides)
    override.command("second")(second)
    override.command("withdraw")(withdraw)
    app.add_typer(override, name="override")


def list_all(*, json: AsJson = False) -> None:
    """List what nobody has decided yet, what is nearest to the public first.

    Example: likeness review list --json
    """
    from consent.bootstrap import services_from_environment
    from consent.review import review_queue
    from consent.suspects import Suspects
    from consent.wording import rarity

    pairs = review_queue(services_from_environment(), Suspects()).pairs
    if json:
        show.as_json({"pairs": [_plain(pair) for pair in pairs]})
        return
    for pair in pairs:
        rate = None if pair.match is None else pair.match.false_matches_per_million
        likeness = f": {rarity(rate)}" if rate else f" {pair.hint}" if pair.hint else ""
        said = pair.kind.replace("_", " ")
        show.line(f"{pair.photo_sha256[:16]}  {pair.label or '-':<8} {said}{likeness}")
    show.line(f"{len(pairs)} to decide.")


def decide(
    photo: Photo,
    *,
    revocation: Annotated[str, typer.Option(help="Such as R-0042.")],
    state: Annotated[str, typer.Option(help="confirmed, rejected or cannot_tell.")],
    box: Annotated[
        str, typer.Option(help="The face, x1,y1,x2,y2 px; without it the photo as a whole.")
    ] = "",
    wearing: Annotated[str, typer.Option(help="What they wear, to find them nearby.")] = "",
    staff: AsStaff = "",
) -> None:
    """Decide whether a photo shows the person of a case; also for a box drawn by hand.

    Example: likeness review decide photo.jpg --revocation R-0001 --state confirmed
    --box 10,20,110,140
    """
    from consent.bootstrap import services_from_environment
    from consent.domain import SightingState
    from consent.errors import BadInputError
    from consent.references import photo_named
    from consent.sightings import Ruling, decide_sightings

    if state not in set(SightingState):
        message = f"{state!r} is no decision: use confirmed, rejected or cannot_tell."
        raise BadInputError(message)
    services, who = services_from_environment(), actor(staff, Role.COMMUNICATIONS)
    ruling = Ruling(
        revocation,
        photo_named(services, photo),
        _box(box),
        SightingState(state),
        wearing=wearing,
    )
    decide_sightings(services, [ruling], who)
    show.line(f"{revocation}: {state.replace('_', ' ')}.")


def _box(text: str) -> Box | None:
    from consent.errors import BadInputError
    from media_index.types import Box

    if not text.strip():
        return None
    parts = [part.strip() for part in text.split(",")]
    if len(parts) != _CORNERS or not all(part.isdecimal() for part in parts):
        message = f"{text!r} is no box: write x1,y1,x2,y2 in px, as 10,20,110,140."
        raise BadInputError(message)
    return Box(*(int(part) for part in parts))


def add(
    photo: Photo,
    *,
    use: Annotated[
        str, typer.Option("--use", metavar="CHANNEL[:PUBLICATION]", help="What it is wanted for.")
    ],
    reason: Annotated[str, typer.Option(help="Why; shown wherever the verdict is.")],
    until: Annotated[str, typer.Option(help="Last day, 2026-12-31.")],
    staff: AsStaff = "",
) -> None:
    """Override what speaks against a photo today. Where a minor is concerned, a second must agree.

    Example: likeness override add photo.jpg --use facebook --reason "She agreed, see e-mail"
    --until 2026-12-31 --as "D. Rector:director"
    """
    from consent.bootstrap import services_from_environment
    from consent.overrides import propose_override
    from consent.references import photo_named

    services, who = services_from_environment(), actor(staff, Role.DIRECTOR)
    made = propose_override(
        services,
        photo_named(services, photo),
        services.policy.use(use),
        reason,
        day(until, "--until"),
        who,
    )
    waits = "; it waits for a second person" if made.needs_second else ""
    show.line(f"Override {made.id} until {made.expires_on}{waits}.")


def list_overrides(*, json: AsJson = False) -> None:
    """List overrides that hold or wait for a second person.

    Example: likeness override list
    """
    from consent.bootstrap import services_from_environment
    from consent.overrides import list_overrides as listed

    overrides = listed(services_from_environment())
    if json:
        show.as_json({"overrides": [_plain_override(one) for one in overrides]})
        return
    for one in overrides:
        waits = ", waits for a second person" if one.needs_second and one.second is None else ""
        show.line(f"{one.id}  {one.channel}, until {one.expires_on}{waits}: {one.reason}")
    show.line(f"{len(overrides)} overrides.")


def second(
    override: Annotated[str, typer.Argument(help="Its id.", show_default=False)],
    *,
    staff: AsStaff = "",
) -> None:
    """Agree, as the second person, to an override that concerns a minor.

    Example: likeness override second 3f2a... --as "Cam Lee:communications"
    """
    from consent.bootstrap import services_from_environment
    from consent.overrides import second_override

    who = actor(staff, Role.COMMUNICATIONS)
    made = second_override(services_from_environment(), override, who)
    show.line(f"It holds until {made.expires_on}.")


def withdraw(
    override: Annotated[str, typer.Argument(help="Its id.", show_default=False)],
    *,
    reason: Annotated[str, typer.Option(help="Why.")] = "",
    staff: AsStaff = "",
) -> None:
    """Take an override back.

    Example: likeness override withdraw 3f2a...
    """
    from consent.bootstrap import services_from_environment
    from consent.overrides import withdraw_override

    who = actor(staff, Role.DIRECTOR)
    withdraw_override(services_from_environment(), override, reason, who)
    show.line("Taken back.")


def _plain(pair: Pair) -> dict[str, object]:
    match = pair.match
    return {
        "kind": pair.kind.value,
        "photo": pair.photo_sha256,
        "revocation": pair.label,
        "boxes": [box.as_list() for box in pair.boxes],
        "score": None if match is None else match.score,
        "false_matches_per_million": None if match is None else match.false_matches_per_million,
        "hint": pair.hint or None,
        "published_on": None if pair.published_on is None else pair.published_on.isoformat(),
        "burst": pair.burst,
    }


def _plain_override(one: Override) -> dict[str, object]:
    return {
        "override": one.id,
        "photo": one.photo_sha256,
        "channel": one.channel,
        "publication": one.publication,
        "lifts": sorted(f"{code} {label or ''}".strip() for code, label in one.lifts),
        "reason": one.reason,
        "expires_on": one.expires_on.isoformat(),
        "by": one.granted_by.id,
        "second": None if one.second is None else one.second.id,
        "waits_for_second": one.needs_second and one.second is None,
    }
