"""What a revocation says: scope, receipt, requester, locators, agreement."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from consent.domain.channels import Channel, ChannelKind
from consent.domain.worded import Worded


class Method(Worded):
    """How the wish came. ORAL is no writing: it makes a hold, never a revocation."""

    FORM = "form", "Form"
    LETTER = "letter", "Letter"
    EMAIL = "email", "Email"
    OTHER_WRITING = "other_writing", "Other writing"
    ORAL = "oral", "By word of mouth"

    @property
    def in_writing(self) -> bool:
        """Whether the policy takes it as a revocation."""
        return self is not Method.ORAL


class Period(Worded):
    """Photos taken before the revocation, after it, or both."""

    BOTH = "both", "Old and new photos"
    PAST = "past", "Only photos taken before"
    FUTURE = "future", "Only photos taken after"


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

    def covers_kind(self, kind: ChannelKind) -> bool:
        """Say whether all channels of a kind are covered."""
        return self.all_channels or kind in self.kinds

    @property
    def all_photos(self) -> bool:
        """Whether it is not limited to an event or to named photos."""
        return not self.event_ids and not self.photo_ids


EVERYTHING = Scope()


class Relationship(Worded):
    """Who asks, seen from the person depicted."""

    SELF = "self", "The person depicted"
    PARENT = "parent", "A parent"
    GUARDIAN = "guardian", "A guardian"
    OTHER = "other", "Somebody else"


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
