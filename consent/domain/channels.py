"""Where the library publishes, and what for."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class ChannelKind(StrEnum):
    """Where a channel publishes."""

    ONLINE = "online"
    PRINT = "print"
    PRESS = "press"


@dataclass(frozen=True, slots=True)
class Channel:
    """A place to publish, from the policy file."""

    id: str
    label: str
    kind: ChannelKind


@dataclass(frozen=True, slots=True)
class Use:
    """A channel, and for print the publication."""

    channel: Channel
    issue: str | None = None
