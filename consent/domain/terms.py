"""What a revocation says: as it comes in, as it is kept, and as it is amended.

A new field of a revocation stands in `NewRevocation`, `Terms` and `Amendment`, and in the table
`consent.domain.fields`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any

from consent.domain.channels import Channel, ChannelKind
from consent.domain.intake import EarlyDecision, EvidenceFile, Reference
from consent.domain.worded import Worded


class Method(Worded):
    """How the wish came. ORAL is no writing: it makes a hold, never a revocation."""

    FORM = "form", "Form"
    LETTER = "letter", "Letter"
    EMAIL = "email", "Email"
    OTHER_WRITING = "other_writing", "Other written request"
    ORAL = "oral", "Spoken request"

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
        all_channels: also those the policy gains later.
        event_ids: only photos of these events; with `photo_ids` empty too, all photos.
        photo_ids: only these photos (SHA-256) and copies of them.
        period: by the day the photo was taken, compared with the day the revocation began.
        caption_too: the name as well as the likeness.
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

    SELF = "self", "The person in the photos"
    PARENT = "parent", "A parent"
    GUARDIAN = "guardian", "A guardian"
    OTHER = "other", "Someone else"


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
class Submission:
    """A letter as it came in, or what was asked by word of mouth.

    Attributes:
        on: the day it was received.
        evidence: its pages or files on their way into the vault; none once it is kept, for then
            `Terms.evidence` names them.
        original_at: where the paper lies.
        by: the staff member who took it; empty for the acting one.
    """

    on: date
    method: Method = Method.OTHER_WRITING
    evidence: Sequence[EvidenceFile] = ()
    original_at: str = ""
    by: str = ""
    branch: str = ""

    def kept(self, actor_id: str) -> Submission:
        """Return it as a case keeps it: without its files, and with who took it."""
        return replace(self, evidence=(), by=self.by.strip() or actor_id)


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
    """The separate agreement to keep a face template, with the purpose as told to the patron.

    Attributes:
        until: its last day, if it has one.
        recorded_by: the staff member who asked for it and took it down; empty in old entries.
        given_by: who agreed.
    """

    agreed_on: date
    purpose: str
    until: date | None = None
    recorded_by: str = ""
    given_by: str = ""

    def holds_on(self, day: date) -> bool:
        """Say whether it has not ended before a day."""
        return self.until is None or day <= self.until


@dataclass(frozen=True, slots=True)
class Terms:
    """What a revocation says; an amendment states them anew, whole.

    Attributes:
        submission: the letter, or the oral request of a hold.
        until: the last day, if temporary.
        template_agreement: None where no face template may be kept.
        evidence: SHA-256 of each page or file of all its letters, in the vault.
    """

    scope: Scope
    submission: Submission
    requester: Requester
    effective_from: date
    until: date | None = None
    safety: bool = False
    locators: tuple[Locator, ...] = ()
    template_agreement: TemplateAgreement | None = None
    evidence: tuple[str, ...] = ()
    note: str = ""

    def agreement_on(self, day: date) -> TemplateAgreement | None:
        """Return the agreement under which a face may be kept on a day, if there is one."""
        agreed = self.template_agreement
        return agreed if agreed is not None and agreed.holds_on(day) else None


@dataclass(frozen=True, slots=True)
class NewRevocation:
    """A revocation, or a hold, as it is taken at the desk.

    Attributes:
        submission: the letter; may lack its files for old paper, if `note` says where it lies.
        references: each is a sighting, and a template if `keep_face`.
        keep_face: the separate agreement to keep a face template was given; nobody gave it
            unless that is said.
        guardian: who signed for a minor.
        requester: None for the person or the guardian.
        effective_from: None for the day it was received.
        until: the last day, if temporary.
    """

    name: str
    submission: Submission
    scope: Scope = EVERYTHING
    references: Sequence[Reference] = ()
    keep_face: bool = False
    keep_face_until: date | None = None
    seen: Sequence[EarlyDecision] = ()
    minor: bool = False
    guardian: str = ""
    birth_year: int | None = None
    requester: Requester | None = None
    effective_from: date | None = None
    until: date | None = None
    safety: bool = False
    locators: Sequence[Locator] = ()
    note: str = ""

    @property
    def asked_by(self) -> Requester:
        """Who asked."""
        if self.requester is not None:
            return self.requester
        return Requester(
            name=self.guardian.strip() or self.name.strip(),
            relationship=Relationship.GUARDIAN if self.minor else Relationship.SELF,
        )

    @property
    def begins_on(self) -> date:
        """The first day it holds."""
        return self.effective_from or self.submission.on

    def terms(
        self, actor_id: str, evidence: tuple[str, ...], agreement: TemplateAgreement | None
    ) -> Terms:
        """Return its terms as they are kept, with the SHA-256 of the letter's files."""
        return Terms(
            scope=self.scope,
            submission=self.submission.kept(actor_id),
            requester=self.asked_by,
            effective_from=self.begins_on,
            until=self.until,
            safety=self.safety,
            locators=tuple(self.locators),
            template_agreement=agreement,
            evidence=evidence,
            note=self.note.strip(),
        )


