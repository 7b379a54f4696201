"""What an audit of a print piece found: every photo, every face, who was asked, what is missing."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime  # noqa: TC003 - read at run time, to store an audit as it was
from enum import StrEnum

from consent.domain import Actor  # noqa: TC001 - the same
from consent.printing.coverage import Coverage
from consent.verdicts import Verdict
from media_index.types import Box  # noqa: TC001 - the same

# How a picture was found that has no original in the index.
AS_IT_IS = "as it is"


class Standing(StrEnum):
    """How a face in print stands, worst first."""

    REVOKED = "revoked"
    HELD = "held"
    POSSIBLE = "possible"
    UNCOMPARABLE = "uncomparable"
    REFUSED = "refused"
    MISSING = "missing"
    AS_A_ROOM = "as_a_room"
    ASKED = "asked"
    NOT_NEEDED = "not_needed"
    NOT_RECOGNISABLE = "not_recognisable"

    @property
    def words(self) -> str:
        """The words shown to people."""
        return _WORDS[self]

    @property
    def blocks(self) -> bool:
        """Whether the piece cannot be signed off while a face stands so."""
        return self in {
            Standing.REVOKED,
            Standing.HELD,
            Standing.POSSIBLE,
            Standing.UNCOMPARABLE,
        }


_WORDS = {
    Standing.REVOKED: "Revoked",
    Standing.HELD: "Held",
    Standing.POSSIBLE: "Possible match",
    Standing.UNCOMPARABLE: "Cannot be compared",
    Standing.REFUSED: "Asked, said no",
    Standing.MISSING: "Not asked",
    Standing.AS_A_ROOM: "Asked with the room",
    Standing.ASKED: "Asked, said yes",
    Standing.NOT_NEEDED: "Need not be asked",
    Standing.NOT_RECOGNISABLE: "Not recognisable",
}


@dataclass(frozen=True, slots=True)
class AnswerOnFile:
    """What somebody answered, as an audit shows it.

    Attributes:
        given: yes or no.
        asked_by: staff member.
        asked_on: the day.
        how: about the face, the photo, the room, or the same face in another photo.
        name: as it was said; may be empty.
        guardian: who answered for a minor; may be empty.
    """

    given: bool
    asked_by: str
    asked_on: date
    how: str
    name: str = ""
    guardian: str = ""


@dataclass(frozen=True, slots=True)
class AskedElsewhere:
    """The same face, perhaps, was asked in another photo of the event; an editor decides.

    Attributes:
        consent_id: the answer.
        given: what it was.
        photo_sha256: the other photo.
        box: the face in it.
        likeness: how alike, in words.
    """

    consent_id: str
    given: bool
    photo_sha256: str
    box: Box
    likeness: str


@dataclass(frozen=True, slots=True)
class AuditedFace:
    """A face, or a mark made by hand, in a photo that is to be printed.

    Attributes:
        number: as drawn, from 1.
        box: px of the photo.
        standing: the worst that holds.
        revocations: labels of the cases that it may be about.
        answer: what was answered for it.
        elsewhere: an answer that may be about the same person.
    """

    number: int
    box: Box
    standing: Standing
    revocations: tuple[str, ...] = ()
    answer: AnswerOnFile | None = None
    elsewhere: AskedElsewhere | None = None


@dataclass(frozen=True, slots=True)
class AuditedPhoto:
    """A placed photo as it was found.

    Attributes:
        placed_id: which.
        page: from 1; None for a photo handed in as a file.
        where: in words.
        name: of the original's file.
        photo_sha256: what was judged; None if it could not be read.
        found: how the original was found, in words.
        verdict: of the photo.
        sentences: every reason and note.
        faces: numbered as drawn.
        event: name; empty if none is known.
        public_space: of the event; None if none is known.
        region: the part of the photo that is shown, px; None for all of it.
        branch: where the event was; empty if that is not known.
    """

    placed_id: str
    page: int | None
    where: str
    name: str
    photo_sha256: str | None
    found: str
    verdict: Verdict
    sentences: tuple[str, ...] = ()
    faces: tuple[AuditedFace, ...] = ()
    event: str = ""
    public_space: bool | None = None
    region: Box | None = None
    branch: str = ""

    @property
    def source(self) -> str:
        """How the original was found, in words; empty for what could not be read."""
        if not self.found:
            return ""
        if self.found == AS_IT_IS:
            return "no original in the index, judged as it is"
        return f"the original is known ({self.found})"

    @property
    def people(self) -> int:
        """How many a person could recognise."""
        return sum(face.standing is not Standing.NOT_RECOGNISABLE for face in self.faces)

    @property
    def asked(self) -> int:
        """How many of them were asked and said yes."""
        return sum(face.answer is not None and face.answer.given for face in self.faces)

    @property
    def coverage(self) -> str:
        """Who was asked, in words."""
        if self.photo_sha256 is None:
            return "Could not be looked at."
        room = sum(face.standing is Standing.AS_A_ROOM for face in self.faces)
        refused = sum(face.answer is not None and not face.answer.given for face in self.faces)
        if any(face.standing is Standing.NOT_NEEDED for face in self.faces):
            return f"{self.people} recognisable; the policy asks nobody for this use."
        return Coverage(self.people, self.asked, room, refused).words

    @property
    def blocks(self) -> bool:
        """Whether the piece cannot be signed off as long as this stands."""
        return self.verdict not in {Verdict.CLEAR, Verdict.CONSENT_MISSING}

    @property
    def next_step(self) -> str:
        """What to do, in words."""
        if self.verdict is Verdict.CONSENT_MISSING:
            faces = [
                str(one.number)
                for one in self.faces
                if one.standing in {Standing.MISSING, Standing.REFUSED}
            ]
            return f"Ask {listed(faces)}, take the photo out, or sign it over with a reason."
        return _NEXT[self.verdict]


_NEXT = {
    Verdict.BLOCKED: "Take the photo out.",
    Verdict.NOT_CHECKED: "Place a file that can be read, or take the picture out.",
    Verdict.REVIEW: "Somebody must look: decide under Review, then audit again.",
    Verdict.CLEAR: "Nothing to do.",
}


def listed(faces: list[str]) -> str:
    """Return the numbers of faces in words, such as faces 1, 2 and 4."""
    if not faces:
        return "the people in it"
    if len(faces) == 1:
        return f"face {faces[0]}"
    return f"faces {', '.join(faces[:-1])} and {faces[-1]}"


@dataclass(frozen=True, slots=True)
class Audit:
    """An audit of a print piece.

    Attributes:
        id: opaque.
        at: UTC.
        actor: who ran it.
        register_version: it holds for this version only.
        policy_version: it was made under.
        model: id of the calibration that faces were compared with.
        photos: by page.
    """

    id: str
    at: datetime
    actor: Actor
    register_version: int
    policy_version: str
    model: str
    photos: tuple[AuditedPhoto, ...]

    @property
    def verdict(self) -> Verdict:
        """The worst of its photos."""
        found = {photo.verdict for photo in self.photos}
        return next((one for one in Verdict if one in found), Verdict.CLEAR)

    @property
    def blocking(self) -> list[AuditedPhoto]:
        """The photos that keep it from being signed off."""
        return [photo for photo in self.photos if photo.blocks]

    @property
    def missing(self) -> list[AuditedPhoto]:
        """The photos whose missing or refused consent has to be signed over."""
        return [photo for photo in self.photos if photo.verdict is Verdict.CONSENT_MISSING]
