"""Photos of the index whose faces no search compares, and what is said of them."""

from __future__ import annotations

from dataclasses import dataclass

from consent.domain.faces import Faces
from consent.domain.wording import counted
from consent.services import Services
from consent.storage.unit_of_work import UnitOfWork

_WAITING = (
    "{photos} could not be compared yet: your IT must renew the index (likeness renew). Look at "
    "them yourself before you use them."
)


@dataclass(frozen=True, slots=True)
class NotCompared:
    """What a search passes over.

    Attributes:
        photos: how many must be read again, as `likeness renew` does: they have faces of another
            encoder, or faces or encodings of them got lost.
    """

    photos: int = 0

    @property
    def doubts(self) -> tuple[str, ...]:
        """What it means for a search, and what to do, as sentences."""
        photos = counted(self.photos, "photo")
        return (_WAITING.format(photos=photos),) if self.photos else ()


def not_compared(services: Services, unit: UnitOfWork) -> NotCompared:
    """Count the photos whose faces no search compares."""
    if unit.faces.mode() is not Faces.INDEX:
        return NotCompared()
    models = list(services.calibration.scales)
    return NotCompared(unit.photos.not_compared(models, services.comparability))
