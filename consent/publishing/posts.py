"""Photos planned for a use on a day: listed, checked again before they go out."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from uuid import uuid4

from consent.checking.check import judge_photos
from consent.domain.actors import Actor
from consent.domain.changes import RegisterChanged
from consent.domain.channels import Use
from consent.domain.errors import (
    BadInputError,
    ConflictError,
    NotFoundError,
    PhotoNotIndexedError,
)
from consent.domain.log import Action
from consent.domain.publications import GivenClearance, PostStep, ScheduledPost
from consent.domain.roles import Duty, for_roles
from consent.domain.verdicts import Clearance, Verdict
from consent.domain.wording import long_day
from consent.publishing.record import Posting, add_publications
from consent.services import Services
from consent.storage.unit_of_work import UnitOfWork


@dataclass(frozen=True, slots=True)
class Rechecked:
    """A scheduled post with its verdict.

    Attributes:
        before: the last verdict; None if it was never checked for this use.
        clearance: today's.
    """

    post: ScheduledPost
    before: GivenClearance | None
    clearance: Clearance

    @property
    def verdict(self) -> Verdict:
        """Today's."""
        return self.clearance.decision.verdict

    @property
    def changed(self) -> bool:
        """Whether the verdict is another than before."""
        return self.before is not None and self.before.verdict is not self.verdict


@for_roles(Duty.PUBLISH)
def schedule_posts(
    services: Services, photos: Sequence[str], use: Use, planned_on: date, actor: Actor
) -> list[ScheduledPost]:
    """Plan photos for a use on a day, in one post.

    Raises:
        PhotoNotIndexedError: nothing is known of a photo.
        BadInputError: the day is past, or there is no photo.
    """
    if not photos:
        raise BadInputError("There is no photo to schedule: choose some.")
    if planned_on < services.today():
        raise BadInputError(f"{long_day(planned_on)} has passed: choose today or a later day.")
    with services.writing() as unit:
        if missing := set(photos) - unit.photos.known(photos):
            raise PhotoNotIndexedError(min(missing))
        waiting = {
            (post.photo_sha256, post.channel, post.issue, post.planned_on)
            for post in unit.publications.scheduled()
            if post.step is None
        }
        piece, together = use.issue or "", uuid4().hex
        posts = [
            ScheduledPost(uuid4().hex, photo, use.channel.id, piece, planned_on, actor.id, together)
            for photo in dict.fromkeys(photos)
            if (photo, use.channel.id, piece, planned_on) not in waiting
        ]
        for post in posts:
            unit.publications.add_scheduled(post, services.now())
            details = {"photo": post.photo_sha256, "channel": post.channel}
            unit.audit.append(Action.POST_SCHEDULED, post.id, actor, services.now(), details)
        unit.commit()
    return posts


@for_roles(Duty.READ_PUBLISHED)
def list_scheduled(services: Services, actor: Actor) -> list[ScheduledPost]:
    """Return the posts that wait, the next first."""
    with services.reading() as unit:
        return [post for post in unit.publications.scheduled() if post.step is None]


@dataclass(frozen=True, slots=True)
class PostCounts:
    """How many planned photos need somebody.

    Attributes:
        stopped: must not go out as they are, by the last check.
        due: planned for today, or for a day that is past.
        stale: to be checked again, because the register or the policy has changed since, or
            because nobody ever checked them.
    """

    stopped: int
    due: int
    stale: int


@for_roles(Duty.READ_PUBLISHED)
def count_scheduled(services: Services, actor: Actor) -> PostCounts:
    """Count planned photos that need somebody, without comparing anything."""
    today, stopped, stale = services.today(), 0, 0
    with services.reading() as unit:
        waiting = [post for post in unit.publications.scheduled() if post.step is None]
        now = unit.audit.register_version(), services.policy.version
        for use, together in _by_use(services, waiting).items():
            photos = [post.photo_sha256 for post in together]
            given = unit.publications.clearances(photos, use)
            stopped += sum(
                photo in given and given[photo].verdict is Verdict.BLOCKED for photo in photos
            )
            stale += sum(
                photo not in given
                or (given[photo].register_version, given[photo].policy_version) != now
                for photo in photos
            )
    return PostCounts(stopped, sum(post.planned_on <= today for post in waiting), stale)


