"""What the blank form asks: pure, from the policy and the texts."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

from consent.documents.receipt import policy_line
from consent.documents.scope_words import channel_name
from consent.documents.texts import ReceiptTexts, Words
from consent.domain.policy import Policy


class EntryKind(StrEnum):
    """What a patron does with an entry."""

    READ = "read"
    TICK = "tick"
    WRITE = "write"
    TICK_AND_WRITE = "tick_and_write"


@dataclass(frozen=True, slots=True)
class Entry:
    """A place on the form: its label, empty for a further line, and its share of the row, 0-1."""

    kind: EntryKind
    label: str
    share: float = 1.0


@dataclass(frozen=True, slots=True)
class FormSection:
    """A heading and its rows, in each of which the shares add up to at most 1."""

    heading: str
    rows: tuple[tuple[Entry, ...], ...]
    for_office: bool = False


@dataclass(frozen=True, slots=True)
class FormPage:
    """The blank form, ready to be set on one page."""

    language: str
    library: str
    title: str
    lead: str
    sections: tuple[FormSection, ...]
    foot: tuple[str, ...]
    logo: bytes = b""


def blank_form(policy: Policy, texts: ReceiptTexts, language: str) -> FormPage:
    """Return the form that a patron fills in by hand.

    Raises:
        BadInputError: there are no texts in the language.
    """
    words = texts.words(language)
    return FormPage(
        language=language,
        library=policy.library,
        title=words.say("form_title"),
        lead=words.say("form_lead"),
        sections=tuple(_sections(policy, words)),
        foot=(policy_line(policy, words),),
        logo=policy.logo,
    )


def _sections(policy: Policy, words: Words) -> Iterator[FormSection]:
    yield FormSection(words.say("form_person"), _of_the_person(words))
    yield FormSection(words.say("form_where"), _of_the_channels(policy, words))
    yield FormSection(words.say("form_photos"), _of_the_photos(words))
    yield FormSection(
        words.say("form_hints"),
        (
            (_write(words, "hint_event", 0.64), _write(words, "hint_date", 0.36)),
            (_write(words, "hint_clothing"),),
        ),
    )
    yield FormSection(
        words.say("form_signature_heading"),
        ((_read(words, "statement"),), _signature(words)),
    )
    yield FormSection(
        words.say("form_template_heading"),
        ((_read(words, "template"),), (_tick(words, "template_agree"),), _signature(words)),
    )
    office = (("number", 0.2), ("on", 0.28), ("by", 0.24), ("branch", 0.28))
    yield FormSection(
        words.say("form_office"),
        (tuple(_write(words, f"office_{name}", share) for name, share in office),),
        for_office=True,
    )


def _of_the_person(words: Words) -> tuple[tuple[Entry, ...], ...]:
    return (
        (
            _write(words, "name", 0.54),
            _tick(words, "adult", 0.13),
            _tick_and_write(words, "minor", 0.33),
        ),
        (_write(words, "requester"),),
        (
            _read(words, "relationship", 0.12),
            _tick(words, "self", 0.17),
            _tick(words, "parent", 0.2),
            _tick(words, "guardian", 0.19),
            _tick_and_write(words, "other", 0.32),
        ),
        (_write(words, "contact"),),
    )


def _of_the_channels(policy: Policy, words: Words) -> tuple[tuple[Entry, ...], ...]:
    names = words.listed([channel_name(channel, words) for channel in policy.channels])
    return (
        tuple(_tick(words, name, 0.25) for name in ("all", "online", "print", "press")),
        (_tick_and_write(words, "named"),),
        (Entry(EntryKind.READ, words.say("form_channels", channels=names)),),
    )


def _of_the_photos(words: Words) -> tuple[tuple[Entry, ...], ...]:
    return (
        (_tick(words, "photos_all", 0.25), _tick_and_write(words, "photos_event", 0.75)),
        (_tick_and_write(words, "photos_named"),),
        (Entry(EntryKind.WRITE, ""),),
        (
            _tick(words, "past", 0.2),
            _tick(words, "future", 0.25),
            _tick(words, "both", 0.2),
            _tick(words, "caption", 0.35),
        ),
        (_write(words, "from", 0.5), _write(words, "until", 0.5)),
    )


def _signature(words: Words) -> tuple[Entry, ...]:
    return (_write(words, "date", 0.32), _write(words, "signature", 0.68))


def _read(words: Words, name: str, share: float = 1.0) -> Entry:
    return Entry(EntryKind.READ, words.say(f"form_{name}"), share)


def _tick(words: Words, name: str, share: float = 1.0) -> Entry:
    return Entry(EntryKind.TICK, words.say(f"form_{name}"), share)


def _write(words: Words, name: str, share: float = 1.0) -> Entry:
    return Entry(EntryKind.WRITE, words.say(f"form_{name}"), share)


def _tick_and_write(words: Words, name: str, share: float = 1.0) -> Entry:
    return Entry(EntryKind.TICK_AND_WRITE, words.say(f"form_{name}"), share)
