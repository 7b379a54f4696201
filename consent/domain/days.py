"""What a camera's clock says of the day a photo was taken, and when that may let it pass. Pure.

A clock may hold a photo back; alone it lets none pass (docs/adr/0019): it may stand at the year it
was made, a year off, on another zone's time, or past midnight.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

# Nearer to an event, or to the first day of a revocation, even clocks that agree prove nothing:
# events run past midnight and for several days, and cameras stand on another zone's time.
CLEARLY_APART = timedelta(days=7)
# One camera gives all its photos the same wrong day; one photo of another may have strayed in.
_CAMERAS = 2
_PHOTOS_OF_EACH = 2
# Clocks that lost their battery begin anew on the first of a January, all on the same.
_JANUARY = 1
_DAYS_AFTER_RESET = 3
# Until then the night may be that of the day before.
_NIGHT = timedelta(hours=6)
_DAY, _YEAR = timedelta(days=1), timedelta(days=365.2425)


@dataclass(frozen=True, slots=True)
class ClockDay:
    """The day of one photo by the clock of its camera; `camera` is make and model."""

    camera: str
    on: date


def days_meant(local: datetime) -> frozenset[date]:
    """Return the days that a time by a camera's clock may mean, to hold a photo back.

    A photo at night may be of the evening before; a clock on UTC that says so nowhere, read as
    `local`, is off by the offset of the place.
    """
    offset = local.utcoffset() or timedelta()
    return frozenset(
        moment.date() for moment in (local, local - _NIGHT, local.replace(tzinfo=None) + offset)
    )


def agreed_day(on: date, folder: Sequence[ClockDay], today: date) -> date | None:
    """Return the day of a photo's clock if the photos of its folder vouch for it, else None.

    Two cameras of different models, with two photos each, must say this day, and no photo of the
    folder another; what each of them says, `folder` has, the photo itself among them.
    """
    reset = on.month == _JANUARY and on.day <= _DAYS_AFTER_RESET
    if reset or on > today or any(abs(other.on - on) > _DAY for other in folder):
        return None
    photos = Counter(other.camera.casefold() for other in folder if other.on == on and other.camera)
    agreeing = [camera for camera, count in photos.items() if count >= _PHOTOS_OF_EACH]
    return on if len(agreeing) >= _CAMERAS else None


def clearly_apart(agreed_on: date | None, other: date | None) -> bool:
    """Say whether a day that cameras agree on is surely not another; never where one is unknown.

    The same time of another year proves nothing: of two cameras, one may have got its wrong year
    from the other.
    """
    if agreed_on is None or other is None:
        return False
    apart = abs(agreed_on - other) % _YEAR
    return min(apart, _YEAR - apart) > CLEARLY_APART
