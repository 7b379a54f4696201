"""The report of a check with what is known now: of which event photos are, and what was posted."""

from __future__ import annotations

from consent.checking.result import CheckResult
from consent.domain.actors import Actor
from consent.domain.roles import Duty, for_roles
from consent.services import Services


@for_roles(Duty.CHECK)
def check_report(services: Services, result: CheckResult, actor: Actor) -> str:
    """Return the report for a spreadsheet."""
    photos = list(dict.fromkeys(photo.sha256 for photo in result.photos if photo.sha256))
    use = services.policy.use(result.named_use)
    with services.reading() as unit:
        events = {
            sha256: ", ".join(event.name for event in of_photo)
            for sha256, of_photo in unit.events.of_photos(photos).items()
        }
        posted = {
            made.photo_sha256: f"{made.published_on} {made.url or made.issue}".strip()
            for made in reversed(unit.publications.all(photos))
            if made.channel == use.channel.id and made.issue == (use.issue or "")
        }
    return result.as_csv(events, posted)
