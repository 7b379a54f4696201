"""The fields of a revocation, and the doors through which each comes in and goes out.

What stands here is what the CSV import reads and what the export and `likeness register list
--json` write, how long a text may be, and what has a row of its own on the receipt. Why a field is
not at a door stands below; tests/ui/test_fields.py goes through the doors and names what they lack.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum
from typing import Any

from consent.domain.cases import Revocation
from consent.domain.intake import EarlyDecision, EvidenceFile, Reference
from consent.domain.terms import (
    Locator,
    Method,
    NewRevocation,
    Period,
    Relationship,
    Scope,
    Terms,
)
from consent.domain.typed_texts import NAME, NOTE, PLACE


class Door(StrEnum):
    """Where a field comes in or goes out."""

    FORM = "the form"
    REVOKE = "likeness revoke"
    HOLD = "likeness hold"
    CSV = "the CSV import"
    AMENDMENT = "an amendment"
    AMEND_PAGE = "an amendment on the case's page"
    AMEND = "likeness amend"
    CORRECTION = "a correction"
    RECEIPT = "the receipt"
    EXPORT = "the export"


class Part(StrEnum):
    """What a field is an attribute of."""

    PERSON = "person"
    SUBMISSION = "submission"
    REQUESTER = "requester"
    SCOPE = "scope"
    TERMS = "terms"
    HANDED_IN = "handed_in"


@dataclass(frozen=True, slots=True)
class Field:
    """A field of a revocation.

    Attributes:
        name: of its option, its CSV column and its column in the export.
        what: it is, for the documentation.
        part: what it is an attribute of.
        kind: type of its value.
        attribute: of that part; empty if it is called as the field is.
        called: in a complaint that it is too long, and where it was corrected.
        label: what pages ask for it; empty where each page asks in words of its own.
        most: letters of such a text.
        names_people: withheld from roles without names.
        listed: `likeness register list --json` has it.
        headings: what else people call its column, in lower case and without signs.
        receipt_label: of its own row on the receipt, after "label_", of a text or a day; empty if
            another row says it.
    """

    name: str
    what: str
    part: Part
    kind: type = str
    attribute: str = ""
    called: str = ""
    label: str = ""
    most: int = 0
    names_people: bool = False
    listed: bool = False
    receipt_label: str = ""
    headings: tuple[str, ...] = ()

    def at(self, door: Door) -> bool:
        """Say whether it is at a door; what no amendment has is at neither of its two doors."""
        amends = door in {Door.AMEND_PAGE, Door.AMEND}
        return self.why_not_at(door) is None and (not amends or self.at(Door.AMENDMENT))

    def why_not_at(self, door: Door) -> str | None:
        """Return why it is not at a door; None if no reason is given in `NOT_AT`."""
        reasons = NOT_AT.get(door, {}).items()
        return next((why for names, why in reasons if self.name in names.split()), None)

    def given(self, new: NewRevocation) -> Any:  # noqa: ANN401 - of its kind
        """Return what a new revocation says."""
        holders: dict[Part, object] = {
            Part.SUBMISSION: new.submission,
            Part.REQUESTER: new.asked_by,
            Part.SCOPE: new.scope,
        }
        return getattr(holders.get(self.part, new), self.attribute or self.name)

    def put(self, new: NewRevocation, value: object) -> NewRevocation:
        """Return a new revocation that says this; the person first, who asks by default."""
        said: dict[str, Any] = {self.attribute or self.name: value}
        if self.part is Part.SUBMISSION:
            return replace(new, submission=replace(new.submission, **said))
        if self.part is Part.REQUESTER:
            return replace(new, requester=replace(new.asked_by, **said))
        if self.part is Part.SCOPE:
            return replace(new, scope=replace(new.scope, **said))
        return replace(new, **said)

    def kept(self, case: Revocation, terms: Terms) -> Any:  # noqa: ANN401 - of its kind
        """Return what a case says: its first letter's, or under the terms of some day."""
        holders: dict[Part, object] = {
            Part.PERSON: case.person,
            Part.SUBMISSION: case.submission,
            Part.REQUESTER: terms.requester,
            Part.SCOPE: terms.scope,
        }
        return getattr(holders.get(self.part, terms), self.attribute or self.name)

    def changed(self, holder: Any, value: object) -> Any:  # noqa: ANN401 - of the field's part
        """Return the part of a case that the field is an attribute of, saying this."""
        said: dict[str, Any] = {self.attribute or self.name: value}
        return replace(holder, **said)


