"""The words of the receipt and the blank form, in each language, from one file."""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass
from string import Formatter
from typing import TYPE_CHECKING, Any, NoReturn

from consent.domain.errors import BadInputError, SetupError
from consent.domain.fields import FIELDS

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import date
    from pathlib import Path

NEEDED_LANGUAGES = ("en", "es")
_MONTHS = 12
_PLAIN = """
    and and_before_i title_revocation title_amended title_rescinded lead_revocation lead_amended
    label_number label_received label_person label_guardian label_requester label_channels
    label_photos label_caption label_until label_changed label_rescinded
    label_template until_open method_form method_letter method_email method_other_writing
    method_oral relationship_self relationship_parent relationship_guardian relationship_other
    channels_all channels_none kind_online_bare kind_print_bare kind_press_bare photos_all
    photos_named_one photos_also_named_one events_unnamed_one events_more_one label_period
    period_both caption_too caption_stays template_none template_erased template_purpose
    heading_next next_check next_found next_online next_print next_press next_others next_no_id
    next_hold_ends next_again heading_change heading_change_hold heading_change_again
    heading_ask note_cut note_glyphs note_asian
    form_title form_lead form_person form_name form_adult form_minor form_requester
    form_relationship form_self form_parent form_guardian form_other form_contact form_where
    form_all form_online form_print form_press form_named form_photos form_photos_all
    form_photos_event form_photos_named form_past form_future form_both form_caption form_from
    form_until form_hints form_hint_event form_hint_date form_hint_clothing
    form_signature_heading form_statement form_date form_signature form_template_heading
    form_template form_template_agree form_office form_office_number form_office_on
    form_office_by form_office_branch
    closeout_title closeout_next heading_closeout_next mail_subject
"""
# The others, with what is filled in.
_FILLED = {
    "date": "day month year",
    "title_hold": "date",
    "lead_hold": "date",
    "lead_hold_lapsed": "date",
    "lead_rescinded": "date",
    "lead_ended": "date",
    "received": "date method staff",
    "received_at": "date method staff branch",
    "rescinded_entered": "date staff",
    "minor": "name",
    "until_ends": "date",
    "until_hold": "date",
    "requester": "name relationship",
    "channels_some": "channels",
    "kind_online": "channels",
    "kind_print": "channels",
    "kind_press": "channels",
    "photos_events": "events",
    "photos_named": "count",
    "photos_also_named": "count",
    "events_unnamed": "count",
    "events_more": "count",
    "period_past": "date",
    "period_future": "date",
    "template_agreed": "date purpose",
    "template_ends": "date",
    "template_to_erase": "date",
    "next_hold": "date",
    "next_rescinded": "date",
    "change": "number",
    "change_hold": "number",
    "change_again": "number",
    "ask": "library address number",
    "policy": "library policy version effective",
    "printed": "date",
    "form_channels": "channels",
    "closeout_lead": "count",
    "closeout_lead_one": "",
    "takedown_hidden": "date",
    "takedown_deleted": "date",
    "takedown_retained": "date",
    "takedown_not_removable": "date reason",
    "takedown_in_circulation": "date stock",
    "mail_body": "library photo address channel",
}
# What a sentence would be wrong without.
_ESSENTIAL = {
    "date": {"day", "month", "year"},
    "title_hold": {"date"},
    "lead_hold": {"date"},
    "received": {"date"},
    "photos_events": {"events"},
    "channels_some": {"channels"},
    "minor": {"name"},
    "requester": {"name"},
    "change": {"number"},
    "change_hold": {"number"},
}
# Texts of several paragraphs; of the others, line breaks are only the file's.
_PARAGRAPHS = frozenset({"mail_body"})
_LABELS = {f"label_{field.receipt_label}" for field in FIELDS if field.receipt_label}
TEXT_KEYS = frozenset(_PLAIN.split()) | frozenset(_FILLED) | _LABELS


