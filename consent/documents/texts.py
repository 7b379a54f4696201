"""The words of the receipt and the blank form, in each language, from one file."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from pathlib import Path
from string import Formatter
from typing import Annotated, Any

from pydantic import (
    AfterValidator,
    ConfigDict,
    Field,
    ValidationError,
    ValidationInfo,
    create_model,
)
from pydantic_core import ErrorDetails, PydanticCustomError

from consent.domain.errors import BadInputError, SetupError
from consent.domain.fields import FIELDS

NEEDED_LANGUAGES = ("en", "es")
_PLAIN = """
    and and_before_i title_revocation title_amended title_rescinded title_decided lead_revocation
    lead_amended lead_corrected
    label_number label_received label_person label_guardian label_requester label_channels
    label_photos label_caption label_until label_changed label_rescinded label_corrected
    corrected title_mistaken label_disputed
    label_template until_open method_form method_letter method_email method_other_writing
    method_oral relationship_self relationship_parent relationship_guardian relationship_other
    channels_all channels_none kind_online_bare kind_print_bare kind_press_bare photos_all
    photos_named_one photos_also_named_one events_unnamed_one events_more_one label_period
    period_both caption_too caption_stays template_none template_erased template_purpose
    heading_next next_check next_no_face next_found next_print next_press next_others next_no_id
    next_hold_ends next_again heading_change heading_change_hold heading_change_again
    heading_ask note_cut note_glyphs
    form_title form_lead form_person form_name form_adult form_minor form_requester
    form_relationship form_self form_parent form_guardian form_other form_contact form_where
    form_all form_online form_print form_press form_named form_photos form_photos_all
    form_photos_event form_photos_named form_past form_future form_both form_caption form_from
    form_until form_hints form_hint_event form_hint_date form_hint_clothing
    form_signature_heading form_statement form_date form_signature form_template_heading
    form_template form_template_agree form_office form_office_number form_office_on
    form_office_by form_office_branch
    closeout_title closeout_next heading_closeout_next
    appeal_title appeal_about appeal_decided appeal_upheld appeal_partly appeal_denied appeal_reason
    appeal_on heading_appeal_next appeal_next appeal_next_board appeal_next_upheld mail_subject
    mail_stop_subject
    kept_title kept_lead kept_request kept_letters kept_contact kept_notes kept_hints kept_photos
    kept_decisions kept_waiting kept_takedowns kept_checks kept_removed kept_why_request
    kept_why_contact kept_why_hints kept_why_photos kept_why_waiting kept_why_takedowns
    kept_why_checks kept_why_removed kept_left kept_why_left kept_until_waiting
    kept_until_takedowns kept_until_held kept_until_asked heading_looks looks_none
    look_opened look_receipt look_exported
