"""What was published: which photo, where, when, by whom."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import PurePath
from uuid import uuid4

from consent.checking.validity import judged_otherwise
from consent.domain.actors import Actor
from consent.domain.changes import RegisterChanged
from consent.domain.channels import ChannelKind, Use
from consent.domain.errors import (
    BadInputError,
    ConflictError,
    DayToComeError,
    PhotoNotIndexedError,
    RefusedError,
)
from consent.domain.log import Action
from consent.domain.networks import another_network
from consent.domain.policy import WhenMissing
from consent.domain.publications import Publication
from consent.domain.roles import Duty, for_roles
from consent.domain.scope import bare_address
from consent.domain.verdicts import Verdict
from consent.services import Services
from consent.storage.unit_of_work import UnitOfWork


class AlreadyPublishedError(ConflictError):
    """The same copy of a photo was recorded before."""

    def __init__(self) -> None:
        super().__init__("That copy of the photo is already recorded as published.")


class OtherNetworkError(ConflictError):
    """The address of a post is of another network than it is recorded for."""

    def __init__(self, network: str, channel: str) -> None:
        self.question = f"The address is on {network}, but the post is for {channel}."
        super().__init__(f"Not recorded yet. {self.question} Confirm to record it anyway.")


@dataclass(frozen=True, slots=True)
class Posting:
    """A post, or a piece of print, as it is to be recorded.

    Attributes:
        url: of the post; needed online, so that it can be found again.
        source_url: the customer's post that is reused, if it is one.
        already_out: it was published before anybody checked it here: recorded in any case, since
            what is out must be known.
        any_network: the address is right, though it is of another network than the channel.
    """

    use: Use
    published_on: date
    url: str = ""
    source_url: str = ""
    already_out: bool = False
    found_as: str | None = None
    found_how: str = ""
    any_network: bool = False


@for_roles(Duty.PUBLISH)
def record_publications(
    services: Services, photos: Sequence[str], posting: Posting, actor: Actor
) -> list[Publication]:
    """Record that photos were published together; all or none.

    Raises:
        PhotoNotIndexedError: nothing is known of a photo.
        BadInputError: the day is to come, or an address is missing or no web address.
        OtherNetworkError: the address is of another network; not asked of what is out already.
        AlreadyPublishedError: a copy is recorded already.
        RefusedError: a photo was not cleared for this use by today's register.
    """
    with services.writing() as unit:
        made = add_publications(services, unit, photos, posting, actor)
        unit.changes(RegisterChanged(actor, photos=tuple(dict.fromkeys(photos))))
        unit.commit()
    return made


def add_publications(
    services: Services,
    unit: UnitOfWork,
    photos: Sequence[str],
    posting: Posting,
    actor: Actor,
) -> list[Publication]:
    """Record publications in the transaction of a caller, who announces them.

    Raises as `record_publications` does.
    """
    _validate(services, posting)
    if missing := set(photos) - unit.photos.known(photos):
        raise PhotoNotIndexedError(min(missing))
    if not posting.already_out:
        _require_clearance(services, unit, photos, posting.use)
    made = [publication_of(photo, posting, actor) for photo in dict.fromkeys(photos)]
    known = unit.publications.all(photos)
    if any(_same_copy(publication, other) for publication in made for other in known):
        raise AlreadyPublishedError
    now = services.now()
    for publication in made:
        unit.publications.add(publication, now)
        details = {"photo": publication.photo_sha256, "channel": publication.channel}
        if posting.already_out:
            details["already_out"] = "yes"
        unit.audit.append(Action.PUBLICATION_RECORDED, publication.id, actor, now, details)
    return made


def _validate(services: Services, posting: Posting) -> None:
    if posting.published_on > services.today():
        raise DayToComeError("It cannot have been published", posting.published_on)
    for address in (posting.url.strip(), posting.source_url.strip()):
        if address and not address.startswith(("https://", "http://")):
            raise BadInputError(f"{address!r}: an address must begin with https://.")
    printed = posting.use.channel.kind is ChannelKind.PRINT
    if printed and not posting.use.issue and not posting.already_out:
        raise BadInputError(
            "Enter the issue or print piece at the check, so that the printed copy can be found "
            "later."
        )
    online = posting.use.channel.kind is ChannelKind.ONLINE
    if online and not posting.url.strip() and posting.found_as is None:
        raise BadInputError("Give the address of the post, so that it can be found and taken down.")
    network = another_network(posting.url, posting.use.channel)
    if network and not posting.any_network and not posting.already_out:
        raise OtherNetworkError(network, posting.use.channel.label)


def _require_clearance(
    services: Services, unit: UnitOfWork, photos: Sequence[str], use: Use
) -> None:
    """Refuse what today's register and policy have not cleared."""
    given = unit.publications.clearances(photos, use)
    changed: dict[tuple[int, str, date], frozenset[str] | None] = {}
    for photo in photos:
        last = given.get(photo)
        if last is None:
            raise RefusedError(
                f"The photo was not checked for {use.channel.label}: check it first."
            )
        made = (last.register_version, last.policy_version, services.day(last.at))
        if made not in changed:
            changed[made] = judged_otherwise(services, unit, last)
        otherwise = changed[made]
        if otherwise is None or photo in otherwise:
            raise RefusedError(
                "The register has changed since the photo was checked: check it again, then "
                "record the post."
            )
        if last.verdict not in allowed_verdicts(services):
            raise RefusedError(
                f"The verdict on the photo is: {last.verdict.words}. It is not recorded as posted. "
                "A person who may override the verdict can do so, with a reason. If it is already "
                "out, record it as published."
            )


