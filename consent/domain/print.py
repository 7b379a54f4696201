"""Newsletters, brochures, reports, posters and press kits, on their way to the printer."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from consent.domain.actors import Actor
from consent.domain.decisions import same_face
from consent.domain.events import space_words
from consent.domain.verdicts import NOTHING_TO_COMPARE, Verdict
from consent.domain.worded import Worded
from consent.domain.wording import NOBODY, counted, faces_named, on_file
from media_index.types import Box, FoundBy

# Grows where layouts are read, or judged, by other rules than before: an audit by older ones does
# not hold. 1: the picture that stands in print is judged as well as its original.
RULES = 1


class PieceState(Worded):
    """How far a piece has come."""

    DRAFT = "draft", "In draft"
    AUDITED = "audited", "Audited"
    APPROVED = "approved", "Approved"
    AT_PRINTER = "at_printer", "At the printer"
    PRINTED = "printed", "Printed"

    @property
    def has_left(self) -> bool:
        """Whether it went to the printer, so that its layout stands."""
        return self in {PieceState.AT_PRINTER, PieceState.PRINTED}


@dataclass(frozen=True, slots=True)
class PieceStep:
    """One appended step of a piece.

    Attributes:
        state: from here on; None where only the stock was counted.
        reason: such as why missing consents were signed over.
        signed_as: name and role under an approval.
        audit_id: the audit that was signed.
        stock: printed copies that are left.
        layout_unseen: pictures were taken out of the list, and the layout was not seen again: who
            saw to it, in words.
    """

    at: datetime
    actor: Actor
    state: PieceState | None
    reason: str = ""
    signed_as: str = ""
    audit_id: str | None = None
    stock: int | None = None
    layout_unseen: str = ""


@dataclass(frozen=True, slots=True)
class PrintPiece:
    """A piece of print.

    Attributes:
        number: shown as P-0003.
        issue: such as Spring 2026; may be empty.
        run: copies; None while unknown.
        history: steps, oldest first; the first makes it a draft.
    """

    id: str
    number: int
    channel: str
    title: str
    issue: str
    print_on: date | None
    run: int | None
    editor: str
    history: tuple[PieceStep, ...] = ()

    @property
    def label(self) -> str:
        """The number as shown, P-0003."""
        return f"P-{self.number:04d}"

    @property
    def name(self) -> str:
        """What it is called; the publication of its use."""
        return ", ".join(part for part in (self.title, self.issue) if part)

    @property
    def state(self) -> PieceState:
        """How far it has come."""
        states = [step.state for step in self.history if step.state is not None]
        return states[-1] if states else PieceState.DRAFT

    @property
    def signature(self) -> PieceStep | None:
        """The last signature; it stands as long as the piece has not gone back since."""
        return next((step for step in reversed(self.history) if step.signed_as), None)

    @property
    def is_signed(self) -> bool:
        """Whether the last signature stands."""
        return self.state is PieceState.APPROVED or self.state.has_left

    @property
    def is_printed(self) -> bool:
        """Whether it is out, so that nothing of it can be stopped."""
        return self.state is PieceState.PRINTED

    @property
    def stock(self) -> int | None:
        """Printed copies that are left, as last counted; the whole run if never counted."""
        counted = [step.stock for step in self.history if step.stock is not None]
        return counted[-1] if counted else self.run

    @property
    def whereabouts(self) -> str:
        """Where copies are, in words, for whoever has to stop them."""
        if self.state is not PieceState.PRINTED:
            return self.state.words
        if self.stock is None:
            return "Printed, stock unknown"
        return f"Printed, {self.stock:,} in stock" if self.stock else "Printed, none in stock"


@dataclass(frozen=True, slots=True)
class PlacedPhoto:
    """A photo in a layout.

    Attributes:
        page: from 1; None for a photo that was handed in as a file.
        number: on the page, or among the files, from 1.
        name: of the file, or of the layout that it was taken out of.
        photo_sha256: what is judged: the original, or the picture itself; None if unreadable.
        found: how the original was found; None for a picture that is judged as it is.
        region: the part of the original that is shown, px of the original; None for all of it.
        repeats: faces that another picture shows already, px of this one: a page as a whole shows
            those of its pictures again.
        counted: it is a picture as an editor counts them, and not one of them once more.
        picture_sha256: what is printed, which is judged as well as the original, and matched with
            originals again by each audit; None for a page, and for what an older version placed.
    """

    id: str
    page: int | None
    number: int
    name: str
    photo_sha256: str | None
    found: FoundBy | None = None
    region: Box | None = None
    problem: str = ""
    repeats: tuple[Box, ...] = ()
    counted: bool = True
    picture_sha256: str | None = None

    @property
    def where(self) -> str:
        """Where it stands, in words."""
        return self.name if self.page is None else f"Page {self.page}, picture {self.number}"

    def where_among(self, others: Iterable[PlacedPhoto]) -> str:
        """Where it stands, in words, with its layout's name where there are several."""
        layouts = {other.name for other in others if other.page is not None}
        named = self.page is not None and bool(layouts - {self.name})
        return f"{self.name}, {self.where[:1].lower()}{self.where[1:]}" if named else self.where