_PERSON, _LETTER, _ASKED = Part.PERSON, Part.SUBMISSION, Part.REQUESTER
_SCOPE, _TERMS, _HANDED_IN = Part.SCOPE, Part.TERMS, Part.HANDED_IN
# In this order the columns stand.
FIELDS = (
    Field(
        "name",
        "The person in the photos.",
        _PERSON,
        called="the name of the person",
        label="Name of the person in the photos",
        most=NAME,
        names_people=True,
        listed=True,
        headings=(
            "person",
            "patron",
            "full name",
            "name of person",
            "name of the person",
            "patron name",
        ),
    ),
    Field(
        "received",
        "Day the request came.",
        _LETTER,
        date,
        "on",
        called="the day received",
        label="Received on",
        listed=True,
        headings=(
            "date received",
            "received on",
            "received date",
            "date",
            "date of receipt",
            "day received",
        ),
    ),
    Field(
        "method",
        "How the request came.",
        _LETTER,
        Method,
        called="how it came",
        label="How the request came",
        listed=True,
        headings=("how it came", "how received", "type"),
    ),
    Field(
        "evidence",
        "The letter, its pages or files.",
        _LETTER,
        EvidenceFile,
        called="a page added",
        headings=("letter", "file", "files", "document", "documents", "attachment", "scan"),
    ),
    Field(
        "photo",
        "Photos of the person.",
        _HANDED_IN,
        Reference,
        "references",
        headings=("photos of the person", "reference photo", "picture", "portrait"),
    ),
    Field(
        "face",
        "Which face in each photo, counted from 0 from the left.",
        _HANDED_IN,
        Reference,
        "references",
    ),
    Field(
        "original_at",
        "Where the paper original is kept.",
        _LETTER,
        called="where the paper original is kept",
        label="Where the paper original is kept",
        most=PLACE,
        headings=("where the paper lies", "paper original", "location of the paper"),
    ),
    Field(
        "by",
        "Staff member who received it.",
        _LETTER,
        called="who received it",
        label="Received by",
        most=NAME,
        headings=("received by", "taken by", "staff"),
    ),
    Field(
        "branch",
        "Where it was received.",
        _LETTER,
        called="the branch",
        label="Branch",
        most=NAME,
        listed=True,
        headings=("library", "location", "received at"),
    ),
    Field(
        "scope",
        "Uses: all, online, print, press, or channels.",
        _TERMS,
        Scope,
        listed=True,
        headings=("covers", "uses", "what it covers"),
    ),
    Field("events", "Events, if only their photos are covered.", _SCOPE, frozenset, "event_ids"),
    Field(
        "photos",
        "Photos, if only they and their copies are covered.",
        _SCOPE,
        frozenset,
        "photo_ids",
    ),
    Field("period", "Photos taken before, after, or both: past, future, both.", _SCOPE, Period),
    Field("captions", "Whether the name in captions is covered.", _SCOPE, bool, "caption_too"),
    Field(
        "effective_from",
        "First day it is in effect. The default is the day it was received.",
        _TERMS,
        date,
        listed=True,
        receipt_label="from",
        headings=("effective", "effective date", "from", "start date", "since"),
    ),
    Field(
        "until",
        "Last day, if it is temporary.",
        _TERMS,
        date,
        listed=True,
        headings=("end date", "ends", "ends on", "expires", "expiration date"),
    ),
    Field(
        "safety",
        "Whether there is a safety concern.",
        _TERMS,
        bool,
        listed=True,
        headings=("safety concern",),
    ),
    Field(
        "minor",
        "Whether the person is a minor.",
        _PERSON,
        bool,
        called="whether a minor",
        label="The person is a minor",
        listed=True,
        headings=("child", "is minor", "is a minor"),
    ),
    Field(
        "guardian",
        "Who signed for a minor.",
        _PERSON,
        called="the name of the guardian",
        label="Parent or guardian who signed",
        most=NAME,
        names_people=True,
        headings=("parent", "parent or guardian", "parent guardian", "guardian name"),
    ),
    Field(
        "birth_year",
        "Birth year of a minor.",
        _PERSON,
        int,
        called="the year of birth",
        label="Year of birth",
        headings=("year of birth", "born", "born in"),
    ),
    Field(
        "requester",
        "Who asked, if neither the person nor the guardian.",
        _ASKED,
        attribute="name",
        called="the name of who asked",
        label="Their name",
        most=NAME,
        headings=("requested by", "asked by"),
    ),
    Field(
        "relationship",
        "Relationship of the requester to the person in the photos.",
        _ASKED,
        Relationship,
        called="how they are related",
        label="Relationship to the person",
    ),
    Field(
        "authority",
        "How you confirmed they have the right to ask.",
        _ASKED,
        attribute="authority_note",
        called="how it was checked that they may ask",
        label="How you confirmed they have the right to ask",
        most=NOTE,
    ),
    Field(
        "contact",
        "How to reach the requester.",
        _ASKED,
        called="the contact",
        label="Contact",
        most=PLACE,
        names_people=True,
        headings=("email", "e mail", "phone", "telephone", "contact info"),
    ),
    Field(
        "preferred_contact",
        "How they prefer to be reached.",
        _ASKED,
        called="how they prefer to be reached",
        label="Best way to reach them",
        most=NAME,
    ),
    Field(
        "language",
        "Their language, such as en or es.",
        _ASKED,
        called="their language",
        label="Language for the receipt",
        most=NAME,
    ),
    Field("locators", "Hints for staff, if no face helps.", _TERMS, Locator),
    Field(
        "note",
        "Where old paper originals are kept, or anything else.",
        _TERMS,
        called="the note",
        label="Note",
        most=NOTE,
        names_people=True,
        headings=("notes", "comment", "comments", "remarks"),
    ),
    Field(
        "keep_face",
        "Whether they agreed to a saved face measurement. The default is no.",
        _HANDED_IN,
        bool,
        headings=("face template", "agreed to face template", "face template agreed"),
    ),
    Field("keep_face_until", "Last day of that agreement.", _HANDED_IN, date),
    Field("seen", "Decisions about indexed photos so far.", _HANDED_IN, EarlyDecision),
)

