"""Faces of the index that look like somebody of the register, kept up to date as both grow."""

from __future__ import annotations

from dataclasses import dataclass
from threading import Lock
from typing import TYPE_CHECKING

from consent.audit_log import Action
from consent.comparison import pictured
from consent.gallery import Gallery, Pictured
from consent.rules import STANDING

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable

    from consent.domain import Revocation, Template
    from consent.services import Services
    from consent.store import UnitOfWork
    from media_index.store_contents import FaceBlock
    from media_index.types import Fingerprint, Match


@dataclass(frozen=True, slots=True)
class Suspect:
    """A face that looks like somebody.

    Attributes:
        photo_sha256: the photo.
        revocation_id: whom it looks like.
        match: with score, face and box.
        blocks: whether it reaches the block threshold.
    """

    photo_sha256: str
    revocation_id: str
    match: Match
    blocks: bool


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
        self._compared: dict[str, tuple[frozenset[str], Pictured | None]] = {}
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
        renewed = max(unit.audit.last_place(one) for one in changes)
        if renewed != self._renewed:
            self._forget()
            self._renewed = renewed
        models = list(services.calibration.scales)
        cases, templates = _looked_for(services, unit)
        on = pictured(services, unit, cases, templates)
        wanted = {
            owner: (frozenset(one.id for one in own), on.get(owner))
            for owner, own in _by_owner(templates).items()
        }
        changed = {owner for owner, how in wanted.items() if self._compared.get(owner) != how}
        for gone in self._compared.keys() - wanted.keys() | changed:
            self._found.pop(gone, None)
        last = self._last_face
        # New references with every face; the others with the faces that came since.
        for owners, after in ((changed, 0), (wanted.keys() - changed, self._last_face)):
            if owners:
                gallery = _gallery(services, templates, owners, on)
                for block in unit.photos.face_blocks(models, after=after):
                    self._compare(unit, gallery, block)
                    last = max(last, block.last)
        self._last_face = last
        self._compared = wanted
        return [one for found in self._found.values() for one in found]

    def photos(self, unit: UnitOfWork, photos: Iterable[str]) -> dict[str, Fingerprint]:
        """Return what the index holds of photos; read once."""
        wanted = dict.fromkeys(photos)
        self._photos |= unit.photos.with_features(
            [one for one in wanted if one not in self._photos]
        )
        return {sha256: self._photos[sha256] for sha256 in wanted if sha256 in self._photos}

    def _compare(self, unit: UnitOfWork, gallery: Gallery, block: FaceBlock) -> None:
        for sha256, found in gallery.of_block(block, unit.photos.taken_at):
            owner = found.revocation_id
            suspect = Suspect(sha256, owner, found.match, found.blocks)
            self._found.setdefault(owner, []).append(suspect)


def _looked_for(services: Services, unit: UnitOfWork) -> tuple[list[Revocation], list[Template]]:
    """Return the cases that are in force, and their reference faces."""
    today = services.today()
    cases = [one for one in unit.register.revocations() if one.state(today) in STANDING]
    standing = {case.id for case in cases}
    return cases, [one for one in unit.register.templates() if one.revocation_id in standing]


def _by_owner(templates: Iterable[Template]) -> dict[str, list[Template]]:
    owners: dict[str, list[Template]] = {}
    for template in templates:
        owners.setdefault(template.revocation_id, []).append(template)
    return owners


def _gallery(
    services: Services,
    templates: Iterable[Template],
    owners: Collection[str],
    on: dict[str, Pictured],
) -> Gallery:
    own = [template for template in templates if template.revocation_id in owners]
    return Gallery(own, services.calibration, services.policy.matching, on)