@dataclass(frozen=True, slots=True)
class TakenOut:
    """A photo that was taken out of what was last handed in: when, and by whom."""

    photo: PlacedPhoto
    at: datetime
    by: str


@dataclass(frozen=True, slots=True)
class Coverage:
    """Who was asked, and what they said: counted, and said, the same way everywhere.

    Attributes:
        people: whom a person could recognize, detected or drawn by hand.
        said_yes: of these, with a yes on file.
        said_no: with a no on file.
        as_a_room: of those who said yes, together with everybody in the room.
        unwilling: who asked not to be shown, whatever they said when they were asked.
    """

    people: int
    said_yes: int
    said_no: int = 0
    as_a_room: int = 0
    unwilling: int = 0

    @property
    def asked(self) -> int:
        """How many were asked, whatever they said."""
        return self.said_yes + self.said_no

    @property
    def everybody_said_yes(self) -> bool:
        """Whether there are people, and nobody is left to be asked, or said no."""
        return 0 < self.people == self.said_yes

    @property
    def words(self) -> str:
        """The same for people."""
        if not self.people:
            return "No one can be recognized, so you don't need to ask anyone."
        people = counted(self.people, "recognizable person", "recognizable people")
        room = f" ({self.as_a_room} with the whole room)" if self.as_a_room else ""
        said = [f"{self.said_yes} said yes{room}"] if self.said_yes else []
        said += [f"{self.said_no} said no"] if self.said_no else []
        answers = f": {', '.join(said)}" if said else ""
        leave = (
            f"; {self.unwilling} already told the library not to show them"
            if self.unwilling
            else ""
        )
        return f"{self.asked} of {people} asked{answers}{leave}."


# How a picture was found that has no original in the index.
AS_IT_IS = "as it is"


class FaceStatus(Worded):
    """How a face in print stands, worst first."""

    REVOKED = "revoked", "Revoked"
    HELD = "held", "Held"
    POSSIBLE = "possible", "Possible match"
    UNCOMPARABLE = "uncomparable", "Cannot be compared"
    REFUSED = "refused", "Asked, said no"
    # Not asked alone, and a person who looks like this one said no in another photo of the event.
    PERHAPS_REFUSED = "perhaps_refused", "Someone who looks alike said no"
    MISSING = "missing", "Not asked"
    AS_A_ROOM = "as_a_room", "Asked with the room"
    ASKED = "asked", "Asked, said yes"
    NOT_NEEDED = "not_needed", "No need to ask"
    NO_PERSON = "no_person", "No person"
    # Audits on file have it spelled so.
    NOT_RECOGNIZABLE = "not_recognisable", "Not recognizable"

    @property
    def of_somebody(self) -> bool:
        """Whether a person might recognize somebody in such a face."""
        return self not in {FaceStatus.NO_PERSON, FaceStatus.NOT_RECOGNIZABLE}

    @property
    def lacks_consent(self) -> bool:
        """Whether a piece with such a face is signed over with a reason."""
        return self in {FaceStatus.REFUSED, FaceStatus.PERHAPS_REFUSED, FaceStatus.MISSING}

    @property
    def blocks(self) -> bool:
        """Whether the piece cannot be signed off while a face stands so."""
        return self in {
            FaceStatus.REVOKED,
            FaceStatus.HELD,
            FaceStatus.POSSIBLE,
            FaceStatus.UNCOMPARABLE,
        }


