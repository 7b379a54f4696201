"""What one person keeps in hand while they ask: the event, the photo, and what for."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import streamlit as st

from consent.domain.actors import Actor
from consent.domain.channels import ChannelKind
from consent.domain.decisions import VerbalConsent
from consent.domain.events import Event

_DESK = "asking-desk"


@dataclass(slots=True)
class AskingDesk:
    """The state of the page for one session.

    Attributes:
        photo: SHA-256 of the photo in hand; None to choose one.
        waiting: photos handed in together that come next.
        of: how many were handed in together, or are of the event.
        kinds: of channel that people are asked for.
        channels: single channels that they are asked for.
        said: what the last step did.
        recorded: ids of the answers that the last step recorded, to be taken back.
        refused: what was handed in with the photo in hand, and why it is not asked about.
        address: event and photo as the address names them, to notice a link that was followed.
        width: px of the page, as the browser told; 0 before it has.
        step: counts answers and photos, so that each begins with empty fields.
    """

    asked_by: str
    event: Event | None = None
    photo: str | None = None
    waiting: list[str] = field(default_factory=list)
    of: int = 0
    kinds: list[ChannelKind] = field(default_factory=lambda: [ChannelKind.PRINT])
    channels: list[str] = field(default_factory=list)
    said: str = ""
    recorded: list[str] = field(default_factory=list)
    refused: list[str] = field(default_factory=list)
    address: tuple[str, str] = ("", "")
    width: int = 0
    step: int = 0

    def leave_event(self) -> None:
        """Choose another event."""
        self.event, self.photo, self.said = None, None, ""
        self.recorded = []
        self.refused = []
        self.waiting.clear()

    def open(self, photo: str, event: Event | None) -> None:
        """Take one photo in hand at once, in place of those that were."""
        self.waiting.clear()
        self.event = event
        self.take([photo])

    def take(self, photos: list[str], of: int = 0) -> None:
        """Take photos in hand, the first at once; they may be the last `of` more."""
        self.waiting += photos
        self.of = of or len(self.waiting)
        self.next_photo()

    @property
    def place(self) -> str:
        """Which photo of those handed in is in hand, in words."""
        return f"Photo {self.of - len(self.waiting)} of {self.of}"

    def next_photo(self) -> None:
        """Go on to the next photo, or back to choosing one."""
        self.photo = self.waiting.pop(0) if self.waiting else None
        self.said = ""
        self.recorded = []
        self.refused = []
        self.step += 1

    def answered(self, words: str, recorded: Sequence[VerbalConsent] = ()) -> None:
        """Say what was recorded, and empty the fields."""
        self.said = words
        self.recorded = [consent.id for consent in recorded]
        self.step += 1

    def key(self, name: str) -> str:
        """Return a widget's key for this step."""
        return f"asking-{name}-{self.step}"


def asking_desk(actor: Actor) -> AskingDesk:
    """Return the session's desk."""
    desk: AskingDesk = st.session_state.setdefault(_DESK, AskingDesk(actor.id))
    return desk
