"""likeness recheck."""

from __future__ import annotations

from typing import Annotated

import typer

from consent.cli import show
from consent.cli.options import AsJson, AsStaff, actor
from consent.domain.actors import Role
from consent.domain.verdicts import Verdict

_FLAGGED, _NOT_CHECKED = 1, 3


def add_to(app: typer.Typer) -> None:
    """Add the command."""
    app.command()(recheck)


def recheck(
    *,
    scheduled: Annotated[
        bool, typer.Option("--scheduled", help="The posts that are planned (the default).")
    ] = True,
    staff: AsStaff = "",
    json: AsJson = False,
) -> None:
    """Check the scheduled posts again by today's register; for a timer, once a day.

    Opens takedowns, too, of what is out and covered from today on.

    Exit code: 0 all clear or nothing planned, 1 something flagged, 3 something not checked.

    Example: likeness recheck --scheduled
    """
    from consent.bootstrap import services_from_environment
    from consent.domain.wording import sentences
    from consent.publishing.posts import recheck_scheduled
    from consent.takedowns.open_due import open_takedowns_of_today

    del scheduled
    services, who = services_from_environment(), actor(staff, Role.COMMUNICATIONS)
    opened = open_takedowns_of_today(services)
    checked = recheck_scheduled(services, who)
    if json:
        show.as_json(
            {
                "posts": [
                    {
                        "photo": one.post.photo_sha256,
                        "path": one.clearance.path,
                        "channel": one.post.channel,
                        "planned_on": one.post.planned_on.isoformat(),
                        "verdict": one.clearance.decision.verdict.value,
                        "before": None if one.before is None else one.before.verdict.value,
                        "sentences": sentences(one.clearance.decision.reasons),
                    }
                    for one in checked
                ],
                "takedowns": [one.label for one in opened],
            }
        )
    else:
        for one in checked:
            verdict = one.clearance.decision.verdict
            was = f" (was: {one.before.verdict.words})" if one.before and one.changed else ""
            show.line(
                f"{one.post.planned_on}  {one.post.channel:<14} {verdict.words}{was}: "
                f"{one.clearance.path}"
            )
        show.line(f"{len(checked)} scheduled posts checked.")
        for takedown in opened:
            show.line(f"Opened {takedown.label}, due {takedown.due_on}.")
    verdicts = {one.clearance.decision.verdict for one in checked}
    if Verdict.NOT_CHECKED in verdicts:
        raise typer.Exit(_NOT_CHECKED)
    if verdicts - {Verdict.CLEAR}:
        raise typer.Exit(_FLAGGED)