@dataclass(frozen=True, slots=True)
class Words:
    """The words of one language.

    Attributes:
        language: code, such as en.
        texts: by key.
        months: twelve names.
        channel_names: by channel id, where they differ from the policy's labels.
    """

    language: str
    texts: Mapping[str, str]
    months: tuple[str, ...]
    channel_names: Mapping[str, str]

    def say(self, key: str, **values: str) -> str:
        """Return a text with its values filled in."""
        return self.texts[key].format(**values)

    def day(self, day: date) -> str:
        """Return a date as the language writes it."""
        month = self.months[day.month - 1]
        return self.say("date", day=str(day.day), month=month, year=str(day.year))

    def listed(self, items: Sequence[str]) -> str:
        """Join items as the language does: a, b and c."""
        if len(items) <= 1:
            return "".join(items)
        # "Facebook e Instagram", but "agua y hielo".
        begins_with_i = re.match(r"h?[ií](?!e)", items[-1].casefold())
        joined_by = self.say("and_before_i" if begins_with_i else "and")
        return f"{', '.join(items[:-1])} {joined_by} {items[-1]}"


@dataclass(frozen=True, slots=True)
class ReceiptTexts:
    """The words of every language in the file."""

    languages: Mapping[str, Words]

    def words(self, language: str) -> Words:
        """Return the words of a language.

        Raises:
            BadInputError: the file has no such section.
        """
        if language not in self.languages:
            known = ", ".join(self.languages)
            message = (
                f"There are no receipt texts in {language!r}: use one of {known}, or add a "
                f"section [{language}] to the file of texts."
            )
            raise BadInputError(message)
        return self.languages[language]


def load_texts(path: Path) -> ReceiptTexts:
    """Read and validate the file of texts.

    Raises:
        SetupError: it cannot be read, or a language lacks a text; names language and key.
    """
    try:
        document = tomllib.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        message = f"The receipt texts {path} cannot be read ({error.strerror}): restore the file."
        raise SetupError(message) from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        message = f"The receipt texts {path} are not TOML ({error}): mend the line."
        raise SetupError(message) from error
    for language in NEEDED_LANGUAGES:
        if language not in document:
            message = f"The receipt texts {path} need a section [{language}]: add it."
            raise SetupError(message)
    return ReceiptTexts({language: _words(language, document[language]) for language in document})


def _words(language: str, section: Any) -> Words:  # noqa: ANN401 - whatever TOML holds
    if not isinstance(section, dict):
        _refuse(language, f"{language!r} must be a section, [{language}]")
    for key in sorted(TEXT_KEYS | {"months"}):
        if key not in section:
            _refuse(language, f"{key} is missing")
    for key in section:
        if key not in TEXT_KEYS | {"months", "channel_names"}:
            _refuse(language, f"{key} is not known; remove it or mend its name")
    for key in sorted(TEXT_KEYS):
        _check(language, key, section[key])
    names = section.get("channel_names", {})
    if not isinstance(names, dict) or not all(isinstance(name, str) for name in names.values()):
        _refuse(language, "channel_names must be a section of texts in quotes")
    texts = {
        key: section[key].strip() if key in _PARAGRAPHS else " ".join(section[key].split())
        for key in TEXT_KEYS
    }
    return Words(language, texts, _months(language, section["months"]), names)


def _months(language: str, months: Any) -> tuple[str, ...]:  # noqa: ANN401 - see above
    named = isinstance(months, list) and all(isinstance(month, str) for month in months)
    if not named or len(months) != _MONTHS:
        _refuse(language, "months must be a list of twelve names")
    return tuple(months)


def _check(language: str, key: str, text: Any) -> None:  # noqa: ANN401 - see above
    if not isinstance(text, str) or not text.strip():
        _refuse(language, f"{key} must be a text in quotes, and not empty")
    allowed = set(_FILLED.get(key, "").split())
    try:
        parts = list(Formatter().parse(text))
    except ValueError:
        _refuse(language, f"{key} has a brace without its partner")
    used = {name for _, name, _, _ in parts if name is not None}
    plain = all(not spec and conversion is None for _, _, spec, conversion in parts)
    if unknown := sorted(used - allowed):
        offered = ", ".join(f"{{{name}}}" for name in sorted(allowed)) or "nothing"
        _refuse(language, f"{key} asks for {{{unknown[0]}}}, but {offered} is filled in there")
    if not plain:
        _refuse(language, f"{key} has more in a brace than a name")
    if lacking := sorted(_ESSENTIAL.get(key, set()) - used):
        _refuse(language, f"{key} must say {{{lacking[0]}}}")


def _refuse(language: str, problem: str) -> NoReturn:
    message = f"Receipt texts, section [{language}]: {problem}."
    raise SetupError(message)
