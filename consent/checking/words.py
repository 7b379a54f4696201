"""What is written in the files of photos."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from media_index.files.places import is_file_now, place_of
from media_index.images.words import Words, words_or_none

# From a path to what is written in the file; None where that could not be read.
ReadWords = Callable[[str], Sequence[Words] | None]


# Of a file that is no longer there: what was found in it before still counts.
GONE: Sequence[Words] = (Words("", ""),)


def words_at(path: str) -> Sequence[Words] | None:
    """Return what is written in a file; None where it could not be read."""
    try:
        content = place_of(path).read_bytes()
    except OSError:
        return None
    return words_or_none(content)


def words_if_there(path: str) -> Sequence[Words] | None:
    """Return what is written in a file; `GONE` where it is no longer there."""
    return words_at(path) if is_file_now(place_of(path)) else GONE


def no_words(path: str) -> Sequence[Words]:
    """Read nothing: what was found before still counts."""
    del path
    return GONE
