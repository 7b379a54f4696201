"""Names of those whose revocation covers their name, found in words about photos."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import PurePath

from consent.domain.cases import Revocation
from consent.domain.channels import Channel
from consent.domain.decide import CasesInForce
from consent.domain.decisions import same_face
from consent.domain.named import NAMED, NAMED_FACE, NamedPhoto
from consent.domain.names import Likeness
from consent.domain.names_in_text import NamesSought
from consent.domain.verdicts import PersonMatch
from consent.services import Services
from media_index.images.words import Words
from media_index.types import Box, Face, Fingerprint

# Areas of a face that a program's box of it has at most: some take the whole head.
_WIDEST = 6
_FILE_NAME = "Its file name"


@dataclass(frozen=True, slots=True)
class NamedInText:
    """Somebody who is named in a text, by the place and without the name.

    Attributes:
        line: from 1.
        start: of the first letter in the text, from 0.
        end: behind the last letter.
    """

    label: str
    line: int
    first_word: int
    last_word: int
    start: int
    end: int
    as_written: bool

    @property
    def sentence(self) -> str:
        """Say it, for whoever writes the text."""
        one = self.first_word == self.last_word
        words = f"word {self.first_word}" if one else f"words {self.first_word} to {self.last_word}"
        called = "the name" if self.as_written else "a name nearly like that"
        return (
            f"Line {self.line}, {words}: {called} of {self.label}, who asked not to be named. If"
            " it is the person, leave the name out."
        )


class NamesCovered:
    """The names that revocations in force cover."""

    def __init__(self, cases: Iterable[Revocation], today: date) -> None:
        """Take those of some cases, which stand on a day."""
        self._today = today
        self._cases = {
            case.id: case
            for case in cases
            if case.terms_on(today).scope.caption_too and case.person.name.strip()
        }
        self._sought = NamesSought({key: [case.person.name] for key, case in self._cases.items()})

    def __bool__(self) -> bool:
        """Say whether there is any."""
        return bool(self._sought)

    def of_file(
        self, path: str, words: Sequence[Words], photo: Fingerprint | None
    ) -> list[PersonMatch]:
        """Return whose names a photo's file holds, or is called by; each where it says most."""
        best: dict[str, PersonMatch] = {}
        faces = () if photo is None else photo.faces
        named = PurePath(path).stem
        for said in (*words, Words(_FILE_NAME, named)):
            for hit in self._sought.find_in(said.text):
                match = self._match(hit.key, said.place, hit.likeness, said.box, faces)
                other = best.get(hit.key)
                if other is None or _says_more(match, other):
                    best[hit.key] = match
        return list(best.values())

    def kept(self, named: Sequence[NamedPhoto], photo: Fingerprint) -> list[PersonMatch]:
        """Return those of what was found of a photo before whose name is still covered."""
        return [
            self._match(one.revocation_id, one.place, Likeness(one.likeness), one.box, photo.faces)
            for one in named
            if one.revocation_id in self._cases
        ]

    def _match(
        self,
        key: str,
        place: str,
        likeness: Likeness,
        box: Box | None,
        faces: Sequence[Face],
    ) -> PersonMatch:
        face = None if box is None else _face_at(faces, box)
        if face is None:
            return NAMED.found(key, place, likeness)
        return NAMED_FACE.found(key, place, likeness, face.box, face.index)

    def said_of_file(self, path: str, words: Sequence[Words], channel: Channel) -> list[str]:
        """Say whose names a file holds, or is called by, who do not want them on a channel."""
        return [
            found.match.signal.sentence(found.match, self._cases[key].label, "", found.hint)
            for found in self.of_file(path, words, None)
            if self._cases[key := found.revocation_id]
            .terms_on(self._today)
            .scope.covers_channel(channel)
        ]

    def of_text(self, text: str, channel: Channel) -> list[NamedInText]:
        """Return who is named in a text that is published on a channel which they do not want."""
        found = []
        for hit in self._sought.find_in(text):
            case = self._cases[hit.key]
            if not case.terms_on(self._today).scope.covers_channel(channel):
                continue
            before = text[: hit.start]
            line_start = before.rfind("\n") + 1
            first = len(text[line_start : hit.start].split()) + 1
            count = len(text[hit.start : hit.end].split())
            found.append(
                NamedInText(
                    case.label,
                    before.count("\n") + 1,
                    first,
                    first + max(count, 1) - 1,
                    hit.start,
                    hit.end,
                    hit.likeness is Likeness.AS_TYPED,
                )
            )
        return found


def names_covered_today(services: Services) -> NamesCovered:
    """Return the names that today's register covers."""
    today = services.today()
    with services.reading() as unit:
        return NamesCovered(CasesInForce(unit.register.revocations(), today), today)


def _says_more(one: PersonMatch, other: PersonMatch) -> bool:
    def weight(match: PersonMatch) -> tuple[bool, float]:
        return match.match.box is not None, match.match.score

    return weight(one) > weight(other)


def _face_at(faces: Sequence[Face], box: Box) -> Face | None:
    """Return the face that another program has named: its own box of it may be wider."""
    near = [
        face
        for face in faces
        if same_face(face.box, box)
        or (box.holds_middle_of(face.box) and _about_as_large(face, box))
    ]
    return max(near, key=lambda face: face.box.overlap(box), default=None)


def _about_as_large(face: Face, box: Box) -> bool:
    return box.area <= _WIDEST * face.box.area
