"""The fields of a revocation, and the doors through which each comes in and goes out.

What stands here is what the CSV import reads and what the export and `likeness register list
--json` write, how long a text may be, and what has a row of its own on the receipt. A field that is
not at a door says why; tests/cli/test_fields.py goes through the doors and names what they lack.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from enum import StrEnum
from typing import Any

from consent.domain.cases import Revocation
from consent.domain.intake import EarlyDecision, EvidenceFile, Reference
from consent.domain.limits import NAME, NOTE, PLACE
from consent.domain.terms import (
    Locator,
    Method,
    NewRevocation,
    Period,
    Relationship,
    Scope,
    Terms,
)


class Door(StrEnum):
    """Where a field comes in or goes out."""

    FORM = "the form"
    REVOKE = "likeness revoke"
    HOLD = "likeness hold"
    CSV = "the CSV import"
    AMENDMENT = "an amendment"
    AMEND_PAGE = "an amendment on the case's page"
    AMEND = "likeness amend"
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
        attribute: of that part; empty if it is called as the field is.
        kind: type of its value.
        called: a text in a complaint that it is too long.
        most: letters of such a text.
        names_people: withheld from roles without names.
        listed: `likeness register list --json` has it.
        receipt_label: of its own row on the receipt, after "label_"; empty if another row says it.
        except_at: by door, why it is not there.
    """

    name: str
    what: str
    part: Part
    attribute: str = ""
    kind: type = str
    called: str = ""
    most: int = 0
    names_people: bool = False
    listed: bool = False
    receipt_label: str = ""
    except_at: Mapping[Door, str] = field(default_factory=dict)

    def at(self, door: Door) -> bool:
        """Say whether it is at a door; what no amendment has is at neither of its two doors."""
        amends = door in {Door.AMEND_PAGE, Door.AMEND}
        return door not in self.except_at and (not amends or self.at(Door.AMENDMENT))

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


# Reasons that several fields share.
_WHO_IS_MEANT = {Door.AMENDMENT: "whom it is about does not change: record another revocation"}
_WHO_ASKED = {
    Door.AMENDMENT: "who asked does not change, only how to reach them",
    Door.EXPORT: "an export says how to reach whoever asked, and no more of them",
}
_KNOWN_TO_THEM = {Door.RECEIPT: "whoever holds the receipt knows it"}
_FOR_STAFF = {Door.RECEIPT: "it is for the staff"}
_PAPER = {Door.EXPORT: "an export lists the cases; their papers are on the case's page"}
_FACES = {Door.EXPORT: "an export holds nothing of faces"}
_WHICH_PHOTOS = {Door.AMEND: "--scope says anew what is covered: all photos for these uses"}
_CHOSEN = {
    Door.REVOKE: "it is chosen with the photos in view",
    Door.HOLD: "as for likeness revoke",
    Door.CSV: "as for likeness revoke",
}
_USES_ONLY = {Door.EXPORT: "an export says for which uses; the case's page says the rest"}
_AGREEMENT = {
    Door.AMENDMENT: "it is ended on the case's page, and given anew with a new reference photo"
}

