"""Faces of the index that look like somebody of the register."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass

from consent.domain.cases import Revocation, Template
from consent.domain.decide import IN_FORCE
from consent.domain.decisions import PersonDecision
from consent.domain.signals import Match
from consent.matching.expansion import CloseMatch, CloseMatches, FaceFinder
from consent.matching.gallery import Pictured, pictured
from consent.matching.one_person import decisions_about
from consent.matching.trials import compared
from consent.services import Services
from consent.storage.unit_of_work import UnitOfWork


@dataclass(frozen=True, slots=True)
class Suspect:
    """A face of a photo that looks like somebody.

    Attributes:
        blocks: whether it reaches the block threshold.
        beside: what it was compared beside; empty where it matches the references alone.
    """

    photo_sha256: str
    revocation_id: str
    match: Match
    blocks: bool
    beside: str = ""


class IndexScan:
    """People of the register, ready to be searched for in the index by their faces."""

    def __init__(
        self,
        services: Services,
        unit: UnitOfWork,
        cases: Sequence[Revocation],
        templates: Sequence[Template],
        decided: Sequence[PersonDecision],
    ) -> None:
        """Load what they are compared by: references, and the close matches beside these."""
        self._services = services
        self._templates = templates
        self._pictured = pictured(services, unit, cases, templates)
        self._close = services.memory.of(CloseMatches).of(services, unit, templates, decided)

    @property
    def owners(self) -> set[str]:
        """The cases that have a reference."""
        return {template.revocation_id for template in self._templates}

    def digests(self) -> dict[str, str]:
        """Return by case a digest of how a person is searched for: another one finds others."""
        references: dict[str, list[str]] = {}
        for template in self._templates:
            references.setdefault(template.revocation_id, []).append(template.id)
        return {
            owner: _digest(sorted(ids), self._pictured.get(owner), self._close.get(owner, ()))
            for owner, ids in references.items()
        }

    def search(
        self,
        unit: UnitOfWork,
        owners: Collection[str],
        after: int = 0,
        tell: Callable[[int], None] | None = None,
    ) -> list[Suspect]:
        """Compare the faces of the index with a higher id with some of the people.

        Of many people `tell` is told, after each block, how many it had.
        """
        own = [template for template in self._templates if template.revocation_id in owners]
        if not own:
            return []
        close = {owner: found for owner, found in self._close.items() if owner in owners}
        found = FaceFinder(self._services, own, self._pictured, close).search(unit, after, tell)
        return [
            Suspect(sha256, match.revocation_id, match.match, match.blocks, match.hint)
            for sha256, match in found
        ]


def scan_of_all(services: Services, unit: UnitOfWork) -> IndexScan:
    """Return everybody whose revocation is in force."""
    today = services.today()
    cases = [case for case in unit.register.revocations() if case.state(today) in IN_FORCE]
    ids = {case.id for case in cases}
    every = compared(unit, unit.register.templates())
    templates = [template for template in every if template.revocation_id in ids]
    return IndexScan(services, unit, cases, templates, decisions_about(unit, ids))


def _digest(
    references: Sequence[str], pictured: Pictured | None, close: Sequence[CloseMatch]
) -> str:
    how: Mapping[str, object] = {
        "references": references,
        "minor": pictured is not None and pictured.minor,
        "at": [] if pictured is None else sorted(at.isoformat() for at in pictured.at),
        "close": sorted(match.key for match in close),
    }
    return hashlib.sha256(json.dumps(how, sort_keys=True).encode()).hexdigest()