def _by_use(services: Services, posts: Sequence[ScheduledPost]) -> dict[Use, list[ScheduledPost]]:
    found: dict[Use, list[ScheduledPost]] = defaultdict(list)
    for post in posts:
        found[services.policy.use(f"{post.channel}:{post.issue}")].append(post)
    return found


@for_roles(Duty.PUBLISH)
def recheck_scheduled(services: Services, actor: Actor) -> list[Rechecked]:
    """Check every scheduled post again by what the index holds; the next first."""
    posts = list_scheduled(services, actor)
    checked: list[Rechecked] = []
    for use, together in _by_use(services, posts).items():
        photos = [post.photo_sha256 for post in together]
        with services.reading() as unit:
            before = unit.publications.clearances(photos, use)
            places = unit.photos.places_of(photos)
        named = {places.get(photo, [photo])[0]: photo for photo in photos}
        report = judge_photos(services, named, {}, use, actor)
        given = {clearance.sha256: clearance for clearance in report.clearances}
        checked += [
            Rechecked(post, before.get(post.photo_sha256), given[post.photo_sha256])
            for post in together
        ]
    return sorted(checked, key=lambda rechecked: rechecked.post.planned_on)


def posted_together(posts: Sequence[ScheduledPost]) -> list[list[ScheduledPost]]:
    """Return posts by what goes out in one, in the order in which they were given."""
    found: dict[str, list[ScheduledPost]] = defaultdict(list)
    for post in posts:
        found[post.together or post.id].append(post)
    return list(found.values())


@for_roles(Duty.PUBLISH)
def cancel_posts(services: Services, post_ids: Sequence[str], actor: Actor) -> None:
    """Give scheduled posts up; all or none.

    Raises:
        NotFoundError: there is none.
        ConflictError: one no longer waits.
    """
    with services.writing() as unit:
        for post in _waiting(unit, post_ids):
            unit.publications.add_scheduled_step(post.id, PostStep.CANCELLED, actor, services.now())
            unit.audit.append(Action.POST_CANCELLED, post.id, actor, services.now())
        unit.commit()


@for_roles(Duty.PUBLISH)
def mark_posted(
    services: Services,
    post_ids: Sequence[str],
    url: str,
    actor: Actor,
    *,
    any_network: bool = False,
) -> None:
    """Record that scheduled photos went out today in one post; all or none.

    Raises:
        NotFoundError: there is none.
        ConflictError: one no longer waits, or they are for several uses.
        BadInputError: see `record_publications`.
        OtherNetworkError: likewise.
        RefusedError: today's register does not clear one.
    """
    with services.writing() as unit:
        posts = _waiting(unit, post_ids)
        uses = {services.policy.use(f"{post.channel}:{post.issue}") for post in posts}
        if len(uses) > 1:
            raise ConflictError(
                "These photos are planned for several channels: record each channel separately."
            )
        posting = Posting(uses.pop(), services.today(), url, any_network=any_network)
        photos = list(dict.fromkeys(post.photo_sha256 for post in posts))
        add_publications(services, unit, photos, posting, actor)
        for post in posts:
            unit.publications.add_scheduled_step(post.id, PostStep.POSTED, actor, services.now())
        unit.changes(RegisterChanged(actor, photos=tuple(photos)))
        unit.commit()


def _waiting(unit: UnitOfWork, post_ids: Sequence[str]) -> list[ScheduledPost]:
    by_id = {post.id: post for post in unit.publications.scheduled()}
    posts = [by_id[post_id] for post_id in post_ids if post_id in by_id]
    if not posts or len(posts) < len(post_ids):
        raise NotFoundError("That scheduled post is no longer in the list: reload it.")
    for post in posts:
        if post.step is not None:
            raise ConflictError(f"That post was {post.step} already.")
    return posts
