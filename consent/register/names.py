"""Names as they are looked for: by parts, in any order, without accents, and nearly spelt."""

from __future__ import annotations

import unicodedata
from difflib import SequenceMatcher
from enum import IntEnum
from functools import lru_cache

# Shorter parts are looked for as they are: nearly all of them are near one another.
_LEAST_LETTERS = 4
# Of letters in common, by Ratcliff and Obershelp (difflib). "Byden" and "Biden" are 0.8 alike.
_NEAR = 0.75
_APOSTROPHES = "'`\u2019"


class Likeness(IntEnum):
    """How a name answers to what is looked for."""

    NONE = 0
    NEARLY = 1
    AS_TYPED = 2


def likeness(wanted: str, *names: str) -> Likeness:
    """Say how well the names of a case answer to what is looked for: the best of them counts.

    Args:
        wanted: as typed; each of its parts must be in the name.
        names: of the person, and of who signs for them.
    """
    parts = _parts(wanted)
    if not parts:
        return Likeness.NONE
    return max((_of_name(parts, _parts(name)) for name in names), default=Likeness.NONE)


def _of_name(wanted: tuple[str, ...], name: tuple[str, ...]) -> Likeness:
    return min(max((_of_part(one, part) for part in name), default=Likeness.NONE) for one in wanted)


def _of_part(wanted: str, part: str) -> Likeness:
    if wanted in part:
        return Likeness.AS_TYPED
    if min(len(wanted), len(part)) < _LEAST_LETTERS:
        return Likeness.NONE
    compared = SequenceMatcher(None, wanted, part)
    near = compared.quick_ratio() >= _NEAR and compared.ratio() >= _NEAR
    return Likeness.NEARLY if near else Likeness.NONE


@lru_cache(maxsize=20_000)
def _parts(name: str) -> tuple[str, ...]:
    """Return the parts of a name: "Mía O'Neill-Ruiz" is mia, oneill and ruiz."""
    letters = unicodedata.normalize("NFKD", name).casefold()
    kept = "".join(
        one if one.isalnum() else "" if unicodedata.combining(one) or one in _APOSTROPHES else " "
        for one in letters
    )
    return tuple(kept.split())
