"""Which photos and uses a revocation covers, and which photos its locators point at. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from enum import StrEnum

from consent.domain.channels import Use
from consent.domain.days import clearly_apart
from consent.domain.terms import Locator, Period, Terms
from consent.domain.verdicts import PhotoFacts

WITH_OTHERS = "with others, whom the desk knows"


class Coverage(StrEnum):
    """Whether terms cover a use of a photo, and why not."""

    COVERED = "covered"
    EVENT_UNKNOWN = "event_unknown"
    TIME_UNKNOWN = "time_unknown"
    OTHER_USE = "other_use"
    OTHER_PHOTO = "other_photo"
    OTHER_TIME = "other_time"


def covers(
    terms: Terms,
    photo: PhotoFacts,
    use: Use,
    known_photos: frozenset[str],
) -> Coverage:
    """Say whether terms cover a use of a photo.

    `known_photos` are those that it is a copy of, besides itself.

    What is not known of a photo never lets it pass: it may be of either time, and of an event.
    """
    scope = terms.scope
    if not scope.covers_channel(use.channel):
        return Coverage.OTHER_USE
    of_time = _of_time(terms, photo)
    if of_time is Coverage.OTHER_TIME:
        return of_time
    itself = known_photos | ({photo.sha256} if photo.sha256 else set())
    of_event = any(event.id in scope.event_ids for event in photo.events)
    if scope.all_photos or of_event or scope.photo_ids & itself:
        return of_time
    return Coverage.EVENT_UNKNOWN if scope.event_ids & photo.maybe_of else Coverage.OTHER_PHOTO


def _of_time(terms: Terms, photo: PhotoFacts) -> Coverage:
    """Say whether a photo is of the time that terms cover.

    The day of an event that somebody named decides. A camera's clock may only hold the photo back.
    """
    since, period = terms.effective_from, terms.scope.period
    if period is Period.BOTH:
        return Coverage.COVERED
    held = [event.held_on for event in photo.events if event.held_on is not None]
    if held:
        inside = any(_in_period(period, day, since) for day in held)
        return Coverage.COVERED if inside else Coverage.OTHER_TIME
    # A photo without a date may be of either time: then it is covered.
    if photo.taken_on is None or _in_period(period, photo.taken_on, since):
        return Coverage.COVERED
    sure = clearly_apart(photo.agreed_on, since)
    return Coverage.OTHER_TIME if sure else Coverage.TIME_UNKNOWN


def _in_period(period: Period, taken_on: date, since: date) -> bool:
    return taken_on < since if period is Period.PAST else taken_on >= since


def bare_address(url: str) -> str:
    """Return an address without what does not tell posts apart: scheme, query, trailing slash."""
    without_query = url.strip().partition("?")[0].partition("#")[0]
    return without_query.rstrip("/").removeprefix("https://").removeprefix("http://").casefold()


def points_at(locator: Locator, photo: PhotoFacts) -> bool:
    """Say whether a photo is of the post, the event or the day that a locator names."""
    if locator.url and any(
        bare_address(url) == bare_address(locator.url) for url in photo.posted_at
    ):
        return True
    if locator.event_id is not None:
        of_it = any(event.id == locator.event_id for event in photo.events)
        return of_it or locator.event_id in photo.same_day_as
    of_day = any(event.held_on == locator.on for event in photo.events)
    return locator.on is not None and (of_day or locator.on in photo.maybe_on)


def looks_of(locator: Locator) -> str:
    """Say what to look for, whatever the occasion.

    Whoever checks reads it: of the companions, whom the person may have named, only that they are.
    """
    company = WITH_OTHERS if locator.companions else ""
    parts = locator.clothing, company, locator.position
    return ", ".join(part for part in parts if part)


def looks_anywhere(locators: Iterable[Locator]) -> list[str]:
    """Return the looks that are told with no occasion: they may fit any photo."""
    told = (
        looks_of(locator)
        for locator in locators
        if not locator.event_id and not locator.on and not locator.url
    )
    return [looks for looks in told if looks]
