"""likeness sweep."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from consent.cli import show
from consent.cli.check import NOT_CHECKED
from consent.cli.options import AsJson, AsStaff, actor, open_services
from consent.domain.actors import Role
from consent.domain.wording import counted

if TYPE_CHECKING:
    from consent.matching.sweep import Hit, SweepReport


def add_to(app: typer.Typer) -> None:
    """Add the command."""
    app.command()(sweep)


def sweep(
    revocation: Annotated[str, typer.Argument(help="Such as R-0001.", show_default=False)],
    *,
    open_takedowns: Annotated[
        bool,
        typer.Option(
            "--open-takedowns", help="Open a takedown for every published copy that must come down."
        ),
    ] = False,
    staff: AsStaff = "",
    json: AsJson = False,
) -> None:
    """List every indexed photo that may show the person in a case, best match first.

    Exit code: 0 searched, 2 wrong usage, 3 not everything was searched: a photo file could not be
    read, no face of the person is on file, or something is wrong with the register, the index or
    the clock.

    Example: likeness sweep R-0001
    """
    from consent.domain.changes import RegisterChanged
    from consent.matching.sweep import sweep as search
    from consent.takedowns.open_due import noting_opened

    services, who = open_services(), actor(staff, Role.DESK)
    report = search(services, revocation, who, read_all=True)
    with noting_opened(services, who) as opened:
        if open_takedowns:
            with services.holding_faces():
                services.announce(RegisterChanged(who, report.label))
    if json:
        show.as_json(
            {
                "revocation": report.label,
                "photos": [_plain(hit) for hit in report.hits],
                "not_compared": report.not_compared.photos,
                "files_gone": report.not_compared.gone,
                "remark": report.remark or None,
                "takedowns": [takedown.label for takedown in opened],
                "doubts": list(report.doubts),
            }
        )
        _end(report)
    for hit in report.hits:
        said = f", {hit.state.replace('_', ' ')}" if hit.state else ""
        why = hit.likeness().removesuffix(".")
        show.line(f"{hit.paths[0] if hit.paths else hit.name}: {why}{said}")
    show.line(
        f"{len(report.hits)} of {counted(report.photos, 'photo')} may show {report.label}, "
        f"{report.published} of them published."
    )
    if report.remark:
        show.line(report.remark)
    for doubt in report.doubts:
        show.line(f"Not checked: {doubt}")
    for note in report.not_compared.notes:
        show.line(note)
    show.opened(opened)
    _end(report)


def _end(report: SweepReport) -> None:
    raise typer.Exit(NOT_CHECKED if report.doubts else 0)


def _plain(hit: Hit) -> dict[str, object]:
    match = hit.match
    return {
        "path": hit.paths[0] if hit.paths else None,
        "paths": list(hit.paths),
        "sha256": hit.sha256,
        "event": hit.events[0].name if hit.events else None,
        "signal": match.signal.code,
        "score": match.score,
        "unit": match.unit,
        "false_matches_per_million": match.false_matches_per_million,
        "box": match.box,
        "published": [
            {
                "channel": publication.channel,
                "url": publication.url,
                "on": publication.published_on,
            }
            for publication in hit.published
        ],
        "state": hit.state,
    }
