"""The library's policy as data: what it publishes on, who may do what, how long things last."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum

from consent.domain.access import SessionLimits
from consent.domain.actors import Actor, Role
from consent.domain.channels import Channel, ChannelKind, Use
from consent.domain.errors import BadInputError, WrongRoleError
from consent.domain.records import RecordsGrounds
from media_index.limits import REVIEW_BAND

# Unless the policy says otherwise.
REVEAL = frozenset({Role.COMMUNICATIONS, Role.RECORDS})


class WhenMissing(StrEnum):
    """What a missing verbal consent does."""

    WARN = "warn"
    REQUIRE = "require"


@dataclass(frozen=True, slots=True)
class Matching:
    """Thresholds in false matches per million comparisons of strangers.

    Attributes:
        block_per_million: from here on a match blocks by itself.
        review_per_million: from here on a person must look.
        minor_years: so far apart a reference and a photo of a child may be.
        minor_widening: for each further year the review threshold of a child lets this many
            times as many strangers through.
        adult_years: the same of everybody else.
        adult_widening: the same of everybody else.
        tolerable_flags: photos of strangers in a hundred that may be flagged before it is said that
            looking at them has become too much work.
    """

    block_per_million: float
    review_per_million: float
    minor_years: float
    minor_widening: float
    adult_years: float
    adult_widening: float
    tolerable_flags: float

    def review_for(self, *, minor: bool, years: float, times: float = 1.0) -> float:
        """Return the review threshold of a face and a person, in false matches per million.

        Args:
            minor: whether the person is a child.
            years: between the photo and the nearest reference.
            times: as many strangers as of a good face may be let through for this one.
        """
        apart, each = (
            (self.minor_years, self.minor_widening)
            if minor
            else (self.adult_years, self.adult_widening)
        )
        beyond = min(max(0.0, years - apart), REVIEW_BAND.most_years)
        widened: float = self.review_per_million * times * each**beyond
        return min(widened, self.widest_per_million)

    @property
    def widest_per_million(self) -> float:
        """The widest that any review threshold gets, in false matches per million."""
        return max(REVIEW_BAND.most_per_million, self.review_per_million)


@dataclass(frozen=True, slots=True)
class SameScene:
    """Photos taken near one in which a person was confirmed.

    Attributes:
        minutes: before and after, at the same event.
        asks: a person must look; else it is a note.
    """

    minutes: int
    asks: bool


@dataclass(frozen=True, slots=True)
class TakedownDays:
    """How soon a published copy must be removed.

    Attributes:
        by_kind: days by kind of channel.
        by_channel: days by channel id, where another term holds.
        safety: days where there is a safety concern.
    """

    by_kind: Mapping[ChannelKind, int]
    by_channel: Mapping[str, int]
    safety: int

    def days_for(self, channel: Channel, *, safety: bool) -> int:
        """Return the days for a channel."""
        usual = self.by_channel.get(channel.id, self.by_kind[channel.kind])
        return min(usual, self.safety) if safety else usual


@dataclass(frozen=True, slots=True)
class AppealDays:
    """How soon a Statement of Concern is answered."""

    business_days: int
    holidays: frozenset[date]


@dataclass(frozen=True, slots=True)
class Policy:
    """What the library decided.

    Attributes:
        version: kept with each clearance.
        logo: the library's, a PNG or JPEG; empty for none.
        address: where the public reads it.
        channels: where the library publishes, in the order shown.
        ask_first_kinds: kinds of channel for which verbal consent is asked.
        ask_first_channels: further channels for which it is asked.
        consent_days: how long a verbal consent holds; None for as long as nobody revokes.
        hold_days: how long an oral request holds.
        may_reveal_names: roles that see numbers, and may ask whom one case is about.
        may_second: roles that may be the second person for an override about a minor.
        override_days: how long an override may last.
        removed_days: retention, of copies of what was taken down.
        reuse_check_days: how often to look whether a customer's post that is reused is there.
    """

    name: str
    library: str
    version: str
    effective: date
    address: str
    channels: tuple[Channel, ...]
    ask_first_kinds: frozenset[ChannelKind]
    ask_first_channels: frozenset[str]
    when_missing: WhenMissing
    consent_days: int | None
    hold_days: int
    may_override: frozenset[Role]
    may_second: frozenset[Role]
    override_days: int
    may_see_names: frozenset[Role]
    may_export: frozenset[Role]
    evidence_days: int
    clearance_days: int
    removed_days: int
    same_scene: SameScene
    reuse_check_days: int
    takedowns: TakedownDays
    appeals: AppealDays
    matching: Matching
    sessions: SessionLimits = field(default_factory=SessionLimits)
    logo: bytes = field(default=b"", repr=False)
    may_reveal_names: frozenset[Role] = REVEAL
    records: RecordsGrounds = field(default_factory=RecordsGrounds)

    def sees_names(self, actor: Actor) -> bool:
        """Say whether a role may see who asked, and what they wrote."""
        return actor.is_one_of(self.may_see_names)

    def require_names(self, actor: Actor) -> None:
        """Refuse roles that need not know who asked.

        Raises:
            WrongRoleError: the role may not.
        """
        if not self.sees_names(actor):
            rule = "Letters and receipts name people. Only these roles may see them"
            raise WrongRoleError(rule, self.may_see_names)

    def asks_first(self, channel: Channel) -> bool:
        """Say whether verbal consent is asked for before publishing on a channel."""
        return channel.kind in self.ask_first_kinds or channel.id in self.ask_first_channels

    def channel(self, name: str) -> Channel:
        """Return a channel by id or label, in any case.

        Raises:
            BadInputError: the policy has no such channel.
        """
        wanted = name.strip().casefold().replace(" ", "_")
        for channel in self.channels:
            if wanted in {channel.id.casefold(), channel.label.casefold().replace(" ", "_")}:
                return channel
        known = ", ".join(channel.id for channel in self.channels)
        raise BadInputError(f"The policy has no channel {name!r}: use one of {known}.")

    def use(self, name: str) -> Use:
        """Return the use named CHANNEL or CHANNEL:PUBLICATION.

        Raises:
            BadInputError: the policy has no such channel.
        """
        channel, _, publication = name.partition(":")
        return Use(self.channel(channel), publication.strip() or None)