"""
# The others, with what is filled in; without what has a ! a sentence would be wrong.
_FILLED = {
    "date": "day! month! year!",
    "title_hold": "date!",
    "lead_hold": "date!",
    "lead_hold_lapsed": "date",
    "lead_rescinded": "date",
    "lead_decided": "date",
    "lead_mistaken": "date",
    "disputed": "date!",
    "dispute_stands": "date",
    "lead_ended": "date",
    "received": "date! method staff",
    "received_at": "date method staff branch",
    "rescinded_entered": "date staff",
    "minor": "name!",
    "until_ends": "date",
    "until_hold": "date",
    "requester": "name! relationship",
    "channels_some": "channels!",
    "kind_online": "channels",
    "kind_print": "channels",
    "kind_press": "channels",
    "photos_events": "events!",
    "photos_named": "count",
    "photos_also_named": "count",
    "events_unnamed": "count",
    "events_more": "count",
    "period_past": "date",
    "period_future": "date",
    "template_agreed": "date purpose",
    "template_recorded": "staff",
    "template_ends": "date",
    "template_to_erase": "date",
    "next_online": "date! days!",
    "next_sooner": "channels! date! days!",
    "next_hold": "date",
    "next_rescinded": "date",
    "change": "number!",
    "change_hold": "number!",
    "change_again": "number",
    "ask": "library address number",
    "policy": "library policy version effective",
    "printed": "date",
    "receipt_code": "code!",
    "form_channels": "channels",
    "appeal_lead": "name! date",
    "closeout_lead": "count",
    "closeout_lead_one": "",
    "takedown_hidden": "date",
    "takedown_deleted": "date",
    "takedown_retained": "date",
    "takedown_not_removable": "date",
    "takedown_mistaken": "date",
    "takedown_stopped": "date",
    "takedown_in_circulation": "date",
    "kept_until_days": "days!",
    "kept_until_due": "date!",
    "kept_until_date": "date!",
    "kept_until_destroyed": "date!",
    "kept_until_removed": "days!",
    "kept_until_checks": "days!",
    "look": "date! staff! what!",
    "looks_older": "count!",
    "mail_body": "library photo address channel",
    "mail_stop_body": "library photo address channel",
}
# Texts of several paragraphs; of the others, line breaks are only the file's.
_PARAGRAPHS = frozenset({"mail_body", "mail_stop_body"})
_LABELS = {f"label_{field.receipt_label}" for field in FIELDS if field.receipt_label}
TEXT_KEYS = frozenset(_PLAIN.split()) | frozenset(_FILLED) | _LABELS


@dataclass(frozen=True, slots=True)
class Words:
    """The words of one language.

    Attributes:
        channel_names: by id, where they differ from the policy's.
        policy_names: by the policy's own name, where the language calls it otherwise.
    """

    language: str
    texts: Mapping[str, str]
    months: tuple[str, ...]
    channel_names: Mapping[str, str]
    policy_names: Mapping[str, str]

    def say(self, key: str, **values: str | date) -> str:
        """Return a text with its values filled in, dates as the language writes them."""
        said = {
            name: self.day(value) if isinstance(value, date) else value
            for name, value in values.items()
        }
        return self.texts[key].format(**said)

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
            raise BadInputError(
                f"There are no receipt texts in {language!r}: use one of {known}, or add a "
                f"section [{language}] to the file of texts."
            )
        return self.languages[language]


def load_texts(path: Path) -> ReceiptTexts:
    """Read and validate the file of texts.

    Raises:
        SetupError: it cannot be read, or a language lacks a text; names language and key.
    """
    try:
        return _texts(path, path.read_text(encoding="utf-8"))
    except OSError as error:
        raise SetupError(
            f"The receipt texts {path} cannot be read ({error.strerror}): restore the file."
        ) from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise SetupError(
            f"The receipt texts {path} are not TOML ({error}): fix the line."
        ) from error


# Every page of a case and every letter wants them, and a file seldom changes.
@lru_cache(maxsize=4)
def _texts(path: Path, content: str) -> ReceiptTexts:
    document = tomllib.loads(content)
    for language in NEEDED_LANGUAGES:
        if language not in document:
            raise SetupError(f"The receipt texts {path} need a section [{language}]: add it.")
    return ReceiptTexts({language: _words(language, document[language]) for language in document})


def _words(language: str, section: object) -> Words:
    try:
        texts = dict(_Section.model_validate(section))
    except ValidationError as error:
        raise _refusal(language, error.errors()[0]) from error
    apart = {name: texts.pop(name) for name in ("months", "channel_names", "policy_names")}
    return Words(language, texts, **apart)


def _text(text: str, info: ValidationInfo) -> str:
    """Return a text as it is said, if what it has in braces is filled in there."""
    if not text.strip():
        raise _problem(_NO_TEXT)
    key = str(info.field_name)
    offered = _FILLED.get(key, "").split()
    allowed = sorted(name.rstrip("!") for name in offered)
    try:
        parts = list(Formatter().parse(text))
    except ValueError:
        raise _problem("has a brace without its partner") from None
    used = {name for _, name, _, _ in parts if name is not None}
    if unknown := sorted(used.difference(allowed)):
        filled = ", ".join(f"{{{name}}}" for name in allowed) or "nothing"
        raise _problem(f"asks for {{{unknown[0]}}}, but {filled} is filled in there")
    if any(spec or conversion for _, _, spec, conversion in parts):
        raise _problem("has more in a brace than a name")
    needed = {name.rstrip("!") for name in offered if name.endswith("!")}
    if lacking := sorted(needed - used):
        raise _problem(f"must say {{{lacking[0]}}}")
    return text.strip() if key in _PARAGRAPHS else " ".join(text.split())


def _problem(sentence: str) -> PydanticCustomError:
    return PydanticCustomError("text", sentence)


_FIELDS: dict[str, Any] = {
    "months": (Annotated[tuple[str, ...], Field(min_length=12, max_length=12)], ...),
    "channel_names": (dict[str, str], {}),
    "policy_names": (dict[str, str], {}),
} | dict.fromkeys(sorted(TEXT_KEYS), (Annotated[str, AfterValidator(_text)], ...))
_Section = create_model("_Section", __config__=ConfigDict(extra="forbid"), **_FIELDS)
_NO_TEXT = "must be a text in quotes, and not empty"
# By key, whatever is wrong with it; and by pydantic's type of an error.
_SENTENCES = {
    "months": "must be a list of twelve names",
    "channel_names": "must be a section of texts in quotes",
    "policy_names": "must be a section of texts in quotes",
    "missing": "is missing",
    "extra_forbidden": "is not known; remove it or fix its name",
    "string_type": _NO_TEXT,
}


def _refusal(language: str, error: ErrorDetails) -> SetupError:
    problem = f"{language!r} must be a section, [{language}]"
    if error["loc"]:
        key = str(error["loc"][0])
        said = _SENTENCES.get(key) or _SENTENCES.get(error["type"], error["msg"])
        problem = f"{key} {said}"
    return SetupError(f"Receipt texts, section [{language}]: {problem}.")
