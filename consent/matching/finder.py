"""A signal made ready: it finds people in a photo, and photos of people in the index."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from consent.domain.cases import Revocation, Template
from consent.domain.decisions import PersonDecision
from consent.domain.events import Event
from consent.domain.verdicts import PersonMatch
from consent.storage.unit_of_work import UnitOfWork
from media_index.types import Fingerprint


@dataclass(frozen=True, slots=True)
class People:
    """Whom photos are compared with: cases with their reference faces, or faces not yet recorded.

    Decisions are those on any photos, oldest first.
    """

    cases: Sequence[Revocation]
    templates: Sequence[Template]
    decisions: Sequence[PersonDecision]


@dataclass(frozen=True, slots=True)
class Findings:
    """What a signal says of a photo: matches, and decisions that hold for it as if made on it."""

    matches: tuple[PersonMatch, ...] = ()
    decisions: tuple[PersonDecision, ...] = ()


class Finder(ABC):
    """People, made ready to be found by one signal."""

    # Whether what is found in a photo stays the same while the register does, whatever other
    # photos come into the index.
    lasting = False

    @abstractmethod
    def find_in(self, photo: Fingerprint, events: Sequence[Event]) -> Findings:
        """Compare a photo of some events with the people."""

    def search(self, unit: UnitOfWork) -> Iterator[tuple[str, PersonMatch]]:
        """Yield photos of the index that show one of the people, with the match."""
        del unit
        yield from ()
