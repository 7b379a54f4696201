"""What must be taken down, by state and by channel."""

from __future__ import annotations

from pages.ui import guard


def page() -> None:
    """Show the page."""
    actor = guard.signed_in()
    guard.heading("Takedowns", actor)
