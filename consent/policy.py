"""The library's policy as data, read from data/policy.toml and validated line by line."""

from __future__ import annotations

import math
import re
import tomllib
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import TYPE_CHECKING, Any, TypeVar

from consent.channels import Channel, ChannelKind, Use
from consent.domain import Role
from consent.errors import BadInputError, PolicyError

if TYPE_CHECKING:
    from pathlib import Path

Choice = TypeVar("Choice", bound=StrEnum)

# A century; beyond it the calendar ends.
_MOST_DAYS = 36_525


# Beyond this, every crowd would hold a look-alike of every child.
_MOST_PER_MILLION = 2_000.0


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
        minor_years: a child's reference older than this is an old one.
        minor_widening: for each further year the review threshold of a child lets this many
            times as many strangers through.
    """

    block_per_million: float
    review_per_million: float
    minor_years: float
    minor_widening: float

    def review_for(self, *, minor: bool, reference_age_years: float) -> float:
        """Return the review threshold of a person, in false matches per million.

        Args:
            minor: whether it is a child.
            reference_age_years: of the newest reference.
        """
        beyond = max(0.0, reference_age_years - self.minor_years) if minor else 0.0
        widened: float = self.review_per_million * self.minor_widening**beyond
        return min(widened, _MOST_PER_MILLION)


@dataclass(frozen=True, slots=True)
class Policy:
    """What the library decided.

    Attributes:
        name: of the policy.
        library: whose.
        version: kept with each clearance.
        effective: since when.
        address: where the public reads it.
        channels: where the library publishes, in the order shown.
        ask_first_kinds: kinds of channel for which verbal consent is asked.
        ask_first_channels: further channels for which it is asked.
        when_missing: warn or require.
        hold_days: how long an oral request holds.
        may_override: roles.
        may_see_names: roles.
        may_export: roles.
        evidence_days: retention.
        clearance_days: retention.
        matching: thresholds.
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
    hold_days: int
    may_override: frozenset[Role]
    may_see_names: frozenset[Role]
    may_export: frozenset[Role]
    evidence_days: int
    clearance_days: int
    matching: Matching

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
        message = f"The policy has no channel {name!r}: use one of {known}."
        raise BadInputError(message)

    def use(self, name: str) -> Use:
        """Return the use named CHANNEL or CHANNEL:PUBLICATION.

        Raises:
            BadInputError: the policy has no such channel.
        """
        channel, _, publication = name.partition(":")
        return Use(self.channel(channel), publication.strip() or None)


def load_policy(path: Path) -> Policy:
    """Read and validate a policy file.

    Raises:
        PolicyError: it is missing or says something impossible; names the line.
    """
    try:
        text = path.read_text(encoding="utf-8")
    except OSError as error:
        message = f"The policy file {path} cannot be read ({error.strerror}): restore it."
        raise PolicyError(message) from error
    except UnicodeDecodeError as error:
        line = error.object.count(b"\n", 0, error.start) + 1
        raise PolicyError("this is not UTF-8: save the file as UTF-8.", line) from error
    return parse_policy(text)


def parse_policy(text: str) -> Policy:
    """Validate a policy given as TOML.

    Raises:
        PolicyError: with the line that is at fault.
    """
    try:
        document = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        found = re.search(r"at line (\d+)", str(error))
        sentence = f"this is not TOML ({error}): mend the line."
        # What was not closed is missed at the end.
        line = int(found[1]) if found else max(1, len(text.splitlines()))
        raise PolicyError(sentence, line) from error
    return _Reader(text, document).policy()