_LOOKING = {"seen": "people decide this while they look at the photos"}
_HINTS = {"locators": "each one is six answers, on a page"}
_ON_A_PAGE = {
    "events photos": "choose from the indexed photos and events, on a page",
    **_HINTS,
    **_LOOKING,
}
# Why a field is not at a door: names of fields, and the reason.
NOT_AT: dict[Door, dict[str, str]] = {
    Door.REVOKE: _ON_A_PAGE,
    Door.HOLD: _ON_A_PAGE,
    Door.CSV: _ON_A_PAGE,
    Door.AMENDMENT: {
        "name minor guardian birth_year": "for another person, record another revocation",
        "requester relationship authority preferred_contact language": "who asked does not change",
        "note": "an amendment has its own reason",
        **_LOOKING,
    },
    Door.AMEND_PAGE: {
        "by": "the person who enters it is the one who received it",
        "photos": "photos can be removed from the list, but not added",
    },
    Door.AMEND: {
        "events photos period captions": "--scope always covers all photos",
        **_HINTS,
    },
    Door.CORRECTION: {
        "photo face": "correct a face at its picture",
        "scope events photos period captions effective_from until safety locators": "amend these",
        "keep_face keep_face_until": "end it on the case's page; agree again with a new photo",
        "seen": "decide again at the photo",
    },
    Door.RECEIPT: {
        "evidence photo face birth_year contact preferred_contact language": "the reader knows it",
        "original_at safety authority note seen": "only for staff",
        "locators": "they may name other people",
    },
    Door.EXPORT: {
        "evidence photo face original_at keep_face keep_face_until": "on the case's page",
        "by": "the export is about cases, not staff",
        "events photos period captions": "it shows the uses; the case's page shows the rest",
        "birth_year": "kept only to ask again when they are of age",
        "requester relationship authority preferred_contact language": "it only has the contact",
        "locators": "they may name other people",
        "seen": "on the case's page",
    },
}

BY_NAME = {field.name: field for field in FIELDS}


def fields_at(door: Door) -> Iterator[Field]:
    """Yield the fields that are at a door."""
    return (field for field in FIELDS if field.at(door))


def what_is(name: str) -> str:
    """Return what a field is, for the documentation."""
    return BY_NAME[name].what