@dataclass(frozen=True, slots=True)
class AnswerOnFile:
    """What somebody answered, as an audit shows it.

    Attributes:
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
        likeness: how alike, in words.
    """

    consent_id: str
    given: bool
    photo_sha256: str
    box: Box
    likeness: str

    @property
    def words(self) -> str:
        """What is to be known of it, in a sentence."""
        answer = "yes" if self.given else "no"
        return (
            "A person who looks like this one was asked in another photo of the event, and said "
            f"{answer} ({self.likeness})."
        )


@dataclass(frozen=True, slots=True)
class AuditedFace:
    """A face, or a mark made by hand, in a photo that is to be printed.

    Attributes:
        number: as drawn; the one by which people are asked, whatever part of the photo is shown.
        box: px of the photo.
        standing: the worst that holds; stored under this name.
        revocations: labels of the cases that it may be about.
        repeated: another picture shows the same face; it is counted there.
    """

    number: int
    box: Box
    standing: FaceStatus
    revocations: tuple[str, ...] = ()
    answer: AnswerOnFile | None = None
    elsewhere: AskedElsewhere | None = None
    repeated: bool = False


def alike_faces(faces: Sequence[AuditedFace]) -> list[list[AuditedFace]]:
    """Put the recognizable faces together of which the same is to be said, the worst first.

    Who may have been asked in another photo stands alone: an editor decides on each.
    """
    together: dict[tuple[object, ...], list[AuditedFace]] = {}
    for face in faces:
        if face.standing is not FaceStatus.NOT_RECOGNIZABLE:
            alone = None if face.elsewhere is None else face.number
            key = (face.standing, face.revocations, face.answer, alone)
            together.setdefault(key, []).append(face)
    order = list(FaceStatus)
    return sorted(together.values(), key=lambda alike: order.index(alike[0].standing))


@dataclass(frozen=True, slots=True)
class AuditedPhoto:
    """A placed photo as it was found.

    Attributes:
        page: from 1; None for a photo handed in as a file.
        where: in words.
        photo_sha256: what was judged; None if it could not be read.
        found: how the original was found, in words.
        faces: numbered as drawn.
        event: name; empty if none is known.
        public_space: of the event; None if none is known.
        region: the part of the photo that is shown, px; None for all of it.
        branch: where the event was; empty if that is not known.
        counted: see `PlacedPhoto`.
        apart: those of the sentences that are about none of its faces.
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
    counted: bool = True
    apart: tuple[str, ...] = ()

    @property
    def occasion(self) -> str:
        """The event, and which kind it is, in words."""
        if not self.event or self.public_space is None:
            return self.event or "No event yet"
        return f"{self.event}, {space_words(public=self.public_space)}"

    @property
    def said_of_photo(self) -> tuple[str, ...]:
        """What is to be said beside the faces: all of it, where there is none."""
        return self.apart if self.people else self.sentences

    @property
    def source(self) -> str:
        """How the original was found, in words; empty for what could not be read."""
        if not self.found:
            return ""
        if self.found == AS_IT_IS:
            return "no original on file; checked as it is"
        return on_file(self.found)

    @property
    def people(self) -> int:
        """How many a person could recognize."""
        return sum(face.standing.of_somebody for face in self.faces)

    @property
    def counts(self) -> Coverage:
        """Who was asked."""
        return _coverage(self.faces)

    @property
    def coverage(self) -> str:
        """Who was asked, in words."""
        if self.photo_sha256 is None:
            return "The program could not read this picture."
        if self.verdict is Verdict.NOT_CHECKED and not self.people:
            return "Not checked, so it is not known who is in it."
        if any(face.standing is FaceStatus.NOT_NEEDED for face in self.faces):
            return (
                f"{self.people} can be recognized. The policy does not require asking for this use."
            )
        return self.counts.words

    @property
    def words(self) -> str:
        """The verdict in words; that nobody matches is said once, of the piece."""
        if self.verdict is Verdict.CLEAR and self.counts.everybody_said_yes:
            return "Said yes" if self.people == 1 else "Everyone said yes"
        if self.verdict is Verdict.CLEAR and not self.people:
            return "Nobody recognizable"
        return self.verdict.words

    @property
    def blocks(self) -> bool:
        """Whether the piece cannot be signed off as long as this stands."""
        return self.verdict not in {Verdict.CLEAR, Verdict.CONSENT_MISSING}

    @property
    def next_step(self) -> str:
        """What to do, in words."""
        if self.verdict is Verdict.CONSENT_MISSING:
            unasked = {FaceStatus.MISSING, FaceStatus.PERHAPS_REFUSED}
            faces = [face.number for face in self.faces if face.standing in unasked]
            if not faces:
                return "Take the photo out, or sign it off with a reason."
            return f"Ask {faces_named(faces)}, take the photo out, or sign it off with a reason."
        if self.verdict is Verdict.NOT_CHECKED and self.photo_sha256 is not None:
            return "See why it was not checked, then audit again."
        return _NEXT[self.verdict]

    @property
    def lacking(self) -> str:
        """Whose consent is missing, in a sentence; empty where nobody's is."""
        found: dict[str, list[int]] = {}
        for face in self.faces:
            if face.standing.lacks_consent:
                found.setdefault(_lacks(face), []).append(face.number)
        said = [
            f"{faces_named(numbers)} {lacks.format(was='was' if len(numbers) == 1 else 'were')}"
            for lacks, numbers in found.items()
        ]
        return f"{self.where}: {'; '.join(said)}." if said else ""


