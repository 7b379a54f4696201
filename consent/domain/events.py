"""Events: the occasions that photos belong to."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True, slots=True)
class Event:
    """An occasion photos belong to; only where it was in a public space is permission implied."""

    id: str
    name: str
    held_on: date | None
    place: str | None
    public_space: bool

    @property
    def space(self) -> str:
        """Which kind of occasion it is, in words."""
        return space_words(public=self.public_space)


def space_words(*, public: bool) -> str:
    """Say whether permission is implied."""
    return "in a public space" if public else "not in a public space"
