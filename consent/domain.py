"""The words of the register as frozen dataclasses. No storage, no screen, no model."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date, datetime

    from consent.channels import Channel, ChannelKind
    from consent.terms import Receipt, Terms
    from media_index.types import Box, Vector

# Boxes of the same face differ by a few pixels between versions of the detector.
SAME_FACE_OVERLAP = 0.4


class Role(StrEnum):
    """What a staff member does here."""

    DESK = "desk"
    COMMUNICATIONS = "communications"
    DIRECTOR = "director"
    RECORDS = "records"
    ADMIN = "admin"


@dataclass(frozen=True, slots=True)
class Actor:
    """The staff member who acts.

    Attributes:
        id: name or account, as it stands in the log.
        role: what they act as.
    """

    id: str
    role: Role


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody the register knows.

    Attributes:
        id: opaque.
        name: shown only to roles that need it.
        minor: whether a guardian acts for them.
        birth_year: kept for a minor only.
        guardian: who acts for a minor.
        merged_into: id of the person this one was found to be.
    """

    id: str
    name: str
    minor: bool = False
    birth_year: int | None = None
    guardian: str | None = None
    merged_into: str | None = None

    def of_age(self, day: date) -> bool:
        """Say whether a minor has surely turned 18: the year after the 18th birthday's."""
        return self.minor and self.birth_year is not None and day.year > self.birth_year + 18


class CaseStep(StrEnum):
    """What can happen to a revocation; each is appended, none is changed."""

    HOLD_PLACED = "hold_placed"
    RECORDED = "recorded"
    AMENDED = "amended"
    RESCINDED = "rescinded"


@dataclass(frozen=True, slots=True)
class CaseEvent:
    """One appended step in the life of a revocation.

    Attributes:
        revocation_id: whose.
        step: what happened.
        at: when it was entered, UTC.
        actor: who entered it.
        terms: as they stand from here on; None for a step that leaves them.
        lapses_on: last day of a hold.
        reason: in words.
        effective_on: the day the step takes effect.
    """

    revocation_id: str
    step: CaseStep
    at: datetime
    actor: Actor
    effective_on: date
    terms: Terms | None = None
    lapses_on: date | None = None
    reason: str = ""


class State(StrEnum):
    """Where a revocation stands on a day; always derived."""

    HELD = "held"
    LAPSED = "lapsed"
    PENDING = "pending"
    ACTIVE = "active"
    ENDED = "ended"
    RESCINDED = "rescinded"


@dataclass(frozen=True, slots=True)
class Revocation:
    """A case: its person and everything that happened to it, oldest first."""

    id: str
    number: int
    person: Person
    history: tuple[CaseEvent, ...]

    @property
    def label(self) -> str:
        """The number as shown, R-0042."""
        return f"R-{self.number:04d}"

    @property
    def receipt(self) -> Receipt:
        """How it came: the writing that made it a revocation, or what was asked by word of mouth.

        An amendment's writing is in its own step.
        """
        stated = [step for step in self.history if step.terms is not None]
        written = [step for step in stated if step.step is CaseStep.RECORDED]
        terms = (written[-1:] or stated[:1])[0].terms
        if terms is None:
            message = f"{self.label} was recorded without terms"
            raise ValueError(message)
        return terms.receipt

    @property
    def terms(self) -> Terms:
        """The terms as last stated."""
        return next(step.terms for step in reversed(self.history) if step.terms is not None)

    def terms_on(self, day: date) -> Terms:
        """Return the terms in force on a day: an amendment holds from its effective day."""
        stated = [step for step in self.history if step.terms is not None]
        begun = [step for step in stated if step.effective_on <= day]
        terms = (begun or stated[:1])[-1].terms
        if terms is None:
            message = f"{self.label} was recorded without terms"
            raise ValueError(message)
        return terms

    def state(self, day: date) -> State:
        """Return where the case stands on a day (the library's own calendar)."""
        begun = [step for step in self.history if step.effective_on <= day]
        if any(step.step is CaseStep.RESCINDED for step in begun):
            return State.RESCINDED
        if not any(step.step is CaseStep.RECORDED for step in begun):
            return self._state_before_writing(begun, day)
        until = self.terms_on(day).until
        return State.ACTIVE if until is None or day <= until else State.ENDED

    def _state_before_writing(self, begun: list[CaseEvent], day: date) -> State:
        """Return the state while no writing is in force: a hold stands in until it lapses."""
        hold = next((step for step in begun if step.step is CaseStep.HOLD_PLACED), None)
        if hold is not None and (hold.lapses_on is None or day <= hold.lapses_on):
            return State.HELD
        written = any(step.step is CaseStep.RECORDED for step in self.history)
        return State.PENDING if written or hold is None else State.LAPSED


