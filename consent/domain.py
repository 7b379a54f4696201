"""The words of the register as frozen dataclasses. No storage, no screen, no model."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime  # noqa: TC003 - the store reads the annotations of Terms
from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

    from media_index.types import Box, Vector


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
    publication: str | None = None


class Method(StrEnum):
    """How the writing came."""

    FORM = "form"
    LETTER = "letter"
    EMAIL = "email"
    OTHER_WRITING = "other_writing"


class Period(StrEnum):
    """Photos taken before the revocation, after it, or both."""

    PAST = "past"
    FUTURE = "future"
    BOTH = "both"


@dataclass(frozen=True, slots=True)
class Scope:
    """What a revocation covers.

    Attributes:
        all_channels: every channel, also those the policy gains later.
        kinds: every channel of these kinds.
        channels: channels by id.
        event_ids: only photos of these events; with `photo_ids` empty too, all photos.
        photo_ids: only these photos (SHA-256) and copies of them.
        period: by the day the photo was taken, compared with the day the revocation began.
        caption_too: the name in captions as well as the likeness.
    """

    all_channels: bool = True
    kinds: frozenset[ChannelKind] = frozenset()
    channels: frozenset[str] = frozenset()
    event_ids: frozenset[str] = frozenset()
    photo_ids: frozenset[str] = frozenset()
    period: Period = Period.BOTH
    caption_too: bool = True

    def covers_channel(self, channel: Channel) -> bool:
        """Say whether publishing on the channel is covered."""
        return self.all_channels or channel.kind in self.kinds or channel.id in self.channels

    @property
    def all_photos(self) -> bool:
        """Whether it is not limited to an event or to named photos."""
        return not self.event_ids and not self.photo_ids


EVERYTHING = Scope()


class Relationship(StrEnum):
    """Who asks, seen from the person depicted."""

    SELF = "self"
    PARENT = "parent"
    GUARDIAN = "guardian"
    OTHER = "other"


@dataclass(frozen=True, slots=True)
class Requester:
    """Who signed, and how their authority was checked (a note, never a copy of an ID)."""

    name: str
    relationship: Relationship = Relationship.SELF
    authority_note: str = ""
    contact: str = ""
    preferred_contact: str = ""
    language: str = "en"


@dataclass(frozen=True, slots=True)
class Receipt:
    """The writing as it came in.

    Attributes:
        on: the day it was received.
        by: the staff member who took it.
        method: form, letter, email, other.
        branch: where.
        original_at: where the paper lies.
    """

    on: date
    by: str
    method: Method
    branch: str = ""
    original_at: str = ""


@dataclass(frozen=True, slots=True)
class Locator:
    """A hint for the eye where no face helps."""

    event_id: str | None = None
    on: date | None = None
    clothing: str = ""
    companions: str = ""
    url: str = ""
    position: str = ""


@dataclass(frozen=True, slots=True)
class TemplateAgreement:
    """The separate agreement to keep a face template.

    Attributes:
        agreed_on: the day.
        purpose: as told to the patron.
        until: the day it ends by itself, if any.
    """

    agreed_on: date
    purpose: str
    until: date | None = None


@dataclass(frozen=True, slots=True)
class Terms:
    """What a revocation says; an amendment states them anew, whole.

    Attributes:
        scope: what is covered.
        receipt: the writing, or the oral request of a hold.
        requester: who asked.
        effective_from: the first day it holds.
        until: the last day, if temporary.
        safety: a safety concern; handled first.
        locators: hints where no face helps.
        template_agreement: None where no face template may be kept.
        evidence: SHA-256 of each page or file of the writing, in the vault.
        note: free text.
    """

    scope: Scope
    receipt: Receipt
    requester: Requester
    effective_from: date
    until: date | None = None
    safety: bool = False
    locators: tuple[Locator, ...] = ()
    template_agreement: TemplateAgreement | None = None
    evidence: tuple[str, ...] = ()
    note: str = ""


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody the register knows.

    Attributes:
        id: opaque.
        name: shown only to roles that need it.
        minor: whether a guardian acts for them.
        birth_year: kept for a minor only.
        guardian: who acts for a minor.
    """

    id: str
    name: str
    minor: bool = False
    birth_year: int | None = None
    guardian: str | None = None


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
        steps = {step.step for step in self.history}
        last = self.history[-1]
        if last.step is CaseStep.RESCINDED and last.effective_on <= day:
            return State.RESCINDED
        if CaseStep.RECORDED not in steps:
            lapse = self.history[0].lapses_on
            return State.HELD if lapse is None or day <= lapse else State.LAPSED
        terms = self.terms_on(day)
        if day < terms.effective_from:
            return State.PENDING
        if terms.until is not None and day > terms.until:
            return State.ENDED
        return State.ACTIVE


@dataclass(frozen=True, slots=True, eq=False)
class Template:
    """Encodings of one reference face of a revoking person.

    Attributes:
        id: opaque.
        revocation_id: whose.
        photo_sha256: the reference photo.
        box: the face in it.
        encodings: by model id, (128,) float32.
        crop: SHA-256 of the face crop in the vault.
        added_at: UTC.
    """

    id: str
    revocation_id: str
    photo_sha256: str
    box: Box
    encodings: Mapping[str, Vector]
    crop: str
    added_at: datetime


class SightingState(StrEnum):
    """What is held of a person's being in a photo."""

    SUGGESTED = "suggested"
    CONFIRMED = "confirmed"
    REJECTED = "rejected"
    CANNOT_TELL = "cannot_tell"


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
    """

    photo_sha256: str
    revocation_id: str
    box: Box | None
    state: SightingState
    at: datetime
    actor: Actor
    note: str = ""


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
