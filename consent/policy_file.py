"""Read data/policy.toml. What is wrong there is said in a sentence, with its line."""

from __future__ import annotations

import re
import tomllib
from dataclasses import fields, replace
from datetime import date
from functools import lru_cache
from pathlib import Path, PurePath
from typing import Annotated, Any, TypeVar

from pydantic import (
    AfterValidator,
    AliasPath,
    BaseModel,
    ConfigDict,
    Field,
    Strict,
    ValidationError,
    ValidationInfo,
    field_validator,
)
from pydantic_core import ErrorDetails, PydanticCustomError

from consent.domain.access import SessionLimits
from consent.domain.actors import Role
from consent.domain.channels import Channel, ChannelKind
from consent.domain.errors import PolicyError
from consent.domain.policy import (
    REVEAL,
    AppealDays,
    Matching,
    Policy,
    SameScene,
    TakedownDays,
    WhenMissing,
)
from consent.domain.records import RecordsGrounds
from media_index.types import CopyForm, PictureFormat

Made = TypeVar("Made")

# Both browsers and PDFs show them.
_LOGOS = frozenset({".png", ".jpg", ".jpeg"})
_MOST_LOGO_BYTES = 1024 * 1024
# A century; beyond it the calendar ends.
_MOST_DAYS = 36_525


def load_policy(path: Path) -> Policy:
    """Read and validate a policy file.

    Raises:
        PolicyError: it is missing or says something impossible; names the line.
    """
    try:
        text = path.read_text(encoding="utf-8")
    except OSError as error:
        raise PolicyError(
            f"The policy file {path} cannot be read ({error.strerror}): restore it."
        ) from error
    except UnicodeDecodeError as error:
        line = error.object.count(b"\n", 0, error.start) + 1
        raise PolicyError("this is not UTF-8: save the file as UTF-8.", line) from error
    said = _read(text)
    logo = _read_logo(path.parent / said.logo) if said.logo else b""
    return replace(said.policy(), logo=logo)


def _read_logo(path: Path) -> bytes:
    try:
        if path.stat().st_size <= _MOST_LOGO_BYTES:
            return path.read_bytes()
    except OSError as error:
        raise PolicyError(
            f"The logo {path} cannot be read ({error.strerror}): put it there, or delete the "
            "line logo in the policy file."
        ) from error
    raise PolicyError(f"The logo {path} is above 1 MB: make it smaller.")


def parse_policy(text: str) -> Policy:
    """Validate a policy given as TOML; a logo that it names is left out.

    Raises:
        PolicyError: with the line that is at fault.
    """
    return _read(text).policy()


@lru_cache(maxsize=4)
def _read(text: str) -> _PolicyFile:
    try:
        return _PolicyFile.model_validate(tomllib.loads(text))
    except tomllib.TOMLDecodeError as error:
        found = re.search(r"at line (\d+)", str(error))
        # What was not closed is missed at the end.
        line = int(found[1]) if found else max(1, len(text.splitlines()))
        raise PolicyError(f"this is not TOML ({error}): fix the line.", line) from error
    except ValidationError as error:
        raise _refusal(text, error.errors()[0]) from error


def _in_days(days: int, least: int = 1) -> int:
    return _between(days, least, _MOST_DAYS)


def _in_days_or_none(days: int) -> int | None:
    return _in_days(days, least=0) or None


def _minutes(minutes: int) -> int:
    return _between(minutes, 1, 24 * 60)


def _hours(hours: int) -> int:
    return _between(hours, 1, 24)


def _copy_px(pixels: int) -> int:
    return _between(pixels, 320, 20_000)


def _copy_quality(quality: int) -> int:
    return _between(quality, 50, 100)


def _between(number: int, least: int, most: int) -> int:
    if least <= number <= most:
        return number
    raise PydanticCustomError("said", f"{{key}} must be a whole number from {least} to {most}.")


def _channel_id(name: str) -> str:
    if name not in {"all", *ChannelKind} and re.fullmatch(r"[a-z][a-z0-9_]{0,63}", name):
        return name
    raise PydanticCustomError(
        "said",
        "the id {value!r} must be lower-case letters, digits and _, at most 64 of them, and not "
        "all, online, print or press.",
    )


def _beside(name: str) -> str:
    path = PurePath(name)
    inside = not path.is_absolute() and ".." not in path.parts
    if not name or (inside and path.suffix.lower() in _LOGOS):
        return name
    raise PydanticCustomError(
        "said", "{key} must be a .png or .jpg file in the folder of this file, not {value!r}."
    )


