"""likeness index, renew."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from consent.cli import show
from consent.cli.options import AsJson, AsStaff, Jobs, Paths, actor, day, places
from consent.domain.actors import Actor, Role
from consent.domain.errors import BadInputError
from consent.domain.wording import counted
from consent.services import Services

if TYPE_CHECKING:
    from consent.indexing.events import NewEvent
    from consent.indexing.index import IndexReport

NOT_INDEXED = 3
# An archive of ten years would print thousands.
MOST_SUGGESTIONS = 10


def add_to(app: typer.Typer) -> None:
    """Add the commands."""
    app.command()(index)
    app.command()(renew)


def index(
    paths: Paths,
    *,
    event: Annotated[str, typer.Option(help="Name of the event that all photos are from.")] = "",
    date: Annotated[str, typer.Option(help="Day of the event, 2026-05-14.")] = "",
    place: Annotated[str, typer.Option(help="Where the event was.")] = "",
    private_space: Annotated[
        bool,
        typer.Option("--private-space", help="The event was not in a public space."),
    ] = False,
    jobs: Jobs = 0,
    retry: Annotated[
        bool,
        typer.Option("--retry", help="Try again files that failed before."),
    ] = False,
    scheduler: Annotated[
        str,
        typer.Option(
            "--scheduler",
            metavar="ADDRESS",
            help="Dask scheduler whose workers do the work, such as tcp://10.0.0.5:8786; "
            "see docs/cluster.md.",
        ),
    ] = "",
    staff: AsStaff = "",
    json: AsJson = False,
) -> None:
    """Index photos. New photos are fingerprinted, and moved photos are found again.

    Exit code: 0 all indexed, 2 wrong usage, 3 a file could not be indexed, or the cluster failed.

    Example: likeness index photos/2026-05-14 --event "Author talk" --date 2026-05-14
    """
    from consent.bootstrap import over_cluster, services_from_environment
    from consent.indexing.events import NewEvent
    from consent.indexing.index import IndexRequest, index_photos

    new_event: NewEvent | None = None
    if event.strip():
        held_on = day(date, "--date") if date else None
        new_event = NewEvent(event.strip(), held_on, place or None, not private_space)
    elif date or place or private_space:
        raise BadInputError(
            "--date, --place and --private-space describe an event: name it with --event."
        )
    files, who = places(paths), actor(staff, Role.COMMUNICATIONS)
    services = services_from_environment()
    if scheduler:
        if jobs:
            raise BadInputError(
                "--jobs is for processes on this computer: leave it out with --scheduler."
            )
        services, jobs = over_cluster(services, scheduler)
    request = IndexRequest(files, event=new_event, jobs=jobs, retry=retry)
    with show.progress("Indexing") as tell:
        report = index_photos(services, request, who, tell)
    if json:
        show.as_json(_plain(report))
    else:
        _print(report)
    if report.problems:
        raise typer.Exit(NOT_INDEXED)


def _plain(report: IndexReport) -> dict[str, object]:
    return {
        "added": report.added,
        "unchanged": report.unchanged,
        "forgotten": report.forgotten,
        "seconds": round(report.seconds, 3),
        "problems": [problem.to_dict() for problem in report.problems],
        "suggested_events": [
            {
                "folder": suggestion.folder,
                "name": suggestion.name,
                "date": suggestion.held_on,
                "photos": suggestion.photos,
            }
            for suggestion in report.suggestions
        ],
    }


def _print(report: IndexReport) -> None:
    show.line(
        f"{counted(report.added, 'photo')} added, {report.unchanged} unchanged, {report.forgotten} "
        f"gone, {len(report.problems)} with problems, in {report.seconds:.1f} s.",
    )
    for problem in report.problems:
        show.line(f"  {problem.path}: {problem.reason}")
    for suggestion in report.suggestions[:MOST_SUGGESTIONS]:
        on = f" --date {suggestion.held_on}" if suggestion.held_on else ""
        show.line(
            f"No event yet for {counted(suggestion.photos, 'photo')}: likeness index "
            f'"{suggestion.folder}" --event "{suggestion.name}"{on}',
        )
    more = len(report.suggestions) - MOST_SUGGESTIONS
    if more > 0:
        show.line(f"And {counted(more, 'more folder')} without an event: --json lists them all.")


def renew(
    *,
    encoder: Annotated[
        bool,
        typer.Option(
            "--encoder",
            help="Only encode what the model of LIKENESS_ENCODER has not encoded yet, and "
            "switch to it when it has encoded every face.",
        ),
    ] = False,
    even_so: Annotated[
        bool,
        typer.Option(
            "--even-so",
            help="With --encoder: switch to it even if some faces can't be encoded.",
        ),
    ] = False,
    jobs: Jobs = 0,
    staff: AsStaff = "",
    json: AsJson = False,
) -> None:
    """Fingerprint every indexed photo again, such as after a change of the encoders.

    People's decisions stay. If it is stopped, run it again: it continues where it was.

    Exit code: 0 done, 3 a photo or a photo of the person could not be read.

    Example: likeness renew --encoder
    """
    from consent.bootstrap import services_from_environment
    from consent.jobs.index_again import renew_here

    services, who = services_from_environment(), actor(staff, Role.ADMIN)
    if encoder:
        _encode(services, who, jobs, even_so=even_so, json=json)
        return
    if even_so:
        raise BadInputError("--even-so works only with --encoder: use both.")
    with show.progress("Renewing") as tell:
        report = renew_here(services, who, tell, jobs=jobs)
    if json:
        show.as_json(
            {
                "renewed": report.renewed,
                "left": report.left,
                "templates": report.templates,
                "lost": report.lost,
                "problems": [problem.to_dict() for problem in report.problems],
            }
        )
    else:
        for problem in report.problems:
            show.line(f"{problem.path}: {problem.reason}")
        for label in report.lost:
            show.line(
                f"{label}: a photo of the person cannot be encoded again: ask for a new photo."
            )
        show.line(
            f"{counted(report.renewed, 'photo')} and "
            f"{counted(report.templates, 'photo of the person', 'photos of the person')} "
            f"made again; {counted(report.left, 'photo is', 'photos are')} not found, and "
            "known as before."
        )
    if report.problems or report.lost:
        raise typer.Exit(NOT_INDEXED)


def _encode(services: Services, who: Actor, jobs: int, *, even_so: bool, json: bool) -> None:
    from consent.indexing.reencode import adopt_custom_encoder
    from media_index.faces.onnx_encoder import LICENCES

    show.aside(LICENCES)
    with show.progress("Encoding") as tell:
        report = adopt_custom_encoder(services, who, tell, jobs=jobs, even_so=even_so)
    problems = [show.escaped(f"{problem.path}: {problem.reason}") for problem in report.problems]
    show.answer(report.to_dict(), "\n".join([*problems, report.sentence()]), json=json)
    if not report.in_use or report.left or report.lost:
        raise typer.Exit(NOT_INDEXED)
