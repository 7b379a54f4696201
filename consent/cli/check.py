"""likeness check."""

from __future__ import annotations

from typing import Annotated

import typer

from consent.cli import show
from consent.cli.options import AsJson, AsStaff, Jobs, Paths, actor, open_services, places
from consent.domain.actors import Role
from consent.domain.verdicts import ClearanceReport, Verdict

FLAGGED = 1
NOT_CHECKED = 3
_STYLES = {
    Verdict.BLOCKED: "bold red",
    Verdict.NOT_CHECKED: "bold magenta",
    Verdict.REVIEW: "bold yellow",
    Verdict.CONSENT_MISSING: "cyan",
    Verdict.CLEAR: "green",
}


def add_to(app: typer.Typer) -> None:
    """Add the command."""
    app.command()(check)


def check(
    paths: Paths,
    *,
    use: Annotated[
        str,
        typer.Option(
            "--use",
            metavar="CHANNEL[:PUBLICATION]",
            help="What the photos are wanted for.",
        ),
    ],
    event: Annotated[
        str,
        typer.Option("--event", help="Name of the event that all of them are of, if it is one."),
    ] = "",
    jobs: Jobs = 0,
    staff: AsStaff = "",
    json: AsJson = False,
) -> None:
    """Check photos before they are posted or printed.

    Exit code: 0 all clear, 1 something flagged, 2 usage, 3 something could not be checked.

    Example: likeness check tomorrow/ --use instagram
    """
    from consent.checking.check import Watch, check_photos
    from consent.domain.wording import clearance_to_dict

    files = places(paths)
    services = open_services()
    wanted = services.policy.use(use)
    who = actor(staff, Role.COMMUNICATIONS)
    with show.progress("Checking") as tell:
        report = check_photos(
            services, files, wanted, who, watch=Watch(tell), jobs=jobs, event=event.strip()
        )
    if json:
        show.as_json(
            {
                "register_version": report.register_version,
                "use": wanted.channel.id,
                "publication": wanted.issue,
                "without_reference_face": list(report.without_face),
                "withheld_reference": list(report.withheld),
                "hints": [{"revocation": label, "looks": looks} for label, looks in report.hints],
                "photos": [clearance_to_dict(clearance) for clearance in report.clearances],
            },
        )
    else:
        _print(report)
    verdicts = {clearance.decision.verdict for clearance in report.clearances}
    # An empty folder was not checked either: nothing was looked at.
    raise typer.Exit(exit_code(verdicts or {Verdict.NOT_CHECKED}))


def exit_code(verdicts: set[Verdict]) -> int:
    """Return the code of the worst: not checked over flagged over clear."""
    if Verdict.NOT_CHECKED in verdicts:
        return NOT_CHECKED
    return FLAGGED if verdicts - {Verdict.CLEAR} else 0


def _print(report: ClearanceReport) -> None:
    from consent.domain.wording import look_out_for, no_face_kept, not_yet_compared, sentences

    for clearance in report.clearances:
        verdict = clearance.decision.verdict
        show.console().print(f"[{_STYLES[verdict]}]{verdict.words:<20}[/] ", end="")
        show.line(clearance.path)
        for said in sentences(clearance.decision.reasons):
            show.line(f"    {said}")
        for said in sentences(clearance.decision.notes):
            show.line(f"    Note: {said}")
    if report.without_face:
        show.line(no_face_kept(report.without_face))
    if report.hints:
        show.line(look_out_for(report.hints))
    if report.withheld:
        show.line(not_yet_compared(report.withheld))
    if not report.clearances:
        show.line("No photo was found there: nothing was checked.")
    counts = ", ".join(
        f"{count} {verdict.words.lower()}"
        for verdict in Verdict
        if (count := sum(clearance.decision.verdict is verdict for clearance in report.clearances))
    )
    show.line(
        f"{counts or 'nothing'} ({report.use.channel.label}, register version "
        f"{report.register_version})."
    )
