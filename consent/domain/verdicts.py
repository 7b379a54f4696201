"""The words of a check: what is asked of the rules, and what they answer. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from consent.domain.actors import Actor
from consent.domain.channels import Use
from consent.domain.decisions import FaceKind
from consent.domain.events import Event
from consent.domain.signals import Evidence, Match
from consent.domain.worded import Worded
from media_index.types import Box, ProblemCode, Turning


class Verdict(Worded):
    """What is said of a photo and a use, worst first."""

    BLOCKED = "BLOCKED", "Do not use"
    NOT_CHECKED = "NOT_CHECKED", "Not checked"
    REVIEW = "REVIEW", "A person must look"
    CONSENT_MISSING = "CONSENT_MISSING", "Ask first"
    CLEAR = "CLEAR", "No match found"

    @property
    def rank(self) -> int:
        """Its place among them; the worst is 0."""
        return _WORST_FIRST.index(self)


_WORST_FIRST = tuple(Verdict)


class ReasonCode(StrEnum):
    """Why a verdict, or what is noted beside it. The first five are those of signals."""

    EXACT = "exact"
    NEAR_DUPLICATE = "near_duplicate"
    FACE = "face"
    SAME_SCENE = "same_scene"
    NAMED = "named"
    HOLD = "hold"
    LOCATOR = "locator"
    UNCOMPARABLE_FACE = "uncomparable_face"
    NO_PUBLIC_SPACE = "no_public_space"
    VERBAL_CONSENT_MISSING = "verbal_consent_missing"
    CONSENT_REFUSED = "consent_refused"
    UNREADABLE = "unreadable"
    UNSUPPORTED_FORMAT = "unsupported_format"
    TOO_LARGE = "too_large"
    SEVERAL_PICTURES = "several_pictures"
    DECODER_CRASHED = "decoder_crashed"
    WEIGHTS_MISSING = "weights_missing"
    NOT_COMPARED = "not_compared"
    OUTSIDE_SCOPE = "outside_scope"
    NO_EVENT = "no_event"
    EVENT_UNKNOWN = "event_unknown"
    TIME_UNKNOWN = "time_unknown"
    TURNED_OTHERWISE = "turned_otherwise"
    SMALL_FACES = "small_faces"
    SMALL_FACES_NOT_SOUGHT = "small_faces_not_sought"
    FACES_NOT_REACHED = "faces_not_reached"
    FRAMES_NOT_SEEN = "frames_not_seen"
    SIDE_BY_SIDE = "side_by_side"
    OVERRIDDEN = "overridden"
    REFERENCE_WITHHELD = "reference_withheld"
    ASKED_AS_A_ROOM = "asked_as_a_room"
    NOT_THIS_PERSON = "not_this_person"
    NO_PERSON = "no_person"
    PICTURE_OF_PERSON = "picture_of_person"
    REGISTER_IN_DOUBT = "register_in_doubt"
    NOTHING_TO_COMPARE = "nothing_to_compare"
    ENCODINGS_MISSING = "encodings_missing"


NOTHING_TO_COMPARE = "Nothing to compare with"
ALLOWED = "Allowed by override"
# What is true of every photo alike, and so is said once, above all of them.
SAID_OF_ALL = frozenset(
    {
        ReasonCode.NOTHING_TO_COMPARE,
        ReasonCode.REFERENCE_WITHHELD,
        ReasonCode.REGISTER_IN_DOUBT,
    }
)

# Detail of a missing consent: of somebody who asked not to be shown.
DO_NOT_ASK = "do_not_ask"
# Detail of a face that was not compared: none is in this library.
FACES_OFF = "faces_off"


@dataclass(frozen=True, slots=True)
class Reason:
    """One reason of a verdict, or a note.

    Attributes:
        code: which; that of the signal, for a match that counts.
        verdict: what it leads to; None for a note.
        revocation: the case's label, R-0042.
        detail: what the sentence needs beyond that.
        known_photo: SHA-256 of the photo with a confirmed sighting, for copies and scenes.
    """

    code: str
    verdict: Verdict | None
    revocation: str | None = None
    match: Match | None = None
    face: int | None = None
    box: Box | None = None
    detail: str = ""
    known_photo: str | None = None

    @property
    def rank(self) -> int:
        """That of its verdict; a note's is that of a clear photo."""
        return (self.verdict or Verdict.CLEAR).rank


@dataclass(frozen=True, slots=True)
class FaceInPhoto:
    """What the rules need of a face.

    Attributes:
        recognizable: a person might recognize it.
        comparable: the absence of a match means something.
        looked_for: the cases that somebody looked for in it, and did not find.
        kind: what somebody said it is of; a person unless they did.
        kind_by: who said so, and when; in words.
    """

    index: int
    box: Box
    recognizable: bool
    comparable: bool
    looked_for: frozenset[str] = frozenset()
    kind: FaceKind = FaceKind.PERSON
    kind_by: str = ""

    @property
    def of_somebody(self) -> bool:
        """Whether a person might recognize somebody in it, who then has to be asked."""
        return self.recognizable and self.kind is not FaceKind.NO_PERSON

    @property
    def unclear(self) -> bool:
        """Whether a person might recognize somebody in it, and the encoders cannot tell whom."""
        return self.of_somebody and not self.comparable


@dataclass(frozen=True, slots=True)
class PhotoProblem:
    """Why a photo could not be checked."""

    code: ProblemCode | ReasonCode
    sentence: str


