"""likeness publications add, undo, schedule, list, import, match, sources."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from consent.cli import show
from consent.cli.options import AsJson, AsStaff, PhotosNamed, actor, day, open_services
from consent.domain.actors import Role
from consent.domain.publications import Publication
from consent.domain.wording import counted, on_file

if TYPE_CHECKING:
    from consent.publishing.csv_import import PublicationImport
    from consent.publishing.originals import MatchedPost

_PROBLEMS = 1


def add_to(app: typer.Typer) -> None:
    """Add the commands."""
    publications = typer.Typer(help="Published photos, and where they are.", no_args_is_help=True)
    publications.command("add")(add)
    publications.command("undo")(undo)
    publications.command("schedule")(schedule)
    publications.command("list")(list_all)
    publications.command("import")(import_list)
    publications.command("match")(match)
    publications.command("sources")(sources)
    app.add_typer(publications, name="publications")


def add(
    photos: PhotosNamed,
    *,
    use: Annotated[
        str, typer.Option("--use", metavar="CHANNEL[:PUBLICATION]", help="Where it was published.")
    ],
    on: Annotated[str, typer.Option(help="The day, 2026-05-14.")],
    url: Annotated[str, typer.Option(help="Address of the post.")] = "",
    source: Annotated[
        str, typer.Option(help="Address of the customer's post that is reused.")
    ] = "",
    already_out: Annotated[
        bool,
        typer.Option(
            "--already-out",
            help="It is already published: record it, even if it was not checked here.",
        ),
    ] = False,
    confirm: Annotated[
        bool, typer.Option("--confirm", help="The address is right: skip the question.")
    ] = False,
    staff: AsStaff = "",
    json: AsJson = False,
) -> None:
    """Record photos that were published together, in one post. All are recorded, or none.

    Each photo must be cleared for this use by today's register.

    Example: likeness publications add photo.jpg --use facebook --on 2026-05-20
    --url https://www.facebook.com/post/1
    """
    from consent.cases.references import photo_named
    from consent.publishing.record import Posting, record_publications
    from consent.takedowns.open_due import noting_opened

    services, who = open_services(), actor(staff, Role.COMMUNICATIONS)
    posting = Posting(
        services.policy.use(use),
        day(on, "--on"),
        url,
        source,
        already_out=already_out,
        any_network=confirm,
    )
    named = [photo_named(services, photo) for photo in photos]
    with noting_opened(services, who) as opened:
        made = record_publications(services, named, posting, who)
    if json:
        labels = [takedown.label for takedown in opened]
        show.as_json({"recorded": list(map(_plain, made)), "takedowns": labels})
        return
    count = "" if len(made) == 1 else f"{len(made)} photos, "
    show.line(f"Recorded: {count}{made[0].channel}, {made[0].published_on}.")
    for takedown in opened:
        show.line(f"Someone in it has revoked: {takedown.label}, due {takedown.due_on}.")


def undo(
    publications: Annotated[
        list[str],
        typer.Argument(help="Ids in likeness publications list, or their first characters."),
    ],
    *,
    reason: Annotated[str, typer.Option(help="Why. It is kept with the record.")],
    staff: AsStaff = "",
    json: AsJson = False,
) -> None:
    """Undo a published post. The record stays on file but no longer counts.

    This also closes the takedowns that it opened.

    Example: likeness publications undo 3f9a01c2 --reason "It was the other photo"
    """
    from consent.publishing.undo import undo_publications

    closed = undo_publications(
        open_services(), publications, reason, actor(staff, Role.COMMUNICATIONS)
    )
    if json:
        show.as_json({"takedowns": [takedown.label for takedown in closed]})
        return
    show.line("Undone.")
    for takedown in closed:
        show.line(f"{takedown.label} is closed with it.")


def schedule(
    photos: PhotosNamed,
    *,
    use: Annotated[
        str,
        typer.Option(
            "--use", metavar="CHANNEL[:PUBLICATION]", help="What the photos will be used for."
        ),
    ],
    on: Annotated[str, typer.Option(help="The day, 2026-05-14.")],
    staff: AsStaff = "",
    json: AsJson = False,
) -> None:
    """Plan photos for a day. Until then, likeness recheck checks them again.

    Example: likeness publications schedule a.jpg b.jpg --use facebook --on 2026-05-20
    """
    from consent.cases.references import photo_named
    from consent.publishing.posts import schedule_posts

    services = open_services()
    planned = schedule_posts(
        services,
        [photo_named(services, photo) for photo in photos],
        services.policy.use(use),
        day(on, "--on"),
        actor(staff, Role.COMMUNICATIONS),
    )
    if json:
        posts = [
            {"id": post.id, "photo": post.photo_sha256, "planned_on": post.planned_on}
            for post in planned
        ]
        show.as_json({"scheduled": posts})
        return
    show.line(f"{len(planned)} scheduled.")


def list_all(*, staff: AsStaff = "", json: AsJson = False) -> None:
    """List published photos, newest first.

    Example: likeness publications list --json
    """
    from consent.publishing.record import list_publications, photo_labels

    services, who = open_services(), actor(staff, Role.COMMUNICATIONS)
    made = list_publications(services, who)
    labels = photo_labels(services, [publication.photo_sha256 for publication in made], who)
    if json:
        named = []
        for publication in made:
            label = labels[publication.photo_sha256]
            also = {"file": label.file_name, "events": list(label.events)}
            named.append(_plain(publication) | also)
        show.as_json({"publications": named})
        return
    for publication in made:
        where = publication.url or publication.issue
        label = labels[publication.photo_sha256]
        show.line(
            f"{publication.id[:8]}  {publication.published_on}  {publication.channel:<14} {where}  "
            f"{label.words}"
        )
    show.line(f"{len(made)} publications.")


def import_list(
    file: Annotated[Path, typer.Argument(help="CSV: photo, channel, date, url, piece, source.")],
    *,
    photos: Annotated[
        Path | None,
        typer.Option(help="Folder of downloaded posts in the list, to match with the originals."),
    ] = None,
    staff: AsStaff = "",
    json: AsJson = False,
) -> None:
    """Record earlier posts from a list. The command names bad rows and records the others.

    Exit code: 0 done, 1 a row could not be recorded.

    Example: likeness publications import posted.csv --photos downloads/
    """
    from consent.publishing.csv_import import import_publications

    services, who = open_services(), actor(staff, Role.COMMUNICATIONS)
    report = import_publications(services, file, who, photos=photos)
    _say(report, json=json)


def match(
    folder: Annotated[Path, typer.Argument(help="Downloaded posts.")],
    *,
    use: Annotated[
        str,
        typer.Option("--use", metavar="CHANNEL", help="Record them as published on this channel."),
    ] = "",
    on: Annotated[str, typer.Option(help="The day they were published, 2026-05-14.")] = "",
    staff: AsStaff = "",
    json: AsJson = False,
) -> None:
    """Match downloaded posts with their original photos, also if cropped, square or with borders.

    Without --use and --on, nothing is recorded as published.

    Example: likeness publications match downloads/ --use facebook --on 2026-05-20
    """
    from consent.domain.errors import BadInputError
    from consent.publishing.csv_import import PublicationImport, import_posts, posting_day
    from consent.publishing.originals import match_posts

    if bool(use) != bool(on):
        raise BadInputError("Give both --use and --on to record the posts, or neither.")
    services, who = open_services(), actor(staff, Role.COMMUNICATIONS)
    wanted = services.policy.use(use) if use else None
    if on:
        posting_day(services, on)
    with show.progress("Matching") as tell:
        posts = match_posts(services, folder, who, tell)
    if wanted is None:
        report = PublicationImport(posts=posts)
    else:
        report = import_posts(services, posts, wanted, on, who)
    _say(report, json=json)


def sources(
    *,
    overdue: Annotated[bool, typer.Option("--overdue", help="Only those to check now.")] = False,
    staff: AsStaff = "",
    json: AsJson = False,
) -> None:
    """List customers' posts that are reused, and when to check if they are still there.

    Example: likeness publications sources --overdue
    """
    from consent.publishing.reuse import list_sources

    found = [
        source
        for source in list_sources(open_services(), actor(staff, Role.COMMUNICATIONS))
        if source.gone or source.overdue or not overdue
    ]
    if json:
        show.as_json(
            {
                "sources": [
                    _plain(source.publication)
                    | {
                        "source": source.publication.source_url,
                        "gone": source.gone,
                        "due_on": source.due_on,
                    }
                    for source in found
                ]
            }
        )
        return
    for source in found:
        state = "gone: take the copy down" if source.gone else f"look on {source.due_on}"
        show.line(f"{source.publication.source_url}: {state}")
    show.line(f"{counted(len(found), 'source')}.")


def _say(report: PublicationImport, *, json: bool) -> None:
    if json:
        show.as_json(
            {
                "recorded": [_plain(publication) for publication in report.recorded],
                "known": report.known,
                "bad": [asdict(row) for row in report.bad],
                "posts": [_plain_post(post) for post in report.posts],
                "takedowns": [takedown.label for takedown in report.takedowns],
                "hidden": report.hidden,
            }
        )
    else:
        if report.hidden:
            show.line(report.hidden)
        for post in report.posts:
            show.line(f"{post.path.name}: {_found(post)}")
        for bad in report.bad:
            show.line(f"Line {bad.line}: {bad.reason}")
        show.line(
            f"{len(report.recorded)} recorded, {report.known} known already, "
            f"{len(report.bad)} bad rows, {len(report.takedowns)} to take down."
        )
    unread = any(post.sha256 is None for post in report.posts)
    if report.bad or unread:
        raise typer.Exit(_PROBLEMS)


def _found(post: MatchedPost) -> str:
    if post.sha256 is None:
        return post.problem
    if post.original is None:
        return "no original on file; the post itself was added"
    return f"{on_file(post.original.by)}, {post.original.photo_sha256[:12]}"


def _plain_post(post: MatchedPost) -> dict[str, object]:
    original = post.original
    return {
        "path": str(post.path),
        "sha256": post.sha256,
        "original": None if original is None else original.photo_sha256,
        "found_by": None if original is None else original.by,
        "problem": post.problem or None,
    }


def _plain(publication: Publication) -> dict[str, object]:
    return {
        "id": publication.id,
        "photo": publication.photo_sha256,
        "channel": publication.channel,
        "publication": publication.issue or None,
        "url": publication.url or None,
        "on": publication.published_on,
        "by": publication.by,
    }
