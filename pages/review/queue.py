"""What needs a person, one pair at a time."""

from __future__ import annotations

from pages.ui import guard


def page() -> None:
    """Show the page."""
    actor = guard.signed_in()
    guard.heading("Review", actor)
