"""What was posted before anybody checked it here: from a list, or from downloaded files."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

from consent.cases.references import is_sha256_start, photo_named
from consent.csv_rows import BadRow, day_of, keep_rows, read_rows
from consent.domain.actors import Actor
from consent.domain.changes import RegisterChanged
from consent.domain.channels import Use
from consent.domain.errors import BadInputError, DayToComeError
from consent.domain.publications import Publication
from consent.domain.roles import Duty, for_roles
from consent.domain.takedowns import Takedown
from consent.indexing.roots import below_roots
from consent.publishing.originals import MatchedPost, match_posts
from consent.publishing.record import (
    AlreadyPublishedError,
    Posting,
    add_publications,
    photos_at_url,
)
from consent.services import Services
from consent.takedowns.open_due import noting_opened
from media_index.files.places import is_file_now

COLUMNS = ("photo", "channel", "date", "url", "piece", "source")
_REQUIRED = ("photo", "channel", "date")
_ALSO = {
    "file": "photo",
    "picture": "photo",
    "published on": "date",
    "date published": "date",
    "posted on": "date",
    "date posted": "date",
    "link": "url",
    "address": "url",
    "where": "channel",
    "platform": "channel",
    "issue": "piece",
}


# Of a post, by which its photo is looked up; nothing is fetched.
_ADDRESSES = ("https://", "http://")


@dataclass(slots=True)
class PublicationImport:
    """What came of an import.

    Attributes:
        known: rows and files that were recorded before.
        posts: downloaded files with what they were matched with.
        owed: notes that what is recorded must be announced.
        hidden: how many rows and columns the spreadsheet hides, in a sentence.
    """

    recorded: list[Publication] = field(default_factory=list)
    known: int = 0
    bad: list[BadRow] = field(default_factory=list)
    posts: list[MatchedPost] = field(default_factory=list)
    takedowns: list[Takedown] = field(default_factory=list)
    owed: list[str] = field(default_factory=list)
    hidden: str = ""


@for_roles(Duty.PUBLISH)
def import_publications(
    services: Services,
    file: Path,
    actor: Actor,
    *,
    photos: Path | None = None,
    called: str = "",
    on_page: bool = False,
) -> PublicationImport:
    """Record what a list says was published.

    The columns are photo, channel, date, and if wanted url, piece, source. A photo is a path, the
    SHA-256 of an indexed photo, the address of a post that is known, or the name of a downloaded
    file in the folder `photos`; each of those is matched with its original. `called` is what
    whoever handed the list in calls it; of a list handed in `on_page`, paths must lie below a root.

    Raises:
        BadInputError: the list cannot be read, or lacks a column.
    """
    report = PublicationImport()
    if photos is not None:
        report.posts = match_posts(services, photos, actor)
    downloaded = {post.path.name: post for post in report.posts}

    def record(row: Mapping[str, str]) -> None:
        post = downloaded.get(row["photo"].strip())
        posting = _posting(services, row, post)
        name = row["photo"].strip()
        if on_page and post is None and not (is_sha256_start(name) or name.startswith(_ADDRESSES)):
            name = str(below_roots(services.settings, name))
        photo = _photo(services, name, post, file.parent)
        _record(services, report, photo, posting, actor)

    read = read_rows(file, COLUMNS, _REQUIRED, _ALSO, called)
    report.hidden = read.hidden
    report.bad = keep_rows(read.rows, record)
    return _flag(services, report, actor)


def posting_day(services: Services, on: str) -> date:
    """Return the day posts were published; asked before they are matched, which takes a while.

    Raises:
        BadInputError: it is none, or is to come.
    """
    day = day_of(on)
    if day > services.today():
        raise DayToComeError("They cannot have been published", day)
    return day


@for_roles(Duty.PUBLISH)
def import_posts(
    services: Services, posts: Sequence[MatchedPost], use: Use, on: str, actor: Actor
) -> PublicationImport:
    """Record downloaded files as published for a use on a day.

    Raises:
        BadInputError: the day is none, or is to come.
    """
    report = PublicationImport(posts=list(posts))
    day = posting_day(services, on)
    for post in posts:
        photo = post.photo_sha256
        if photo is None:
            continue
        posting = Posting(use, day, already_out=True, found_as=post.sha256, found_how=_how(post))
        _record(services, report, photo, posting, actor)
    return _flag(services, report, actor)


def _record(
    services: Services, report: PublicationImport, photo: str, posting: Posting, actor: Actor
) -> None:
    try:
        # Announced together, at the end: each announcement is answered by a look at the register.
        with services.writing() as unit:
            report.recorded += add_publications(services, unit, [photo], posting, actor)
            change = RegisterChanged(actor, photos=(photo,))
            report.owed.append(unit.jobs.owe(change, services.now()))
            unit.commit()
    except AlreadyPublishedError:
        report.known += 1


def _posting(services: Services, row: Mapping[str, str], post: MatchedPost | None) -> Posting:
    channel, piece = row["channel"].strip(), row.get("piece", "").strip()
    return Posting(
        use=services.policy.use(f"{channel}:{piece}"),
        published_on=day_of(row["date"].strip(), services.settings.date_order),
        url=row.get("url", "").strip(),
        source_url=row.get("source", "").strip(),
        already_out=True,
        found_as=None if post is None else post.sha256,
        found_how="" if post is None else _how(post),
    )


def _photo(services: Services, name: str, post: MatchedPost | None, folder: Path) -> str:
    if not name:
        raise BadInputError(
            "The row has no photo: give a path, a SHA-256 or the address of a known post."
        )
    if post is not None:
        if post.photo_sha256 is None:
            raise BadInputError(f"The downloaded file {name} cannot be read: {post.problem}")
        return post.photo_sha256
    if name.startswith(_ADDRESSES):
        known = photos_at_url(services, name)
        if len(known) != 1:
            found = "no" if not known else f"{len(known)}"
            raise BadInputError(f"At {name} {found} photo is known: give the path or the SHA-256.")
        return known[0]
    local = folder / name
    return photo_named(services, str(local) if is_file_now(local) else name)


def _how(post: MatchedPost) -> str:
    return "no original found" if post.original is None else post.original.by.value


def _flag(services: Services, report: PublicationImport, actor: Actor) -> PublicationImport:
    photos = sorted({publication.photo_sha256 for publication in report.recorded})
    if photos:
        with noting_opened(services, actor) as report.takedowns:
            services.announce(RegisterChanged(actor, photos=tuple(photos)))
        services.settle(report.owed)
    return report
