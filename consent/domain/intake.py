"""A revocation on its way into the register."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from consent.domain.decisions import DecisionState
from consent.domain.terms import EVERYTHING, Locator, Method, Requester, Scope
from media_index.types import Box

if TYPE_CHECKING:
    from media_index.types import Face, Fingerprint


@dataclass(frozen=True, slots=True)
class Reference:
    """A photo and the face meant in it.

    Attributes:
        content: the file's bytes.
        name: for messages.
        face: index from the left; None to take the only face, or the one of a portrait.
    """

    content: bytes
    name: str
    face: int | None = None


@dataclass(frozen=True, slots=True, eq=False)
class ReferenceFace:
    """The face that was meant.

    Attributes:
        photo: fingerprint of the reference photo.
        face: the face.
        crop: JPEG bytes of the face with some surroundings.
        others: how many further faces are in the photo.
        chosen: whether it was named, rather than taken as the portrait's.
        light: mean grey of the face, 0 to 255.
    """

    photo: Fingerprint
    face: Face
    crop: bytes
    others: int
    chosen: bool
    light: float


@dataclass(frozen=True, slots=True)
class Writing:
    """A writing that came in.

    Attributes:
        on: the day it was received.
        method: form, letter, email, other.
        evidence: the writing itself; may be empty if `original_at` says where the paper lies.
        original_at: where the paper lies.
        by: staff member who took it; empty for the acting one.
        branch: where.
    """

    on: date
    method: Method = Method.FORM
    evidence: Sequence[EvidenceFile] = ()
    original_at: str = ""
    by: str = ""
    branch: str = ""


@dataclass(frozen=True, slots=True)
class EvidenceFile:
    """A page or file of the writing."""

    name: str
    content: bytes


@dataclass(frozen=True, slots=True)
class EarlyDecision:
    """What was decided of a photo before the revocation was recorded.

    Attributes:
        photo_sha256: the photo, in the index.
        box: the face; None for the photo as a whole.
        state: what was decided.
    """

    photo_sha256: str
    box: Box | None
    state: DecisionState


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
    seen: Sequence[EarlyDecision] = ()
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
