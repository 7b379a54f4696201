"""Takedowns and appeals in the database."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from sqlmodel import Session


class Takedowns:
    """Takedowns and appeals."""

    def __init__(self, session: Session) -> None:
        """Work inside the session's transaction."""
        self._session = session
