"""The cases that photos are held against, by number."""

from __future__ import annotations

from typing import TYPE_CHECKING

from consent.rules import STANDING

if TYPE_CHECKING:
    from consent.services import Services


def standing_labels(services: Services) -> list[str]:
    """Return the labels of revocations and holds that stand today, the newest first."""
    today = services.today()
    with services.reading() as unit:
        cases = unit.register.revocations()
    return [case.label for case in reversed(cases) if case.state(today) in STANDING]
