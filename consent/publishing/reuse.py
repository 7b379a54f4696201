"""Customers' posts that are reused: the permission ends when the customer deletes the post."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from consent.domain.actors import Actor
from consent.domain.errors import BadInputError, NotFoundError
from consent.domain.log import Action
from consent.domain.publications import Publication, SourceCheck
from consent.domain.roles import Duty, for_roles
from consent.services import Services


@dataclass(frozen=True, slots=True)
class Source:
    """A customer's post that is reused.

    Attributes:
        last: the last look; None while nobody has looked.
        due_on: the next look; None once it is gone.
    """

    publication: Publication
    last: SourceCheck | None
    due_on: date | None
    overdue: bool

    @property
    def gone(self) -> bool:
        """Whether the permission has ended, so that the copy must come down."""
        return self.last is not None and not self.last.there


@for_roles(Duty.READ_PUBLISHED)
def list_sources(services: Services, actor: Actor) -> list[Source]:
    """Return what is reused: first what is gone, then what must be looked at soonest."""
    with services.reading() as unit:
        reused = [made for made in unit.publications.all() if made.source_url]
        checks = unit.publications.source_checks()
    today, days = services.today(), timedelta(days=services.policy.reuse_check_days)
    sources = []
    for publication in reused:
        last = checks.get(publication.id)
        gone = last is not None and not last.there
        due = None if gone else (last.checked_on if last else publication.published_on) + days
        sources.append(Source(publication, last, due, due is not None and due <= today))
    return sorted(sources, key=lambda source: (source.due_on is not None, source.due_on or today))


@for_roles(Duty.PUBLISH)
def check_source(services: Services, publication_id: str, actor: Actor, *, there: bool) -> None:
    """Keep that somebody looked today whether a customer's post is still there.

    Raises:
        NotFoundError: there is no such publication.
        BadInputError: it reuses no post.
    """
    with services.writing() as unit:
        every = unit.publications.all()
        made = next((made for made in every if made.id == publication_id), None)
        if made is None:
            raise NotFoundError("That post is no longer in the list: reload it.")
        if not made.source_url:
            raise BadInputError("That post does not reuse a customer's post.")
        look = SourceCheck(publication_id, there, services.today(), actor.id)
        unit.publications.add_source_check(look, services.now())
        action, details = Action.REUSE_CHECKED, {"there": there}
        unit.audit.append(action, publication_id, actor, services.now(), details)
        unit.commit()