@dataclass(frozen=True, slots=True, eq=False)
class Template:
    """Encodings of one reference face of a revoking person.

    Attributes:
        id: opaque.
        revocation_id: whose.
        photo_sha256: the reference photo.
        box: the face in it.
        encodings: by model id, (d,) float32.
        crop: SHA-256 of the face crop in the vault.
        added_at: UTC.
        norm: see `FaceQuality.norm`; None of references from before it was measured.
    """

    id: str
    revocation_id: str
    photo_sha256: str
    box: Box
    encodings: Mapping[str, Vector]
    crop: str
    added_at: datetime
    norm: float | None = None


class SightingState(StrEnum):
    """What is held of a person's being in a photo."""

    SUGGESTED = "suggested"
    CONFIRMED = "confirmed"
    REJECTED = "rejected"
    CANNOT_TELL = "cannot_tell"


def same_face(one: Box | None, other: Box | None) -> bool:
    """Say whether two boxes of one photo are of the same face; None is the whole photo."""
    if one is None or other is None:
        return one is other
    return one.overlap(other) >= SAME_FACE_OVERLAP


@dataclass(frozen=True, slots=True)
class Sighting:
    """A decision on (face or photo, revocation); the latest holds.

    Attributes:
        photo_sha256: the photo.
        revocation_id: whose.
        box: the face; None for the photo as a whole.
        state: what was decided.
        at: UTC.
        actor: by whom.
        note: in words.
        wearing: what the person wears there, so that they are found in photos nearby.
        carried_from: the photo that was decided on, where this one is a copy of it.
    """

    photo_sha256: str
    revocation_id: str
    box: Box | None
    state: SightingState
    at: datetime
    actor: Actor
    note: str = ""
    wearing: str = ""
    carried_from: str | None = None


@dataclass(frozen=True, slots=True)
class FaceLook:
    """Somebody looked at a face that cannot be compared, and found nobody of the register.

    It holds for the cases, and the reference faces, that there were at the time; the latest look
    at a face counts.

    Attributes:
        photo_sha256: the photo.
        box: the face.
        at: UTC.
        actor: who looked.
        taken_back: the look before was a slip.
    """

    photo_sha256: str
    box: Box
    at: datetime
    actor: Actor
    taken_back: bool = False


class OverrideStep(StrEnum):
    """What may happen to an override after it was asked for."""

    SECONDED = "seconded"
    WITHDRAWN = "withdrawn"


@dataclass(frozen=True, slots=True)
class Override:
    """A decision to use a photo although something speaks against it.

    Attributes:
        id: opaque.
        photo_sha256: the photo.
        channel: id of the channel.
        publication: for print; None for any.
        lifts: what spoke against it then, as (code, case), or (code with the face or the event,
            None) for what is of no case; whatever comes later still counts.
        reason: in words.
        expires_on: last day.
        granted_by: who answers for it.
        at: UTC.
        needs_second: a minor is concerned, so that a second person must agree.
        second: who agreed.
        withdrawn: somebody took it back.
    """

    id: str
    photo_sha256: str
    channel: str
    publication: str | None
    lifts: frozenset[tuple[str, str | None]]
    reason: str
    expires_on: date
    granted_by: Actor
    at: datetime
    needs_second: bool = False
    second: Actor | None = None
    withdrawn: bool = False

    def in_force(self, day: date) -> bool:
        """Say whether it counts on a day."""
        agreed = self.second is not None or not self.needs_second
        return agreed and not self.withdrawn and day <= self.expires_on


@dataclass(frozen=True, slots=True)
class VerbalConsent:
    """Asked and given, or refused, by word of mouth.

    Attributes:
        id: opaque.
        asked_by: staff member.
        asked_on: the day.
        given: False where it was refused.
        kinds: of channel it was asked for.
        photo_sha256: the photo; None for a whole event.
        box: the face; None for everybody in the photo.
        event_id: the event, for "the whole room was asked".
        expires_on: last day, if the policy sets one.
        note: how, in words.
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
