"""Read data/policy.toml and validate it line by line."""

from __future__ import annotations

import math
import re
import tomllib
from datetime import date, datetime
from enum import StrEnum
from typing import TYPE_CHECKING, Any, TypeVar

from consent.domain.actors import Role
from consent.domain.channels import Channel, ChannelKind
from consent.domain.errors import PolicyError
from consent.domain.policy import AppealDays, Matching, Policy, SameScene, TakedownDays, WhenMissing

if TYPE_CHECKING:
    from pathlib import Path

Choice = TypeVar("Choice", bound=StrEnum)
Item = TypeVar("Item")

# A century; beyond it the calendar ends.
_MOST_DAYS = 36_525
_LONGEST_VERSION = 64


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
            "overrides",
            "same_scene",
            "reuse",
            "takedowns",
            "appeals",
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
            self._widening("matching", "minor_widening"),
            self._positive("matching", "adult_years"),
            self._widening("matching", "adult_widening"),
            self._positive("matching", "tolerable_flags"),
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
            version=self._version(),
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
            consent_days=self._days("verbal_consent", "holds_days", least=0) or None,
            hold_days=self._days("holds", "days"),
            may_override=self._choices("roles", "may_override", Role),
            may_second=self._choices("roles", "may_second", Role),
            override_days=self._days("overrides", "most_days"),
            may_see_names=self._choices("roles", "may_see_names", Role),
            may_export=self._choices("roles", "may_export", Role),
            evidence_days=self._days("retention", "evidence_days"),
            clearance_days=self._days("retention", "clearance_days"),
            removed_days=self._days("retention", "removed_days"),
            same_scene=SameScene(
                self._days("same_scene", "minutes"), self._truth("same_scene", "asks")
            ),
            reuse_check_days=self._days("reuse", "check_days"),
            takedowns=self._takedowns(ids),
            appeals=AppealDays(
                self._days("appeals", "business_days"),
                frozenset(self._list("appeals", "holidays", date, "dates")),
            ),
            matching=matching,
        )

    def _version(self) -> str:
        version = str(self._value("policy", "version", str))
        # It is kept with every verdict.
        if len(version) > _LONGEST_VERSION:
            raise PolicyError(
                f"version must have at most {_LONGEST_VERSION} letters.",
                self._line("policy", "version"),
            )
        return version

    def _takedowns(self, channels: set[str]) -> TakedownDays:
        by_kind = {kind: self._days("takedowns", kind.value) for kind in ChannelKind}
        by_channel = self._document["takedowns"].get("channels", {})
        if not isinstance(by_channel, dict):
            raise PolicyError(
                "channels must be a section [takedowns.channels] of days by channel.",
                self._line("takedowns", "channels"),
            )
        for name in by_channel:
            if name not in channels:
                raise PolicyError(
                    f"[takedowns.channels] names {name!r}, which is not under [[channels]].",
                    self._line("takedowns.channels", name),
                )
        return TakedownDays(
            by_kind=by_kind,
            by_channel={
                name: self._in_days(days, "takedowns.channels", name)
                for name, days in by_channel.items()
            },
            safety=self._days("takedowns", "safety"),
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
            if not re.fullmatch(r"[a-z][a-z0-9_]{0,63}", row["id"]) or row["id"] in {
                "all",
                *ChannelKind,
            }:
                raise PolicyError(
                    f"the id {row['id']!r} must be lower-case letters, digits and _, at most 64 of "
                    "them, and not all, online, print or press.",
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

    def _days(self, section: str, key: str, *, least: int = 1) -> int:
        return self._in_days(self._value(section, key, int), section, key, least=least)

    def _in_days(self, value: object, section: str, key: str, *, least: int = 1) -> int:
        # In Python a bool is an int.
        if isinstance(value, int) and not isinstance(value, bool) and least <= value <= _MOST_DAYS:
            return value
        raise PolicyError(
            f"{key} must be a whole number from {least} to {_MOST_DAYS}.",
            self._line(section, key),
        )

    def _truth(self, section: str, key: str) -> bool:
        value = self._document.get(section, {}).get(key)
        if not isinstance(value, bool):
            raise PolicyError(f"{key} must be true or false.", self._line(section, key))
        return value

    def _positive(self, section: str, key: str) -> float:
        value = float(self._value(section, key, (int | float)))  # type: ignore[arg-type]
        if not 0 < value < math.inf:
            raise PolicyError(f"{key} must be above zero.", self._line(section, key))
        return value

    def _widening(self, section: str, key: str) -> float:
        value = self._positive(section, key)
        if value < 1:
            raise PolicyError(
                f"{key} must be 1 or more: an older reference must not make a match rarer.",
                self._line(section, key),
            )
        return value

    def _strings(self, section: str, key: str) -> list[str]:
        return self._list(section, key, str, "texts")

    def _list(self, section: str, key: str, kind: type[Item], words: str) -> list[Item]:
        values = self._value(section, key, list)
        if not all(isinstance(one, kind) and not isinstance(one, datetime) for one in values):
            raise PolicyError(f"{key} must be a list of {words}.", self._line(section, key))
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
