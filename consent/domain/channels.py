"""Where the library publishes, and what for."""

from __future__ import annotations

from dataclasses import dataclass, field

from consent.domain.worded import Worded
from media_index.types import CopyForm


class ChannelKind(Worded):
    """Where a channel publishes."""

    ONLINE = "online", "Online"
    PRINT = "print", "Print"
    PRESS = "press", "Press"

    @property
    def whole(self) -> str:
        """All channels of the kind in words, as a scope covers them."""
        return _WHOLE[self]


_WHOLE = {
    ChannelKind.ONLINE: "Everything online",
    ChannelKind.PRINT: "Everything printed",
    ChannelKind.PRESS: "Press",
}


@dataclass(frozen=True, slots=True)
class Channel:
    """A place to publish, from the policy file.

    Attributes:
        copies: how copies of photos are exported for it.
    """

    id: str
    label: str
    kind: ChannelKind
    copies: CopyForm = field(default_factory=CopyForm)


@dataclass(frozen=True, slots=True)
class Use:
    """A channel, and for print the publication."""

    channel: Channel
    issue: str | None = None

    @property
    def name(self) -> str:
        """As the policy reads it: CHANNEL or CHANNEL:ISSUE."""
        return f"{self.channel.id}:{self.issue}" if self.issue else self.channel.id

    @property
    def label(self) -> str:
        """In words, for people."""
        return f"{self.channel.label}, {self.issue}" if self.issue else self.channel.label
