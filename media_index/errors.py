"""Errors of the index. str(error) is a sentence that says what to do next."""

from __future__ import annotations

from typing import Any

from media_index.types import ProblemCode


class MediaIndexError(Exception):
    """Anything that goes wrong in the index."""

    def __reduce__(self) -> tuple[Any, ...]:
        """Pickle the sentence as it was said, whatever facts the class takes."""
        return type(self).__new__, (type(self),), {**self.__dict__, "args": self.args}


class InstallationError(MediaIndexError):
    """What was asked is right, but a part is missing: weights, a package, a cluster."""


class DamagedRowError(InstallationError):
    """The database gives something that the program never wrote."""

    def __init__(self, what: str) -> None:
        """Name what could not be read, such as a table."""
        super().__init__(
            f"The database is damaged: what it holds in {what} cannot be read. Run likeness doctor "
            "to see what is wrong, and restore a backup with likeness restore."
        )


class ClusterError(InstallationError):
    """No work can be handed to the workers of other computers, or none any more."""


class ImageError(MediaIndexError):
    """A picture that cannot be used."""

    def __init__(self, code: ProblemCode, sentence: str) -> None:
        """Keep the code beside the sentence."""
        super().__init__(sentence)
        self.code = code
