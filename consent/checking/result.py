"""What a check found, as it is shown and downloaded."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from consent.csv_rows import as_csv
from consent.domain.verdicts import ALLOWED, NOTHING_TO_COMPARE, SAID_OF_ALL, ReasonCode, Verdict
from consent.domain.wording import NOBODY, look_out_for, no_face_kept, not_yet_compared
from media_index.types import Box

# The name of a row that is about every photo.
OF_ALL = "(all photos)"
_KINDS_SAID = {ReasonCode.NO_PERSON, ReasonCode.PICTURE_OF_PERSON}
# What a person decided, so that something which was found no longer counts.
_SET_ASIDE = {ReasonCode.NOT_THIS_PERSON, ReasonCode.NO_PERSON, ReasonCode.OVERRIDDEN}
SURELY, MAYBE = "Very likely the same person", "Maybe the same person: compare the two faces"
# Nobody decides these in Review: they end when the event is named.
BY_EVENT = "Only some photos of this person must not be used: it depends on the event"
BY_TIME = "Only some photos of this person must not be used: it depends on when they were taken"
_HOW_SURE = {
    (ReasonCode.FACE, Verdict.BLOCKED): SURELY,
    (ReasonCode.FACE, Verdict.REVIEW): MAYBE,
    (ReasonCode.EXACT, Verdict.BLOCKED): "Staff confirmed that this photo shows the person",
    (ReasonCode.NEAR_DUPLICATE, Verdict.BLOCKED): "A copy of a photo that shows the person",
    (ReasonCode.NEAR_DUPLICATE, Verdict.REVIEW): (
        "Perhaps a copy, or a part, of a photo that shows the person: compare the two"
    ),
    (ReasonCode.NAMED, Verdict.REVIEW): "The name is in the photo's text: check who it is",
    (ReasonCode.HOLD, Verdict.REVIEW): "Maybe the same person, who made a spoken request",
    (ReasonCode.EVENT_UNKNOWN, Verdict.REVIEW): BY_EVENT,
    (ReasonCode.TIME_UNKNOWN, Verdict.REVIEW): BY_TIME,
    (ReasonCode.LOCATOR, Verdict.REVIEW): "May be there, from a hint: no face was compared",
    (
        ReasonCode.SAME_SCENE,
        Verdict.REVIEW,
    ): "Was near when the photo was taken: look for the person",
}
_HEADING = (
    "photo",
    "verdict",
    "cases",
    "reasons",
    "notes",
    "faces",
    "faces not compared",
    "event",
    "posted",
    "use",
    "checked at",
    "checked by",
    "register version",
    "sha256",
)


@dataclass(frozen=True, slots=True)
class Alike:
    """Whom a photo may show, and how sure that is.

    Attributes:
        label: of the case.
        said: how sure, in words.
        face: by its index; None where no face says so.
        by_face: whether two faces were compared.
        false_matches_per_million: of the two faces, if known.
    """

    label: str
    said: str
    face: int | None = None
    by_face: bool = False
    false_matches_per_million: float | None = None


@dataclass(frozen=True, slots=True)
class CheckedPhoto:
    """The verdict on one photo.

    Attributes:
        name: as the person who asked knows it.
        boxes: of the faces, in the order of their numbers.
        not_compared: faces a person might recognize but the program cannot compare.
        worst_by_face: the worst verdict that comes of each face, by its index.
        reasons: in sentences, worst first.
        words: the verdict in words.
        doubts: what is wrong with the register or the clock, so that nothing is clear.
        said_of_all: what its reasons and notes say that is true of every photo alike.
        alike: the cases whom it may show, worst first.
        cases: all that its reasons are about, by label.
        was: the verdict in words when the check was done, where it is another by now.
        retold: the verdict is the same as when the check was done, but not its reasons.
        blocked_by_face: whether a face that nobody has decided on blocks it, so that Review asks.
        copy_of: case and SHA-256 of the photos of which it is, or may be, a copy or a part.
        kinds_said: whether somebody said of a face that it is no person, or a picture of one.
        set_aside: whether somebody decided that something which speaks against it does not count;
            its notes say who.
    """

    name: str
    path: str
    sha256: str | None
    verdict: Verdict
    boxes: tuple[Box, ...]
    not_compared: int
    worst_by_face: Mapping[int, Verdict]
    reasons: tuple[str, ...]
    notes: tuple[str, ...]
    kinds_said: bool = False
    set_aside: bool = False
    words: str = ""
    doubts: tuple[str, ...] = ()
    said_of_all: frozenset[str] = frozenset()
    alike: tuple[Alike, ...] = ()
    cases: tuple[str, ...] = ()
    was: str = ""
    retold: bool = False
    blocked_by_face: bool = False
    copy_of: tuple[tuple[str, str], ...] = ()

    @property
    def own_reasons(self) -> list[str]:
        """Those of its reasons that are not true of every photo alike."""
        return [said for said in self.reasons if said not in self.said_of_all]

    @property
    def own_notes(self) -> list[str]:
        """Those of its notes that are not true of every photo alike."""
        return [said for said in self.notes if said not in self.said_of_all]

    @property
    def id(self) -> str:
        """What tells it from the others of its check, for an address: nobody reads a name there."""
        return hashlib.sha256(self.name.encode("utf-8", "surrogatepass")).hexdigest()[:12]

    @classmethod
    def from_dict(cls, data: Mapping[str, Any]) -> CheckedPhoto:
        """Read a photo of a job's result."""
        return cls(
            name=data["name"],
            path=data["path"],
            sha256=data["sha256"],
            verdict=Verdict(data["verdict"]),
            boxes=tuple(Box(*corners) for corners in data["boxes"]),
            not_compared=data["faces"]["not_compared"],
            worst_by_face=_worst_by_face(data["reasons"]),
            reasons=tuple(dict.fromkeys(data["sentences"])),
            notes=tuple(data["note_sentences"]),
            kinds_said=any(note["code"] in _KINDS_SAID for note in data["notes"]),
            set_aside=any(note["code"] in _SET_ASIDE for note in data["notes"]),
            words=data["label"],
            said_of_all=frozenset(
                reason["sentence"]
                for reason in (*data["reasons"], *data["notes"])
                if reason["code"] in SAID_OF_ALL
            ),
            doubts=tuple(
                reason["sentence"]
                for reason in data["reasons"]
                if reason["code"] == ReasonCode.REGISTER_IN_DOUBT
            ),
            alike=_alike(data["reasons"]),
            cases=tuple(
                dict.fromkeys(
                    reason["revocation"] for reason in data["reasons"] if reason["revocation"]
                )
            ),
            was=data.get("was", ""),
            retold=not data.get("was")
            # Older results say a sentence more than once.
            and dict.fromkeys(data.get("first_reasons", data["sentences"]))
            != dict.fromkeys(data["sentences"]),
            blocked_by_face=any(
                reason["code"] == ReasonCode.FACE and reason["verdict"] == Verdict.BLOCKED
                for reason in data["reasons"]
            ),
            copy_of=tuple(
                (reason["revocation"], known)
                for reason in data["reasons"]
                # None is named in results that were kept before.
                if (known := reason.get("known_photo"))
            ),
        )