def _lacks(face: AuditedFace) -> str:
    if face.standing is FaceStatus.REFUSED:
        return "said no"
    # Audits of older code have the hint alone.
    if face.elsewhere is not None and not face.elsewhere.given:
        asked = "asked only with the whole room" if face.answer is not None else "not asked"
        return f"{{was}} {asked}, and a person who looks like this one said no in another photo"
    return "{was} not asked"


@dataclass(frozen=True, slots=True)
class Totals:
    """What an editor sees in pictures: each picture once, and each person in it once.

    Attributes:
        unseen: photos that could not be looked at, or not all of them.
    """

    pictures: int
    coverage: Coverage
    unseen: int = 0

    @property
    def words(self) -> str:
        """The same for people."""
        pictures = counted(self.pictures, "picture")
        if not self.unseen:
            return f"{pictures}. {self.coverage.words}"
        known = f" {self.coverage.words}" if self.coverage.people else ""
        return (
            f"{pictures}. {self.unseen} not checked, so it is not known who else is shown.{known}"
        )


def totals(photos: Sequence[AuditedPhoto]) -> Totals:
    """Count pictures and people; a photo across two facing pages is one picture."""
    pictures: list[list[AuditedPhoto]] = []
    for photo in photos:
        other = next((shown for shown in pictures if _is_across(shown[-1], photo)), None)
        if other is None:
            pictures.append([photo])
        else:
            other.append(photo)
    people = [face for shown in pictures for face in _people_in(shown)]
    return Totals(
        pictures=sum(any(photo.counted for photo in shown) for shown in pictures),
        coverage=_coverage(people),
        unseen=sum(
            any(photo.verdict is Verdict.NOT_CHECKED for photo in shown) for shown in pictures
        ),
    )


def _coverage(faces: Iterable[AuditedFace]) -> Coverage:
    people = [face for face in faces if face.standing.of_somebody]
    # A whole room's yes is none of who may have said no by themselves, or asked not to be shown.
    against = {*_UNWILLING, FaceStatus.PERHAPS_REFUSED}
    answers = [
        face.answer for face in people if face.answer is not None and face.standing not in against
    ]
    said_yes = sum(answer.given for answer in answers)
    return Coverage(
        people=len(people),
        said_yes=said_yes,
        said_no=len(answers) - said_yes,
        as_a_room=sum(face.standing is FaceStatus.AS_A_ROOM for face in people),
        unwilling=sum(face.standing in _UNWILLING for face in people),
    )


