"""Enums that say themselves to people: the one place of a member's words is the member."""

from __future__ import annotations

from enum import StrEnum
from typing import Self


class Worded(StrEnum):
    """Each member is its value, as stored and as JSON has it, with the words for people.

    The words are in sentence case, for a label; `words.lower()` goes into a sentence. What a patron
    takes home is said by data/texts, in each language.
    """

    words: str

    # The default is for the type checker alone, which takes Method("form") for a new member.
    def __new__(cls, value: str, words: str = "") -> Self:
        """Keep the words beside the value.

        Raises:
            TypeError: a member has no words.
        """
        if not words:
            raise TypeError(f"{cls.__name__} {value!r} has no words.")
        member = str.__new__(cls, value)
        member._value_ = value
        member.words = words
        return member

    @classmethod
    def table(cls) -> dict[Self, str]:
        """Return the words by member, in the order in which they are offered."""
        return {member: member.words for member in cls}