def allowed_verdicts(services: Services) -> frozenset[Verdict]:
    """Return the verdicts with which a photo may go out."""
    warned = services.policy.when_missing is WhenMissing.WARN
    return frozenset({Verdict.CLEAR} | ({Verdict.CONSENT_MISSING} if warned else set()))


def publication_of(photo: str, posting: Posting, actor: Actor) -> Publication:
    """Return the record of a photo's publication, not yet kept."""
    return Publication(
        id=uuid4().hex,
        photo_sha256=photo,
        channel=posting.use.channel.id,
        issue=posting.use.issue or "",
        url=posting.url.strip(),
        published_on=posting.published_on,
        by=actor.id,
        source_url=posting.source_url.strip(),
        found_as=posting.found_as,
        found_how=posting.found_how,
    )


@for_roles(Duty.READ_PUBLISHED)
def list_publications(
    services: Services, actor: Actor, photos: Sequence[str] | None = None
) -> list[Publication]:
    """Return what was published, the newest first; of some photos, or of all."""
    with services.reading() as unit:
        return unit.publications.all(photos)


@dataclass(frozen=True, slots=True)
class PhotoLabel:
    """What people know a photo by.

    Attributes:
        events: names of those that it is of.
    """

    file_name: str
    events: tuple[str, ...]

    @property
    def words(self) -> str:
        """Both in one line."""
        return ", ".join((self.file_name, *self.events))


@for_roles(Duty.READ_PUBLISHED)
def photo_labels(services: Services, photos: Sequence[str], actor: Actor) -> dict[str, PhotoLabel]:
    """Return file name and events of photos, by SHA-256."""
    wanted = list(dict.fromkeys(photos))
    with services.reading() as unit:
        places = unit.photos.places_of(wanted)
        events = unit.events.of_photos(wanted)
    return {
        photo: PhotoLabel(
            PurePath(places[photo][0]).name if photo in places else photo[:12],
            tuple(event.name for event in events.get(photo, ())),
        )
        for photo in wanted
    }


def photos_at_url(services: Services, url: str) -> list[str]:
    """Return the photos published at an address, whatever its query and trailing slash."""
    wanted = bare_address(url)
    with services.reading() as unit:
        every = unit.publications.all()
    return list(
        dict.fromkeys(
            made.photo_sha256 for made in every if made.url and bare_address(made.url) == wanted
        )
    )


def _same_copy(made: Publication, other: Publication) -> bool:
    """Say whether two are one copy: the same place, or the same downloaded file."""
    if made.photo_sha256 != other.photo_sha256 or made.channel != other.channel:
        return False
    if made.url or other.url:
        return bare_address(made.url) == bare_address(other.url)
    return (made.issue, made.found_as) == (other.issue, other.found_as)
