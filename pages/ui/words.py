"""What days, languages and decisions are called on a page."""

from __future__ import annotations

from datetime import date, datetime
from zoneinfo import ZoneInfo

from consent.domain.decisions import DecisionState
from consent.domain.events import Event
from consent.domain.policy import Policy
from consent.domain.wording import clock_time
from consent.services import Services

SERVER_FOLDER = "Folder on the server (its full path)"
LANGUAGES = {"en": "English", "es": "Spanish"}
# On buttons; what was decided is said by the state itself.
CHOICES = {
    DecisionState.CONFIRMED: "Confirm",
    DecisionState.REJECTED: "Not this person",
    DecisionState.CANNOT_TELL: "Can't tell",
}


def channel_name(policy: Policy, channel_id: str) -> str:
    """Return what a channel is called; one that the policy no longer has, by its id."""
    return next((known.label for known in policy.channels if known.id == channel_id), channel_id)


_KIB = 1024
DATE_FORMAT = "MM/DD/YYYY"
# Given to every date_input that may be of the past. Streamlit's own bound is ten years ago, and it
# keeps the former value of a field, without a word, where a date outside its bounds is typed.
EARLIEST = date(1900, 1, 1)


def shown_day(day: date) -> str:
    """Return a day, as in May 4, 2026."""
    return f"{day:%B} {day.day}, {day.year}"


def short_day(day: date) -> str:
    """Return a day where there is little room, as in Sep 4, 2026."""
    return f"{day:%b} {day.day}, {day.year}"


def shown_size(size: int) -> str:
    """Return the size of a file, in KiB."""
    return f"{max(1, round(size / _KIB)):,} KiB"


def event_name(event: Event) -> str:
    """Return an event's name with its day, if that is known."""
    return event.name if event.held_on is None else f"{event.name}, {short_day(event.held_on)}"


def shown_moment(services: Services, moment: datetime) -> str:
    """Return a moment on the library's own clock, as in May 4, 2026, 2:05 PM."""
    local = moment.astimezone(ZoneInfo(services.settings.time_zone))
    return f"{shown_day(local.date())}, {clock_time(local)}"