def _is_across(left: AuditedPhoto, right: AuditedPhoto) -> bool:
    """Say whether two are parts of one photo that goes over two pages."""
    if left.photo_sha256 is None or left.photo_sha256 != right.photo_sha256:
        return False
    if left.page is None or right.page is None or left.page + 1 != right.page:
        return False
    if left.region is None or right.region is None:
        return False
    # Where one ends and the other begins is known to a few pixels.
    smaller = min(part.area for part in (left.region, right.region))
    return left.region.shared_with(right.region) <= _SEAM * smaller


def _people_in(shown: Sequence[AuditedPhoto]) -> list[AuditedFace]:
    people: list[AuditedFace] = []
    for photo in shown:
        for face in photo.faces:
            again = any(same_face(face.box, other.box) for other in people)
            if face.standing is not FaceStatus.NOT_RECOGNIZABLE and not (face.repeated or again):
                people.append(face)
    return people


_SEAM = 0.1
_UNWILLING = {FaceStatus.REVOKED, FaceStatus.HELD}

_NEXT = {
    Verdict.BLOCKED: "Take the photo out.",
    Verdict.NOT_CHECKED: "Upload a file that can be read, or take the picture out.",
    Verdict.REVIEW: "A person must look: decide under Review, then audit again.",
    Verdict.CLEAR: "Nothing to do.",
}


@dataclass(frozen=True, slots=True)
class Audit:
    """An audit of a print piece.

    Attributes:
        register_version: it holds for this version only.
        model: id of the calibration that faces were compared with.
        by_eye: in sentences, what is to be known of all its photos alike, such as whom no
            comparison finds for sure, and how to know them.
        rules: by which it judged; see `RULES`.
    """

    id: str
    at: datetime
    actor: Actor
    register_version: int
    policy_version: str
    model: str
    photos: tuple[AuditedPhoto, ...]
    by_eye: tuple[str, ...] = ()
    rules: int = 0

    def says_the_same_as(self, other: Audit) -> bool:
        """Say whether two audits found the same in the same layout, by the same rules.

        The register may be another version: what changed in it concerns no photo of the piece.
        """
        mine, theirs = (
            (audit.photos, audit.said_by_eye, audit.policy_version, audit.model, audit.rules)
            for audit in (self, other)
        )
        return mine == theirs

    @property
    def outdated(self) -> bool:
        """Whether an older version made it, by other rules than today's."""
        return self.rules < RULES

    @property
    def said_by_eye(self) -> list[str]:
        """What is to be known of all photos; that nobody is in the register concerns none."""
        return [sentence for sentence in self.by_eye if sentence != NOBODY]

    @property
    def verdict(self) -> Verdict:
        """The worst of its photos."""
        found = {photo.verdict for photo in self.photos}
        return next((verdict for verdict in Verdict if verdict in found), Verdict.CLEAR)

    @property
    def words(self) -> str:
        """The verdict in words; an empty register finds nobody, and clears nobody either."""
        with_nobody = self.verdict is Verdict.CLEAR and NOBODY in self.by_eye
        return NOTHING_TO_COMPARE if with_nobody else self.verdict.words

    @property
    def blocking(self) -> list[AuditedPhoto]:
        """The photos that keep it from being signed off."""
        return [photo for photo in self.photos if photo.blocks]

    @property
    def missing(self) -> list[AuditedPhoto]:
        """The photos whose missing or refused consent has to be signed over."""
        return [photo for photo in self.photos if photo.verdict is Verdict.CONSENT_MISSING]

    @property
    def lacking(self) -> list[str]:
        """Whose consent has to be signed over, in a sentence for each place."""
        return list(dict.fromkeys(photo.lacking for photo in self.missing if photo.lacking))


def signed_audit(piece: PrintPiece, audits: Iterable[Audit]) -> Audit | None:
    """Return the audit under the last signature of a piece; None where nobody has signed."""
    signed = piece.signature
    if signed is None:
        return None
    return next((audit for audit in audits if audit.id == signed.audit_id), None)
