"""Which pages stand in whose menu, by their addresses."""

from __future__ import annotations

from collections.abc import Mapping

from consent.domain.actors import Actor
from consent.domain.policy import Policy
from consent.domain.roles import Duty, may

# What somebody must be allowed to do for a page to stand in their menu, in its order; None where
# everybody finds something of their own.
DUTIES: Mapping[str, Duty | None] = {
    "check": Duty.CHECK,
    "ask": Duty.ASK,
    "print": Duty.READ_PRINT,
    "review": Duty.REVIEW,
    "record": Duty.TAKE_LETTERS,
    "register": Duty.READ_CASES,
    "published": Duty.READ_PUBLISHED,
    "takedowns": Duty.READ_TAKEDOWNS,
    "thresholds": Duty.READ_STATUS,
    "status": Duty.READ_STATUS,
    "accounts": None,
}


def open_to(actor: Actor, policy: Policy) -> list[str]:
    """Return the addresses of the pages in somebody's menu."""
    return [address for address, duty in DUTIES.items() if duty is None or may(actor, duty, policy)]
