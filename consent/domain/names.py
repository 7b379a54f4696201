"""How names are compared: as a clerk types them, and as one person may be written twice."""

from __future__ import annotations

import re
import unicodedata
from difflib import SequenceMatcher
from enum import IntEnum

# Shorter parts are looked for as they are: nearly all of them are near one another.
_LEAST_LETTERS = 4
# Of letters in common, by Ratcliff and Obershelp (difflib). "Byden" and "Biden" are 0.8 alike.
_NEAR = 0.75
_APOSTROPHES = "'`\u2019"
# What becomes of each letter of ASCII: most names have no other, and thousands are compared.
_PLAIN = {
    code: chr(code).lower() if chr(code).isalnum() else "" if chr(code) in _APOSTROPHES else " "
    for code in range(128)
}


class Likeness(IntEnum):
    """How a name answers to what is looked for."""

    NONE = 0
    NEARLY = 1
    AS_TYPED = 2


def likeness(wanted: str, *names: str) -> Likeness:
    """Say how well the best of a case's names answers to what was typed, each part of it."""
    parts = name_parts(wanted)
    if not parts:
        return Likeness.NONE
    return max((_of_name(parts, name_parts(name)) for name in names), default=Likeness.NONE)


def _of_name(wanted: tuple[str, ...], name: tuple[str, ...]) -> Likeness:
    return min(
        max((_of_part(sought, part) for part in name), default=Likeness.NONE) for sought in wanted
    )


def _of_part(wanted: str, part: str) -> Likeness:
    if wanted in part:
        return Likeness.AS_TYPED
    if min(len(wanted), len(part)) < _LEAST_LETTERS:
        return Likeness.NONE
    return _near(wanted, part)


def _near(one: str, other: str) -> Likeness:
    compared = SequenceMatcher(None, one, other)
    near = compared.quick_ratio() >= _NEAR and compared.ratio() >= _NEAR
    return Likeness.NEARLY if near else Likeness.NONE


def name_parts(name: str) -> tuple[str, ...]:
    """Return the parts of a name: "Mía O'Neill-Ruiz" is mia, oneill and ruiz."""
    if name.isascii():
        return tuple(name.translate(_PLAIN).split())
    letters = unicodedata.normalize("NFKD", name).casefold()
    bare = (letter for letter in letters if not unicodedata.combining(letter))
    kept = "".join(
        letter if letter.isalnum() else " " for letter in bare if letter not in _APOSTROPHES
    )
    return tuple(kept.split())


def same_name(one: str, other: str) -> Likeness:
    """Say whether two names may be one person's.

    Each part of the shorter one has its own part in the longer one. An initial answers to what
    begins with it. One part of several must be written alike: that two names are near one another
    in every part is rather two people.
    """
    shorter, longer = sorted((list(name_parts(one)), list(name_parts(other))), key=len)
    if not shorter:
        return Likeness.NONE
    found = Likeness.AS_TYPED
    alike = False
    for part in sorted(shorter, key=len, reverse=True):
        best = max(longer, key=lambda candidate: part_likeness(part, candidate))
        answer = part_likeness(part, best)
        if answer is Likeness.NONE:
            return answer
        alike = alike or part == best
        found = min(found, answer)
        longer.remove(best)
    return found if alike or (not longer and len(shorter) == 1) else Likeness.NONE


def part_likeness(one: str, other: str) -> Likeness:
    """Say whether two parts of names may be one, or one the initial of the other."""
    if one == other or (min(len(one), len(other)) == 1 and one[0] == other[0]):
        return Likeness.AS_TYPED
    # "John" in "Johnson" is what a search looks for, and another name.
    return _near(one, other) if min(len(one), len(other)) >= _LEAST_LETTERS else Likeness.NONE


# Between two names, in English and Spanish; "Ortega y Gasset" is one, "Ana y Luis Ruiz" are two.
_BETWEEN = re.compile(r"\s+(?:and|und|et)\s+|\s*[&+/;\n]\s*", re.IGNORECASE)
_LEADING = frozenset({"de", "del", "la", "las", "los"})
_BETWEEN_OR_WITHIN = re.compile(r"\s+[ye]\s+", re.IGNORECASE)


def names_several(name: str) -> bool:
    """Say whether a name seems to be that of several people: Ana and Luis Ruiz."""
    whole = [part for part in _BETWEEN.split(name.strip()) if part]
    listed = name.split(",")
    return (
        len(whole) > 1
        # Apart from the first name after the comma: Ramón y Cajal, Santiago.
        or any(_is_joined_by_y(part) for part in listed)
        or (len(listed) > 1 and all(_is_whole(part) for part in listed))
    )


def _is_joined_by_y(name: str) -> bool:
    parts = _BETWEEN_OR_WITHIN.split(name.strip())
    return len(parts) > 1 and _is_whole(parts[-1])


def _is_whole(name: str) -> bool:
    """Say whether it has more than one part, but for those that only lead to one: de la Cruz."""
    return len([part for part in name.split() if part.casefold() not in _LEADING]) > 1


def surely_same_name(one: str, other: str) -> bool:
    """Say whether two names are written alike but for accents, letter case, signs and order."""
    parts = ordered_parts(one)
    return bool(parts) and parts == ordered_parts(other)


def ordered_parts(name: str) -> tuple[str, ...]:
    """Return what names have in common that are surely the same; empty for one without letters."""
    return tuple(sorted(name_parts(name)))
