"""What the log tells of the computer's clock. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import Enum

# Two computers that share a database do not agree to the second.
_APART = timedelta(minutes=15)
# A library may be closed for a summer, and a program be left alone for a year.
_AHEAD = timedelta(days=400)
# Over a longer pause nothing ends that has an end, before the clock was looked at twice.
_PAUSE = timedelta(days=2)
# A clock that is wrong for a moment, as after a flat battery, is right again by then.
_SECOND_LOOK = timedelta(hours=12)


class ClockDoubt(Enum):
    """Why no day can be told from the clock."""

    BEHIND = (
        "The clock of this computer says {now:%Y-%m-%d %H:%M}, but the register was used on "
        "{last:%Y-%m-%d %H:%M} already: set the clock, and check again."
    )
    AHEAD = (
        "The clock of this computer says {now:%Y-%m-%d %H:%M}, more than a year after the register "
        "was last used, on {last:%Y-%m-%d %H:%M}: set the clock, and check again. If the clock "
        "is right, run likeness doctor --clock-is-right."
    )

    def sentence(self, now: datetime, last: datetime) -> str:
        """Say it, by the library's own clock."""
        return self.value.format(now=now, last=last)


def clock_doubt(now: datetime, last: datetime | None) -> ClockDoubt | None:
    """Compare a clock with the latest moment at which it was trusted."""
    if last is None:
        return None
    if now < last - _APART:
        return ClockDoubt.BEHIND
    return ClockDoubt.AHEAD if now > last + _AHEAD else None


UNSURE_CLOCK = (
    "The clock of this computer says {now:%Y-%m-%d %H:%M}, and the register was last used on "
    "{last:%Y-%m-%d %H:%M}. Holds and temporary cases that ended since then still count until "
    "the program is used again half a day later. Check that the clock is right. If it is, run "
    "likeness doctor --clock-is-right."
)


@dataclass(frozen=True, slots=True)
class ClockLooks:
    """What is known of the clock by the looks at it, which are the entries of the log.

    Attributes:
        sure: up to this moment the time has surely passed; None before any entry.
        looked: the first look after a pause that a second one must bear out; None if there is none.
    """

    sure: datetime | None = None
    looked: datetime | None = None

    def at(self, now: datetime) -> ClockLooks:
        """Return what is known after another look."""
        if self.trusts(now):
            return ClockLooks(now if self.sure is None else max(now, self.sure))
        first = now if self.looked is None else min(now, self.looked)
        return ClockLooks(self.sure, first)

    def trusts(self, now: datetime) -> bool:
        """Say whether it can be told by a clock that so much time has passed."""
        if self.sure is None or now <= self.sure + _PAUSE:
            return True
        return self.looked is not None and now >= self.looked + _SECOND_LOOK