def _known_channel(name: str, info: ValidationInfo) -> str:
    if name in {channel.id for channel in info.data.get("channels", ())}:
        return name
    raise PydanticCustomError("said", "{where} names {value!r}, which is not under [[channels]].")


def _all_different(channels: tuple[Channel, ...]) -> tuple[Channel, ...]:
    ids = [channel.id for channel in channels]
    for place, name in enumerate(ids):
        if name in ids[:place]:
            raise PydanticCustomError(
                "said", f"the channel {name!r} is there twice.", {"place": place}
            )
    return channels


Text = Annotated[str, Field(min_length=1)]
Day = Annotated[date, Strict()]
Days = Annotated[int, Strict(), AfterValidator(_in_days)]
Minutes = Annotated[int, Strict(), AfterValidator(_minutes)]
Hours = Annotated[int, Strict(), AfterValidator(_hours)]
Positive = Annotated[float, Strict(), Field(gt=0, allow_inf_nan=False)]
Widening = Annotated[Positive, Field(ge=1)]
KnownChannel = Annotated[str, AfterValidator(_known_channel)]


def _from(section: str, key: str, **default: Any) -> Any:  # noqa: ANN401 - as Field has it
    return Field(validation_alias=AliasPath(section, key), **default)


class _Channel(BaseModel):
    id: Annotated[str, AfterValidator(_channel_id)]
    label: Annotated[str, Field(pattern=r"\S")]
    kind: ChannelKind
    # How copies are exported for it; as the photo is, where nothing is said.
    max_px: Annotated[int, Strict(), AfterValidator(_copy_px)] | None = None
    format: PictureFormat | None = None
    quality: Annotated[int, Strict(), AfterValidator(_copy_quality)] = CopyForm().quality

    def channel(self) -> Channel:
        form = CopyForm(self.max_px, self.format, self.quality)
        return Channel(self.id, self.label, self.kind, form)


class _PolicyFile(BaseModel):
    """What the file says, under the names of the domain, each from its section and key."""

    model_config = ConfigDict(extra="forbid")

    channels: Annotated[
        tuple[Annotated[_Channel, AfterValidator(_Channel.channel)], ...],
        Field(min_length=1),
        AfterValidator(_all_different),
    ]
    name: Text = _from("policy", "name")
    library: Text = _from("policy", "library")
    logo: Annotated[str, AfterValidator(_beside)] = _from("policy", "logo", default="")
    # It is kept with every verdict.
    version: Annotated[Text, Field(max_length=64)] = _from("policy", "version")
    effective: Day = _from("policy", "effective")
    address: Text = _from("policy", "address")
    ask_first_kinds: frozenset[ChannelKind] = _from("verbal_consent", "ask_first_kinds")
    ask_first_channels: frozenset[KnownChannel] = _from("verbal_consent", "ask_first_channels")
    when_missing: WhenMissing = _from("verbal_consent", "when_missing")
    consent_days: Annotated[int, Strict(), AfterValidator(_in_days_or_none)] = _from(
        "verbal_consent", "holds_days"
    )
    hold_days: Days = _from("holds", "days")
    may_override: frozenset[Role] = _from("roles", "may_override")
    may_second: frozenset[Role] = _from("roles", "may_second")
    may_see_names: frozenset[Role] = _from("roles", "may_see_names")
    may_export: frozenset[Role] = _from("roles", "may_export")
    # Files of older versions say nothing of it.
    may_reveal_names: frozenset[Role] = _from("roles", "may_reveal_names", default=REVEAL)
    override_days: Days = _from("overrides", "most_days")
    minutes: Days = _from("same_scene", "minutes")
    asks: Annotated[bool, Strict()] = _from("same_scene", "asks")
    reuse_check_days: Days = _from("reuse", "check_days")
    online: Days = _from("takedowns", "online")
    press: Days = _from("takedowns", "press")
    print: Days = _from("takedowns", "print")
    safety: Days = _from("takedowns", "safety")
    by_channel: dict[KnownChannel, Days] = _from("takedowns", "channels", default_factory=dict)
    business_days: Days = _from("appeals", "business_days")
    holidays: frozenset[Day] = _from("appeals", "holidays")
    evidence_days: Days = _from("retention", "evidence_days")
    clearance_days: Days = _from("retention", "clearance_days")
    removed_days: Days = _from("retention", "removed_days")
    # Files of older versions say nothing of them.
    idle_minutes: Minutes = _from("sessions", "idle_minutes", default=SessionLimits().idle_minutes)
    most_hours: Hours = _from("sessions", "most_hours", default=SessionLimits().most_hours)
    withhold_names: str = _from("records", "withhold_names", default="")
    withhold_biometrics: str = _from("records", "withhold_biometrics", default="")
    withhold_writings: str = _from("records", "withhold_writings", default="")
    review_per_million: Positive = _from("matching", "review_per_million")
    block_per_million: Positive = _from("matching", "block_per_million")
    minor_years: Positive = _from("matching", "minor_years")
    minor_widening: Widening = _from("matching", "minor_widening")
    adult_years: Positive = _from("matching", "adult_years")
    adult_widening: Widening = _from("matching", "adult_widening")
    tolerable_flags: Positive = _from("matching", "tolerable_flags")

    @field_validator("block_per_million")
    @classmethod
    def _surer_than_review(cls, block: float, info: ValidationInfo) -> float:
        if block <= info.data.get("review_per_million", block):
            return block
        raise PydanticCustomError(
            "said",
            "block_per_million must not be above review_per_million: a block must be at least "
            "as sure as a review.",
        )

    def policy(self) -> Policy:
        by_kind = {kind: getattr(self, kind) for kind in ChannelKind}
        return self._made(
            Policy,
            same_scene=self._made(SameScene),
            takedowns=self._made(TakedownDays, by_kind=by_kind),
            appeals=self._made(AppealDays),
            matching=self._made(Matching),
            sessions=self._made(SessionLimits),
            logo=b"",
            records=self._made(RecordsGrounds),
        )

    def _made(self, kind: type[Made], **given: object) -> Made:
        read = {field.name for field in fields(kind)} - given.keys()  # type: ignore[arg-type]
        return kind(**{name: getattr(self, name) for name in read}, **given)


