"""Faces of the index that look like somebody of the register, kept up to date as both grow."""

from __future__ import annotations

from dataclasses import dataclass, replace
from threading import Lock
from typing import TYPE_CHECKING

from consent.audit_log import Action
from consent.comparison import review_thresholds
from consent.gallery import Gallery
from consent.rules import STANDING
from media_index.types import Box

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable

    from consent.domain import Template
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
        self._compared: dict[str, tuple[frozenset[str], float | None]] = {}
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

    def _refresh(self, services: Services, unit: UnitOfWork) -> list[Suspect]:
        renewed = unit.audit.last_place(Action.INDEX_RENEWED)
        if renewed != self._renewed:
            self._forget()
            self._renewed = renewed
        today = services.today()
        models = list(services.calibration.scales)
        cases = [one for one in unit.register.revocations() if one.state(today) in STANDING]
        standing = {case.id for case in cases}
        templates = [one for one in unit.register.templates() if one.revocation_id in standing]
        review = review_thresholds(services, cases, templates)
        wanted = {
            owner: (frozenset(one.id for one in own), review.get(owner))
            for owner, own in _by_owner(templates).items()
        }
        changed = {owner for owner, how in wanted.items() if self._compared.get(owner) != how}
        for gone in self._compared.keys() - wanted.keys() | changed:
            self._found.pop(gone, None)
        last = self._last_face
        # New references with every face; the others with the faces that came since.
        for owners, after in ((changed, 0), (wanted.keys() - changed, self._last_face)):
            if owners:
                gallery = _gallery(services, templates, owners, review)
                for block in unit.photos.face_blocks(models, after=after):
                    self._compare(gallery, block)
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

    def _compare(self, gallery: Gallery, block: FaceBlock) -> None:
        for row, owner, score in gallery.found(block.encodings):
            x1, y1, x2, y2 = (int(value) for value in block.boxes[row])
            plain = gallery.match(score, owner=owner)
            match = replace(plain, face=block.places[row], box=Box(x1, y1, x2, y2))
            suspect = Suspect(block.photos[row], owner, match, score >= gallery.block)
            self._found.setdefault(owner, []).append(suspect)


def _by_owner(templates: Iterable[Template]) -> dict[str, list[Template]]:
    owners: dict[str, list[Template]] = {}
    for template in templates:
        owners.setdefault(template.revocation_id, []).append(template)
    return owners


def _gallery(
    services: Services,
    templates: Iterable[Template],
    owners: Collection[str],
    review: dict[str, float],
) -> Gallery:
    own = [template for template in templates if template.revocation_id in owners]
    return Gallery(own, services.calibration, services.policy.matching, review)
