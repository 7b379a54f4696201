"""What was published: which photo, where, when, by whom."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING
from uuid import uuid4

from consent.audit_log import Action
from consent.errors import BadInputError, ConflictError, NotFoundError
from consent.rules import bare_address

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date

    from consent.channels import Use
    from consent.domain import Actor
    from consent.services import Services


@dataclass(frozen=True, slots=True)
class Publication:
    """A use that happened.

    Attributes:
        id: opaque.
        photo_sha256: the photo.
        channel: id of the channel.
        piece: for print, the publication, such as a newsletter's issue.
        url: of the copy online; empty for print.
        published_on: the day.
        by: staff member.
    """

    id: str
    photo_sha256: str
    channel: str
    piece: str
    url: str
    published_on: date
    by: str


def record_publication(
    services: Services,
    photo_sha256: str,
    use: Use,
    published_on: date,
    actor: Actor,
    *,
    url: str = "",
) -> Publication:
    """Record that a photo was published.

    Args:
        services: adapters.
        photo_sha256: a photo in the index.
        use: where it was published.
        published_on: the day.
        actor: who published it.
        url: of the copy; needed online, so that it can be found again.

    Raises:
        NotFoundError: the photo is not in the index.
        BadInputError: the day is to come, or an address is missing or no web address.
        ConflictError: that copy is recorded already.
    """
    address = url.strip()
    if published_on > services.today():
        message = f"It cannot have been published on {published_on}, which is to come."
        raise BadInputError(message)
    if address and not address.startswith(("https://", "http://")):
        message = f"{address!r} is no web address: it begins with https://."
        raise BadInputError(message)
    if use.channel.kind == "online" and not address:
        message = "Give the address of the post, so that it can be found and taken down."
        raise BadInputError(message)
    made = Publication(
        id=uuid4().hex,
        photo_sha256=photo_sha256,
        channel=use.channel.id,
        piece=use.publication or "",
        url=address,
        published_on=published_on,
        by=actor.id,
    )
    with services.writing() as unit:
        if not unit.photos.known([photo_sha256]):
            message = "The photo is not in the index: check or index it first."
            raise NotFoundError(message)
        if any(_same_copy(made, one) for one in unit.publications.all([photo_sha256])):
            message = "That copy of the photo is recorded as published already."
            raise ConflictError(message)
        unit.publications.add(made, services.now())
        unit.audit.append(
            Action.PUBLICATION_RECORDED,
            made.id,
            actor,
            services.now(),
            {"photo": photo_sha256, "channel": made.channel},
        )
        unit.commit()
    return made


def list_publications(services: Services, photos: Sequence[str] | None = None) -> list[Publication]:
    """Return what was published, the newest first; of some photos, or of all."""
    with services.reading() as unit:
        return unit.publications.all(photos)


def photos_at_url(services: Services, url: str) -> list[str]:
    """Return the photos published at an address, whatever its query and trailing slash."""
    wanted = bare_address(url)
    return list(
        dict.fromkeys(
            one.photo_sha256
            for one in list_publications(services)
            if one.url and bare_address(one.url) == wanted
        )
    )


def _same_copy(one: Publication, other: Publication) -> bool:
    return (one.channel, one.piece, one.url) == (other.channel, other.piece, other.url)
