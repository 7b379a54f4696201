"""The signals that compare photos with the register. A new one is listed here."""

from __future__ import annotations

from typing import NamedTuple

from consent.matching.copies import CopyFinder
from consent.matching.expansion import CloseMatches, FaceFinder
from consent.matching.finder import People
from consent.matching.gallery import pictured
from consent.matching.same_scene import SceneFinder
from consent.services import Services
from consent.storage.unit_of_work import UnitOfWork


class Finders(NamedTuple):
    """Every signal, made ready, in the order in which matches are told."""

    faces: FaceFinder
    copies: CopyFinder
    scenes: SceneFinder

    @classmethod
    def of(
        cls, services: Services, unit: UnitOfWork, people: People, close: CloseMatches | None = None
    ) -> Finders:
        """Make the signals ready inside a unit of work, which is not kept.

        `close` are the close matches known so far: those that the program remembers, unless given.
        """
        known = close or services.memory.of(CloseMatches)
        faces = FaceFinder(
            services,
            people.templates,
            pictured(services, unit, people.cases, people.templates),
            known.of(services, unit, people.templates, people.decisions),
        )
        return cls(
            faces,
            CopyFinder(services, unit, people, faces.alone),
            SceneFinder(services, unit, people),
        )
