"""Names of the register in words that people write: captions, posts, file names. Pure."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from consent.domain.names import Likeness, name_parts, part_likeness

# As long a name, written in one word, is no part of another word by chance.
_LEAST_GLUED = 8
# Words that may stand between two parts of a name, such as a middle name.
_BETWEEN = 2
# Also where small letters and capitals, or letters and digits, meet: ZebulonQuirk2026.
# A letter may be followed by its accent.
_LETTERS = r"(?:[^\W\d_][\u0300-\u036f]*)+"
_WORD = re.compile(rf"{_LETTERS}(?:['\u2019`]{_LETTERS})*")
# Scripts in which words stand without spaces between them.
_UNSPACED = re.compile(r"[\u0e00-\u0eff\u2e80-\u9fff\uac00-\ud7af]{2,}")
MEETING = re.compile(r"(?<=[^\W\d_A-Z])(?=[A-Z])")


@dataclass(frozen=True, slots=True)
class NameInText:
    """A place in a text where somebody is named, or nearly.

    Attributes:
        key: whose name.
        start: of the first letter, from 0.
        end: behind the last letter.
    """

    key: str
    start: int
    end: int
    likeness: Likeness


@dataclass(frozen=True, slots=True)
class _Word:
    start: int
    end: int
    part: str


class NamesSought:
    """Names, ready to be found in any number of texts."""

    def __init__(self, names: Mapping[str, Iterable[str]]) -> None:
        """Take the names of each key."""
        self._by_part: dict[str, list[tuple[str, tuple[str, ...]]]] = defaultdict(list)
        self._glued: dict[str, str] = {}
        for key, own in names.items():
            for name in own:
                parts = name_parts(name)
                for part in dict.fromkeys(parts):
                    self._by_part[part].append((key, parts))
                if _UNSPACED.fullmatch("".join(parts)):
                    self._glued["".join(parts)] = key
                else:
                    self._glued |= dict.fromkeys(glued_names([parts]), key)

        self._lengths = sorted(set(map(len, self._glued)))

    def __bool__(self) -> bool:
        """Say whether there is any name."""
        return bool(self._by_part)

    def find_in(self, text: str) -> list[NameInText]:
        """Return where the text names somebody: each once, where they are named best.

        Somebody's first name and one more of their names stand together, in any order, with at most
        two words between them. One of the two is written alike but for accents and capitals; the
        other may be nearly so, or an initial. A name of one word is found as it is written.
        """
        words = list(_words(text))
        best: dict[str, NameInText] = {}
        for found in (*self._apart(words), *self._together(text)):
            other = best.get(found.key)
            if other is None or other.likeness < found.likeness:
                best[found.key] = found
        return sorted(best.values(), key=lambda found: (found.start, found.key))

    def _apart(self, words: Sequence[_Word]) -> Iterator[NameInText]:
        for at, word in enumerate(words):
            near = (*words[max(0, at - 1 - _BETWEEN) : at], *words[at + 1 : at + 2 + _BETWEEN])
            for key, parts in self._by_part.get(word.part, ()):
                if len(parts) == 1:
                    yield NameInText(key, word.start, word.end, Likeness.AS_TYPED)
                    continue
                # Somebody's first name beside any other of theirs, and any other beside the first.
                sought = parts[1:] if word.part == parts[0] else parts[:1]
                for other in near:
                    alike = max(part_likeness(part, other.part) for part in sought)
                    if alike is not Likeness.NONE:
                        start = min(word.start, other.start)
                        yield NameInText(key, start, max(word.end, other.end), alike)

    def _together(self, text: str) -> Iterator[NameInText]:
        for found in _WORD.finditer(text):
            written = "".join(name_parts(found[0]))
            # By what could stand in the word, not by who is in the register.
            for length in self._lengths:
                for start in range(len(written) - length + 1):
                    key = self._glued.get(written[start : start + length])
                    if key is not None:
                        yield NameInText(key, found.start(), found.end(), Likeness.AS_TYPED)


def glued_names(names: Iterable[Sequence[str]]) -> set[str]:
    """Return how names in several parts are written in one word, as in names of files."""
    return {
        glued
        for parts in names
        if len(parts) > 1
        for glued in ("".join(parts), parts[0] + parts[-1], parts[-1] + parts[0])
        if len(glued) >= _LEAST_GLUED
    }


def _words(text: str) -> Iterator[_Word]:
    for found in _WORD.finditer(text):
        at = found.start()
        for piece in MEETING.split(found[0]):
            part = "".join(name_parts(piece))
            if part:
                yield _Word(at, at + len(piece), part)
            at += len(piece)