@dataclass(frozen=True, slots=True)
class Amendment:
    """What changes; None leaves a thing as it is.

    Attributes:
        submission: the letter that asks for it; needed to change scope or term.
        effective_on: None for today.
        contact: of the requester.
        lasting: it is no longer temporary.
        locators: added to those there are.
        references: each is a sighting, and a template if the agreement was or is given.
        keep_face: the separate agreement to keep a face template is given with these references.
    """

    reason: str
    submission: Submission | None = None
    effective_on: date | None = None
    scope: Scope | None = None
    contact: str | None = None
    until: date | None = None
    lasting: bool = False
    safety: bool | None = None
    locators: Sequence[Locator] = ()
    references: Sequence[Reference] = ()
    keep_face: bool = False
    keep_face_until: date | None = None

    @property
    def moves_bounds(self) -> bool:
        """Whether it changes what is covered, or until when."""
        return self.scope is not None or self.until is not None or self.lasting

    def applied_to(self, terms: Terms) -> Terms:
        """Return the terms as amended; an agreement to a face template is entered by itself."""
        requester = terms.requester
        if self.contact is not None:
            requester = replace(requester, contact=self.contact.strip())
        return replace(
            terms,
            scope=self.scope or terms.scope,
            until=None if self.lasting else self.until or terms.until,
            requester=requester,
            safety=terms.safety if self.safety is None else self.safety,
            locators=(*terms.locators, *self.locators),
        )


@dataclass(frozen=True, slots=True)
class Correction:
    """What was entered otherwise than the letter says, or than it is.

    Attributes:
        reason: why it is corrected, or how it was noticed.
        said: what is right, by the field's name in `consent.domain.fields`.
        evidence: pages that were forgotten.
    """

    reason: str
    said: Mapping[str, Any] = field(default_factory=dict)
    evidence: Sequence[EvidenceFile] = ()


@dataclass(frozen=True, slots=True)
class Objection:
    """Somebody else who may speak for the person does not agree with a revocation.

    Attributes:
        submission: the paper in which they say so.
        by_name: who signed it.
        relationship: seen from the person depicted.
        note: how it was checked who they are; of a court's paper, which.
    """

    submission: Submission
    by_name: str
    relationship: Relationship = Relationship.PARENT
    note: str = ""


@dataclass(frozen=True, slots=True)
class Rescission:
    """A revocation taken back in writing.

    Attributes:
        by_name: who signed.
        relationship: seen from the person depicted.
        authority_note: how it was checked that they may, where the name is not that of the
            person, the guardian or the first requester.
        effective_on: None for the day it was received.
    """

    submission: Submission
    by_name: str
    relationship: Relationship = Relationship.SELF
    authority_note: str = ""
    effective_on: date | None = None