class _Reader:
    """Takes values out of the parsed file and knows which line to blame."""

    def __init__(self, text: str, document: dict[str, Any]) -> None:
        self._lines = text.splitlines()
        self._document = document
        self._sections = {
            "policy",
            "channels",
            "verbal_consent",
            "holds",
            "roles",
            "retention",
            "matching",
        }

    def policy(self) -> Policy:
        for name in self._document:
            if name not in self._sections:
                raise PolicyError(f"there is no section [{name}]: remove it.", self._line(name))
        channels = self._channels()
        ids = {channel.id for channel in channels}
        asked = frozenset(self._strings("verbal_consent", "ask_first_channels"))
        if unknown := sorted(asked - ids):
            raise PolicyError(
                f"ask_first_channels names {unknown[0]!r}, which is not under [[channels]].",
                self._line("verbal_consent", "ask_first_channels"),
            )
        matching = Matching(
            self._positive("matching", "block_per_million"),
            self._positive("matching", "review_per_million"),
            self._positive("matching", "minor_years"),
            self._positive("matching", "minor_widening"),
        )
        if matching.block_per_million > matching.review_per_million:
            raise PolicyError(
                "block_per_million must not be above review_per_million: what blocks is surer "
                "than what a person must look at.",
                self._line("matching", "block_per_million"),
            )
        return Policy(
            name=self._value("policy", "name", str),
            library=self._value("policy", "library", str),
            version=self._value("policy", "version", str),
            effective=self._value("policy", "effective", date),
            address=self._value("policy", "address", str),
            channels=channels,
            ask_first_kinds=self._choices("verbal_consent", "ask_first_kinds", ChannelKind),
            ask_first_channels=asked,
            when_missing=self._choice(
                WhenMissing,
                self._value("verbal_consent", "when_missing", str),
                self._line("verbal_consent", "when_missing"),
            ),
            hold_days=self._days("holds", "days"),
            may_override=self._choices("roles", "may_override", Role),
            may_see_names=self._choices("roles", "may_see_names", Role),
            may_export=self._choices("roles", "may_export", Role),
            evidence_days=self._days("retention", "evidence_days"),
            clearance_days=self._days("retention", "clearance_days"),
            matching=matching,
        )

    def _channels(self) -> tuple[Channel, ...]:
        rows = self._document.get("channels")
        if not isinstance(rows, list) or not rows:
            raise PolicyError("name at least one channel under [[channels]].")
        channels: list[Channel] = []
        for place, row in enumerate(rows):
            line = self._line("channels", place=place)
            if not isinstance(row, dict):
                raise PolicyError("channels are written as [[channels]] with id, label, kind.")
            for key in ("id", "label", "kind"):
                if not isinstance(row.get(key), str) or not row[key].strip():
                    raise PolicyError(f'this channel needs {key} = "...".', line)
            if any(channel.id == row["id"] for channel in channels):
                raise PolicyError(f"the channel {row['id']!r} is there twice.", line)
            if not re.fullmatch(r"[a-z][a-z0-9_]*", row["id"]) or row["id"] in {
                "all",
                *ChannelKind,
            }:
                raise PolicyError(
                    f"the id {row['id']!r} must be lower-case letters, digits and _, and not "
                    "all, online, print or press.",
                    line,
                )
            kind = self._choice(ChannelKind, row["kind"], line)
            channels.append(Channel(row["id"], row["label"], kind))
        return tuple(channels)

    def _value(self, section: str, key: str, kind: type[Any]) -> Any:  # noqa: ANN401
        table = self._document.get(section)
        if not isinstance(table, dict) or key not in table:
            raise PolicyError(f"[{section}] needs {key}.", self._line(section))
        value = table[key]
        # In Python a bool is an int, and a datetime a date.
        if not isinstance(value, kind) or isinstance(value, bool | datetime):
            raise PolicyError(
                f"{key} must be {_KINDS[kind]}, not {value!r}.",
                self._line(section, key),
            )
        if value == "":
            raise PolicyError(f"{key} must not be empty.", self._line(section, key))
        return value

    def _days(self, section: str, key: str) -> int:
        value = self._value(section, key, int)
        if not 1 <= value <= _MOST_DAYS:
            raise PolicyError(
                f"{key} must be 1 to {_MOST_DAYS} days.",
                self._line(section, key),
            )
        return int(value)

    def _positive(self, section: str, key: str) -> float:
        value = float(self._value(section, key, (int | float)))  # type: ignore[arg-type]
        if not 0 < value < math.inf:
            raise PolicyError(f"{key} must be above zero.", self._line(section, key))
        return value

    def _strings(self, section: str, key: str) -> list[str]:
        values = self._value(section, key, list)
        if not all(isinstance(value, str) for value in values):
            raise PolicyError(f"{key} must be a list of texts.", self._line(section, key))
        return list(values)

    def _choices(self, section: str, key: str, choice: type[Choice]) -> frozenset[Choice]:
        line = self._line(section, key)
        return frozenset(self._choice(choice, value, line) for value in self._strings(section, key))

    @staticmethod
    def _choice(choice: type[Choice], value: str, line: int | None) -> Choice:
        try:
            return choice(value)
        except ValueError as error:
            allowed = ", ".join(choice)
            raise PolicyError(f"{value!r} is not one of {allowed}.", line) from error

    def _line(self, section: str, key: str | None = None, place: int = 0) -> int | None:
        """Find where a section (its `place`th) or a key in it stands, from 1."""
        seen, inside = -1, False
        for number, line in enumerate(self._lines, start=1):
            if header := re.match(r"\s*\[\[?\s*([\w.-]+)\s*\]", line):
                seen += header[1] == section
                inside = header[1] == section and seen == place
                if inside and key is None:
                    return number
            elif key and inside and re.match(rf"\s*{re.escape(key)}\s*=", line):
                return number
        return None


_KINDS: dict[Any, str] = {
    str: "a text in quotes",
    int: "a whole number",
    date: "a date such as 2025-04-03",
    list: "a list in brackets",
    (int | float): "a number",
}
