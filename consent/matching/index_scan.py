"""Faces of the index that look like somebody of the register, kept up to date as both grow."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from threading import Lock

from consent.domain.cases import Revocation, Template
from consent.domain.decide import IN_FORCE
from consent.domain.log import Action
from consent.domain.signals import Match
from consent.matching.expansion import CloseMatches, FaceFinder
from consent.matching.gallery import Pictured, pictured
from consent.services import Services
from consent.storage.unit_of_work import UnitOfWork
from media_index.types import Fingerprint


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


class Suspects:
    """All faces that look like somebody. What was compared once is not compared again.

    Hold one for as long as a program runs; it keeps nothing that the database does not hold.
    """

    def __init__(self) -> None:
        """Begin with nothing compared."""
        # Several people review at once, each in a thread of the server's.
        self._lock = Lock()
        self._forget()

    def _forget(self) -> None:
        self._renewed = 0
        self._last_face = 0
        self._compared: dict[str, _SearchedFor] = {}
        self._found: dict[str, list[Suspect]] = {}
        self._photos: dict[str, Fingerprint] = {}

    def refresh(self, services: Services, unit: UnitOfWork) -> list[Suspect]:
        """Compare what is new, and return all."""
        with self._lock:
            return self._refresh(services, unit)

    def owners(self, services: Services, unit: UnitOfWork) -> set[str]:
        """Return the cases that faces are compared with."""
        return {template.revocation_id for template in _looked_for(services, unit)[1]}

    def _refresh(self, services: Services, unit: UnitOfWork) -> list[Suspect]:
        changes = (Action.INDEX_RENEWED, Action.CALIBRATION_CHANGED)
        renewed = max(unit.audit.last_sequence(action) for action in changes)
        if renewed != self._renewed:
            self._forget()
            self._renewed = renewed
        cases, templates = _looked_for(services, unit)
        on = pictured(services, unit, cases, templates)
        sightings = unit.decisions.sightings()
        close = services.memory.of(CloseMatches).of(services, unit, templates, sightings)
        wanted = {
            owner: _SearchedFor(
                frozenset(template.id for template in own),
                on.get(owner),
                frozenset(match.key for match in close.get(owner, ())),
            )
            for owner, own in _by_owner(templates).items()
        }
        changed = {owner for owner, how in wanted.items() if self._compared.get(owner) != how}
        for gone in self._compared.keys() - wanted.keys() | changed:
            self._found.pop(gone, None)
        last = unit.photos.last_face()
        # Who is searched for in another way than before, with every face; others with new ones.
        for owners, after in ((changed, 0), (wanted.keys() - changed, self._last_face)):
            if not owners or after >= last:
                continue
            own = [template for template in templates if template.revocation_id in owners]
            of_these = {owner: close[owner] for owner in owners & close.keys()}
            found = list(FaceFinder(services, own, on, of_these).search(unit, after))
            for sha256, one in found:
                suspect = Suspect(sha256, one.revocation_id, one.match, one.blocks, one.hint)
                self._found.setdefault(one.revocation_id, []).append(suspect)
        # A slower thread may have read an older index.
        self._last_face = max(self._last_face, last)
        self._compared = wanted
        return [suspect for found in self._found.values() for suspect in found]

    def photos(self, unit: UnitOfWork, photos: Iterable[str]) -> dict[str, Fingerprint]:
        """Return what the index holds of photos; read once."""
        wanted = dict.fromkeys(photos)
        new = [sha256 for sha256 in wanted if sha256 not in self._photos]
        self._photos |= unit.photos.with_features(new)
        return {sha256: self._photos[sha256] for sha256 in wanted if sha256 in self._photos}


@dataclass(frozen=True, slots=True)
class _SearchedFor:
    """How a person is searched for: ids of the templates, when taken, keys of close matches."""

    templates: frozenset[str]
    pictured: Pictured | None
    close: frozenset[tuple[str, int]]


def _looked_for(services: Services, unit: UnitOfWork) -> tuple[list[Revocation], list[Template]]:
    """Return the cases that are in force, and their reference faces."""
    today = services.today()
    cases = [case for case in unit.register.revocations() if case.state(today) in IN_FORCE]
    ids = {case.id for case in cases}
    templates = unit.register.templates()
    return cases, [template for template in templates if template.revocation_id in ids]


def _by_owner(templates: Iterable[Template]) -> dict[str, list[Template]]:
    owners: dict[str, list[Template]] = {}
    for template in templates:
        owners.setdefault(template.revocation_id, []).append(template)
    return owners
