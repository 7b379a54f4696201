"""likeness publications add, list."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from consent.cli import show
from consent.cli.options import AsJson, AsStaff, actor, day
from consent.domain import Role

if TYPE_CHECKING:
    from consent.publications import Publication


def add_to(app: typer.Typer) -> None:
    """Add the commands."""
    publications = typer.Typer(help="What was published, and where.", no_args_is_help=True)
    publications.command("add")(add)
    publications.command("list")(list_all)
    app.add_typer(publications, name="publications")


def add(
    photo: Annotated[
        str,
        typer.Argument(help="Path, or SHA-256 of an indexed photo.", show_default=False),
    ],
    *,
    use: Annotated[
        str, typer.Option("--use", metavar="CHANNEL[:PUBLICATION]", help="Where it was published.")
    ],
    on: Annotated[str, typer.Option(help="The day, 2026-05-14.")],
    url: Annotated[str, typer.Option(help="Address of the post.")] = "",
    staff: AsStaff = "",
    json: AsJson = False,
) -> None:
    """Record that a photo was published.

    Example: likeness publications add photo.jpg --use facebook --on 2026-05-20
    --url https://www.facebook.com/post/1
    """
    from consent.bootstrap import services_from_environment
    from consent.publications import record_publication
    from consent.references import photo_named

    services, who = services_from_environment(), actor(staff, Role.COMMUNICATIONS)
    made = record_publication(
        services,
        photo_named(services, photo),
        services.policy.use(use),
        day(on, "--on"),
        who,
        url=url,
    )
    if json:
        show.as_json(_plain(made))
    else:
        show.line(f"Recorded: {made.channel}, {made.published_on}.")


def list_all(*, json: AsJson = False) -> None:
    """List what was published, the newest first.

    Example: likeness publications list --json
    """
    from consent.bootstrap import services_from_environment
    from consent.publications import list_publications

    made = list_publications(services_from_environment())
    if json:
        show.as_json({"publications": [_plain(one) for one in made]})
        return
    for one in made:
        show.line(f"{one.published_on}  {one.channel:<14} {one.url or one.piece}")
    show.line(f"{len(made)} publications.")


def _plain(one: Publication) -> dict[str, object]:
    return {
        "photo": one.photo_sha256,
        "channel": one.channel,
        "publication": one.piece or None,
        "url": one.url or None,
        "on": one.published_on.isoformat(),
        "by": one.by,
    }
