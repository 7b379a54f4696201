"""Faces of the index that look like somebody of the register, kept up to date as both grow."""

from __future__ import annotations

from dataclasses import dataclass
from threading import Lock
from typing import TYPE_CHECKING

from consent.domain.decide import IN_FORCE
from consent.domain.log import Action
from consent.matching.expansion import CloseMatches, expanded_gallery, only_in_second
from consent.matching.gallery import Gallery
from consent.matching.register_snapshot import pictured

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from consent.domain.cases import Revocation, Template
    from consent.domain.verdicts import PersonMatch
    from consent.matching.gallery import Pictured
    from consent.services import Services
    from consent.storage.unit_of_work import UnitOfWork
    from media_index.types import Fingerprint, Match

# People for whose sake the faces that may match are read one by one, and not all.
_FEW = 20


@dataclass(frozen=True, slots=True)
class Suspect:
    """A face that looks like somebody.

    Attributes:
        photo_sha256: the photo.
        revocation_id: whom it looks like.
        match: with score, face and box.
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
        self._compared: dict[str, _Sought] = {}
        self._found: dict[str, list[Suspect]] = {}
        self._photos: dict[str, Fingerprint] = {}

    def refresh(self, services: Services, unit: UnitOfWork) -> list[Suspect]:
        """Compare what is new, and return all.

        Args:
            services: calibration and policy.
            unit: open; not kept.
        """
        with self._lock:
            return self._refresh(services, unit)

    def owners(self, services: Services, unit: UnitOfWork) -> set[str]:
        """Return the cases that faces are compared with."""
        return {one.revocation_id for one in _looked_for(services, unit)[1]}

    def _refresh(self, services: Services, unit: UnitOfWork) -> list[Suspect]:
        changes = (Action.INDEX_RENEWED, Action.CALIBRATION_CHANGED)
        renewed = max(unit.audit.last_sequence(one) for one in changes)
        if renewed != self._renewed:
            self._forget()
            self._renewed = renewed
        cases, templates = _looked_for(services, unit)
        on = pictured(services, unit, cases, templates)
        sightings = unit.decisions.sightings()
        close = services.memory.of(CloseMatches).of(services, unit, templates, sightings)
        wanted = {
            owner: _Sought(
                frozenset(one.id for one in own),
                on.get(owner),
                frozenset(one.key for one in close.get(owner, ())),
            )
            for owner, own in _by_owner(templates).items()
        }
        changed = {owner for owner, how in wanted.items() if self._compared.get(owner) != how}
        for gone in self._compared.keys() - wanted.keys() | changed:
            self._found.pop(gone, None)
        last = unit.photos.last_face()
        # Who is sought in another way than before, with every face; the others with the new ones.
        for owners, after in ((changed, 0), (wanted.keys() - changed, self._last_face)):
            if not owners or after >= last:
                continue
            own = [one for one in templates if one.revocation_id in owners]
            alone = Gallery(own, services.calibration, services.policy.matching, on)
            of_these = {owner: close[owner] for owner in owners & close.keys()}
            beside = expanded_gallery(services, own, on, of_these)
            found = list(index_matches(services, unit, alone, after))
            self._keep(found)
            self._keep(only_in_second(found, index_matches(services, unit, beside, after)))
        # A slower thread may have read an older index.
        self._last_face = max(self._last_face, last)
        self._compared = wanted
        return [one for found in self._found.values() for one in found]

    def photos(self, unit: UnitOfWork, photos: Iterable[str]) -> dict[str, Fingerprint]:
        """Return what the index holds of photos; read once."""
        wanted = dict.fromkeys(photos)
        self._photos |= unit.photos.with_features(
            [one for one in wanted if one not in self._photos]
        )
        return {sha256: self._photos[sha256] for sha256 in wanted if sha256 in self._photos}

    def _keep(self, found: Iterable[tuple[str, PersonMatch]]) -> None:
        for sha256, one in found:
            suspect = Suspect(sha256, one.revocation_id, one.match, one.blocks, one.hint)
            self._found.setdefault(one.revocation_id, []).append(suspect)


@dataclass(frozen=True, slots=True)
class _Sought:
    """How a person is sought.

    Attributes:
        templates: ids.
        pictured: when these were taken.
        close: keys of the close matches.
    """

    templates: frozenset[str]
    pictured: Pictured | None
    close: frozenset[tuple[str, int]]


def index_matches(
    services: Services, unit: UnitOfWork, gallery: Gallery, after: int = 0
) -> Iterator[tuple[str, PersonMatch]]:
    """Yield the photo and the match of every face of the index that reaches its threshold.

    Args:
        services: vectors and calibration.
        unit: open; not kept.
        gallery: whom to look for.
        after: only faces with a higher id.
    """
    sought, models = gallery.sought, list(services.calibration.scales)
    if not sought.owners:
        return
    # Of each person's, a few in a thousand may match; of many people's, most.
    if len(sought.owners) <= _FEW:
        possible = services.vectors.possible(unit.photos, sought, after)
        blocks = unit.photos.faces_by_id(possible, models)
    else:
        blocks = unit.photos.face_blocks(models, after=after)
    for block in blocks:
        yield from gallery.of_block(block, unit.photos.taken_at)


def _looked_for(services: Services, unit: UnitOfWork) -> tuple[list[Revocation], list[Template]]:
    """Return the cases that are in force, and their reference faces."""
    today = services.today()
    cases = [one for one in unit.register.revocations() if one.state(today) in IN_FORCE]
    standing = {case.id for case in cases}
    return cases, [one for one in unit.register.templates() if one.revocation_id in standing]


def _by_owner(templates: Iterable[Template]) -> dict[str, list[Template]]:
    owners: dict[str, list[Template]] = {}
    for template in templates:
        owners.setdefault(template.revocation_id, []).append(template)
    return owners
