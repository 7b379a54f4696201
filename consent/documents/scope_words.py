"""A scope in plain words, in a language."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date

from consent.documents.texts import Words
from consent.domain.channels import Channel, ChannelKind
from consent.domain.events import Event
from consent.domain.policy import Policy
from consent.domain.terms import Period, Scope

# Named one by one; further ones are counted.
MOST_EVENTS = 12


@dataclass(frozen=True, slots=True)
class ScopeWords:
    """What a scope covers, in words."""

    channels: str
    photos: str
    period: str
    caption: str


def event_words(events: Iterable[Event], words: Words) -> dict[str, str]:
    """Return by id what each event is called, with its day: one name is used year after year."""
    return {
        event.id: event.name
        if event.held_on is None
        else f"{event.name} ({words.day(event.held_on)})"
        for event in events
    }


def scope_words(
    scope: Scope,
    policy: Policy,
    words: Words,
    event_names: Mapping[str, str],
    since: date,
) -> ScopeWords:
    """Say what a scope covers.

    `event_names` are by event id; an event without a name is counted. With `since`, the first day
    of the revocation, a photo's day is compared.
    """
    return ScopeWords(
        channels=_channels(scope, policy, words),
        photos=_photos(scope, words, event_names),
        period=_period(scope, words, since),
        caption=words.say("caption_too" if scope.caption_too else "caption_stays"),
    )


def channel_name(channel: Channel, words: Words) -> str:
    """Return the name of a channel in the language, else the policy's."""
    return words.channel_names.get(channel.id, channel.label)


def _channels(scope: Scope, policy: Policy, words: Words) -> str:
    if scope.all_channels:
        return words.say("channels_all")
    parts = [_kind(kind, policy, words) for kind in ChannelKind if kind in scope.kinds]
    parts += _named_channels(scope, policy, words)
    if not parts:
        return words.say("channels_none")
    named = words.listed(parts)
    # A kind begins in lower case, a channel as the library spells it.
    named = named[0].upper() + named[1:] if scope.kinds else named
    return words.say("channels_some", channels=named)


def _kind(kind: ChannelKind, policy: Policy, words: Words) -> str:
    names = [channel_name(channel, words) for channel in policy.channels if channel.kind is kind]
    if not names:
        return words.say(f"kind_{kind}_bare")
    return words.say(f"kind_{kind}", channels=", ".join(names))


def _named_channels(scope: Scope, policy: Policy, words: Words) -> Iterator[str]:
    """Name the channels in the policy's order, then those that it no longer has."""
    known = {channel.id for channel in policy.channels}
    for channel in policy.channels:
        if channel.id in scope.channels and channel.kind not in scope.kinds:
            yield channel_name(channel, words)
    for gone in sorted(scope.channels - known):
        yield words.channel_names.get(gone, gone)


def _photos(scope: Scope, words: Words, event_names: Mapping[str, str]) -> str:
    if scope.all_photos:
        return words.say("photos_all")
    count = len(scope.photo_ids)
    if not scope.event_ids:
        return _counted(words, "photos_named", count)
    events = words.say("photos_events", events=_events(scope, words, event_names))
    return f"{events}; {_counted(words, 'photos_also_named', count)}" if count else events


def _events(scope: Scope, words: Words, event_names: Mapping[str, str]) -> str:
    named = sorted(event_names[event] for event in scope.event_ids if event_names.get(event))
    shown = named[:MOST_EVENTS]
    if others := len(scope.event_ids) - len(shown):
        shown.append(_counted(words, "events_more" if shown else "events_unnamed", others))
    return words.listed(shown)


def _counted(words: Words, key: str, count: int) -> str:
    return words.say(f"{key}_one") if count == 1 else words.say(key, count=str(count))


def _period(scope: Scope, words: Words, since: date) -> str:
    if scope.period is Period.BOTH:
        return words.say("period_both")
    return words.say(f"period_{scope.period}", date=since)
