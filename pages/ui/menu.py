"""Which pages stand in the menu of whoever is here."""

from __future__ import annotations

from collections.abc import Sequence

from consent.domain.roles import Duty, may
from pages.ui import backend, guard

# What somebody must be allowed to do for a page to stand in their menu.
DUTIES = {
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
}


def allowed(addresses: Sequence[str]) -> list[str]:
    """Return the addresses of the pages that whoever is here can use; none for nobody."""
    present = guard.who_is_here()
    if present is None:
        return []
    policy = backend.services().policy
    return [
        address
        for address in addresses
        if address not in DUTIES or may(present.actor, DUTIES[address], policy)
    ]
