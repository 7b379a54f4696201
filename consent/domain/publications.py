"""What is out, what is planned, and what is reused of other people's posts."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from consent.domain.actors import Actor
from consent.domain.verdicts import Verdict


@dataclass(frozen=True, slots=True)
class Publication:
    """A use that happened.

    Attributes:
        issue: for print, of which publication, such as a newsletter's issue.
        url: of the copy online; empty for print.
        source_url: the customer's post that is reused; permission ends when it is deleted.
        found_as: SHA-256 of the downloaded copy by which it was found.
        found_how: how that copy was matched with the photo.
        planned: it is not out: the print piece that it stands in can still be stopped.
    """

    id: str
    photo_sha256: str
    channel: str
    issue: str
    url: str
    published_on: date
    by: str
    source_url: str = ""
    found_as: str | None = None
    found_how: str = ""
    planned: bool = False

    @property
    def key(self) -> tuple[str, str, str]:
        """What a photo in a print piece is told by, too: channel, issue, photo."""
        return self.channel, self.issue, self.photo_sha256


@dataclass(frozen=True, slots=True)
class PublicationUndone:
    """A publication was recorded by mistake: it no longer counts, and stays on file."""

    publication_id: str
    at: datetime
    actor: Actor
    reason: str


@dataclass(frozen=True, slots=True)
class GivenClearance:
    """The last verdict that was given for a photo and a use."""

    verdict: Verdict
    register_version: int
    policy_version: str
    at: datetime


class PostStep(StrEnum):
    """What became of a scheduled post."""

    POSTED = "posted"
    CANCELLED = "cancelled"


@dataclass(frozen=True, slots=True)
class ScheduledPost:
    """A photo that is planned for a use.

    Attributes:
        issue: for print, of which publication.
        together: the same for photos that go out in one post; empty of what was planned before
            that was kept.
        step: what became of it; None while it waits.
    """

    id: str
    photo_sha256: str
    channel: str
    issue: str
    planned_on: date
    by: str
    together: str = ""
    step: PostStep | None = None


@dataclass(frozen=True, slots=True)
class SourceCheck:
    """Somebody looked whether a customer's post is still there."""

    publication_id: str
    there: bool
    checked_on: date
    by: str
