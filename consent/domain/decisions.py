"""What people decided about photos: people, looks, overrides, verbal consents."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from consent.domain.actors import Actor
from consent.domain.channels import Channel, ChannelKind
from consent.domain.worded import Worded
from media_index.limits import PLACING
from media_index.types import Box


class DecisionState(Worded):
    """What is held of a person's being in a photo."""

    CONFIRMED = "confirmed", "Confirmed"
    REJECTED = "rejected", "Not this person"
    CANNOT_TELL = "cannot_tell", "Can't tell"
    SUGGESTED = "suggested", "Suggested"


def same_face(one: Box | None, other: Box | None) -> bool:
    """Say whether two boxes of one photo are of the same face; None is the whole photo."""
    if one is None or other is None:
        return one is other
    return one.overlap(other) >= PLACING.same_face


@dataclass(frozen=True, slots=True)
class PersonDecision:
    """A decision on (face or photo, revocation); the latest holds.

    Attributes:
        box: the face; None for the photo as a whole.
        wearing: what the person wears there, so that they are found in photos nearby.
        carried_from: the photo that was decided on, where this one is a copy of it.
    """

    photo_sha256: str
    revocation_id: str
    box: Box | None
    state: DecisionState
    at: datetime
    actor: Actor
    note: str = ""
    wearing: str = ""
    carried_from: str | None = None

    @property
    def confirmed_here(self) -> bool:
        """Whether the person was confirmed in the photo itself, not in one it is a copy of."""
        return self.state is DecisionState.CONFIRMED and self.carried_from is None


@dataclass(frozen=True, slots=True)
class FaceLook:
    """Somebody looked at a face that cannot be compared, and found nobody of the register.

    It holds for the cases, and the reference faces, that there were at the time; the latest look
    at a face counts.

    Attributes:
        taken_back: the look before was a slip.
    """

    photo_sha256: str
    box: Box
    at: datetime
    actor: Actor
    taken_back: bool = False


class FaceKind(Worded):
    """What a box is of in which a face was found."""

    PERSON = "person", "A person"
    PICTURE = "picture", "A picture of a person"
    NO_PERSON = "no_person", "No person"


@dataclass(frozen=True, slots=True)
class FaceDecision:
    """Somebody said what a face is of; the latest holds, also in copies of the photo.

    A picture of a person is a likeness like any other: it stays compared. "A person" takes back
    what was said before.

    Attributes:
        despite: ids of the cases that the face surely looked like at the time. No other sure match
            is set aside by it.
        carried_from: the photo that was decided on, where this one is a copy of it.
    """

    photo_sha256: str
    box: Box
    kind: FaceKind
    at: datetime
    actor: Actor
    note: str = ""
    despite: frozenset[str] = frozenset()
    carried_from: str | None = None

    def sets_aside(self, revocation_id: str, *, surely: bool) -> bool:
        """Say whether a match of the face with somebody no longer counts."""
        if self.kind is not FaceKind.NO_PERSON:
            return False
        return not surely or revocation_id in self.despite


class OverrideStep(StrEnum):
    """What may happen to an override after it was asked for."""

    SECONDED = "seconded"
    WITHDRAWN = "withdrawn"


@dataclass(frozen=True, slots=True)
class Override:
    """A decision to use a photo although something speaks against it.

    Attributes:
        issue: for print; None for any.
        lifts: what spoke against it then, as (code, case), or (code with the face or the event,
            None) for what is of no case; whatever comes later still counts.
        expires_on: last day.
        needs_second: a minor is concerned, so that a second person must agree.
        withdrawn: somebody took it back.
    """

    id: str
    photo_sha256: str
    channel: str
    issue: str | None
    lifts: frozenset[tuple[str, str | None]]
    reason: str
    expires_on: date
    granted_by: Actor
    at: datetime
    needs_second: bool = False
    second: Actor | None = None
    withdrawn: bool = False

    @property
    def waits_for_second(self) -> bool:
        """Whether nobody has agreed to it yet who must."""
        return self.needs_second and self.second is None

    def in_force(self, day: date) -> bool:
        """Say whether it counts on a day."""
        return not self.waits_for_second and not self.withdrawn and day <= self.expires_on


@dataclass(frozen=True, slots=True)
class VerbalConsent:
    """Asked and given, or refused, by word of mouth.

    Attributes:
        given: False where it was refused.
        kinds: of channel it was asked for.
        photo_sha256: the photo; None for a whole event.
        box: the face; None for everybody in the photo.
        event_id: the event, for "the whole room was asked".
        expires_on: last day, if the policy sets one.
        channels: ids of single channels it was asked for, besides the kinds.
        name: of who was asked, if they said it.
        guardian: who answered for a minor.
        same_as: the answer given about another photo, where an editor saw that the face is the
            same.
    """

    id: str
    asked_by: str
    asked_on: date
    given: bool
    kinds: frozenset[ChannelKind]
    photo_sha256: str | None = None
    box: Box | None = None
    event_id: str | None = None
    expires_on: date | None = None
    note: str = ""
    channels: frozenset[str] = frozenset()
    name: str = ""
    guardian: str = ""
    same_as: str | None = None

    def is_for(self, channel: Channel, day: date) -> bool:
        """Say whether it was asked for a channel, and still holds on a day."""
        asked = channel.kind in self.kinds or channel.id in self.channels
        return asked and (self.expires_on is None or day <= self.expires_on)


@dataclass(frozen=True, slots=True)
class ConsentCorrection:
    """An answer was entered by mistake: it no longer counts, and stays on file with the reason."""

    consent_id: str
    at: datetime
    actor: Actor
    reason: str


def latest(decided: Sequence[PersonDecision]) -> list[PersonDecision]:
    """Keep one case's last decision on each face of a photo and on the photo as a whole."""
    if len(decided) == 1:
        return list(decided)
    kept: list[PersonDecision] = []
    for decision in reversed(decided):
        if not any(same_face(decision.box, later.box) for later in kept):
            kept.append(decision)
    return kept


def by_pair(decided: Iterable[PersonDecision]) -> dict[tuple[str, str], list[PersonDecision]]:
    """Return the decisions of each (photo, case), in their order."""
    pairs: dict[tuple[str, str], list[PersonDecision]] = {}
    for decision in decided:
        pairs.setdefault((decision.photo_sha256, decision.revocation_id), []).append(decision)
    return pairs


def latest_of_each(decided: Iterable[PersonDecision]) -> list[PersonDecision]:
    """Keep the last decision on each face, or whole, of each photo for each case."""
    return [last for own in by_pair(decided).values() for last in latest(own)]


def still_confirmed(decided: Iterable[PersonDecision]) -> list[PersonDecision]:
    """Keep the confirmations that no later decision on the same face has taken back."""
    return [last for last in latest_of_each(decided) if last.state is DecisionState.CONFIRMED]


def last_on(box: Box | None, decided: Sequence[PersonDecision]) -> PersonDecision | None:
    """Return one case's last decision on a face of a photo; None for the photo as a whole."""
    return next((decision for decision in reversed(decided) if same_face(decision.box, box)), None)