def worst_first(photos: Iterable[CheckedPhoto]) -> list[CheckedPhoto]:
    """Order photos by verdict, then by name; of the clear ones, those of an override first."""
    return sorted(
        photos,
        key=lambda photo: (photo.verdict.rank, photo.words != ALLOWED, photo.name.casefold()),
    )


@dataclass(frozen=True, slots=True)
class CheckResult:
    """What a check found, worst first.

    Attributes:
        use: label of the channel, and the publication.
        named_use: CHANNEL or CHANNEL:PUBLICATION, as the policy reads it.
        register_version: it holds for this version only.
        checked_at: ISO 8601, on the library's clock.
        photos: worst verdict first, then by name.
        without_face: labels of those whom no comparison can find.
        withheld: labels of those with a reference face that photos are not compared with yet.
        hints: see `ClearanceReport`.
        checked_by: whose check it is; empty where that was not kept.
        policy_version: likewise, of the policy that it was judged by.
    """

    use: str
    named_use: str
    register_version: int
    checked_at: str
    photos: tuple[CheckedPhoto, ...]
    without_face: tuple[str, ...]
    withheld: tuple[str, ...]
    hints: tuple[tuple[str, str], ...] = ()
    checked_by: str = ""
    policy_version: str = ""

    @classmethod
    def from_dict(cls, data: Mapping[str, Any]) -> CheckResult:
        """Read the result of a job."""
        photos = worst_first(map(CheckedPhoto.from_dict, data["photos"]))
        return cls(
            use=data["use"],
            named_use=data["named_use"],
            register_version=data["register_version"],
            checked_at=data["checked_at"],
            photos=tuple(photos),
            without_face=tuple(data["without_face"]),
            # Of results that were kept before there were any.
            withheld=tuple(data.get("withheld", ())),
            hints=tuple((label, looks) for label, looks in data.get("hints", ())),
            checked_by=data.get("checked_by", ""),
            policy_version=data.get("policy_version", ""),
        )

    def says_the_same(self, other: CheckResult) -> bool:
        """Say whether two results of a check say the same, whenever they were judged."""
        return self == replace(
            other,
            register_version=self.register_version,
            policy_version=self.policy_version,
            checked_at=self.checked_at,
            checked_by=self.checked_by,
        )

    @property
    def allowed(self) -> int:
        """How many photos nothing speaks against any more, because of an override."""
        return sum(photo.words == ALLOWED for photo in self.photos)

    def counts(self) -> dict[Verdict, int]:
        """Return how many photos got each verdict, worst first, without those that none got."""
        found = Counter(photo.verdict for photo in self.photos)
        return {verdict: found[verdict] for verdict in Verdict if found[verdict]}

    @property
    def doubts(self) -> tuple[str, ...]:
        """What is wrong with the register or the clock, each once."""
        return tuple(dict.fromkeys(said for photo in self.photos for said in photo.doubts))

    @property
    def nobody(self) -> bool:
        """Whether nobody was in the register, so that there was nothing to compare with."""
        return any(photo.words == NOTHING_TO_COMPARE for photo in self.photos)

    def only(self, verdict: Verdict | None) -> tuple[CheckedPhoto, ...]:
        """Return the photos of one verdict, or all."""
        if verdict is None:
            return self.photos
        return tuple(photo for photo in self.photos if photo.verdict is verdict)

    def as_csv(
        self, events: Mapping[str, str] | None = None, done: Mapping[str, str] | None = None
    ) -> str:
        """Return the report for a spreadsheet, a row per photo; what all have in common comes last.

        By SHA-256, of which events photos are, and what was done with them.
        """
        events, done, of_all = events or {}, done or {}, list(self.said_of_all)
        rows: list[tuple[object, ...]] = [
            (
                photo.name,
                photo.words,
                " ".join(photo.cases),
                " ".join(said for said in photo.reasons if said not in of_all),
                " ".join(said for said in photo.notes if said not in of_all),
                len(photo.boxes),
                photo.not_compared,
                events.get(photo.sha256 or "", ""),
                done.get(photo.sha256 or "", ""),
                self.use,
                self.checked_at,
                self.checked_by,
                self.register_version,
                photo.sha256,
            )
            for photo in self.photos
        ]
        nothing = ("",) * (len(_HEADING) - 5)
        rows += [(OF_ALL, "", "", "", said, *nothing) for said in of_all]
        return as_csv(_HEADING, rows)

    @property
    def said_of_all(self) -> Iterator[str]:
        """Yield what is said of the register, and what the photos have in common."""
        if self.nobody:
            yield NOBODY
        if self.without_face:
            yield no_face_kept(self.without_face)
        if self.hints:
            yield look_out_for(self.hints)
        if self.withheld:
            yield not_yet_compared(self.withheld)
        if len(self.photos) > 1:
            common = set.intersection(*({*photo.notes, *photo.reasons} for photo in self.photos))
            of_all = common.union(*(photo.said_of_all for photo in self.photos))
            yield from sorted(of_all - {NOBODY})


def _worst_by_face(reasons: Sequence[Mapping[str, Any]]) -> dict[int, Verdict]:
    worst: dict[int, Verdict] = {}
    for reason in reasons:
        if reason["face"] is not None:
            # Reasons come worst first.
            worst.setdefault(reason["face"], Verdict(reason["verdict"]))
    return worst


def _alike(reasons: Sequence[Mapping[str, Any]]) -> tuple[Alike, ...]:
    alike: dict[str, Alike] = {}
    for reason in reasons:
        code = reason["code"]
        said = _HOW_SURE.get((code, Verdict(reason["verdict"])))
        label = reason["revocation"]
        if said is not None and label is not None:
            # Reasons come worst first.
            rate = reason["false_matches_per_million"]
            alike.setdefault(
                label, Alike(label, said, reason["face"], reason["unit"] is not None, rate)
            )
    return tuple(alike.values())