_NEEDS = 'this channel needs {key} = "...".'
# By pydantic's type of an error; inside a list and of a channel, with that before it.
_SENTENCES = {
    "missing": "[{section}] needs {key}.",
    "extra_forbidden": "there is no section [{key}]: remove it.",
    "string_type": "{key} must be a text in quotes, not {value!r}.",
    "string_too_short": "{key} must not be empty.",
    "string_too_long": "{key} must have at most {max_length} letters.",
    "date_type": "{key} must be a date such as 2025-04-03, not {value!r}.",
    "bool_type": "{key} must be true or false.",
    "int_type": "{key} must be a whole number, not {value!r}.",
    "float_type": "{key} must be a number, not {value!r}.",
    "finite_number": "{key} must be above zero.",
    "greater_than": "{key} must be above zero.",
    "greater_than_equal": (
        "{key} must be {ge:g} or more: an older photo of the person must not make a match rarer."
    ),
    "enum": "{value!r} is not one of {allowed}.",
    "frozen_set_type": "{key} must be a list in brackets, not {value!r}.",
    "dict_type": "{key} must be a section [takedowns.channels] of days by channel.",
    "list string_type": "{key} must be a list of texts.",
    "list date_type": "{key} must be a list of dates.",
    "channel missing": _NEEDS,
    "channel string_type": _NEEDS,
    "channel string_pattern_mismatch": _NEEDS,
    "channel model_type": "channels are written as [[channels]] with id, label, kind.",
}


def _refusal(text: str, error: ErrorDetails) -> PolicyError:
    loc, kind, more = error["loc"], error["type"], error.get("ctx", {})
    *sections, key = [part for part in loc if isinstance(part, str) and part != "[key]"]
    section = ".".join(sections)
    place = next((part for part in loc if isinstance(part, int)), more.get("place"))
    if loc[0] != "channels":
        whole = kind in {"missing", "extra_forbidden"}
        line = _line(text, section or key) if whole else _line(text, section, key)
        kind = kind if place is None else f"list {kind}"
    elif place is not None:
        line, kind = _line(text, "channels", place=place), f"channel {kind}"
    else:
        return PolicyError("name at least one channel under [[channels]].")
    sentence = _SENTENCES.get(kind) or _SENTENCES.get(error["type"], error["msg"])
    said = sentence.format(
        section=section,
        key=key,
        where=f"[{section}]" if loc[-1] == "[key]" else key,
        value=error["input"],
        allowed=more.get("expected", "").replace("'", "").replace(" or ", ", "),
        **more,
    )
    return PolicyError(said, line)


def _line(text: str, section: str, key: str | None = None, place: int = 0) -> int | None:
    """Find where a section (its `place`th) or a key in it stands, from 1."""
    seen, inside = -1, False
    for number, line in enumerate(text.splitlines(), start=1):
        if header := re.match(r"\s*\[\[?\s*([\w.-]+)\s*\]", line):
            seen += header[1] == section
            inside = header[1] == section and seen == place
            if inside and key is None:
                return number
        elif key and inside and re.match(rf"\s*{re.escape(key)}\s*=", line):
            return number
    return None
