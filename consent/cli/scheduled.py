"""likeness recheck."""

from __future__ import annotations

from typing import Annotated

import typer

from consent.cli import show
from consent.cli.check import exit_code
from consent.cli.options import AsJson, AsStaff, actor, open_services
from consent.domain.actors import Role


def add_to(app: typer.Typer) -> None:
    """Add the command."""
    app.command()(recheck)


def recheck(
    *,
    scheduled: Annotated[
        bool, typer.Option("--scheduled", help="The planned posts (the default).")
    ] = True,
    staff: AsStaff = "",
    json: AsJson = False,
) -> None:
    """Check the scheduled posts again with today's register. Run it once a day, by a timer.

    It also opens takedowns for published photos that are covered from today on.

    Exit code: 0 all clear or nothing planned, 1 something flagged, 3 something not checked, 4
    nobody is in the register.

    Example: likeness recheck --scheduled
    """
    from consent.domain.verdicts import Verdict
    from consent.domain.wording import sentences
    from consent.jobs.day import do_day
    from consent.matching.not_compared import not_compared
    from consent.matching.wholeness import register_doubts, register_is_empty
    from consent.publishing.posts import recheck_scheduled
    from consent.takedowns.open_due import anything_published

    del scheduled
    services, who = open_services(), actor(staff, Role.COMMUNICATIONS)
    doubts = register_doubts(services)
    # By a wrong day nothing would be due when it should.
    opened = [] if doubts else do_day(services)
    notes: tuple[str, ...] = ()
    if anything_published(services):
        # A takedown may be missing: what is out is searched for people, too.
        with services.reading() as unit:
            missed = not_compared(services, unit)
        doubts, notes = (*doubts, *missed.doubts), missed.notes
    checked = recheck_scheduled(services, who)
    if json:
        show.as_json(
            {
                "posts": [
                    {
                        "photo": rechecked.post.photo_sha256,
                        "path": rechecked.clearance.path,
                        "channel": rechecked.post.channel,
                        "planned_on": rechecked.post.planned_on,
                        "verdict": rechecked.verdict,
                        "before": rechecked.before and rechecked.before.verdict,
                        "sentences": sentences(rechecked.clearance.decision.reasons),
                    }
                    for rechecked in checked
                ],
                "takedowns": [takedown.label for takedown in opened],
            }
            | ({"doubts": list(doubts)} if doubts else {})
            | ({"notes": list(notes)} if notes else {}),
        )
    else:
        for rechecked in checked:
            post, before = rechecked.post, rechecked.before
            was = f" (was: {before.verdict.words})" if before and rechecked.changed else ""
            show.line(
                f"{post.planned_on}  {post.channel:<14} {rechecked.verdict.words}{was}: "
                f"{rechecked.clearance.path}"
            )
            for said in sentences(rechecked.clearance.decision.reasons):
                show.line(f"    {said}")
        for doubt in doubts:
            show.line(f"Not checked: {doubt}")
        for note in notes:
            show.line(note)
        show.line(f"{len(checked)} scheduled posts checked.")
        show.opened(opened)
    verdicts = {rechecked.verdict for rechecked in checked}
    if doubts:
        verdicts.add(Verdict.NOT_CHECKED)
    raise typer.Exit(exit_code(verdicts, nobody=register_is_empty(services)))
