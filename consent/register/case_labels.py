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


def number_in(label: str, letter: str) -> int | None:
    """Return the number of a label as people write it: R-0012, r12, or 12.

    Args:
        label: as written.
        letter: what numbers of the kind begin with.

    Returns:
        The number; None if it is none.
    """
    digits = label.strip().upper().removeprefix(letter).lstrip("-")
    # More is no number that was ever given, and none that a database takes.
    return int(digits) if digits.isdecimal() and len(digits) < len("999999999") else None
