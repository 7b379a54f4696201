"""A revocation as it is taken at the desk, and what is refused at once."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from consent.channels import ChannelKind
from consent.desk.lengths import NAME, NOTE, PLACE, too_long
from consent.errors import BadInputError
from consent.terms import EVERYTHING, Scope

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from datetime import date

    from consent.desk.references import Reference
    from consent.domain import SightingState
    from consent.services import Services
    from consent.terms import Locator, Method, Requester
    from media_index.types import Box

_OLDEST_MINOR = 18
MAX_EVIDENCE_BYTES = 50 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class EvidenceFile:
    """A page or file of the writing."""

    name: str
    content: bytes


@dataclass(frozen=True, slots=True)
class Seen:
    """What was decided of a photo before the revocation was recorded.

    Attributes:
        photo_sha256: the photo, in the index.
        box: the face; None for the photo as a whole.
        state: what was decided.
    """

    photo_sha256: str
    box: Box | None
    state: SightingState


@dataclass(frozen=True, slots=True)
class NewRevocation:
    """A revocation as it is taken at the desk.

    Attributes:
        name: of the person depicted.
        received_on: the day the writing came.
        method: form, letter, email, other.
        scope: what it covers.
        evidence: the writing itself; may be empty for old paper, if `original_at` or `note` says
            where it lies.
        references: photos of the person; each is a sighting, and a template if `keep_face`.
        keep_face: the separate agreement to keep a face template was given.
        keep_face_until: the last day of that agreement, if it has one.
        seen: photos looked at before it was recorded, with what was decided.
        minor: the person depicted is a minor.
        guardian: who signed for a minor.
        birth_year: of a minor.
        received_by: staff member; empty for the acting one.
        note: free text.
        branch: where it was received.
        original_at: where the paper lies.
        requester: who asked; empty for the person or the guardian.
        effective_from: None for the day it was received.
        until: the last day, if temporary.
        safety: a safety concern.
        locators: hints where no face helps.
    """

    name: str
    received_on: date
    method: Method
    scope: Scope = EVERYTHING
    evidence: Sequence[EvidenceFile] = ()
    references: Sequence[Reference] = ()
    keep_face: bool = True
    keep_face_until: date | None = None
    seen: Sequence[Seen] = ()
    minor: bool = False
    guardian: str = ""
    birth_year: int | None = None
    received_by: str = ""
    note: str = ""
    branch: str = ""
    original_at: str = ""
    requester: Requester | None = None
    effective_from: date | None = None
    until: date | None = None
    safety: bool = False
    locators: Sequence[Locator] = ()


def require_sense(services: Services, new: NewRevocation) -> None:
    """Refuse what is missing or contradicts itself.

    Raises:
        BadInputError: names everything at once.
    """
    problems = [
        *_of_the_person(new),
        *_of_the_time(services, new),
        *_of_the_writing(new),
        *_of_the_length(new),
    ]
    if problems:
        message = f"Not recorded: {'; '.join(problems)}."
        raise BadInputError(message)


def _of_the_person(new: NewRevocation) -> Iterator[str]:
    if not new.name.strip():
        yield "the name of the person is missing"
    if new.minor and not new.guardian.strip():
        yield "a minor needs the guardian who signed"
    if new.birth_year is not None and not new.minor:
        yield "a birth year is kept for minors only"


def _of_the_time(services: Services, new: NewRevocation) -> Iterator[str]:
    if new.received_on > services.today():
        yield f"it cannot have been received on {new.received_on}, which is to come"
    # By the day of the writing: the paper register of the last years is entered too.
    year = new.received_on.year
    if new.birth_year is not None and not year - _OLDEST_MINOR <= new.birth_year <= year:
        yield f"nobody born in {new.birth_year} was a minor then: correct the year, or leave it out"
    if new.until is not None and new.until < (new.effective_from or new.received_on):
        yield "it would end before it begins"


def _of_the_writing(new: NewRevocation) -> Iterator[str]:
    if not new.evidence and not new.note.strip() and not new.original_at.strip():
        yield "the writing is missing: add it as a file, or say where the paper lies"
    for file in new.evidence:
        if not file.content:
            yield f"the file {file.name} is empty"
        if len(file.content) > MAX_EVIDENCE_BYTES:
            yield f"the file {file.name} is larger than 50 MiB"


def _of_the_length(new: NewRevocation) -> Iterator[str]:
    asked = new.requester
    yield from too_long(
        {
            "the name of the person": (new.name, NAME),
            "the name of the guardian": (new.guardian, NAME),
            "who received it": (new.received_by, NAME),
            "the branch": (new.branch, NAME),
            "where the paper lies": (new.original_at, PLACE),
            "the note": (new.note, NOTE),
        }
    )
    # The name is that of the person or the guardian, unless somebody else asked.
    if asked is not None and asked.name.strip() not in {new.name.strip(), new.guardian.strip()}:
        yield from too_long({"the name of who asked": (asked.name, NAME)})
    if asked is not None:
        yield from too_long(
            {
                "the contact": (asked.contact, PLACE),
                "how it was checked that they may ask": (asked.authority_note, NOTE),
            }
        )
    for hint in new.locators:
        yield from too_long(
            {
                "the hint on clothing": (hint.clothing, PLACE),
                "the hint on companions": (hint.companions, PLACE),
                "the hint on the place in the photo": (hint.position, PLACE),
                "the address of a posted photo": (hint.url, NOTE),
            }
        )


def scope_from_text(services: Services, text: str) -> Scope:
    """Read a scope: all, online, print, press, or channels, separated by commas.

    Raises:
        BadInputError: it names neither a kind nor a channel of the policy.
    """
    scope = Scope(all_channels=False)
    for part in (part.strip().casefold() for part in text.split(",")):
        if part == "all":
            scope = replace(scope, all_channels=True)
        elif part in set(ChannelKind):
            scope = replace(scope, kinds=scope.kinds | {ChannelKind(part)})
        elif part:
            channel = services.policy.channel(part)
            scope = replace(scope, channels=scope.channels | {channel.id})
    if scope == Scope(all_channels=False):
        message = "The scope is empty: say all, online, print, press, or name channels."
        raise BadInputError(message)
    return scope