@dataclass(frozen=True, slots=True)
class PhotoFacts:
    """What the rules need of a photo.

    Attributes:
        sha256: identity; None for a file that could not be read.
        maybe_of: ids of the events that it may be of, where nobody has said of which it is.
        same_day_as: ids of those that were held on a day in `maybe_on`, likewise.
        posted_at: addresses of its published copies.
        taken_on: the day by its camera's clock, which lets no photo pass; see `domain.days`.
        maybe_on: the days that the clock may mean.
        least_face: px that a face must have to be looked for, where that is more than a person
            needs to recognize it; 0 where all such faces are looked for.
        not_reached: how many faces no encoder has seen, however unsure: the time was up.
        not_encoded: how many an encoder is missing of, though it was reached: a model was not
            there, or went astray.
        agreed_on: `taken_on`, where the photos of its folder vouch for it.
        frames: how many an animation has; 0 of a photo.
        frames_seen: how many of them were looked at, or look like one that was.
        faces_off: whether the library compares no faces at all: a person looks at each.
        problem: why it could not be checked.
    """

    sha256: str | None
    faces: tuple[FaceInPhoto, ...] = ()
    events: tuple[Event, ...] = ()
    posted_at: tuple[str, ...] = ()
    taken_on: date | None = None
    problem: PhotoProblem | None = None
    maybe_of: frozenset[str] = frozenset()
    same_day_as: frozenset[str] = frozenset()
    maybe_on: frozenset[date] = frozenset()
    agreed_on: date | None = None
    turning: Turning | None = None
    least_face: float = 0.0
    not_reached: int = 0
    not_encoded: int = 0
    frames: int = 0
    frames_seen: int = 0
    faces_off: bool = False


@dataclass(frozen=True, slots=True)
class PersonMatch:
    """A match with a revoked person.

    Attributes:
        blocks: whether it reaches the block threshold.
        known_photo: the photo with a confirmed sighting, for copies and scenes.
        hint: for the eye, where a person was seen nearby, or which close matches the face was
            compared beside; empty where it is like the references alone.
    """

    revocation_id: str
    match: Match
    blocks: bool
    known_photo: str | None = None
    hint: str = ""

    @property
    def is_of_face(self) -> bool:
        """Whether a face matched."""
        return self.match.signal.evidence is Evidence.FACE

    @property
    def is_of_copy(self) -> bool:
        """Whether the photo is a copy of one in which the person was confirmed."""
        return self.match.signal.evidence is Evidence.PICTURE


@dataclass(frozen=True, slots=True)
class Decision:
    """The verdict with every reason, worst first, and the notes."""

    verdict: Verdict
    reasons: tuple[Reason, ...] = ()
    notes: tuple[Reason, ...] = ()

    @property
    def words(self) -> str:
        """The verdict in words: what clears nobody, or somebody let through, says so."""
        if self.compared_with_nothing:
            return NOTHING_TO_COMPARE
        return ALLOWED if self.allowed_by_override else self.verdict.words

    @property
    def allowed_by_override(self) -> bool:
        """Whether nothing speaks against the use any more, because of an override."""
        return self.verdict is Verdict.CLEAR and any(
            note.code == ReasonCode.OVERRIDDEN for note in self.notes
        )

    @property
    def compared_with_nothing(self) -> bool:
        """Whether nothing speaks against the use, but the register was empty."""
        return self.verdict is Verdict.CLEAR and any(
            note.code == ReasonCode.NOTHING_TO_COMPARE for note in self.notes
        )

    def doubted(self, doubts: Sequence[str]) -> Decision:
        """Return it as it is where the register or the clock cannot be trusted: never clear.

        What blocks still blocks, and nobody can override the rest.
        """
        if not doubts:
            return self
        said = [
            Reason(ReasonCode.REGISTER_IN_DOUBT, Verdict.NOT_CHECKED, detail=doubt)
            for doubt in doubts
        ]
        blocking = [reason for reason in self.reasons if reason.verdict is Verdict.BLOCKED]
        others = [reason for reason in self.reasons if reason.verdict is not Verdict.BLOCKED]
        return Decision.of((*blocking, *said, *others), self.notes)

    @classmethod
    def of(cls, reasons: tuple[Reason, ...], notes: tuple[Reason, ...]) -> Decision:
        """Decide by the worst reason, which stands first; without any, nothing was found."""
        worst = reasons[0].verdict if reasons else None
        return cls(worst or Verdict.CLEAR, reasons, notes)


@dataclass(frozen=True, slots=True)
class Clearance:
    """A decision on (photo, use), valid for one register version.

    Attributes:
        sha256: of its bytes; None if unreadable.
        uncomparable: how many of them could not be compared.
        register_version: it holds for this version only.
    """

    path: str
    sha256: str | None
    use: Use
    decision: Decision
    faces: tuple[FaceInPhoto, ...]
    register_version: int
    policy_version: str
    at: datetime
    actor: Actor

    @property
    def uncomparable(self) -> int:
        """How many faces a person might recognize but the encoders cannot compare."""
        return sum(face.unclear for face in self.faces)


@dataclass(frozen=True, slots=True)
class ClearanceReport:
    """What a check returns.

    Attributes:
        clearances: one per file, in the order given.
        without_face: labels of the revocations that cover the use but have no reference face:
            no comparison can find these people, so somebody has to know.
        nobody: whether nobody is in the register, so that there was nothing to compare with.
        withheld: labels of those that cover the use and have a reference face that photos are not
            compared with before a person confirms it.
        hints: label and looks of those whom no face finds for sure, where the looks are told with
            no occasion: somebody has to look out for them in every photo.
    """

    register_version: int
    use: Use
    clearances: tuple[Clearance, ...] = ()
    without_face: tuple[str, ...] = ()
    withheld: tuple[str, ...] = ()
    hints: tuple[tuple[str, str], ...] = ()
    nobody: bool = False
