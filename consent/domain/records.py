"""A records request: of which days, and why something is withheld."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from consent.domain.errors import BadInputError


class Ground(StrEnum):
    """What is withheld; why is in the policy file, as the records officer cites it."""

    NAMES = "names"
    BIOMETRICS = "biometrics"
    WRITINGS = "writings"


GROUNDS: Mapping[Ground, str] = {
    Ground.NAMES: "Who asked not to be shown, or could be identified",
    Ground.BIOMETRICS: "Saved face measurements and pictures of faces",
    Ground.WRITINGS: "What people wrote, and notes on it",
}


@dataclass(frozen=True, slots=True)
class RecordsGrounds:
    """The grounds of the policy file; empty where it gives none."""

    withhold_names: str = ""
    withhold_biometrics: str = ""
    withhold_writings: str = ""

    def of(self, ground: Ground) -> str:
        """Return the text of one."""
        return {
            Ground.NAMES: self.withhold_names,
            Ground.BIOMETRICS: self.withhold_biometrics,
            Ground.WRITINGS: self.withhold_writings,
        }[ground]


@dataclass(frozen=True, slots=True)
class RecordsPeriod:
    """From a day to a day, both of them in it.

    Raises:
        BadInputError: it ends before it begins.
    """

    first: date
    last: date

    def __post_init__(self) -> None:
        if self.last < self.first:
            raise BadInputError(
                f"The period begins on {self.first} and ends before that, on {self.last}: choose "
                "other days."
            )

    def holds(self, day: date | None) -> bool:
        """Say whether a day is in it."""
        return day is not None and self.first <= day <= self.last
