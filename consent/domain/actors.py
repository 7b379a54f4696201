"""Who acts here."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Role(StrEnum):
    """What a staff member does here."""

    DESK = "desk"
    COMMUNICATIONS = "communications"
    DIRECTOR = "director"
    RECORDS = "records"
    ADMIN = "admin"


@dataclass(frozen=True, slots=True)
class Actor:
    """The staff member who acts; `id` is their name or account, as it stands in the log."""

    id: str
    role: Role
