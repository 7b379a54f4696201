"""What the log tells of the computer's clock. Pure."""

from __future__ import annotations

from datetime import datetime, timedelta
from enum import Enum

# Two computers that share a database do not agree to the second.
_APART = timedelta(minutes=15)
# A library may be closed for a summer, and a program be left alone for a year.
_AHEAD = timedelta(days=400)


class ClockDoubt(Enum):
    """Why no day can be told from the clock."""

    BEHIND = (
        "The clock of this computer says {now:%Y-%m-%d %H:%M}, but the register was used on "
        "{last:%Y-%m-%d %H:%M} already: set the clock right, and check again."
    )
    AHEAD = (
        "The clock of this computer says {now:%Y-%m-%d %H:%M}, more than a year after the register "
        "was last used, on {last:%Y-%m-%d %H:%M}: set the clock right, and check again. If it is "
        "right, say so with likeness doctor --clock-is-right."
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
