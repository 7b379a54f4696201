"""Which pages stand in the menu of whoever is here."""

from __future__ import annotations

from consent.access.menu import GROUPS as GROUPS  # noqa: PLC0414 - for the app
from consent.access.menu import HOME as HOME  # noqa: PLC0414 - for the app
from consent.access.menu import open_to
from pages.ui import backend, guard


def allowed() -> list[str]:
    """Return the addresses of the pages that whoever is here can use; none for nobody."""
    present = guard.who_is_here()
    return [] if present is None else open_to(present.actor, backend.services().policy)
