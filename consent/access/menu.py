"""Which pages stand in whose menu, by their addresses."""

from __future__ import annotations

from collections.abc import Mapping

from consent.domain.actors import Actor
from consent.domain.policy import Policy
from consent.domain.roles import Duty, may

HOME = "home"
# The menu: pages in groups by work, each with what somebody must be allowed to do for it to stand
# in their menu; None where everybody finds something of their own.
GROUPS: Mapping[str, Mapping[str, Duty | None]] = {
    # Above the groups.
    "": {HOME: None},
    "Check and post": {
        "check": Duty.CHECK,
        "ask": Duty.ASK,
        "published": Duty.READ_PUBLISHED,
    },
    "Desk": {"record": Duty.TAKE_LETTERS},
    "Review": {"review": Duty.REVIEW, "takedowns": Duty.READ_TAKEDOWNS},
    "Print": {"print": Duty.READ_PRINT},
    "Records": {"register": Duty.READ_CASES, "records": Duty.RECORDS_REQUEST},
    "Settings": {
        "thresholds": Duty.READ_STATUS,
        "status": Duty.READ_STATUS,
        "accounts": Duty.KEEP_ACCOUNTS,
    },
}


def open_to(actor: Actor, policy: Policy) -> list[str]:
    """Return the addresses of the pages in somebody's menu, in its order."""
    return [
        address
        for pages in GROUPS.values()
        for address, duty in pages.items()
        if duty is None or may(actor, duty, policy)
    ]
