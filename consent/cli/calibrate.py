"""likeness calibrate."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from consent.cli import show
from consent.cli.options import AsJson, AsStaff, actor, open_services
from consent.domain.actors import Role
from consent.domain.wording import counted

if TYPE_CHECKING:
    from consent.indexing.refit import Point, Recalibration
    from media_index.matching.calibration import Calibration

Reason = Annotated[str, typer.Option("--reason", help="Why, for the log.", show_default=False)]


def add_to(app: typer.Typer) -> None:
    """Add the command."""
    app.command()(calibrate)


def calibrate(
    *,
    apply: Annotated[bool, typer.Option("--apply", help="Put the new rates in use.")] = False,
    back: Annotated[bool, typer.Option("--back", help="Go back to the rates before.")] = False,
    reason: Reason = "",
    staff: AsStaff = "",
    json: AsJson = False,
) -> None:
    """Fit the false-match rates to your own photos and decisions, and show before and after.

    Two faces next to each other in a photo count as two people. The command also uses what people
    rejected and confirmed. Without --apply it changes nothing.

    Example: likeness calibrate --apply --reason "Ten thousand photos are indexed"
    """
    from consent.domain.errors import BadInputError
    from consent.indexing.in_use import go_back
    from consent.indexing.refit import apply_recalibration, recalibrate

    services, who = open_services(), actor(staff, Role.DIRECTOR)
    if apply and back:
        raise BadInputError("Use either --apply or --back.")
    if back:
        _say(go_back(services, reason, who), json=json)
        return
    found = recalibrate(services, who)
    if apply:
        apply_recalibration(services, found, reason, who)
    show.answer(_plain(found, applied=apply), _text(found, applied=apply), json=json)


def _say(calibration: Calibration, *, json: bool) -> None:
    show.answer(
        {"calibration": calibration.id, "provenance": calibration.provenance},
        f"In use: {calibration.id}. {calibration.provenance}",
        json=json,
    )


def _plain(found: Recalibration, *, applied: bool) -> dict[str, object]:
    def both(points: tuple[Point, Point]) -> dict[str, object]:
        return {
            name: {
                "score": point.score,
                "strangers_per_million": point.strangers_per_million,
                "confirmed_missed": point.confirmed_missed,
            }
            for name, point in zip(("before", "after"), points, strict=True)
        }

    return {
        "before": found.before.id,
        "after": found.after.id,
        "applied": applied,
        "pairs_of_strangers": found.strangers,
        "photos": found.photos,
        "rejected": found.rejected,
        "confirmed": found.confirmed,
        "counted_down_to_per_million": found.counted_to,
        "review": both(found.review),
        "block": both(found.block),
    }


def _text(found: Recalibration, *, applied: bool) -> str:
    def row(what: str, points: tuple[Point, Point]) -> list[str]:
        before, after = points
        return [
            f"{what}: from a score of {before.score} before, {after.score} after",
            (
                f"  of your strangers, per million: {before.strangers_per_million:,.0f} before, "
                f"{after.strangers_per_million:,.0f} after"
            ),
            (
                f"  of {counted(found.confirmed, 'confirmed match', 'confirmed matches')} missed: "
                f"{before.confirmed_missed} before, {after.confirmed_missed} after"
            ),
        ]

    last = (
        f"In use now: {found.after.id}. Undo it with likeness calibrate --back."
        if applied
        else "Nothing was changed. To use the new rates, add --apply --reason."
    )
    return "\n".join(
        [
            (
                f"{counted(found.strangers, 'pair')} of faces of {counted(found.photos, 'photo')}, "
                f"{counted(found.rejected, 'rejected match', 'rejected matches')}; counted down to "
                f"{found.counted_to:,.1f} per million, beyond that as before."
            ),
            *row("A person must look", found.review),
            *row("Do not use", found.block),
            last,
        ]
    )