FIELDS = (
    Field(
        "name",
        "The person depicted.",
        Part.PERSON,
        called="the name of the person",
        most=NAME,
        names_people=True,
        listed=True,
        except_at=_WHO_IS_MEANT,
    ),
    Field(
        "received",
        "Day the letter came, or of the oral request.",
        Part.SUBMISSION,
        attribute="on",
        kind=date,
        listed=True,
    ),
    Field("method", "How it came.", Part.SUBMISSION, kind=Method, listed=True),
    Field(
        "evidence",
        "The letter, its pages or files.",
        Part.SUBMISSION,
        kind=EvidenceFile,
        except_at=_KNOWN_TO_THEM | _PAPER,
    ),
    Field(
        "photo",
        "Reference photos of the person.",
        Part.HANDED_IN,
        attribute="references",
        kind=Reference,
        except_at=_KNOWN_TO_THEM | _FACES,
    ),
    Field(
        "face",
        "Which face of each photo, from 0 from the left.",
        Part.HANDED_IN,
        attribute="references",
        kind=Reference,
        except_at=_KNOWN_TO_THEM | _FACES,
    ),
    Field(
        "original_at",
        "Where the paper lies.",
        Part.SUBMISSION,
        called="where the paper lies",
        most=PLACE,
        except_at=_FOR_STAFF | _PAPER,
    ),
    Field(
        "by",
        "Staff member who received it.",
        Part.SUBMISSION,
        called="who received it",
        most=NAME,
        except_at={
            Door.AMEND_PAGE: "whoever enters it has received it",
            Door.EXPORT: "an export is about the cases, not about the staff",
        },
    ),
    Field(
        "branch",
        "Where it was received.",
        Part.SUBMISSION,
        called="the branch",
        most=NAME,
        listed=True,
    ),
    Field(
        "scope",
        "Covered uses: all, online, print, press, or channels.",
        Part.TERMS,
        kind=Scope,
        listed=True,
    ),
    Field(
        "events",
        "Events whose photos alone are covered.",
        Part.SCOPE,
        attribute="event_ids",
        kind=frozenset,
        except_at=_CHOSEN | _WHICH_PHOTOS | _USES_ONLY,
    ),
    Field(
        "photos",
        "Photos that alone are covered, with their copies.",
        Part.SCOPE,
        attribute="photo_ids",
        kind=frozenset,
        except_at={
            **(_CHOSEN | _WHICH_PHOTOS | _USES_ONLY),
            Door.AMEND_PAGE: "those named before can be left out again, and none be added",
        },
    ),
    Field(
        "period",
        "Whether photos taken before or after are covered, or both.",
        Part.SCOPE,
        kind=Period,
        except_at=_WHICH_PHOTOS | _USES_ONLY,
    ),
    Field(
        "captions",
        "Whether the name in captions is covered too; yes if nothing is said.",
        Part.SCOPE,
        attribute="caption_too",
        kind=bool,
        except_at=_WHICH_PHOTOS | _USES_ONLY,
    ),
    Field(
        "effective_from",
        "First day it holds; by default the day it was received.",
        Part.TERMS,
        kind=date,
        listed=True,
        receipt_label="from",
    ),
    Field("until", "Last day it holds, if it is temporary.", Part.TERMS, kind=date, listed=True),
    Field(
        "safety",
        "Whether there is a safety concern.",
        Part.TERMS,
        kind=bool,
        listed=True,
        except_at=_FOR_STAFF,
    ),
    Field(
        "minor",
        "Whether the person is a minor.",
        Part.PERSON,
        kind=bool,
        listed=True,
        except_at=_WHO_IS_MEANT,
    ),
    Field(
        "guardian",
        "Who signed for a minor.",
        Part.PERSON,
        called="the name of the guardian",
        most=NAME,
        names_people=True,
        except_at=_WHO_IS_MEANT,
    ),
    Field(
        "birth_year",
        "Year a minor was born in.",
        Part.PERSON,
        kind=int,
        except_at={
            **_WHO_IS_MEANT,
            **_KNOWN_TO_THEM,
            Door.EXPORT: "it is kept to ask again once they are of age, and for nothing else",
        },
    ),
    Field(
        "requester",
        "Who asked, if neither the person nor the guardian.",
        Part.REQUESTER,
        attribute="name",
        called="the name of who asked",
        most=NAME,
        except_at=_WHO_ASKED,
    ),
    Field(
        "relationship",
        "Of whoever asked to the person depicted.",
        Part.REQUESTER,
        kind=Relationship,
        except_at=_WHO_ASKED,
    ),
    Field(
        "authority",
        "How it was checked that they may ask.",
        Part.REQUESTER,
        attribute="authority_note",
        called="how it was checked that they may ask",
        most=NOTE,
        except_at=_WHO_ASKED | _FOR_STAFF,
    ),
    Field(
        "contact",
        "How to reach whoever asked.",
        Part.REQUESTER,
        called="the contact",
        most=PLACE,
        names_people=True,
        except_at=_KNOWN_TO_THEM,
    ),
    Field(
        "preferred_contact",
        "How they prefer to be reached.",
        Part.REQUESTER,
        called="how they prefer to be reached",
        most=NAME,
        except_at=_WHO_ASKED | _KNOWN_TO_THEM,
    ),
    Field(
        "language",
        "Their language, such as en or es.",
        Part.REQUESTER,
        called="the language",
        most=NAME,
        except_at=_WHO_ASKED | {Door.RECEIPT: "the receipt is written in it"},
    ),
    Field(
        "locators",
        "Hints for the eye, where no face helps.",
        Part.TERMS,
        kind=Locator,
        except_at={
            Door.REVOKE: "each is six answers: it is taken down on a page",
            Door.HOLD: "as for likeness revoke",
            Door.CSV: "as for likeness revoke",
            Door.AMEND: "as for likeness revoke",
            Door.RECEIPT: "they name companions",
            Door.EXPORT: "they name companions",
        },
    ),
    Field(
        "note",
        "Where old paper lies, or anything else.",
        Part.TERMS,
        called="the note",
        most=NOTE,
        names_people=True,
        except_at={Door.AMENDMENT: "an amendment has its own reason"} | _FOR_STAFF,
    ),
    Field(
        "keep_face",
        "Whether a face template may be kept; yes if nothing is said.",
        Part.HANDED_IN,
        kind=bool,
        except_at=_AGREEMENT | _FACES,
    ),
    Field(
        "keep_face_until",
        "Last day of that agreement.",
        Part.HANDED_IN,
        kind=date,
        except_at=_AGREEMENT | _FACES,
    ),
    Field(
        "seen",
        "What was decided of indexed photos meanwhile.",
        Part.HANDED_IN,
        kind=EarlyDecision,
        except_at=dict.fromkeys(
            set(Door) - {Door.FORM}, "it is decided looking at the photos: likeness review"
        ),
    ),
)


def fields_at(door: Door) -> Iterator[Field]:
    """Yield the fields that are at a door."""
    return (field for field in FIELDS if field.at(door))
