"""What was published, what is to be posted, and what was imported."""

from __future__ import annotations

from pages.ui import guard


def page() -> None:
    """Show the page."""
    actor = guard.signed_in()
    guard.heading("Published", actor)
