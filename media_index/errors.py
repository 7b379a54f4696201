"""Errors of the index. str(error) is a sentence that says what to do next."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from media_index.types import ProblemCode


class MediaIndexError(Exception):
    """Anything that goes wrong in the index."""


class ClusterError(MediaIndexError):
    """No work can be handed to the workers of other computers, or none any more."""

    # Of the command: nothing was wrong with what was asked, it could not be done.
    exit_code = 3


class ImageError(MediaIndexError):
    """A picture that cannot be used.

    Attributes:
        code: the kind of problem.
    """

    def __init__(self, code: ProblemCode, sentence: str) -> None:
        """Keep the code beside the sentence."""
        super().__init__(sentence)
        self.code = code
